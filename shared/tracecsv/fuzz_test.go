package tracecsv

import (
	"bytes"
	"encoding/csv"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tracelens/shared/trace"
)

// strict is one row of the strict subset: ten cells as encoding/csv splits them, none quoted, each read by the plainest means that Go
// has. ok is false for what is outside the subset, or is no row.
func strict(cells []string) (r row, ok bool) {
	if len(cells) != trace.Columns {
		return r, false
	}
	number := func(c trace.Column, bits int) uint64 {
		if cells[c] == "" {
			return 0
		}
		v, err := strconv.ParseUint(cells[c], 10, bits)
		ok = ok && err == nil
		return v
	}
	ok = true
	whole, frac, dot := strings.Cut(cells[trace.Time], ".")
	seconds, err := strconv.ParseUint(whole, 10, 32)
	if err != nil || !dot || len(frac) != 9 {
		return r, false
	}
	nanoseconds, err := strconv.ParseUint(frac, 10, 64)
	if err != nil {
		return r, false
	}
	r.timeNS = int64(seconds)*trace.Second + int64(nanoseconds)
	r.length = uint32(number(trace.Len, 32))
	for _, c := range []struct {
		v4, v6 trace.Column
		to     *netip.Addr
	}{{trace.IPSrc, trace.IPv6Src, &r.src}, {trace.IPDst, trace.IPv6Dst, &r.dst}} {
		for _, column := range []trace.Column{c.v6, c.v4} { // IPv4 comes last: it is the one that counts
			if cells[column] == "" {
				continue
			}
			a, err := netip.ParseAddr(cells[column])
			if err != nil || a.Zone() != "" || a.Is4() != (column == c.v4) {
				return r, false
			}
			*c.to = a
		}
	}
	tcpSrc, tcpDst := uint16(number(trace.TCPSrcPort, 16)), uint16(number(trace.TCPDstPort, 16))
	udpSrc, udpDst := uint16(number(trace.UDPSrcPort, 16)), uint16(number(trace.UDPDstPort, 16))
	for c, bit := range map[trace.Column]trace.PortBits{
		trace.TCPSrcPort: trace.HasTCPSrc, trace.TCPDstPort: trace.HasTCPDst, trace.UDPSrcPort: trace.HasUDPSrc, trace.UDPDstPort: trace.HasUDPDst,
	} {
		if cells[c] != "" {
			r.ports |= bit
		}
	}
	r.srcPort, r.dstPort = udpSrc, udpDst
	if r.ports&trace.HasTCP != 0 {
		r.srcPort, r.dstPort = tcpSrc, tcpDst
		if r.ports&trace.HasUDP != 0 {
			r.second = trace.SecondPorts{Src: udpSrc, Dst: udpDst, Ports: r.ports & trace.HasUDP}
		}
	}
	return r, ok
}

// FuzzAgainstEncodingCSV: whatever lines there are, those of the strict subset give the rows that encoding/csv and the standard
// library's own number and address readers give, and no others are lost or made up among them. The lines come in the midst of usual
// ones, so that both the fast and the slow path see them.
func FuzzAgainstEncodingCSV(f *testing.F) {
	f.Add("1.000000000,192.0.2.1,1,,198.51.100.2,2,,60,,")
	f.Add("0.500000000,,,5,,,6,60,2001:db8::1,ff02::1:2")
	f.Add("0.000000000,,,,,,,42,,\n0.000000001,10.0.0.1,,,,,,,,\n")
	f.Add("3599.999999999,255.255.255.255,65535,,0.0.0.0,65535,,4294967295,,")
	f.Add("1.000000000,192.0.2.1,1,9,198.51.100.2,2,8,60,::,::1")
	usual := "7.000000000,192.0.2.9,443,,198.51.100.9,50000,,1514,,\n"
	var usualRow row
	usualRow, _ = strict(strings.Split(strings.TrimSpace(usual), ","))
	f.Fuzz(func(t *testing.T, text string) {
		if strings.ContainsAny(text, "\"\r") {
			t.Skip()
		}
		lines := strings.Split(text, "\n")
		var file bytes.Buffer
		var want []row
		for _, line := range lines {
			cells, err := csv.NewReader(strings.NewReader(line)).Read()
			r, ok := row{}, false
			if err == nil {
				r, ok = strict(cells)
			}
			if !ok { // outside the subset: it may be a row of a wider one, so it is not compared
				continue
			}
			file.WriteString(usual + line + "\n" + usual)
			want = append(want, usualRow, r, usualRow)
		}
		for range 4 { // room to look ahead
			file.WriteString(usual)
			want = append(want, usualRow)
		}
		got, skips := parseBatches(t, Usual(), file.Bytes(), 0)
		if skips.Total() != 0 || !slices.Equal(got, want) {
			t.Fatalf("%q:\n%v, skipped %v, want\n%v", file.Bytes(), got, skips.Counts(), want)
		}
	})
}

// FuzzFastAndSlow: whatever bytes there are, the fast path and the slow one say the same of them, rows and skips.
func FuzzFastAndSlow(f *testing.F) {
	f.Add([]byte("1.000000000,192.0.2.1,1,,198.51.100.2,2,,60,,\r\n\n,,,,,,,,,\n1.5,fe80::1,,,,,,\"60\",,"), true)
	f.Add([]byte("1.000000000,192.0.2.1,1,,198.51.100.2,2,,60\n0.000000000,10.0.0.1\x00,,,,,,9\n"), false)
	tail := []byte("\n" + strings.Repeat("7.000000000,192.0.2.9,443,,198.51.100.9,50000,,1514,,\n", 5))
	f.Fuzz(func(t *testing.T, block []byte, ten bool) {
		fast, slow := Usual(), Usual()
		if !ten {
			fast.Columns, slow.Columns = usualColumns[:8], usualColumns[:8]
		}
		block = append(block, tail...)
		a, as := parseBatches(t, fast, block, 7)
		b, bs := parseSlowly(slow, block, 7)
		if as != bs || !slices.Equal(a, b) {
			t.Fatalf("%q: fast %v, skipped %v; slow %v, skipped %v", block, a, as.Counts(), b, bs.Counts())
		}
	})
}

// FuzzFormat: whatever a file and a code say, a format that is found or given can be named and had again, every line is a row or a skip,
// and the paths agree on which.
func FuzzFormat(f *testing.F) {
	for _, d := range writtenDialects {
		f.Add(d.write([]trace.Packet{{Has: trace.Time.Bit() | trace.Len.Bit(), TimeNS: 1483873200_500_000_000, Len: 60}}), "")
	}
	f.Add([]byte("\"1.0\",\"a\"\"b\",\"c\",d\",\"60\"\n'2',,\"\",\"7\"\r\n"), "comma quoted 1 relative - source - frame.len")
	f.Add([]byte("Jan  8, 2017 11:00:00.123456789 CET,fe80::1,60,1,2\nJan  8, 2017 11:00:01.5 CET,00:11:22:33:44:55,,,\n"), "comma plain 1 date source frame.len udp.srcport udp.dstport")
	f.Add([]byte("1483873200.5\t192.0.2.1,10.0.0.1\t60\t::1\r\r\n1483873201.5\t\t60\t\r\r\n"), "tab plain 1 epoch ip.src frame.len ipv6.dst")
	f.Add([]byte("1.0,192.0.2.1,10.0.0.1,1,2,3,198.51.100.2,10.0.0.2,4,5,6,60\n"), "comma plain 1 relative ip.src tcp.srcport udp.srcport ip.dst tcp.dstport udp.dstport frame.len")
	f.Fuzz(func(t *testing.T, file []byte, code string) {
		if len(file) > 50_000 {
			t.Skip()
		}
		var format Format
		var skip int
		var err error
		if code == "" {
			format, skip, err = Detect(file)
		} else {
			format, skip, err = DetectAs(file, code)
		}
		if err == ErrNotFormat {
			return
		}
		Preview(file, format, 12)
		again, wrong := ParseFormat(format.Code())
		if wrong == ErrNotFormat || again.Code() != format.Code() || again.usual != format.usual && wrong == nil {
			t.Fatalf("%q became %q, %v", format.Code(), again.Code(), wrong)
		}
		if err != nil {
			return
		}
		if format.Words() == "" || format.Before.Lines != int64(format.Lines) {
			t.Fatalf("%q: %d lines of %d are accounted for", format.Words(), format.Before.Lines, format.Lines)
		}
		rest := file[skip:]
		lines := bytes.Count(rest, []byte("\n"))
		if len(rest) > 0 && rest[len(rest)-1] != '\n' {
			lines++
			rest = append(rest[:len(rest):len(rest)], '\n')
		}
		all, skips := parseSlowly(format, rest, 7)
		if len(all)+int(skips.Total()) != lines || skips.Lines != int64(lines) {
			t.Fatalf("%d rows and %d skips of %d lines", len(all), skips.Total(), lines)
		}
		rest = append(bytes.Repeat(rest, 2), bytes.Repeat([]byte{'x'}, maxWide)...) // with room to look ahead
		want, wantSkips := parseSlowly(format, rest, 7)
		got, gotSkips := parseBatches(t, again, rest, 7)
		if gotSkips != wantSkips || !slices.Equal(got, want) {
			t.Fatalf("%s, %q: fast %v, skipped %v; slow %v, skipped %v", format.Code(), rest, got, gotSkips.Counts(), want, wantSkips.Counts())
		}
	})
}
