package store

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"net/netip"
	"slices"
	"testing"

	"tracelens/shared/called"
	"tracelens/shared/cause"
	"tracelens/shared/dict"
	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/stats"
	"tracelens/shared/trace"
)

// say adds something to a book about the addresses and ports of random packets: of some nothing, of many once, of some several times.
func say(r *rand.Rand, b *called.Book, n int, span int64) {
	for range n {
		name := called.Name{TimeNS: someHour + r.Int64N(span) - span/5, Address: trace.IPv4(r.Uint32N(40)), Kind: []called.Kind{called.DNS, called.TCP, called.UDP}[r.IntN(3)]}
		if r.IntN(4) == 0 {
			name.Address = netip.AddrFrom16([16]byte{15: byte(r.IntN(30))})
		}
		if name.Text = fmt.Sprintf("www.site%d.example", r.IntN(6)); name.Kind.OfPort() {
			name.Port, name.Text = []uint16{uint16(r.IntN(30)), 21_000, 42_000}[r.IntN(3)], []string{"curl", "wget", "Web Content", called.Nobody}[r.IntN(4)]
		}
		b.Add(name)
	}
}

// withCauses is a selection that asks for programs and sites, mostly.
func withCauses(r *rand.Rand, span int64) *selection.Selection {
	for {
		s := randomSelection(r, span)
		s.Where = randomWhere(r, func() selection.Filter {
			switch r.IntN(4) {
			case 0:
				return selection.Filter{Field: selection.Process, Text: []string{"", "curl", "wget", "other"}[r.IntN(4)]}
			case 1:
				return selection.Filter{Field: selection.Site, Text: []string{"", "site1.example", "site2.example", "site9.example"}[r.IntN(4)]}
			}
			return randomFilter(r)
		})
		if s.Check() == nil { // it may ask too many at once
			return s
		}
	}
}

// chosenOf are the packets of a selection, by the causes that a book says.
func chosenOf(packets []trace.Packet, sel *selection.Selection, b *called.Book) (chosen []trace.Packet) {
	f := cause.New(b, nil)
	for i := range packets {
		if sel.Holds(&packets[i], f.Of(&packets[i])) {
			chosen = append(chosen, packets[i])
		}
	}
	return chosen
}

// TestAnyCutGivesTheCauses: random packets in random stores, of which a book says more and more: whatever is asked, figures, rows, and who is
// behind them are those of the packets that hold one by one.
func TestAnyCutGivesTheCauses(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 1))
	turned, some, rows := 0, 0, 0
	for round := range 60 {
		span := []int64{20 * trace.Second, 5 * trace.Minute, 5 * trace.Hour}[r.IntN(3)]
		packets := randomPackets(r, 1+r.IntN(2000), span)
		stores, books := make([]*Store, 1+r.IntN(3)), make([]called.Book, 3)
		given := make([][]trace.Packet, len(stores))
		for i := range stores {
			stores[i] = small(1+r.IntN(len(packets))/[]int{1, 5, 20}[r.IntN(3)], []int64{0, 30, 1000}[r.IntN(3)], []int{1, 3, 50, dict.MaxFlows}[r.IntN(4)])
			stores[i].SetBook(&books[i])
		}
		all := &books[0]
		for rest := packets; len(rest) > 0; {
			n, i := 1+r.IntN(len(rest)), r.IntN(len(stores))
			add(stores[i], rest[:n])
			given[i] = append(given[i], rest[:n]...)
			rest = rest[n:]
			seed := r.Uint64()
			for i := range stores { // the same to each
				say(rand.New(rand.NewPCG(seed, 1)), &books[i], []int{0, 3, 40, 300}[seed%4], span)
			}
			sel, widthS := withCauses(r, span), []int64{1, 60}[r.IntN(2)]
			there := slices.Concat(given...)
			chosen := chosenOf(there, sel, all)
			some += boolInt(len(chosen) > 0 && len(chosen) < len(there))

			report := plainReport(chosen, &selection.Selection{}, widthS)
			report.Selection = plainReport(nil, sel, widthS).Selection
			want := asJSON(t, report)
			if got := newAsker(t, r, stores).ask(t, sel, widthS); !bytes.Equal(got, want) {
				t.Fatalf("round %d, %d packets in %d stores, %q:\n%s\nwant\n%s", round, len(there), len(stores), sel.Text(), got, want)
			}
			sameCauses(t, r, stores, all, chosen, sel)

			chosenGiven := make([][]trace.Packet, len(given))
			for i := range given {
				chosenGiven[i] = chosenOf(given[i], sel, all)
			}
			wantRows := plainRows(chosenGiven, &selection.Selection{}, math.MinInt64, 0, len(there))
			gotRows := rowsOf(t, r, stores, sel, math.MinInt64, 0, len(there), func() {
				if r.IntN(20) == 0 { // others ask meanwhile
					q := stores[r.IntN(len(stores))].Query(withCauses(r, span), 60)
					for q.Step() {
					}
					q.Partial()
				}
			})
			rows += len(wantRows)
			if !slices.Equal(gotRows, wantRows) {
				t.Fatalf("round %d, %q: %d rows, want %d", round, sel.Text(), len(gotRows), len(wantRows))
			}
			for _, s := range stores {
				for _, g := range s.segments {
					turned += len(g.behind.turns)
				}
			}
			if t.Failed() {
				return
			}
		}
	}
	if turned < 1000 || some < 50 || rows < 10_000 {
		t.Errorf("%d flows with several causes, %d selections of some packets, %d rows: too few to say anything", turned, some, rows)
	}
}

// sameCauses compares the partials of all stores, over the bytes in which they cross, with a count packet by packet.
func sameCauses(t *testing.T, r *rand.Rand, stores []*Store, book *called.Book, chosen []trace.Packet, sel *selection.Selection) {
	t.Helper()
	type at struct {
		trace.Cause
		start int64
	}
	widthS := []int64{1, 5, 60, 86_400}[r.IntN(4)]
	got, want := map[at]report.Volume{}, map[at]report.Volume{}
	note := func(m map[at]report.Volume, of at, bytes, packets int64) {
		v := m[of]
		m[of] = report.Volume{Bytes: v.Bytes + bytes, Packets: v.Packets + packets}
	}
	for _, s := range stores {
		q := s.Causes(sel, widthS)
		for q.Step() {
		}
		p, err := stats.DecodeCausePartial(q.Partial().AppendBinary(nil))
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range p.Cells {
			note(got, at{p.Causes[c.Cause], c.Start}, c.Bytes, c.Packets)
		}
	}
	f := cause.New(book, nil)
	for i := range chosen {
		p := &chosen[i]
		note(want, at{f.Of(p), trace.Floor(p.TimeNS, widthS*trace.Second) / trace.Second}, plainLength(p), 1)
	}
	if !maps.Equal(got, want) {
		t.Errorf("%q, bins of %d s: %d causes and bins\n%v\nwant %d\n%v", sel.Text(), widthS, len(got), got, len(want), want)
	}
}
