package chart

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// checkRibbons holds the ribbons of a picture to one scale, each node's side by side on it, and to an order in which those of a node never cross.
func checkRibbons(t *testing.T, p Picture) {
	t.Helper()
	const hairline = 0.2
	var flows []Mark
	slots := map[[2]int]Rect{}
	var largest Mark
	for _, m := range p.Marks {
		if m.thick == 0 {
			slots[[2]int{m.Program, m.Site}] = m.Rect
			continue
		}
		flows = append(flows, m)
		if m.Bytes > largest.Bytes {
			largest = m
		}
	}
	scale := largest.thick / float64(largest.Bytes)
	for i, a := range flows {
		if want := float64(a.Bytes) * scale; math.Abs(a.thick-max(want, hairline)) > 1e-6*a.thick {
			t.Errorf("%d bytes are %.3f high, want %.3f", a.Bytes, a.thick, want)
		}
		within := func(slot Rect, y float64) bool {
			return y >= slot.Y-hairline && y+a.thick <= slot.Y+slot.H+hairline
		}
		if !within(slots[[2]int{a.Program, -1}], a.left) || !within(slots[[2]int{-1, a.Site}], a.right) {
			t.Errorf("%+v is not at its nodes", a)
		}
		for _, b := range flows[:i] {
			if a.Program != b.Program && a.Site != b.Site {
				continue
			}
			if (a.left-b.left)*(a.right-b.right) < 0 && min(a.thick, b.thick) > hairline {
				t.Errorf("%+v crosses %+v", a, b)
			}
			over := func(x, y float64) bool { return max(x, y) < min(x+a.thick, y+b.thick)-hairline-0.01 }
			if a.Program == b.Program && over(a.left, b.left) || a.Site == b.Site && over(a.right, b.right) {
				t.Errorf("%+v lies on %+v", a, b)
			}
		}
	}
}

// TestSankeySums adds up what is drawn, in the picture itself: bars, and the ends of ribbons on those of the sites.
func TestSankeySums(t *testing.T) {
	c := someCauses()
	total := c.total()
	for _, o := range []Options{options(700, Light()), options(328, Light()), options(1120, Dark())} {
		p := Sankey(c, o)
		perByte := 0.0
		for _, m := range p.Marks {
			if m.Program == 0 && m.Site == 0 {
				perByte = m.thick / float64(m.Bytes)
			}
		}
		if high := perByte * float64(total); high < 219 || high > p.Plot.H {
			t.Errorf("all bytes are %.1f pixels high", high)
		}
		hue := 0
		for i, program := range c.Programs {
			rects := rectsOf(t, p.SVG, o.Theme.Cause(hue, program.Kind))
			if program.Kind == Named {
				hue++
			}
			left, right := 0.0, 0.0
			for _, r := range rects {
				if math.Abs(r.W-10) > 1.2 {
					t.Errorf("a bar of %s is %.1f wide", program.Name, r.W)
				}
				if r.X < p.Plot.X {
					left += r.H
				} else {
					right += r.H
					if !slices.ContainsFunc(p.Marks, func(m Mark) bool { return m.Program == i && m.Site >= 0 && math.Abs(m.right-r.Y) < 0.7 }) {
						t.Errorf("where no ribbon of %s ends is %+v", program.Name, r)
					}
				}
			}
			// A pixel for the least, or for the rim of each; and every edge is at a tenth of one.
			want, n := float64(program.Bytes)*perByte, float64(len(rects))
			if math.Abs(left-want) > 1.1 || math.Abs(right-want) > 0.3*n+b2f(program.Kind == Others)*n {
				t.Errorf("%d: %s is %.1f pixels on the left and %.1f on the right, want %.1f", i, program.Name, left, right, want)
			}
		}
	}
}

func b2f(b bool) float64 {
	if b {
		return 1
	}
	return 0
}

// TestSankeyFigures: where there is no room for shares, there is for amounts; they are what counts.
func TestSankeyFigures(t *testing.T) {
	for width, want := range map[int]string{240: "412 MB", 328: "412 MB, 43.6 %", 700: "43.6 %"} {
		ws := texts(t, Sankey(someCauses(), options(width, Light())).SVG)
		if !slices.ContainsFunc(ws, func(w word) bool { return w.text == want }) {
			t.Errorf("at %d pixels is no %q: %v", width, want, ws)
		}
	}
}

// TestSankeyLabels counts them: all where the picture may be as high as it needs, the largest where not.
func TestSankeyLabels(t *testing.T) {
	c := manyCauses(20, 20, rand.New(rand.NewPCG(17, 18)), plainName)
	for _, width := range []int{328, 700} {
		p := Sankey(c, options(width, Light()))
		if p.Height > 900 {
			t.Errorf("a picture of %d pixels", p.Height)
		}
		ws := texts(t, p.SVG)
		has := func(part string) int {
			return len(slices.DeleteFunc(slices.Clone(ws), func(w word) bool { return !strings.HasPrefix(w.text, part) }))
		}
		if has("program") != 18 || has("site-") != 18 || has("123 others") != 2 || has("unattributed") != 2 {
			t.Errorf("at %d pixels some have no label: %v", width, ws)
		}
		o := options(width, Light())
		o.Height = 200
		if ws = texts(t, Sankey(c, o).SVG); has("program0") != 1 || has("program") == 18 || has("program") < 2 {
			t.Errorf("a low picture of %d pixels has the labels %v", width, ws)
		}
	}
}

func TestSankeyPointing(t *testing.T) {
	c := linked(named("curl", "-unattributed"), named("example.org", "+2 others"), 0, 0, 12300, 1, 1, 261033)
	p := Sankey(c, options(700, Light()))
	for _, m := range p.Marks {
		x, y := m.X+m.W/2, m.Y+m.H/2
		if m.thick == 0 && m.Site < 0 {
			x = 5 // labels are marks as well
		}
		got, ok := p.At(x, y)
		if !ok || got.Program != m.Program || got.Site != m.Site || got.Bytes != m.Bytes {
			t.Errorf("at %.0f, %.0f is %+v, want %+v", x, y, got, m)
		}
		if m.Program == 0 && m.Site == 0 {
			words := c.Words(got, 0)
			if want := []string{"curl → example.org", "12.3 MB, 4.5 % of all"}; !slices.Equal(words, want) {
				t.Errorf("%q, want %q", words, want)
			}
			// The outline is that of the ribbon, which stays at the height of its ends.
			if d := m.Outline(); !strings.HasPrefix(d, "M") || strings.Count(d, "Q") != 2 || math.Abs(m.top(m.X)-m.left) > 1e-9 || math.Abs(m.top(m.X+m.W)-m.right) > 1e-9 {
				t.Errorf("outline %s of %+v", d, m)
			}
		}
	}
	if m, ok := p.At(p.Plot.X+p.Plot.W/2, 2); ok {
		t.Errorf("above everything is %+v", m)
	}
	if words := (Causes{}).Words(p.Marks[0], 0); words != nil {
		t.Errorf("of other causes %q", words)
	}
}
