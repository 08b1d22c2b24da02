package stats

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"sort"
	"testing"

	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// random makes packets from few addresses, ports and lengths, so that ties and repeats are common.
func random(r *rand.Rand, n int) []trace.Packet {
	packets := make([]trace.Packet, n)
	for i := range packets {
		p := &packets[i]
		p.Has = trace.Time.Bit()
		p.TimeNS = 1483873200*trace.Second + r.Int64N(5*trace.Hour) - trace.Hour
		if r.IntN(10) > 0 {
			p.Has |= trace.Len.Bit()
			p.Len = 60 + uint32(r.IntN(5))*100
			if r.IntN(50) == 0 {
				p.Len = 70_000
			}
		}
		switch r.IntN(4) {
		case 0:
		case 1:
			p.Has |= trace.IPv6Src.Bit() | trace.IPv6Dst.Bit()
			p.IPv6SrcAddr[15], p.IPv6DstAddr[15] = byte(r.IntN(30)), byte(r.IntN(30))
		default:
			p.Has |= trace.IPSrc.Bit()
			p.IPv4SrcAddr = r.Uint32N(40)
			if r.IntN(20) > 0 {
				p.Has |= trace.IPDst.Bit()
				p.IPv4DstAddr = r.Uint32N(40)
			}
		}
		for _, c := range []trace.Column{trace.TCPSrcPort, trace.TCPDstPort, trace.UDPSrcPort, trace.UDPDstPort} {
			if r.IntN(3) == 0 {
				p.SetPort(c, uint16(r.IntN(30)))
			}
		}
	}
	return packets
}

func json(p *Partial) []byte { return report.AppendJSON(nil, p.Report()) }

func TestAnySplitAnyOrderGivesTheSameReport(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 30 {
		packets := random(r, 1+r.IntN(2000))
		whole := New()
		whole.Cover(1483873200)
		whole.Add(packets)
		want := json(whole)

		parts := []*Partial{New()}
		parts[0].Cover(1483873200)
		for rest := packets; len(rest) > 0; {
			n := 1 + r.IntN(len(rest))
			p := New()
			p.Add(rest[:n])
			parts, rest = append(parts, p), rest[n:]
		}
		r.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		merged := New()
		for _, p := range parts {
			merged.MergeWith(p)
		}
		if got := json(merged); !bytes.Equal(got, want) {
			t.Fatalf("%d packets in %d parts:\n%s\nwant\n%s", len(packets), len(parts), got, want)
		}
	}
}

// The oracle is the plainest way to count: maps keyed by text.
func TestAgainstPlainMaps(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	packets := random(r, 20_000)
	p := New()
	p.Add(packets)
	got := p.Report()

	source, pair, port, minutes, hosts := map[string]volume{}, map[[2]string]volume{}, map[string]volume{}, map[int64]volume{}, map[string]bool{}
	var unaddressed volume
	bytes := int64(0)
	for i := range packets {
		k := &packets[i]
		v := volume{0, 1}
		if k.Has.Has(trace.Len) {
			v.bytes = int64(k.Len)
		}
		bytes += v.bytes
		addTo(minutes, trace.Floor(k.TimeNS, trace.Minute)/trace.Second, v)
		src, dst := k.Source(), k.Destination()
		if src.IsValid() {
			addTo(source, src.String(), v)
			hosts[src.String()] = true
		}
		if dst.IsValid() {
			hosts[dst.String()] = true
		}
		if src.IsValid() && dst.IsValid() {
			addTo(pair, [2]string{src.String(), dst.String()}, v)
		} else {
			unaddressed.add(v)
		}
		seen := map[string]bool{}
		for _, c := range []struct {
			c    trace.Column
			port uint16
			name string
		}{{trace.TCPSrcPort, k.TCPSrc, "/tcp"}, {trace.TCPDstPort, k.TCPDst, "/tcp"}, {trace.UDPSrcPort, k.UDPSrc, "/udp"}, {trace.UDPDstPort, k.UDPDst, "/udp"}} {
			if k.Has.Has(c.c) {
				seen[string(rune('0'+c.port/10))+string(rune('0'+c.port%10))+c.name] = true
			}
		}
		for name := range seen {
			if name[0] == '0' {
				name = name[1:]
			}
			addTo(port, name, v)
		}
	}
	if got.Bytes != bytes || got.Packets != 20_000 || got.Addresses != int64(len(hosts)) {
		t.Errorf("bytes %d packets %d addresses %d, want %d, 20000, %d", got.Bytes, got.Packets, got.Addresses, bytes, len(hosts))
	}
	if u := got.Top.Unaddressed; u.Bytes != unaddressed.bytes || u.Packets != unaddressed.packets {
		t.Errorf("unaddressed %v, want %v", u, unaddressed)
	}
	for _, m := range got.Minutes {
		if v := minutes[m.Start]; v.bytes != m.Bytes || v.packets != m.Packets {
			t.Errorf("minute %v, want %v", m, v)
		}
	}
	if len(got.Minutes) != len(minutes) {
		t.Errorf("%d minutes, want %d", len(got.Minutes), len(minutes))
	}
	checkTop(t, "source", got.Top.Source, source)
	checkTop(t, "port", got.Top.Port, port)
	if len(got.Top.Pair) != TopN {
		t.Errorf("%d pairs", len(got.Top.Pair))
	}
	for _, e := range got.Top.Pair {
		if v := pair[e.Key]; v.bytes != e.Bytes || v.packets != e.Packets {
			t.Errorf("pair %v, want %v", e, v)
		}
	}
}

func addTo[K comparable](m map[K]volume, k K, v volume) {
	s := m[k]
	s.add(v)
	m[k] = s
}

func checkTop(t *testing.T, what string, got []report.Entry, counts map[string]volume) {
	t.Helper()
	want := []report.Entry{}
	for k, v := range counts {
		want = append(want, report.Entry{Key: k, Bytes: v.bytes, Packets: v.packets})
	}
	sort.Slice(want, func(i, j int) bool {
		return want[i].Bytes > want[j].Bytes || want[i].Bytes == want[j].Bytes && want[i].Key < want[j].Key
	})
	if want = want[:min(TopN, len(want))]; !slices.Equal(got, want) {
		t.Errorf("top %s\n%v\nwant\n%v", what, got, want)
	}
}

func TestHoursNameTheGaps(t *testing.T) {
	p := New()
	for _, start := range []int64{7200, 0, 4 * 3600} {
		p.Cover(start)
	}
	p.Add([]trace.Packet{{TimeNS: 10 * trace.Second, Len: 60, Has: trace.Len.Bit()}, {TimeNS: 6 * trace.Hour, Len: 61, Has: trace.Len.Bit()}})
	want := []report.Hour{hour(0, true, 60, 1), hour(1, false, 0, 0), hour(2, true, 0, 0), hour(3, false, 0, 0), hour(4, true, 0, 0), hour(5, false, 0, 0), hour(6, true, 61, 1)}
	if got := p.Report().Hours; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func hour(h int64, captured bool, bytes, packets int64) report.Hour {
	return report.Hour{Start: h * trace.HourS, Captured: captured, Bytes: bytes, Packets: packets}
}

func TestOneWrongClockMakesNoMillionHours(t *testing.T) {
	p := New()
	p.Add([]trace.Packet{{TimeNS: 0}, {TimeNS: trace.MaxSecond * trace.Second}})
	if n := len(p.Report().Hours); n != 2 {
		t.Errorf("%d hours listed", n)
	}
}

func TestEmpty(t *testing.T) {
	r := New().Report()
	if r.Packets != 0 || len(r.Hours) != 0 || len(r.Histogram.Edges) != 0 || r.Top.Source == nil {
		t.Errorf("%+v", r)
	}
}

func BenchmarkAdd(b *testing.B) {
	packets := random(rand.New(rand.NewPCG(3, 3)), 100_000)
	slices.SortFunc(packets, func(a, b trace.Packet) int { return int(a.TimeNS - b.TimeNS) })
	p := New()
	p.Add(packets)
	b.SetBytes(int64(len(packets)))
	b.ReportAllocs()
	for b.Loop() {
		before := p.Packets()
		p.Add(packets)
		if p.Packets() != before+int64(len(packets)) {
			b.Fatal("rows lost")
		}
	}
}
