package store

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tracelens/shared/dict"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

// plainRow is what the store keeps of a packet: of its addresses the pair that the figures count, and a length if it has none.
func plainRow(k *trace.Packet) trace.Packet {
	p := trace.Packet{TimeNS: k.TimeNS, Len: uint32(plainLength(k)), Has: trace.Time.Bit() | trace.Len.Bit()}
	switch {
	case k.Has.Has(trace.IPSrc):
		p.IPv4SrcAddr, p.Has = k.IPv4SrcAddr, p.Has|trace.IPSrc.Bit()
	case k.Has.Has(trace.IPv6Src):
		p.IPv6SrcAddr, p.Has = k.IPv6SrcAddr, p.Has|trace.IPv6Src.Bit()
	}
	switch {
	case k.Has.Has(trace.IPDst):
		p.IPv4DstAddr, p.Has = k.IPv4DstAddr, p.Has|trace.IPDst.Bit()
	case k.Has.Has(trace.IPv6Dst):
		p.IPv6DstAddr, p.Has = k.IPv6DstAddr, p.Has|trace.IPv6Dst.Bit()
	}
	for _, c := range []trace.Column{trace.TCPSrcPort, trace.TCPDstPort, trace.UDPSrcPort, trace.UDPDstPort} {
		if k.Has.Has(c) {
			p.SetPort(c, map[trace.Column]uint16{trace.TCPSrcPort: k.TCPSrc, trace.TCPDstPort: k.TCPDst, trace.UDPSrcPort: k.UDPSrc, trace.UDPDstPort: k.UDPDst}[c])
		}
	}
	return p
}

// plainRows is the oracle of rows: the packets that are chosen, in the order they were given to the stores, sorted by time.
func plainRows(given [][]trace.Packet, sel *selection.Selection, fromNS int64, skip, n int) []trace.Packet {
	rows := []trace.Packet{}
	for _, packets := range given {
		for i := range packets {
			if packets[i].TimeNS >= fromNS && plainlyChosen(&packets[i], sel) {
				rows = append(rows, plainRow(&packets[i]))
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b trace.Packet) int { return cmp.Compare(a.TimeNS, b.TimeNS) })
	rows = rows[min(skip, len(rows)):]
	return rows[:min(n, len(rows))]
}

// rowsOf asks several stores and merges what they find, as the lead does. between is called between two steps.
func rowsOf(t *testing.T, r *rand.Rand, stores []*Store, sel *selection.Selection, fromNS int64, skip, n int, between func()) []trace.Packet {
	asked, times := make([]*Rows, len(stores)), make([]Times, len(stores))
	for i, s := range stores {
		asked[i] = s.Rows(sel, fromNS, skip+n)
		if r.IntN(2) == 0 {
			asked[i].atOnce, asked[i].ahead = 1+r.IntN(60), 1+r.IntN(10)
		}
	}
	for i := range stores {
		for asked[i].Step() {
			between()
		}
		if found := asked[i].Len(); found > skip+n {
			t.Fatalf("%d packets were found, but %d asked for", found, skip+n)
		}
		times[i] = asked[i].AppendTimes(nil)
	}
	rows := []trace.Packet{}
	next, order := Merge(times, skip, n)
	for _, i := range order {
		rows = append(rows, asked[i].Packet(next[i]))
		next[i]++
	}
	return rows
}

// TestAnyCutGivesTheRows: random packets, cut at random places, given to a random number of stores: whatever is asked for, the rows
// are those of the packets in a list that is sorted by time. Meanwhile, packets are appended and other questions asked.
func TestAnyCutGivesTheRows(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 8))
	compared, steps := 0, 0
	for round := range 60 {
		span := []int64{20, 20 * trace.Second, 5 * trace.Hour}[r.IntN(3)] // in the first case, many at the same time
		packets := randomPackets(r, 1+r.IntN(2000), max(span, 5))
		stores, given := make([]*Store, 1+r.IntN(4)), make([][]trace.Packet, 4)
		for i := range stores {
			stores[i] = small(1+r.IntN(len(packets))/[]int{1, 5, 20}[r.IntN(3)], []int64{0, 30}[r.IntN(2)], []int{1, 3, 50, dict.MaxFlows}[r.IntN(4)])
		}
		rest := packets
		give := func() {
			n := min(len(rest), 1+r.IntN(1+len(packets)/4))
			i := r.IntN(len(stores))
			add(stores[i], rest[:n])
			given[i] = append(given[i], rest[:n]...)
			rest = rest[n:]
		}
		for range 12 {
			give()
			sel := randomSelection(r, max(span, 5))
			switch k := &packets[r.IntN(len(packets))]; r.IntN(8) {
			case 0: // maybe only by the outer ports of tunnels
				sel.Where = &selection.Expr{Filter: selection.Filter{Field: selection.Port, Port: k.UDPSrc, Family: selection.UDP}}
			case 1: // only what a column has no room for
				sel.Where = &selection.Expr{Filter: selection.Filter{Field: selection.Length, Min: 65536, Max: math.MaxUint32}}
			}
			fromNS, skip, n := packets[r.IntN(len(packets))].TimeNS+int64(r.IntN(2)), r.IntN(1+len(packets)/[]int{1, 10, 1000}[r.IntN(3)]), r.IntN(100)
			if r.IntN(2) == 0 {
				fromNS, n = math.MinInt64, len(packets)
			}
			want := plainRows(given, sel, fromNS, skip, n)
			got := rowsOf(t, r, stores, sel, fromNS, skip, n, func() {
				if steps++; r.IntN(20) > 0 {
					return
				}
				give()
				q := stores[r.IntN(len(stores))].Query(randomSelection(r, max(span, 5)), 60)
				for q.Step() {
				}
				q.Partial()
			})
			compared += len(want)
			if !slices.Equal(got, want) {
				t.Fatalf("round %d, %d stores, %+v from %d, %d after %d: %d rows\n%v\nwant %d\n%v", round, len(stores), sel, fromNS, n, skip, len(got), got, len(want), want)
			}
		}
	}
	if compared < 30_000 || steps < 5000 {
		t.Errorf("only %d rows were compared, after %d steps", compared, steps)
	}
}

// TestMergeAtTheEndsOfTime: the packets that are skipped are found by halving all times that there can be.
func TestMergeAtTheEndsOfTime(t *testing.T) {
	times := func(list ...int64) (b Times) {
		for _, ns := range list {
			b = append(b, byte(ns), byte(ns>>8), byte(ns>>16), byte(ns>>24), byte(ns>>32), byte(ns>>40), byte(ns>>48), byte(ns>>56))
		}
		return b
	}
	stores := []Times{times(math.MinInt64, 5, 5, math.MaxInt64), nil, times(math.MinInt64, 5, math.MaxInt64, math.MaxInt64)}
	all := []int{0, 2, 0, 0, 2, 0, 2, 2}
	for skip := range len(all) + 2 {
		first, order := Merge(stores, skip, 3)
		before := all[:min(skip, len(all))]
		want := all[len(before):min(skip+3, len(all))]
		if skip > len(all) {
			want = nil
		}
		if !slices.Equal(order, want) || first[0] != count(before, 0) || first[1] != 0 || first[2] != count(before, 2) {
			t.Errorf("after %d: %v from %v, want %v", skip, order, first, want)
		}
	}
}

func count(list []int, v int) (n int) {
	for _, x := range list {
		n += boolInt(x == v)
	}
	return n
}
