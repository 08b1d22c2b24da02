package chart

import "tracelens/app/chart/label"

// A scale is a vertical axis from zero: its top, its ticks and their labels, all in one unit.
type scale struct {
	top    float64
	ticks  []float64
	labels []string
	unit   string
}

// volumes is a scale for volumes up to most bytes, with about count steps, the last at its top.
func volumes(most int64, count int, u label.Units) scale {
	per, name := u.Scale(most)
	top := float64(most) / per
	best := label.Nice(top, count)
	for _, n := range [...]int{count - 1, count + 1} { // the one that leaves least above
		if t := label.Nice(top, max(n, 1)); t[len(t)-1] < best[len(best)-1] {
			best = t
		}
	}
	s := scale{top: best[len(best)-1] * per, unit: name}
	s.add(best, per)
	return s
}

// volumesTo is a scale that ends at most itself, with about count steps below it.
func volumesTo(most int64, count int, u label.Units) scale {
	per, name := u.Scale(most)
	s := scale{top: float64(most), unit: name}
	s.add(label.Within(0, float64(most)/per, count), per)
	return s
}

func (s *scale) add(ticks []float64, per float64) {
	for _, v := range ticks {
		s.ticks = append(s.ticks, v*per)
		s.labels = append(s.labels, label.Number(v))
	}
}

// margin is the room the labels need left of the plot.
func (s scale) margin() float64 { return widest(s.labels, small) + 12 }

// grid draws a scale's lines across plot and its labels left of it.
func (c *canvas) grid(plot Rect, s scale) {
	for i, v := range s.ticks {
		y := plot.Y + plot.H - v/s.top*plot.H
		c.stroke(color(c.o.Theme.Line), 1)
		c.line(plot.X, y, plot.X+plot.W, y)
		c.text(muted+end, s.labels[i], plot.X-8, y+4)
	}
}

// times writes the labels of a time axis under plot and, when there is more than one, the days they belong to under them.
func (c *canvas) times(plot Rect, ticks []label.Tick, days bool, x func(int64) float64) {
	y := plot.Y + plot.H + 18
	texts := c.row(muted, y)
	var subs []sub
	for _, t := range ticks {
		if !texts.put(t.Text, x(t.At)) {
			continue
		}
		if days && t.Sub != "" && (len(subs) == 0 || subs[len(subs)-1].text != t.Sub) {
			subs = append(subs, sub{t.Sub, x(t.At)})
		}
	}
	// Where two do not fit, the first gives way: the change is what the second tells.
	below := c.row(value, y+15)
	for i, s := range subs {
		if i+1 < len(subs) && s.x+textWidth(s.text, small)/2+apart > subs[i+1].x-textWidth(subs[i+1].text, small)/2 {
			continue
		}
		below.put(s.text, s.x)
	}
}

type sub struct {
	text string
	x    float64
}

// severalSubs reports whether the ticks before end belong to more than one day or year: one alone is the title's to tell.
func severalSubs(ticks []label.Tick, end int64) bool {
	for _, t := range ticks {
		if t.Sub != ticks[0].Sub && t.At < end {
			return true
		}
	}
	return false
}

// notCaptured hatches places and says why, where there is room to say it.
func (c *canvas) notCaptured(places []Rect) {
	const words, narrow = "not captured", 4 // pixels, too narrow for a pattern: plain with a dashed line, all in one path
	c.fill(color(c.o.Theme.Line))
	var thin []Rect
	for _, r := range places {
		if b := box(r); r.W < narrow && r.W > 0 {
			thin = append(thin, r)
			c.p.MoveTo(b.Left, b.Top).LineTo(b.Right, b.Top).LineTo(b.Right, b.Bottom).LineTo(b.Left, b.Bottom).Close()
		}
	}
	if len(thin) > 0 {
		c.p.Fill()
		c.stroke(color(c.o.Theme.Edge), 1, 3*unit, 3*unit)
		for _, r := range thin {
			x := units(r.X + r.W/2)
			c.p.MoveTo(x, units(r.Y)).LineTo(x, units(r.Y+r.H))
		}
		c.p.Stroke()
	}
	for _, r := range places {
		if r.W < narrow {
			continue
		}
		c.fill(color(c.o.Theme.Card)) // the grid ends here
		c.rect(r)
		c.hatch(r)
		if textWidth(words, small)+8 <= r.W {
			c.text(muted+middle+halo, words, r.X+r.W/2, r.Y+r.H/2+4)
		}
	}
}
