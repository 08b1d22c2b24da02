package stats

import (
	"math"
	"net/netip"
	"reflect"
	"slices"
	"testing"

	"tracelens/shared/dict"
	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

var all = &selection.Selection{}

// counted is the report of packets at some seconds, each of length 60, between hosts of one part.
func counted(t *testing.T, tr *Trace, sel *selection.Selection, seconds ...int64) *report.Report {
	t.Helper()
	p := &Partial{WidthS: 1}
	slices.Sort(seconds)
	for i, s := range seconds {
		p.Bins = append(p.Bins, report.Bin{Start: s, Bytes: 60, Packets: 1})
		p.Packets++
		p.Bytes += 60
		if i == 0 {
			p.FirstNS, p.Lengths = s*trace.Second, [][2]int64{{60, int64(len(seconds))}}
		}
		p.LastNS = s * trace.Second
	}
	totals := tr.NewTotals(1)
	if err := totals.Add(tr.NewPart(), p); err != nil {
		t.Fatal(err)
	}
	return totals.Report(sel, report.Wish{})
}

func TestHoursNameTheGaps(t *testing.T) {
	tr := NewTrace()
	for _, start := range []int64{7200, 0, 4 * 3600} {
		tr.Cover(start)
	}
	want := []report.Hour{hour(0, true, 1), hour(1, false, 0), hour(2, true, 0), hour(3, false, 0), hour(4, true, 0), hour(5, false, 0), hour(6, true, 1)}
	if got := counted(t, tr, all, 10, 6*3600).Hours; !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	// A selection of time names only its own hours, also those that were captured without a packet.
	sel := &selection.Selection{FromNS: 2 * trace.Hour, ToNS: 4 * trace.Hour}
	if got := counted(t, tr, sel, 2*3600+5).Hours; !slices.Equal(got, []report.Hour{hour(2, true, 1)}) {
		t.Errorf("got %v", got)
	}
	sel.ToNS++
	if got := counted(t, tr, sel, 2*3600+5).Hours; !slices.Equal(got, []report.Hour{hour(2, true, 1), hour(3, false, 0), hour(4, true, 0)}) {
		t.Errorf("got %v", got)
	}
}

func hour(h int64, captured bool, packets int64) report.Hour {
	return report.Hour{Start: h * trace.HourS, Captured: captured, Bytes: 60 * packets, Packets: packets}
}

func TestOneWrongClockMakesNoMillionHours(t *testing.T) {
	if n := len(counted(t, NewTrace(), all, 0, trace.MaxSecond).Hours); n != 2 {
		t.Errorf("%d hours listed", n)
	}
}

func TestEmpty(t *testing.T) {
	r := NewTrace().NewTotals(60).Report(all, report.Wish{})
	if r.Packets != 0 || len(r.Hours) != 0 || len(r.Histogram.Edges) != 0 || r.Top.Source == nil || r.Minutes == nil || r.Seconds == nil || r.Lengths == nil {
		t.Errorf("%+v", r)
	}
}

func TestBinWidth(t *testing.T) {
	long := report.MaxSecondsSpan * trace.Second
	for _, c := range []struct {
		sel         selection.Selection
		first, last int64
		want        int64
	}{
		{selection.Selection{}, 5, 5 + long, 1},
		{selection.Selection{}, 5, 5 + long + trace.Second, 60},
		{selection.Selection{FromNS: 10 * long, ToNS: 11 * long}, 0, 100 * long, 1},
		{selection.Selection{FromNS: 1, ToNS: math.MaxInt64}, 0, 3 * long, 60},
		{selection.Selection{FromNS: 1, ToNS: math.MaxInt64}, 5 * long, 6 * long, 1},
	} {
		if got := BinWidth(&c.sel, c.first, c.last); got != c.want {
			t.Errorf("%+v: %d", c, got)
		}
	}
}

func TestPartialRoundTrip(t *testing.T) {
	p := &Partial{
		Packets: 3, Bytes: 1 << 40, FirstNS: -5, LastNS: 7, WidthS: 60, Bins: []report.Bin{{Start: -60, Bytes: 1, Packets: 2}},
		Lengths:       [][2]int64{{0, 1}, {1<<32 - 1, 2}},
		Conversations: Counts{Large: []Count{}}, OtherPorts: Counts{Large: []Count{}},
	}
	for _, c := range []Count{{1, 2, 3}, {31, 1<<24 - 1, 1<<40 - 1}, {32, 1, 0}, {70, 1 << 24, 1}, {71, 1, 1 << 40}, {1<<32 - 1, 1<<32 - 1, 1 << 60}} {
		p.Conversations.Add(c.Number, int64(c.Packets), c.Bytes)
	}
	p.OtherPorts.Add(UDPPorts|53, 1, 60)
	b := p.AppendBinary(nil)
	got, err := DecodePartial(b)
	if err != nil || !reflect.DeepEqual(got, p) {
		t.Errorf("%+v, %v", got, err)
	}
	for n := range b {
		if _, err := DecodePartial(b[:n]); err == nil {
			t.Errorf("%d of %d bytes were read", n, len(b))
		}
	}
	if _, err := DecodePartial(append(b, 0)); err == nil {
		t.Error("a byte was left over")
	}
}

// What is taken from words is what was in them, and they are empty.
func TestCountsTake(t *testing.T) {
	words := make([]uint64, 4*BlockSize)
	words[1], words[BlockSize-1], words[3*BlockSize] = 2*OnePacket|120, OnePacket, 5*OnePacket|byteBits
	var c, want Counts
	c.Take(words)
	want.Add(1, 2, 120)
	want.Add(BlockSize-1, 1, 0)
	want.Add(3*BlockSize, 5, byteBits)
	if !reflect.DeepEqual(c, want) || slices.Max(words) != 0 {
		t.Errorf("%v, want %v; left %d", c, want, slices.Max(words))
	}
}

// What a store says must fit what it has said before: numbers that nobody has learned are refused, not counted for somebody else.
func TestNumbersThatWereNotLearned(t *testing.T) {
	ends, convs := dict.NewEndpoints(), dict.NewConversations()
	a := ends.Number(netip.MustParseAddr("192.0.2.1"))
	convs.Number(dict.Conversation{Src: a, Dst: a, Kind: dict.NoPort})
	tr := NewTrace()
	part := tr.NewPart()
	totals := tr.NewTotals(60)
	counts := func(number uint32) (c Counts) {
		c.Add(number, 1, 60)
		return c
	}
	large := func(number uint32) (c Counts) {
		c.Add(number, 1<<24, 60)
		return c
	}
	one := &Partial{WidthS: 60, Conversations: counts(1)}
	if totals.Add(part, one) == nil {
		t.Error("a conversation that was not learned is counted")
	}
	if part.Learn(dict.AppendSince(nil, ends, 2, convs, 1)) == nil {
		t.Error("an endpoint was left out")
	}
	if err := part.Learn(dict.AppendSince(nil, ends, 1, convs, 1)); err != nil {
		t.Fatal(err)
	}
	if part.Learn(dict.AppendSince(nil, ends, 1, convs, 1)) == nil {
		t.Error("the same was learned twice")
	}
	if err := totals.Add(part, one); err != nil {
		t.Error(err)
	}
	for name, p := range map[string]*Partial{
		"bins of another width":           {WidthS: 1},
		"a port beyond the last":          {WidthS: 60, OtherPorts: counts(2 * UDPPorts)},
		"the same, large":                 {WidthS: 60, OtherPorts: large(2 * UDPPorts)},
		"a conversation in another block": {WidthS: 60, Conversations: counts(1000)},
		"a large conversation":            {WidthS: 60, Conversations: large(2)},
		"the last there could be":         {WidthS: 60, Conversations: counts(1<<32 - 1)},
	} {
		if totals.Add(part, p) == nil {
			t.Errorf("%s is counted", name)
		}
	}
}
