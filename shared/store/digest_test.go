package store

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"tracelens/shared/dict"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

// TestDigestsGiveTheFigures: stores that are full of bundles, with everything that Improve makes, are asked for what digests answer:
// the figures are those of the plainest counting, and the digests were used.
func TestDigestsGiveTheFigures(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 7))
	known, odd := 0, 0
	for round := range 12 {
		packets := clientsOf(r, 4000+r.IntN(4000))
		s := small(300+r.IntN(300), 1000, dict.MaxFlows)
		s.counters.most = []int{4000, maxCounted}[r.IntN(2)] // at least what a bundle has
		for rest := packets; len(rest) > 0; {
			n := min(len(rest), 100)
			add(s, rest[:n])
			rest = rest[n:]
		}
		for s.Improve() {
		}
		asker := newAsker(t, r, []*Store{s})
		for range 50 {
			sel, widthS := digestSelection(r, packets), []int64{1, 60}[r.IntN(2)]
			if p := newPredicate(sel.Where, s.Endpoints(), s.convs); p != nil {
				for _, b := range s.bundles[0] {
					if b != nil && b.widthS <= widthS && p.knows(b, widthS) {
						known++
						odd += boolInt(p.anyLen && p.mayBeOdd(b) > 0)
					}
				}
			}
			want := asJSON(t, plainReport(packets, sel, widthS))
			if got := asker.ask(t, sel, widthS); !bytes.Equal(got, want) {
				t.Fatalf("round %d, %q, bins of %d s:\n%s\nwant\n%s", round, sel.Code(), widthS, got, want)
			}
		}
	}
	if known < 500 || odd < 100 {
		t.Errorf("digests were used %d times, %d of them with odd flows: too few to say anything", known, odd)
	}
}

// clientsOf makes what clients and servers say to each other: in order, some packets at the same time, with few packets of most ports.
func clientsOf(r *rand.Rand, n int) []trace.Packet {
	packets := make([]trace.Packet, n)
	t := int64(someHour)
	step := []int64{2, trace.Second / 100, 2 * trace.Second}[r.IntN(3)]
	for i := range packets {
		p := &packets[i]
		t += r.Int64N(step)
		p.TimeNS, p.Len = t, 60+r.Uint32N(8)*100
		p.Has = trace.Time.Bit() | trace.Len.Bit() | trace.IPSrc.Bit() | trace.IPDst.Bit()
		p.IPv4SrcAddr, p.IPv4DstAddr = r.Uint32N(4), r.Uint32N(4)
		src, dst := trace.TCPSrcPort, trace.TCPDstPort
		if r.IntN(3) == 0 {
			src, dst = trace.UDPSrcPort, trace.UDPDstPort
		}
		server, client := uint16(1+r.IntN(3)*300), uint16(300+r.IntN(400))
		if r.IntN(2) == 0 {
			server, client = client, server
		}
		p.SetPort(src, server)
		p.SetPort(dst, client)
	}
	return packets
}

// digestSelection is filters that digests are for: mostly on anything but lengths or only on them; now and then on both, or with a time.
func digestSelection(r *rand.Rand, packets []trace.Packet) *selection.Selection {
	s := &selection.Selection{}
	lengths := r.IntN(3)
	filter := func() selection.Filter {
		f := randomFilter(r)
		for lengths < 2 && (f.Field == selection.Length) != (lengths == 1) {
			f = randomFilter(r)
		}
		switch f.Field {
		case selection.Port, selection.SourcePort, selection.DestinationPort:
			f.Port, f.LastPort = uint16([]int{300 + r.IntN(400), 1 + r.IntN(3)*300}[boolInt(r.IntN(4) == 0)]), 0
			if r.IntN(3) == 0 {
				f.LastPort = f.Port + []uint16{1, 5, 1000}[r.IntN(3)]
			}
		case selection.Length:
			f.Min = 60 + r.Uint32N(8)*100
			f.Max = f.Min + []uint32{0, 200, 5000}[r.IntN(3)]
		case selection.Source, selection.Destination, selection.Either:
			if a := trace.IPv4(r.Uint32N(4)); r.IntN(3) > 0 {
				f.Address, _ = a.Prefix(32)
			}
		}
		return f
	}
	for s.Where == nil {
		s.Where = randomWhere(r, filter)
	}
	if r.IntN(8) == 0 {
		s.FromNS, s.ToNS = packets[r.IntN(len(packets)/2)].TimeNS, packets[len(packets)/2+r.IntN(len(packets)/2)].TimeNS+1
	}
	return s
}
