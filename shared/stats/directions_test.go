package stats

import (
	"math/rand/v2"
	"net/netip"
	"reflect"
	"slices"
	"testing"

	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

func prefixes(texts ...string) []netip.Prefix {
	list := []netip.Prefix{}
	for _, text := range texts {
		list = append(list, netip.MustParsePrefix(text))
	}
	return list
}

// TestDirections: whose addresses are whose changes while the trace grows, and every report says what plain counting does.
func TestDirections(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	tr := NewTrace()
	c := newCounter(tr)
	choices := [][]netip.Prefix{
		nil, prefixes("10.0.0.0/29"), prefixes("10.0.0.3/32", "2000::/124"), prefixes("::/0"), prefixes("0.0.0.0/0"), prefixes("10.0.0.16/28", "10.0.0.0/30"),
	}
	mine := choices[0]
	for round := range 200 {
		if r.IntN(4) == 0 {
			mine = choices[r.IntN(len(choices))]
			tr.SetMine(mine)
		}
		packets := somePackets(r, 100, 4+round)
		totals := tr.NewTotals(60)
		if err := totals.Add(c.part, c.count(t, packets)); err != nil {
			t.Fatal(err)
		}
		got := totals.Report(&selection.Selection{}, report.Wish{})
		want := report.Directions{Mine: []string{}}
		for _, p := range mine {
			want.Mine = append(want.Mine, p.String())
		}
		is := func(a netip.Addr) bool {
			return slices.ContainsFunc(mine, func(p netip.Prefix) bool { return p.Contains(a) })
		}
		for _, p := range packets {
			v := &want.Beyond
			switch {
			case !p.src.IsValid() || !p.dst.IsValid():
				continue
			case is(p.src) && is(p.dst):
				v = &want.Within
			case is(p.src):
				v = &want.Out
			case is(p.dst):
				v = &want.In
			}
			v.Bytes += p.length
			v.Packets++
		}
		d := got.Directions
		if !reflect.DeepEqual(d, want) {
			t.Fatalf("round %d: got\n%+v, want\n%+v", round, d, want)
		}
		sum := volume{got.Top.Unaddressed.Bytes, got.Top.Unaddressed.Packets}
		for _, v := range []report.Volume{d.In, d.Out, d.Within, d.Beyond} {
			sum.add(volume{v.Bytes, v.Packets})
		}
		if sum != (volume{got.Bytes, got.Packets}) {
			t.Fatalf("the directions and what is unaddressed are %+v of %d bytes, %d packets", sum, got.Bytes, got.Packets)
		}
	}
}

// Endpoints are looked at once, until other prefixes are set.
func TestClassifiedOnce(t *testing.T) {
	tr := NewTrace()
	c := newCounter(tr)
	learn := func(a uint32) { c.count(t, []packet{{src: trace.IPv4(a), dst: trace.IPv4(10<<24 | 1)}}) }
	learn(10<<24 | 2)
	tr.SetMine(prefixes("10.0.0.0/31"))
	if got := tr.classified(); !slices.Equal(got[1:], []uint8{0, 1}) {
		t.Fatalf("%v", got)
	}
	tr.mine.is[1] = 1 // as no prefix says
	learn(10 << 24)
	tr.SetMine(prefixes("10.0.0.0/31"))
	if got := tr.classified(); !slices.Equal(got[1:], []uint8{1, 1, 1}) {
		t.Errorf("what was known is looked at again: %v", got)
	}
	tr.SetMine(prefixes("10.0.0.2/31"))
	if got := tr.classified(); !slices.Equal(got[1:], []uint8{1, 0, 0}) {
		t.Errorf("other prefixes: %v", got)
	}
}
