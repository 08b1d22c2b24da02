package chart

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tracelens/shared/report"
)

// checkStack adds up the columns of a picture, the slow way: every byte of the stretch that is shown is in one of them, at its time, and as high as the
// axis says.
func checkStack(t *testing.T, s Stacked, p Picture) {
	t.Helper()
	if len(p.Marks) == 0 {
		return // no packets
	}
	type cell struct{ part, column int }
	ground := map[int64]int64{}
	have, want := map[cell]int64{}, map[cell]int64{}
	columns := []int64{}
	legend := map[int]int64{}
	for _, m := range p.Marks {
		if m.From == m.To {
			legend[m.Part] = m.Bytes
			continue
		}
		if m.To-m.From > p.Column || (m.From-int64(p.XMin)) < 0 || m.To > int64(p.XMax) {
			t.Errorf("a column from %d to %d", m.From, m.To)
		}
		i, known := slices.BinarySearch(columns, m.From)
		if !known {
			columns = slices.Insert(columns, i, m.From)
		}
		h, foot := float64(m.Bytes)/p.YMax*p.Plot.H, p.Y(float64(ground[m.From]))
		if math.Abs(m.H-h) > 1e-6 || math.Abs(m.Y+m.H-foot) > 1e-6 {
			t.Errorf("%d bytes are %.3f high from %.3f up, want %.3f from %.3f", m.Bytes, m.H, m.Y+m.H, h, foot)
		}
		ground[m.From] += m.Bytes
		if mod(m.From-s.First, s.Step) != 0 {
			t.Errorf("a column begins within a bin, at %d", m.From)
		}
		if x := p.X(float64(m.From)); m.X < x-0.5 || m.X+m.W > p.X(float64(m.To))+0.5 {
			t.Errorf("the column of %d is at %.1f, want %.1f or a little more", m.From, m.X, x)
		}
	}
	for _, m := range p.Marks {
		if m.From < m.To {
			i, _ := slices.BinarySearch(columns, m.From)
			have[cell{m.Part, i}] += m.Bytes
		}
	}
	totals := map[int]int64{}
	for k, part := range s.Parts {
		for b, v := range part.Bytes {
			at := s.First + int64(b)*s.Step
			if v <= 0 || at+s.Step <= s.Start || at >= s.End {
				continue
			}
			i, known := slices.BinarySearch(columns, at)
			if !known {
				i--
			}
			if i < 0 || at >= columns[i]+p.Column {
				t.Errorf("bin %d is in no column", b)
				continue
			}
			want[cell{k, i}] += v
			totals[k] += v
		}
	}
	if len(have) != len(want) {
		t.Errorf("%d cells, want %d", len(have), len(want))
	}
	for c, v := range want {
		if have[c] != v {
			t.Errorf("part %d has %d bytes in column %d, want %d", c.part, have[c], c.column, v)
		}
	}
	for k := range s.Parts {
		if legend[k] != totals[k] {
			t.Errorf("the legend has %d bytes of part %d, want %d", legend[k], k, totals[k])
		}
	}
}

// TestStackSums adds up what is drawn, in the picture itself.
func TestStackSums(t *testing.T) {
	s := stacked(11, 3600, day(), someCauses().Programs...)
	o := options(700, Light())
	p := Stack(s, o)
	checkStack(t, s, p)
	hue := 0
	for _, part := range s.Parts {
		high, want, n := 0.0, 0.0, 0
		for _, r := range rectsOf(t, p.SVG, o.Theme.Cause(hue, part.Kind)) {
			if r.X < p.Plot.X+p.Plot.W { // and no swatch of the legend
				high, n = high+r.H, n+1
			}
		}
		if part.Kind == Named {
			hue++
		}
		for _, v := range part.Bytes {
			want += float64(v) / p.YMax * p.Plot.H
		}
		lost := float64(n) * 0.8 // what keeps parts apart
		if part.Kind == Others {
			lost += float64(n)
		}
		if high > want+0.1*float64(n) || high < want-lost {
			t.Errorf("%s is %.1f pixels, want %.1f", part.Name, high, want)
		}
	}
}

func TestStackColumns(t *testing.T) {
	some := someCauses().Programs
	for _, c := range []struct {
		s      Stacked
		column int64
	}{
		{stacked(40, 60, someHours(1), some...), 60},
		{stacked(660, 60, day(), some...), 600},
		{stacked(80, 1, someHours(1), some...), 1},
		{stacked(5000, 3600, manyHours(5000), some...), 96 * 3600},
	} {
		p := Stack(c.s, options(700, Light()))
		if p.Column != c.column || p.XMin != float64(c.s.Start) || p.XMax != float64(c.s.End) || p.Unit == "" {
			t.Errorf("columns of %d s, want %d; %v to %v %s", p.Column, c.column, p.XMin, p.XMax, p.Unit)
		}
		for _, m := range p.Marks {
			if m.From < m.To && m.From > c.s.Start && p.Column <= 86400 && mod(m.From+3600, p.Column) != 0 {
				t.Fatalf("a column of %d s begins at %d", p.Column, m.From)
			}
		}
	}
}

// TestStackGaps: hatched is what nobody captured, and nothing else.
func TestStackGaps(t *testing.T) {
	some := someCauses().Programs
	whole, part := Stack(stacked(4*60, 60, someHours(3, 3, 3, 3), some...), options(700, Light())), Stack(stacked(4*60, 60, someHours(3, 3, -1, 3), some...), options(700, Light()))
	words := []byte("not captured")
	if bytes.Contains(whole.SVG, words) || bytes.Count(part.SVG, words) != 1 {
		t.Errorf("gaps: %d and %d", bytes.Count(whole.SVG, words), bytes.Count(part.SVG, words))
	}
	for _, m := range part.Marks {
		if m.From < m.To && m.From >= start+2*3600 && m.To <= start+3*3600 {
			t.Errorf("traffic where nobody looked: %+v", m)
		}
	}
	if words := (Stacked{}).Words(part.Marks[0], Options{}); words != nil {
		t.Errorf("of another %q", words)
	}
}

// TestPiles: a column is hatched only if nobody looked at any of it.
func TestPiles(t *testing.T) {
	r := rand.New(rand.NewPCG(19, 20))
	for range 200 {
		hours := make([]report.Hour, 1+r.IntN(50))
		for i := range hours {
			hours[i] = report.Hour{Start: start + int64(i)*3600, Captured: r.IntN(2) > 0}
		}
		s := Stacked{Parts: []Part{{Bytes: make([]int64, len(hours))}}, First: start, Step: 3600, Hours: hours, Start: start, End: start + int64(len(hours))*3600}
		for i := range hours {
			if r.IntN(6) == 0 {
				s.Parts[0].Bytes[i] = 1514 // also where it is said that nobody looked
			}
		}
		for _, p := range s.piles([...]int64{3600, 7200, 6 * 3600}[r.IntN(3)], options(700, Light()).calendar()) {
			captured, sum := false, int64(0)
			for at := p.from; at < p.to; at += 3600 {
				i := (at - start) / 3600
				captured, sum = captured || hours[i].Captured || s.Parts[0].Bytes[i] > 0, sum+s.Parts[0].Bytes[i]
			}
			if p.captured != captured || p.sum != sum {
				t.Fatalf("%+v, want %t, %d bytes", p, captured, sum)
			}
		}
	}
}

// TestStackFaint: of a column lower than a pixel, one pixel is what it has most of.
func TestStackFaint(t *testing.T) {
	s := Stacked{Parts: []Part{{Name: "a", Bytes: []int64{1, 0}}, {Name: "b", Bytes: []int64{2, 0}}, {Name: "c", Bytes: []int64{0, 1e9}}}, First: start, Step: 60, Start: start, End: start + 120}
	o := options(700, Light())
	p := Stack(s, o)
	for k, want := range []int{0, 1, 1} {
		n := 0
		for _, r := range rectsOf(t, p.SVG, o.Theme.Cause(k, Named)) {
			if r.X < p.Plot.X+p.Plot.W {
				n++
			}
		}
		if n != want {
			t.Errorf("%d columns have some of part %d, want %d", n, k, want)
		}
	}
}

func TestStackWords(t *testing.T) {
	s := Stacked{Parts: []Part{{Name: "curl", Bytes: []int64{0, 12_300_000}}, {Name: "apt", Bytes: []int64{5, 261_033_333}}}, First: start, Step: 60, Start: start, End: start + 120}
	p := Stack(s, options(700, Light()))
	for _, m := range p.Marks {
		var want []string
		switch {
		case m.Part == 0 && m.From == m.To:
			want = []string{"curl", "12.3 MB, 4.5 % of all"}
		case m.Part == 0:
			want = []string{"13:01 to 13:02", "curl", "12.3 MB, 4.5 % of 273 MB"}
		default:
			continue
		}
		if words := s.Words(m, options(700, Light())); !slices.Equal(words, want) {
			t.Errorf("%q, want %q", words, want)
		}
	}
}
