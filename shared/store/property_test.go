package store

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"tracelens/shared/dict"
	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/stats"
	"tracelens/shared/trace"
)

const someHour = 1483873200 * trace.Second

// randomPackets makes packets from few addresses, ports and lengths, so that ties and repeats are common, over a span of time.
func randomPackets(r *rand.Rand, n int, span int64) []trace.Packet {
	packets := make([]trace.Packet, n)
	tunnels := r.IntN(2) == 0
	for i := range packets {
		p := &packets[i]
		p.Has = trace.Time.Bit()
		p.TimeNS = someHour + r.Int64N(span) - span/5
		if r.IntN(10) > 0 {
			p.Has |= trace.Len.Bit()
			p.Len = 60 + uint32(r.IntN(5))*100
			if tunnels && r.IntN(50) == 0 {
				p.Len = []uint32{65534, 65535, 65536, 70_000, 1<<32 - 1}[r.IntN(5)]
			}
		}
		switch r.IntN(4) {
		case 0:
		case 1:
			p.Has |= trace.IPv6Src.Bit() | trace.IPv6Dst.Bit()
			p.IPv6SrcAddr[15], p.IPv6DstAddr[15] = byte(r.IntN(30)), byte(r.IntN(30))
			fallthrough // 6in4: the IPv4 pair is what counts
		default:
			if r.IntN(4) == 0 && p.Has.Has(trace.IPv6Src) {
				break
			}
			p.Has |= trace.IPSrc.Bit()
			p.IPv4SrcAddr = r.Uint32N(40)
			if r.IntN(20) > 0 {
				p.Has |= trace.IPDst.Bit()
				p.IPv4DstAddr = r.Uint32N(40)
			}
		}
		columns := []trace.Column{trace.TCPSrcPort, trace.TCPDstPort, trace.UDPSrcPort, trace.UDPDstPort}
		switch {
		case tunnels:
			for _, c := range columns {
				if r.IntN(3) == 0 {
					p.SetPort(c, uint16(r.IntN(30)))
				}
			}
		case r.IntN(8) > 0:
			c := columns[2*r.IntN(2):]
			p.SetPort(c[0], uint16(r.IntN(30)))
			p.SetPort(c[1], uint16(r.IntN(3)*21_000))
		}
	}
	if r.IntN(3) > 0 { // nearly always captures are in order, or nearly
		slices.SortFunc(packets, func(a, b trace.Packet) int { return int(a.TimeNS - b.TimeNS) })
		for range r.IntN(1 + n/10) {
			i, j := r.IntN(n), r.IntN(n)
			packets[i], packets[j] = packets[j], packets[i]
		}
	}
	return packets
}

func randomSelection(r *rand.Rand, span int64) *selection.Selection {
	s := &selection.Selection{}
	if r.IntN(3) > 0 {
		s.FromNS = someHour + r.Int64N(span) - span/4
		s.ToNS = s.FromNS + 1 + r.Int64N(span)
	}
	s.Where = randomWhere(r, func() selection.Filter { return randomFilter(r) })
	return s
}

// randomWhere is nothing, or an expression: often some conditions that must all hold, as by clicks, and often a deeper one.
func randomWhere(r *rand.Rand, filter func() selection.Filter) (where *selection.Expr) {
	depth := []int{0, 0, 1, 3, 3}[r.IntN(5)]
	for range r.IntN(4) {
		e := randomExpr(r, depth, filter)
		if r.IntN(3) == 0 {
			e = e.Negated()
		}
		where = selection.All(where, e)
	}
	return where
}

func randomExpr(r *rand.Rand, depth int, filter func() selection.Filter) *selection.Expr {
	e := &selection.Expr{Op: selection.Op(r.IntN(4))}
	if depth == 0 || e.Op == selection.Is {
		return &selection.Expr{Filter: filter()}
	}
	n := 1
	if e.Op != selection.Not {
		n = 2 + r.IntN(3)
	}
	for range n {
		e.Args = append(e.Args, randomExpr(r, depth-1, filter))
	}
	return e
}

func randomFilter(r *rand.Rand) (f selection.Filter) {
	switch f.Field = [...]selection.Field{0, 1, 2, 3, 4, 5, 6, 7, 8, selection.Length, selection.Length, selection.Port}[r.IntN(12)]; f.Field {
	case selection.Source, selection.Destination, selection.Either:
		a := trace.IPv4(r.Uint32N(45))
		if r.IntN(4) == 0 {
			a = netip.AddrFrom16([16]byte{15: byte(r.IntN(35))})
		}
		f.Address = netip.PrefixFrom(a, a.BitLen()-[]int{0, 0, 3, 5, 32}[r.IntN(5)])
		if r.IntN(2) == 0 {
			f.Address = f.Address.Masked()
		}
	case selection.Port, selection.SourcePort, selection.DestinationPort:
		f.Port, f.Family = []uint16{uint16(r.IntN(32)), 0, 21_000, 42_000}[r.IntN(4)], selection.Family(r.IntN(3))
		if last := []uint16{0, 0, 15, 21_000, 65535}[r.IntN(5)]; last > f.Port {
			f.LastPort = last
		}
	case selection.Protocol:
		f.Protocol = trace.Protocol(r.IntN(trace.Protocols))
	case selection.Length:
		f.Min = []uint32{0, 60, 160, 260, 65535, 65536}[r.IntN(6)]
		f.Max = f.Min + []uint32{0, 1, 100, 66_000}[r.IntN(4)]
	case selection.Layer:
		f.Family = selection.Family(1 + r.IntN(2))
	}
	return f
}

// small is a store whose segments are so short that few packets fill several of them, or have so many flows.
func small(rows int, share int64, flows int) *Store {
	s := New()
	s.segmentRows, s.summaryShare, s.segmentFlows = rows, share, flows
	s.counters.most = []int{1, 100, 1000, maxCounted}[rows%4]
	return s
}

func add(s *Store, packets []trace.Packet) {
	var b trace.Batch
	for i := range packets {
		s.flows.Add(&b, &packets[i])
		if b.Full() || i == len(packets)-1 {
			s.Append(&b)
			b.Clear()
		}
	}
}

// asker asks several stores, over the bytes that workers would send, as the lead does: many times, now and then giving one up.
type asker struct {
	r      *rand.Rand
	stores []*Store
	trace  *stats.Trace
	parts  []*stats.Part
}

func newAsker(t testing.TB, r *rand.Rand, stores []*Store) *asker {
	a := &asker{r, stores, stats.NewTrace(), nil}
	for _, s := range stores {
		part := a.trace.NewPart()
		if err := part.Learn(dict.AppendSince(nil, s.Endpoints(), 1, s.convs, 1)); err != nil {
			t.Fatal(err)
		}
		a.parts = append(a.parts, part)
	}
	return a
}

func (a *asker) ask(t testing.TB, sel *selection.Selection, widthS int64) []byte {
	t.Helper()
	for _, s := range a.stores { // somewhere in the middle
		for a.r.IntN(3) > 0 && s.Improve() {
		}
	}
	if a.r.IntN(4) == 0 {
		given := a.trace.NewTotals(widthS)
		a.add(t, given, a.r.IntN(len(a.stores)), sel, widthS)
		given.Release()
	}
	totals := a.trace.NewTotals(widthS)
	for _, i := range a.r.Perm(len(a.stores)) {
		a.add(t, totals, i, sel, widthS)
	}
	return asJSON(t, totals.Report(sel, report.Wish{}))
}

func (a *asker) add(t testing.TB, totals *stats.Totals, i int, sel *selection.Selection, widthS int64) {
	t.Helper()
	q := a.stores[i].Query(sel, widthS)
	for q.Step() {
	}
	p, err := stats.DecodePartial(q.Partial().AppendBinary(nil))
	if err == nil {
		err = totals.Add(a.parts[i], p)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func asJSON(t testing.TB, r *report.Report) []byte {
	t.Helper()
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestAnyCutGivesTheFigures: random packets, cut at random places, given to a random number of stores with segments of random
// sizes, asked for random selections, added up in random order: every time the figures that the plainest counting gives.
func TestAnyCutGivesTheFigures(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	mixed, tunnels := 0, 0
	for round := range 50 {
		span := []int64{20 * trace.Second, 5 * trace.Minute, 5 * trace.Hour}[r.IntN(3)]
		packets := randomPackets(r, 1+r.IntN(3000), span)
		if r.IntN(3) > 0 { // as they are in most files
			slices.SortFunc(packets, func(a, b trace.Packet) int { return cmp.Compare(a.TimeNS, b.TimeNS) })
		}
		stores := make([]*Store, 1+r.IntN(5))
		for i := range stores {
			stores[i] = small(1+r.IntN(len(packets))/[]int{1, 5, 20}[r.IntN(3)], []int64{0, 30, 1000}[r.IntN(3)], []int{1, 3, 50, dict.MaxFlows}[r.IntN(4)])
		}
		for rest := packets; len(rest) > 0; {
			n := 1 + r.IntN(len(rest))
			add(stores[r.IntN(len(stores))], rest[:n])
			rest = rest[n:]
		}
		asker := newAsker(t, r, stores)
		for range 12 {
			sel, widthS := randomSelection(r, span), []int64{1, 60}[r.IntN(2)]
			if r.IntN(2) == 0 { // exactly from one packet to another
				a, b := packets[r.IntN(len(packets))].TimeNS, packets[r.IntN(len(packets))].TimeNS
				sel.FromNS, sel.ToNS = min(a, b), max(a, b)+int64(r.IntN(2))
				sel.ToNS = max(sel.ToNS, sel.FromNS+1)
				if r.IntN(2) == 0 {
					sel.Where = nil
				}
			}
			if err := sel.Check(); err != nil {
				t.Fatal(err)
			}
			want := asJSON(t, plainReport(packets, sel, widthS))
			if got := asker.ask(t, sel, widthS); !bytes.Equal(got, want) {
				t.Fatalf("round %d, %d packets in %d stores, %q:\n%s\nwant\n%s", round, len(packets), len(stores), sel.Code(), got, want)
			}
			if p := newPredicate(sel.Where, stores[0].Endpoints(), stores[0].convs); p != nil {
				mixed += boolInt(len(p.passes[0]) > 1)
				tunnels += boolInt(len(stores[0].segments) > 0 && p.secondMay(stores[0].segments[0]))
			}
		}
	}
	if mixed < 20 || tunnels < 20 {
		t.Errorf("%d expressions were on both flows and lengths, %d on the second ports of tunnels: too few to say anything", mixed, tunnels)
	}
}

// TestManyGroupsOfLengths: an expression that chooses more kinds of lengths than a byte has bits, each of other hosts, is counted in
// several passes: every packet in one of them.
func TestManyGroupsOfLengths(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	for round := range 6 {
		packets := randomPackets(r, 3000, 5*trace.Minute)
		s := small(400, []int64{0, 1000}[round%2], dict.MaxFlows)
		add(s, packets)
		sel := &selection.Selection{}
		for i := range uint32(20) {
			clause := selection.All(
				&selection.Expr{Filter: selection.Filter{Field: selection.Source, Address: netip.PrefixFrom(trace.IPv4(i), 32)}},
				&selection.Expr{Filter: selection.Filter{Field: selection.Length, Min: 50 + 40*i, Max: 89 + 40*i}})
			if i == 0 {
				clause = &selection.Expr{Filter: selection.Filter{Field: selection.Port, Port: 7}}
			}
			if i == 1 {
				clause = &selection.Expr{Filter: selection.Filter{Field: selection.Length, Min: 65536, Max: 80_000}}
			}
			if sel.Where == nil {
				sel.Where = clause
			} else {
				sel.Where = &selection.Expr{Op: selection.Or, Args: []*selection.Expr{clause, sel.Where}}
			}
		}
		if err := sel.Check(); err != nil {
			t.Fatal(err)
		}
		if p := newPredicate(sel.Where, s.Endpoints(), s.convs); len(p.passes) < 2 {
			t.Fatalf("%d passes", len(p.passes))
		}
		want := asJSON(t, plainReport(packets, sel, 1))
		if got := newAsker(t, r, []*Store{s}).ask(t, sel, 1); !bytes.Equal(got, want) {
			t.Fatalf("%q:\n%s\nwant\n%s", sel.Code(), got, want)
		}
	}
}
