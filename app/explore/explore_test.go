package explore

import (
	"math/rand/v2"
	"strconv"
	"testing"

	"tracelens/app/engine"
	"tracelens/shared/selection"
)

func asIs(v float64) float64 { return v }

func TestGrip(t *testing.T) {
	s := Span{100, 200}
	for _, c := range []struct {
		at, reach float64
		want      Grip
	}{
		{80, 10, Outside}, {91, 10, FromEdge}, {100, 10, FromEdge}, {109, 10, FromEdge}, {150, 10, Middle}, {191, 10, ToEdge}, {209, 10, ToEdge}, {211, 10, Outside},
		{140, 60, FromEdge}, {160, 60, ToEdge}, // both are within reach
	} {
		if got := GripAt(s, c.at, c.reach); got != c.want {
			t.Errorf("at %v within %v: %v, want %v", c.at, c.reach, got, c.want)
		}
	}
	if GripAt(Span{}, 150, 10) != Outside {
		t.Error("everything was taken hold of")
	}
}

func TestDrag(t *testing.T) {
	bounds := Span{0, 1000}
	for name, c := range map[string]struct {
		of       Span
		grip     Grip
		from, to float64
		step     int64
		want     Span
	}{
		"new, to the right":     {Span{}, Outside, 101, 298, 10, Span{100, 300}},
		"new, to the left":      {Span{}, Outside, 298, 101, 10, Span{100, 300}},
		"new, within a step":    {Span{}, Outside, 101, 104, 10, Span{100, 110}},
		"leftwards in a step":   {Span{}, Outside, 104, 101, 10, Span{90, 100}},
		"beyond the axis":       {Span{}, Outside, 900, 1200, 10, Span{900, 1000}},
		"one that exists":       {Span{400, 500}, Outside, 101, 298, 10, Span{100, 300}},
		"its beginning":         {Span{400, 500}, FromEdge, 401, 298, 10, Span{300, 500}},
		"its beginning, beyond": {Span{400, 500}, FromEdge, 401, 600, 10, Span{500, 600}},
		"its end":               {Span{400, 500}, ToEdge, 499, 801, 10, Span{400, 800}},
		"all of it":             {Span{400, 500}, Middle, 450, 470, 10, Span{420, 520}},
		"all of it, to the end": {Span{400, 500}, Middle, 450, 2000, 10, Span{900, 1000}},
		"all, to the beginning": {Span{400, 500}, Middle, 450, -2000, 10, Span{0, 100}},
	} {
		d := Begin(c.of, c.grip, c.from, 0)
		if got := d.To(c.to, bounds, c.step, asIs); got != c.want || !d.Moved() {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	d := Begin(Span{}, Outside, 100, 3)
	if d.To(102, bounds, 1, asIs); d.Moved() {
		t.Error("a click that trembles is a drag")
	}
	if got := d.To(140, bounds, 1, func(v float64) float64 { return v + 5 }); got != (Span{105, 145}) {
		t.Errorf("snapped to %v", got)
	}
}

// TestDragStaysInside: whatever is dragged wherever, what comes of it is a range of at least a step within the axis.
func TestDragStaysInside(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 100_000 {
		step := 1 + r.Int64N(60)
		bounds := Span{step * r.Int64N(50), 0}
		bounds.To = bounds.From + step*(1+r.Int64N(100))
		at := func() float64 { return float64(bounds.From) + (r.Float64()*1.4-0.2)*float64(bounds.To-bounds.From) }
		s := Span{}
		if r.IntN(3) > 0 {
			s.From = bounds.From + step*r.Int64N((bounds.To-bounds.From)/step)
			s.To = s.From + step*(1+r.Int64N((bounds.To-s.From)/step))
		}
		from := min(max(at(), float64(bounds.From)), float64(bounds.To))
		d := Begin(s, GripAt(s, from, float64(step)*r.Float64()*3), from, 0)
		got := d.To(min(max(at(), float64(bounds.From)), float64(bounds.To)), bounds, step, asIs)
		if got.From < bounds.From || got.To > bounds.To || got.To-got.From < step && got.To != bounds.To && got.From != bounds.From {
			t.Fatalf("of %v in %v by %d came %v", s, bounds, step, got)
		}
	}
}

func TestZoom(t *testing.T) {
	whole := Span{1000, 2000}
	for _, c := range []struct {
		s      Span
		around float64
		factor float64
		want   Span
	}{
		{Span{}, 1500, 0.5, Span{1250, 1750}},
		{Span{}, 1000, 0.5, Span{1000, 1500}},
		{Span{1250, 1750}, 1250, 0.5, Span{1250, 1500}},
		{Span{1250, 1750}, 1750, 0.5, Span{1500, 1750}},
		{Span{1250, 1750}, 1500, 2, Span{}},
		{Span{1000, 1100}, 1000, 2, Span{1000, 1200}},
		{Span{1000, 1100}, 1100, 2, Span{1000, 1200}}, // not before the beginning
		{Span{1900, 2000}, 1900, 2, Span{1800, 2000}},
		{Span{1500, 1510}, 1505, 0.1, Span{1500, 1510}}, // the shortest
	} {
		if got := Zoomed(c.s, whole, c.around, c.factor, 10); got != c.want {
			t.Errorf("%v by %v around %v: %v, want %v", c.s, c.factor, c.around, got, c.want)
		}
	}
}

func filter(t *testing.T, text string) *selection.Expr {
	e, err := selection.ParseFilter(text)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestHistory(t *testing.T) {
	var h History
	a, b := Choice{Time: Span{60, 120}}, Choice{Filter: filter(t, "tcp"), Text: "tcp"}
	if n, changed := h.Add(Choice{}); n != 0 || changed {
		t.Error("nothing was chosen, and that was new")
	}
	if n, changed := h.Add(a); n != 1 || !changed {
		t.Errorf("the first choice is %d", n)
	}
	if n, changed := h.Add(a); n != 1 || changed {
		t.Error("the same was chosen, and that was new")
	}
	h.Add(b)
	if !h.Go(1) || h.Now().Time != a.Time || !h.Go(0) || !func() bool { c := h.Now(); return c.Everything() }() || !h.Go(2) || h.Now().Text != "tcp" {
		t.Error("back and forward lead elsewhere")
	}
	if h.Go(3) || h.Go(-1) || h.Go(2) {
		t.Error("there was more to go to")
	}
	h.Go(1)
	if n, _ := h.Add(Choice{Lengths: Span{1, 2}}); n != 2 || h.Go(3) {
		t.Error("what was gone back from is still there")
	}
}

// TestQuestions: for each way to choose, what the page has to ask.
func TestQuestions(t *testing.T) {
	tcp := filter(t, "tcp")
	times, lens, view := Span{600, 1200}, Span{100, 200}, Span{660, 720}
	for name, c := range map[string]struct {
		choice Choice
		close  bool
		want   map[engine.Of]string
	}{
		"nothing":              {Choice{}, false, nil},
		"nothing, near":        {Choice{}, true, map[engine.Of]string{engine.NearWhole: "660-720 "}},
		"a time":               {Choice{Time: times}, false, map[engine.Of]string{engine.Selection: "600-1200 "}},
		"a filter":             {Choice{Filter: tcp}, false, map[engine.Of]string{engine.Selection: "0-0 tcp"}},
		"a filter, near":       {Choice{Filter: tcp}, true, map[engine.Of]string{engine.Selection: "0-0 tcp", engine.Near: "660-720 tcp", engine.NearWhole: "660-720 "}},
		"lengths":              {Choice{Lengths: lens}, false, map[engine.Of]string{engine.Selection: "0-0 L"}},
		"a time and a filter":  {Choice{Time: times, Filter: tcp}, false, map[engine.Of]string{engine.Selection: "600-1200 tcp", engine.Times: "0-0 tcp"}},
		"a time and lengths":   {Choice{Time: times, Lengths: lens}, false, map[engine.Of]string{engine.Selection: "600-1200 L", engine.Times: "0-0 L", engine.Sizes: "600-1200 "}},
		"all of it":            {Choice{Time: times, Lengths: lens, Filter: tcp}, false, map[engine.Of]string{engine.Selection: "600-1200 tcp && L", engine.Times: "0-0 tcp && L", engine.Sizes: "600-1200 tcp"}},
		"a filter and lengths": {Choice{Lengths: lens, Filter: tcp}, false, map[engine.Of]string{engine.Selection: "0-0 tcp && L", engine.Sizes: "0-0 tcp"}},
	} {
		got := c.choice.Questions(view, c.close)
		for of, want := range c.want {
			sel, ok := got[of]
			text := sel.Text()
			if lt := lengths(lens).Text(); len(text) >= len(lt) && text[len(text)-len(lt):] == lt {
				text = text[:len(text)-len(lt)] + "L"
			}
			if text = strconv.FormatInt(sel.FromNS/1e9, 10) + "-" + strconv.FormatInt(sel.ToNS/1e9, 10) + " " + text; !ok || text != want {
				t.Errorf("%s: %s asks for %q, want %q", name, of, text, want)
			}
		}
		if len(got) != len(c.want) {
			t.Errorf("%s: %d questions, want %d", name, len(got), len(c.want))
		}
	}
}
