package chart

import (
	"bytes"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"tracelens/app/chart/label"
)

// sound finds fault with a picture of what programs and sites have: texts that leave it or lie on each other, anything drawn outside of it, marks that are
// nowhere or are not found.
func sound(t *testing.T, name string, p Picture) {
	t.Helper()
	const slack = 0.5
	w, h := float64(p.Width), float64(p.Height)
	outside := func(r Rect) bool {
		return !(r.X >= -slack && r.Y >= -slack && r.X+r.W <= w+slack && r.Y+r.H <= h+slack && r.W >= 0 && r.H >= 0)
	}
	if p.Alt == "" || outside(p.Plot) {
		t.Errorf("%s: alt %q, data in %v of %v x %v", name, p.Alt, p.Plot, w, h)
	}
	ws := texts(t, p.SVG)
	if len(ws) == 0 {
		t.Errorf("%s: no text at all", name)
	}
	for i, a := range ws {
		if outside(Rect{a.left, a.top, a.right - a.left, a.bottom - a.top}) {
			t.Errorf("%s: %q leaves the picture: %.1f..%.1f, %.1f..%.1f of %v x %v", name, a.text, a.left, a.right, a.top, a.bottom, w, h)
		}
		for _, b := range ws[:i] {
			if a.left+slack < b.right && b.left+slack < a.right && a.top+slack < b.bottom && b.top+slack < a.bottom {
				t.Errorf("%s: %q lies on %q", name, a.text, b.text)
			}
		}
	}
	for _, d := range paths(p.SVG, "") {
		for i, v := range coordinates(t, d) {
			if end := [...]float64{w, h}[i%2]; !(v >= -slack && v <= end+slack) {
				t.Errorf("%s: something is drawn at %.1f of %.0f: %.60s", name, v, end, d)
				break
			}
		}
	}
	for _, m := range p.Marks {
		if outside(m.Rect) || m.Bytes <= 0 && m.From < m.To || m.Bytes > m.Of {
			t.Errorf("%s: a mark that cannot be: %+v", name, m)
		}
		x, y := m.X+m.W/2, m.Y+m.H/2
		if found, ok := p.At(x, y); m.Bytes > 0 && (!ok || found.off(x, y) > 0) {
			t.Errorf("%s: nothing at %+v", name, m)
		}
	}
}

// paths are the data of the paths that are filled with a colour, as the SVG has it; with "", of all.
func paths(svg []byte, fill string) (list []string) {
	for _, tag := range strings.SplitAfter(string(svg), ">") {
		if at := strings.Index(tag, "<path"); at >= 0 && strings.Contains(tag, fill) {
			list = append(list, attribute(tag[at+1:], "d"))
		}
	}
	return list
}

// coordinates are x, y, x, y, ... of a path, in CSS pixels.
func coordinates(t *testing.T, d string) (xy []float64) {
	t.Helper()
	for _, s := range strings.FieldsFunc(d, func(r rune) bool { return strings.ContainsRune(" ,\nMLQZ", r) }) {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatalf("%v in %q", err, d)
		}
		xy = append(xy, v/unit)
	}
	return xy
}

// rectsOf are the rectangles that are filled with a colour.
func rectsOf(t *testing.T, svg []byte, hue string) (rects []Rect) {
	t.Helper()
	for _, d := range paths(svg, "fill:"+color(hue).String()) {
		for _, one := range strings.SplitAfter(d, "Z") {
			if xy := coordinates(t, one); len(xy) == 8 {
				rects = append(rects, Rect{xy[0], xy[1], xy[2] - xy[0], xy[5] - xy[1]})
			}
		}
	}
	return rects
}

func randomOptions(r *rand.Rand) Options {
	o := Options{Width: 200 + r.IntN(1400), Theme: Light(), Loc: stockholm, Units: label.Units(r.IntN(5)), Relative: r.IntN(4) == 0, Origin: start}
	if r.IntN(2) == 0 {
		o.Width = 240 + r.IntN(200)
	}
	if r.IntN(2) == 0 {
		o.Height = 60 + r.IntN(640)
	}
	if r.IntN(2) == 0 {
		o.Theme = Dark().Resting()
	}
	if r.IntN(3) == 0 {
		o.Loc = time.FixedZone("IST", 5*3600+1800)
	}
	return o
}

// randomCauses are n causes: named ones, and at times some others and nobody.
func randomCauses(r *rand.Rand, n int) []Cause {
	naming := [...]func(string, int) string{plainName, longName, worldName, func(string, int) string { return " " }}[r.IntN(4)]
	list := make([]Cause, n)
	for i := range list {
		list[i] = named(naming("site", r.IntN(25)))[0]
		if list[i].Kind = Named; r.IntN(n)+r.IntN(3) == 0 {
			list[i].Kind = Kind(r.IntN(3))
		}
	}
	return list
}

// heavy is an amount like those of traffic: few are most of all.
func heavy(r *rand.Rand) int64 { return int64(math.Pow(10, r.Float64()*12)) }

func TestSankeyOfAnything(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	for i := range 500 {
		c := Causes{Programs: randomCauses(r, r.IntN(26)), Sites: randomCauses(r, r.IntN(26))}
		for range r.IntN(1 + len(c.Programs)*len(c.Sites)) { // some of which lead nowhere
			c.Links = append(c.Links, CauseLink{r.IntN(len(c.Programs)+2) - 1, r.IntN(len(c.Sites)+2) - 1, heavy(r) - 3})
		}
		for k := range c.Programs {
			if r.IntN(5) == 0 {
				c.Programs[k].Bytes = heavy(r) - 100 // whatever its links say
			}
		}
		o := randomOptions(r)
		p := Sankey(c, o)
		sound(t, "picture "+strconv.Itoa(i), p)
		checkRibbons(t, p)
		if o.Height > 90 && o.Height != p.Height {
			t.Errorf("picture %d is %d high, want %d", i, p.Height, o.Height)
		}
		for _, m := range p.Marks {
			if words := c.Words(m, o.Units); len(words) != 2 {
				t.Errorf("picture %d: %+v is called %q", i, m, words)
			}
		}
		if t.Failed() {
			t.Fatalf("%+v\n%+v", o, c)
		}
	}
}

func TestStackOfAnything(t *testing.T) {
	r := rand.New(rand.NewPCG(15, 16))
	for i := range 500 {
		s := Stacked{First: start + r.Int64N(7200), Step: [...]int64{1, 7, 60, 300, 3600, 86400}[r.IntN(6)]}
		n := 1 + r.IntN(1+r.IntN(1500))
		for _, c := range randomCauses(r, r.IntN(12)) {
			part := Part{Name: c.Name, Kind: c.Kind, Bytes: make([]int64, n-r.IntN(n+1)/3)}
			for k := range part.Bytes {
				if r.IntN(3) > 0 {
					part.Bytes[k] = heavy(r) - 3
				}
			}
			s.Parts = append(s.Parts, part)
		}
		s.Start, s.End = s.First-r.Int64N(1000), s.First+int64(n)*s.Step+r.Int64N(1000)
		if r.IntN(2) == 0 {
			s.Start = s.First + r.Int64N(int64(n)*s.Step)
			s.End = s.Start + r.Int64N(int64(n)*s.Step)
		}
		for h := mod(-s.Start, 3600) + s.Start - 3600; h < s.End && len(s.Hours) < 2000; h += 3600 {
			s.Hours = append(s.Hours, someHours(1)[0])
			s.Hours[len(s.Hours)-1].Start, s.Hours[len(s.Hours)-1].Captured = h, r.IntN(4) > 0
		}
		o := randomOptions(r)
		p := Stack(s, o)
		sound(t, "picture "+strconv.Itoa(i), p)
		checkStack(t, s, p)
		for _, m := range p.Marks {
			if words := s.Words(m, o); len(words) < 2 {
				t.Errorf("picture %d: %+v is called %q", i, m, words)
			}
		}
		if bytes.Contains(p.SVG, []byte("NaN")) || len(p.SVG) > 200_000 {
			t.Errorf("picture %d: %d bytes", i, len(p.SVG))
		}
		if t.Failed() {
			s.Hours = nil
			t.Fatalf("%+v\n%.2000s", o, strings.Join(strings.Fields(label.Count(int64(n))+" bins "+p.Alt), " "))
		}
	}
}
