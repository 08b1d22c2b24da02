package sieve

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"tracelens/shared/called"
	"tracelens/shared/cause"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
	"tracelens/shared/tracegen"
)

const hour = 1483873200

// A cell is random text of a column, now and then of none.
var (
	lengths = []string{"60", "60", "60", "1514", "", "65534", "65535", "70000", "4294967295", "0060"}
	ports   = []string{"53", "443", "443", "50000", "0", "65535"}
	odd     = []string{"", "no row", strings.Repeat("9", 70_000), tracecsv.Header, "1.0,192.0.2.300,,,,,,60,,", "1.0,,,,,,,-1,,", "x,,,,,,,60,,"}
)

func pick(r *rand.Rand, list []string) string { return list[r.IntN(len(list))] }

func randomAddress(r *rand.Rand) string {
	if r.IntN(4) == 0 {
		return "2001:db8::" + fmt.Sprintf("%x", r.IntN(5))
	}
	return fmt.Sprintf("192.0.2.%d", r.IntN(9))
}

// randomLine is a line of an hour file, most often an ordinary one.
func randomLine(r *rand.Rand, oddity int) string {
	if r.IntN(oddity) == 0 {
		return pick(r, odd)
	}
	cells := make([]string, trace.Columns)
	cells[trace.Time] = fmt.Sprintf("%d.%09d", r.IntN(3600), r.IntN(1e9))
	cells[trace.Len] = pick(r, lengths)
	if r.IntN(oddity) == 0 {
		cells[trace.Time] = pick(r, []string{"-1.5", "7", "1e3", "4000.25"})
	}
	for _, pair := range [][2]trace.Column{{trace.IPSrc, trace.IPDst}, {trace.IPv6Src, trace.IPv6Dst}} {
		if kind := r.IntN(3); kind > 0 {
			cells[pair[0]] = randomAddress(r)
			if kind > 1 {
				cells[pair[1]] = randomAddress(r)
			}
		}
	}
	for _, pair := range [][2]trace.Column{{trace.TCPSrcPort, trace.TCPDstPort}, {trace.UDPSrcPort, trace.UDPDstPort}} {
		if r.IntN(2) == 0 {
			cells[pair[0]], cells[pair[1]] = pick(r, ports), pick(r, ports)
			if r.IntN(oddity) == 0 {
				cells[pair[r.IntN(2)]] = ""
			}
		}
	}
	if r.IntN(oddity) == 0 {
		i := r.IntN(len(cells))
		cells[i] = `"` + cells[i] + `"`
	}
	return strings.Join(cells, ",")
}

func randomWhere(r *rand.Rand, depth int) *selection.Expr {
	if depth > 0 && r.IntN(2) == 0 {
		return &selection.Expr{Op: selection.And + selection.Op(r.IntN(2)), Args: []*selection.Expr{randomWhere(r, depth-1), randomWhere(r, depth-1).Negated()}}
	}
	f := selection.Filter{Field: selection.Field(r.IntN(11)), Family: selection.Family(r.IntN(3)), Protocol: trace.Protocol(r.IntN(trace.Protocols))}
	f.Address = netip.MustParsePrefix([]string{"192.0.2.4/32", "192.0.2.0/30", "2001:db8::3/128", "0.0.0.0/0"}[r.IntN(4)])
	f.Text = []string{"", "curl", "example.org"}[r.IntN(3)]
	f.Port, f.LastPort = 443, []uint16{0, 50000}[r.IntN(2)]
	f.Min = []uint32{0, 60, 61, 65535, 65536}[r.IntN(5)]
	f.Max = f.Min + []uint32{0, 100_000}[r.IntN(2)]
	if f.Field == selection.Layer && f.Family == selection.AnyFamily {
		f.Family = selection.UDP
	}
	return &selection.Expr{Filter: f}
}

// randomCauses know of the ports and addresses of random lines, with changes in the hour.
func randomCauses(r *rand.Rand) *cause.Finder {
	var b called.Book
	for _, address := range []string{"192.0.2.4", "192.0.2.5", "2001:db8::3"} {
		for _, kind := range []called.Kind{called.TCP, called.UDP, called.DNS} {
			for range r.IntN(3) {
				n := called.Name{TimeNS: (hour + r.Int64N(3600)) * trace.Second, Address: netip.MustParseAddr(address), Kind: kind, Text: "www.example.org"}
				if kind.OfPort() {
					n.Port, n.Text = []uint16{443, 50000}[r.IntN(2)], []string{"curl", "wget", called.Nobody}[r.IntN(3)]
				}
				b.Add(n)
			}
		}
	}
	return cause.New(&b, nil)
}

// oneByOne is what is left of lines, by what each is and what the selection says of it.
func oneByOne(format tracecsv.Format, sel *selection.Selection, f *cause.Finder, lines []byte) (left []byte, rows int, skipped int64) {
	var p trace.Packet
	var skips tracecsv.Skips
	for _, line := range bytes.SplitAfter(lines, []byte{'\n'}) {
		if len(line) == 0 {
			break // after the last newline
		}
		if _, ok := format.ParseRow(line, hour, &p, &skips); ok && sel.Holds(&p, f.Of(&p)) {
			left, rows = append(left, line...), rows+1
		}
	}
	return left, rows, skips.Total()
}

// TestAppend: lines of any kind, cut into any blocks, leave those that the selection holds for, byte for byte.
func TestAppend(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 1))
	someOf, noneOf, allOf := 0, 0, 0
	for range 150 {
		oddity, end := []int{40, 4000, 1 << 30}[r.IntN(3)], []string{"\n", "\r\n"}[r.IntN(2)]
		var lines []byte
		for range r.IntN(6000) {
			lines = append(lines, randomLine(r, oddity)+end...)
		}
		if r.IntN(2) == 0 {
			lines = bytes.TrimSuffix(lines, []byte("\n"))
		}
		sel := selection.Selection{}
		if r.IntN(2) == 0 {
			sel.FromNS = (hour + r.Int64N(3600)) * trace.Second
			sel.ToNS = sel.FromNS + 1 + r.Int64N(1800)*trace.Second
		}
		if r.IntN(4) > 0 {
			sel.Where = randomWhere(r, 3)
		}
		if err := sel.Check(); err != nil {
			sel.Where = nil // it asks for more programs and sites than there may be
		}
		causes := randomCauses(r)
		want, wantRows, wantSkipped := oneByOne(tracecsv.Usual(), &sel, causes, lines)
		s := New(tracecsv.Usual(), hour, &sel)
		s.Behind(causes)
		if r.IntN(2) == 0 {
			s.maxDictBytes = 1000 // a new dictionary each time
		}
		got, rows := []byte("kept"), 0
		for rest := lines; len(rest) > 0; {
			block := rest[:min(len(rest), r.IntN(200_000))]
			block = rest[:len(block)+lineSize(rest[len(block):])]
			rest = rest[len(block):]
			var n int
			got, n = s.Append(got, block)
			rows += n
		}
		if string(got) != "kept"+string(want) || rows != wantRows || s.Skipped() != wantSkipped {
			t.Fatalf("%q from %d to %d: %d rows in %d bytes, %d skipped; want %d in %d, %d", sel.Text(), sel.FromNS, sel.ToNS, rows, len(got)-4, s.Skipped(), wantRows, len(want), wantSkipped)
		}
		switch {
		case rows == 0:
			noneOf++
		case len(want) == len(lines):
			allOf++
		default:
			someOf++
		}
	}
	if someOf < 50 || noneOf < 5 || allOf < 5 {
		t.Errorf("something was left %d times, nothing %d times, everything %d times", someOf, noneOf, allOf)
	}
}

// TestManyFlows: more flows than have numbers.
func TestManyFlows(t *testing.T) {
	var lines []byte
	for i := range 200_000 {
		lines = fmt.Appendf(lines, "%d.000000000,192.0.2.1,%d,,198.51.100.%d,%d,,60,,\n", i/60, i%60_000, i%7, 443+i/60_000)
	}
	sel := selection.Selection{Where: &selection.Expr{Filter: selection.Filter{Field: selection.DestinationPort, Port: 445}}}
	want, wantRows, _ := oneByOne(tracecsv.Usual(), &sel, randomCauses(rand.New(rand.NewPCG(1, 1))), lines)
	got, rows := New(tracecsv.Usual(), hour, &sel).Append(nil, lines)
	if !bytes.Equal(got, want) || rows != wantRows || rows != 60_000 {
		t.Errorf("%d rows, want %d", rows, wantRows)
	}
}

// TestOtherColumns: a file of another layout, and absolute times.
func TestOtherColumns(t *testing.T) {
	const head = "frame.number,udp.dstport,frame.time_epoch,frame.len,ipv6.src\n"
	const lines = "1,53,1483873200.1,60,192.0.2.1\n2,53,1483873201.1,60,192.0.2.1\n3,54,1483873201.1,60,192.0.2.1\n4,53,1483873201.1,60,192.0.2.2"
	format, skip, err := tracecsv.Detect([]byte(head + lines))
	if err != nil || skip != len(head) {
		t.Fatal(skip, err)
	}
	where, wrong := selection.ParseFilter("src:192.0.2.1 && udp.port == 53")
	if wrong != nil {
		t.Fatal(wrong)
	}
	s := New(format, 99, &selection.Selection{FromNS: 1483873201 * trace.Second, ToNS: 1483873202 * trace.Second, Where: where})
	if got, rows := s.Append(nil, []byte(lines)); string(got) != "2,53,1483873201.1,60,192.0.2.1\n" || rows != 1 || s.Skipped() != 0 {
		t.Errorf("%d rows: %q, %d skipped", rows, got, s.Skipped())
	}
}

func BenchmarkAppend(b *testing.B) {
	var lines []byte
	tracegen.Sample.Each(func(_ int64, file []byte) bool {
		lines = append(lines, file[bytes.IndexByte(file, '\n')+1:]...)
		return true
	})
	rows := bytes.Count(lines, []byte{'\n'})
	for _, c := range []struct {
		name, filter string
		from, to     int64 // seconds
	}{{"everything", "", 0, 0}, {"a time", "", 900, 1800}, {"a filter", "tcp.port == 443 && frame.len > 1000 && host:192.168.0.0/16", 0, 0}, {"nothing", "proto:none && len:1", 0, 0}} {
		b.Run(c.name, func(b *testing.B) {
			where, wrong := selection.ParseFilter(c.filter)
			if wrong != nil {
				b.Fatal(wrong)
			}
			sel := selection.Selection{Where: where}
			if c.to > 0 {
				sel.FromNS, sel.ToNS = (hour+c.from)*trace.Second, (hour+c.to)*trace.Second
			}
			b.SetBytes(int64(len(lines)))
			b.ReportAllocs()
			var dst []byte
			s := New(tracecsv.Usual(), hour, &sel)
			for b.Loop() {
				for rest := lines; len(rest) > 0; {
					block := rest[:min(len(rest), 256<<10)]
					block = block[:bytes.LastIndexByte(block, '\n')+1]
					dst, _ = s.Append(dst[:0], block)
					rest = rest[len(block):]
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*rows), "ns/row")
		})
	}
}
