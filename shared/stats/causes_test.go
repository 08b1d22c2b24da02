package stats

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

// sameCauses compares who is behind packets with what plain counting says, over the lists that are right (sameLists).
func sameCauses(t *testing.T, got *report.Causes, packets []packet) {
	t.Helper()
	place := func(list []report.Entry, name string) int {
		if name == "" {
			return report.NoCause
		}
		if i := slices.IndexFunc(list, func(e report.Entry) bool { return e.Key == name }); i >= 0 {
			return i
		}
		return report.OtherCause
	}
	at := func(place, listed int) int { // in a bin
		switch place {
		case report.OtherCause:
			return listed
		case report.NoCause:
			return listed + 1
		}
		return place
	}
	want := report.Causes{Program: got.Program, Site: got.Site, WidthS: 60, Links: []report.CauseLink{}, Times: []report.CauseBin{}}
	links, bins := map[[2]int]report.Volume{}, map[int64]report.CauseBin{}
	programs, sites := map[string]bool{}, map[string]bool{}
	for _, p := range packets {
		program, site := place(got.Program, p.cause.Program), place(got.Site, p.cause.Site)
		add := func(v *report.Volume) {
			v.Bytes += p.length
			v.Packets++
		}
		for _, one := range []struct {
			place         int
			other, nobody *report.Volume
			name          string
			names         map[string]bool
		}{{program, &want.OtherProgram, &want.NoProgram, p.cause.Program, programs}, {site, &want.OtherSite, &want.NoSite, p.cause.Site, sites}} {
			switch one.place {
			case report.OtherCause:
				add(one.other)
			case report.NoCause:
				add(one.nobody)
			}
			if one.name != "" {
				one.names[one.name] = true
			}
		}
		v := links[[2]int{program, site}]
		add(&v)
		links[[2]int{program, site}] = v
		bin, known := bins[p.start]
		if !known {
			bin = report.CauseBin{Start: p.start, Program: make([]int64, len(got.Program)+2), Site: make([]int64, len(got.Site)+2)}
		}
		bin.Program[at(program, len(got.Program))] += p.length
		bin.Site[at(site, len(got.Site))] += p.length
		bins[p.start] = bin
	}
	want.Programs, want.Sites = int64(len(programs)), int64(len(sites))
	order := func(n int) []int {
		list := []int{}
		for i := range n {
			list = append(list, i)
		}
		return append(list, report.OtherCause, report.NoCause)
	}
	for _, program := range order(len(got.Program)) {
		for _, site := range order(len(got.Site)) {
			if v := links[[2]int{program, site}]; v.Packets > 0 {
				want.Links = append(want.Links, report.CauseLink{Program: program, Site: site, Bytes: v.Bytes, Packets: v.Packets})
			}
		}
	}
	for start := range int64(600) {
		if bin, is := bins[start]; is {
			want.Times = append(want.Times, bin)
		}
	}
	if !reflect.DeepEqual(*got, want) {
		t.Errorf("causes are\n%+v, want\n%+v", *got, want)
	}
}

// TestCausePartials: what is no partial is refused, and so are bins of another width.
func TestCausePartials(t *testing.T) {
	good := (&CausePartial{WidthS: 60, Causes: []trace.Cause{{Program: "curl", Site: "example.org"}, {}}, Cells: []CauseCell{{0, 60, 100, 2}, {1, 120, 1, 1}}}).AppendBinary(nil)
	if _, err := DecodeCausePartial(good); err != nil {
		t.Fatal(err)
	}
	for n := range good {
		if p, err := DecodeCausePartial(good[:n]); err == nil {
			t.Errorf("of %d bytes of %d it is %+v", n, len(good), p)
		}
	}
	r, sums := rand.New(rand.NewPCG(1, 2)), NewTrace().NewTotals(60)
	for range 20_000 {
		b := slices.Clone(good)
		b[r.IntN(len(b))] = byte(r.Uint32())
		if p, err := DecodeCausePartial(b); err == nil {
			if again, err := DecodeCausePartial(p.AppendBinary(nil)); err != nil || !reflect.DeepEqual(again, p) {
				t.Fatalf("%+v became %+v, %v", p, again, err)
			}
			sums.AddCauses(p)
		}
	}
	totals := NewTrace().NewTotals(60)
	totals.AddCauses(&CausePartial{WidthS: 60})
	if totals.AddCauses(&CausePartial{WidthS: 1}) != ErrPartial {
		t.Error("bins of two widths are added up")
	}
}

// TestCauseWidth: there are enough bins to see something, and no more than a picture has room for.
func TestCauseWidth(t *testing.T) {
	for seconds, want := range map[int64]int64{0: 1, 1: 1, 200: 1, 239: 2, 3600: 30, 86_400: 600, 7 * 86_400: 3600, 365 * 86_400: 2 * 86_400} {
		for _, sel := range []selection.Selection{{}, {FromNS: 7 * trace.Second, ToNS: (7 + seconds) * trace.Second}} {
			from, to := 7*trace.Second, (7+seconds)*trace.Second
			if sel.Ranged() {
				from, to = 0, 1<<60
			}
			if got := CauseWidth(&sel, from, to); got != want {
				t.Errorf("%d s: bins of %d s, want %d", seconds, got, want)
			}
		}
	}
}
