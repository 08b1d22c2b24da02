package tracecsv

import (
	"bytes"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"tracelens/shared/trace"
)

// parseAll parses a whole file, a few rows at a time, and fails the test if it is no trace.
func parseAll(t testing.TB, file string, start int64) (rows []trace.Packet, skips Skips) {
	t.Helper()
	f, skip, err := Detect([]byte(file))
	if err != nil {
		t.Fatalf("Detect: %v", err)
	}
	return parseWith(f, []byte(file)[skip:], start)
}

// parseWith reads every row with all its columns.
func parseWith(f Format, block []byte, start int64) (rows []trace.Packet, skips Skips) {
	for len(block) > 0 {
		var p trace.Packet
		used, ok := f.ParseRow(block, start, &p, &skips)
		if ok {
			rows = append(rows, p)
		}
		block = block[used:]
	}
	return rows, skips
}

// randomPacket fills every column with some probability, with values at the ends of their ranges as often as inside.
func randomPacket(r *rand.Rand, hour int64) trace.Packet {
	edge := func(max uint64) uint64 {
		switch r.IntN(4) {
		case 0:
			return max
		case 1:
			return 0
		}
		return r.Uint64N(max) + 1
	}
	p := trace.Packet{TimeNS: hour*trace.Second + int64(edge(uint64(trace.Hour-1))), Has: trace.Time.Bit()}
	if r.IntN(20) == 0 {
		p.TimeNS -= trace.Hour
	}
	has := func(c trace.Column) bool {
		if r.IntN(3) == 0 {
			return false
		}
		p.Has |= c.Bit()
		return true
	}
	if has(trace.IPSrc) {
		p.IPv4SrcAddr = uint32(edge(1<<32 - 1))
	}
	if has(trace.IPDst) {
		p.IPv4DstAddr = uint32(edge(1<<32 - 1))
	}
	for _, c := range []trace.Column{trace.TCPSrcPort, trace.UDPSrcPort, trace.TCPDstPort, trace.UDPDstPort} {
		if has(c) {
			p.SetPort(c, uint16(edge(1<<16-1)))
		}
	}
	if has(trace.Len) {
		p.Len = uint32(edge(1<<32 - 1))
	}
	v6 := func(a *[16]byte) {
		for i := range a {
			if r.IntN(2) == 0 { // half of the bytes 0, so that :: is common
				a[i] = byte(r.Uint32())
			}
		}
	}
	if has(trace.IPv6Src) {
		v6(&p.IPv6SrcAddr)
	}
	if has(trace.IPv6Dst) {
		v6(&p.IPv6DstAddr)
	}
	return p
}

func TestWriteThenReadGivesTheSameRows(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	const hour = 1483873200
	for range 200 {
		var want []trace.Packet
		file := []byte(Header + "\n")
		for range r.IntN(20) {
			p := randomPacket(r, hour)
			want = append(want, p)
			file = AppendRow(file, hour, &p)
		}
		for _, variant := range []string{
			string(file),
			strings.TrimSuffix(string(file), "\n"),
			strings.ReplaceAll(string(file), "\n", "\r\n"),
			"\xef\xbb\xbf" + string(file),
		} {
			got, skips := parseAll(t, variant, hour)
			if skips.Total() != 0 || len(got) != len(want) {
				t.Fatalf("%d rows and %v skipped, want %d rows of\n%s", len(got), skips.Counts(), len(want), variant)
			}
			for i := range got {
				a, b := AppendRow(nil, hour, &got[i]), AppendRow(nil, hour, &want[i])
				if got[i].Has != want[i].Has || got[i].TimeNS != want[i].TimeNS || !bytes.Equal(a, b) {
					t.Fatalf("row %d: got %s want %s", i, a, b)
				}
			}
		}
	}
}

func TestReasons(t *testing.T) {
	const ok = "1.000000000,192.0.2.1,1,,198.51.100.2,2,,60"
	for line, want := range map[string]Reason{
		"1.0,192.0.2.1,10.0.0.1,1,2,3,198.51.100.2,10.0.0.2,4,5,6,60": Ambiguous,
		"":                                   EmptyLine,
		"1.0,192.0.2.1,1,,198.51.100.2,2":    BadFields,
		ok + ",":                             BadFields,
		"x,192.0.2.1,1,,198.51.100.2,2,,60":  BadTime,
		",192.0.2.1,1,,198.51.100.2,2,,60":   BadTime,
		"1.0,192.0.2,1,,198.51.100.2,2,,60":  BadAddress,
		"1.0,fe80::1%eth0,,,,,,60":           BadAddress,
		"1.0,192.0.2.1,65536,,,2,,60":        BadPort,
		"1.0,192.0.2.1,-1,,,2,,60":           BadPort,
		"1.0,192.0.2.1,1,,,2,,x":             BadLength,
		"1.0,192.0.2.1,1,,,2,,4294967296":    BadLength,
		"99999999999.0,192.0.2.1,1,,,2,,1":   BadTime,
		strings.Join(trace.Names[:8], ","):   RepeatedHeader,
		"1.0," + strings.Repeat("1", 70_000): LongLine,
	} {
		rows, skips := parseAll(t, ok+"\n"+line+"\n"+ok+"\n", 0)
		if len(rows) != 2 || skips.N[want] != 1 || skips.Total() != 1 {
			t.Errorf("%.60q: %d rows, skipped %v, want %q", line, len(rows), skips.Counts(), want)
		}
	}
}

func TestCells(t *testing.T) {
	for _, c := range []struct {
		line   string
		timeNS int64
		length uint32
		source string
	}{
		{"-0.250000000,192.0.2.1,,,198.51.100.2,,,42", -250_000_000, 42, "192.0.2.1"},
		{"2,192.0.2.1,,,198.51.100.2,,,42", 2_000_000_000, 42, "192.0.2.1"},
		{"0.1234567899,,,,,,,", 123_456_789, 0, "invalid IP"},
		{`"3.5","192.0.2.1","1",,"198.51.100.2","2",,"42"`, 3_500_000_000, 42, "192.0.2.1"},
		{"1.000000000,2001:db8::1,,,2001:db8::2,,,42", 1_000_000_000, 42, "2001:db8::1"},
		{"1.000000000,,,,,,,42,::ffff:192.0.2.1,::", 1_000_000_000, 42, "::ffff:192.0.2.1"},
	} {
		rows, skips := parseAll(t, c.line, 0)
		if len(rows) != 1 {
			t.Errorf("%s: %d rows, skipped %v", c.line, len(rows), skips.Counts())
			continue
		}
		if p := rows[0]; p.TimeNS != c.timeNS || p.Len != c.length || p.Source().String() != c.source {
			t.Errorf("%s: time %d length %d source %v", c.line, p.TimeNS, p.Len, p.Source())
		}
	}
}

func TestDetect(t *testing.T) {
	eight := strings.Join(trace.Names[:8], ",")
	for _, c := range []struct {
		head, next string
		err        error
	}{
		{"", "", nil},
		{eight + "\n", "", nil},
		{eight, "", nil},
		{Header + "\r\nx", "x", nil},
		{"\xef\xbb\xbf" + eight + "\nx", "x", nil},
		{"ip.src,frame.len,frame.time_relative\n", "", nil},
		{"1.0,192.0.2.1,1,,198.51.100.2,2,,60\n", "1.0", nil},
		{"ip.src,frame.len\n", "", ErrNoTime},
		{"ip.src,frame.time_relative\n", "", ErrNoLen},
		{"hello\n", "", ErrNoTrace},
		{"a,b,c,d,e,f,g,h\n", "", ErrNoTrace},
		{"\x7fELF\x00\x01", "", ErrBinary},
	} {
		_, skip, err := Detect([]byte(c.head))
		if err != c.err || err == nil && !strings.HasPrefix(c.head[skip:], c.next) {
			t.Errorf("%.40q: skip %d, %v; want %v", c.head, skip, err, c.err)
		}
	}
}

func TestEpochAndOrder(t *testing.T) {
	rows, skips := parseAll(t, "frame.len,x,frame.time_epoch,ipv6.dst,frame.time_relative\n60,a,1483873200.5,2001:db8::1,0.5\n", 99)
	if len(rows) != 1 || rows[0].TimeNS != 1483873200_500_000_000 || rows[0].Destination() != netip.MustParseAddr("2001:db8::1") {
		t.Fatalf("%v, skipped %v", rows, skips.Counts())
	}
}
