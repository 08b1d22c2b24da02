package chart

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"tracelens/app/chart/label"
	"tracelens/shared/report"
)

// Sizes draws the packet lengths of r: a box plot above, the histogram and the density curve below it on the same axis, and the box
// in words. The dots beyond the whiskers are the shortest and the longest packet. Of whole, of which r is a part, the density is in grey
// behind, and the axis is for all its lengths; it is nil when all is selected.
func Sizes(r, whole *report.Report, o Options) Picture {
	o = o.orElse(182, 130)
	b, h, kde := r.Box, r.Histogram, r.KDE
	if len(h.Packets) == 0 || len(h.Edges) != len(h.Packets)+1 || len(h.Density) != len(h.Packets) {
		return nothing(o)
	}
	c := newCanvas(o)
	t := o.Theme
	lo, hi := domain(float64(b.Min), float64(b.Max))
	if whole != nil {
		lo, hi = domain(float64(whole.Box.Min), float64(whole.Box.Max))
	}
	// Rows from the top: words, box, bars, labels.
	plot := Rect{X: 5, Y: 58, W: c.w - 12, H: c.h - 58 - 26}
	x := func(v float64) float64 { return plot.X + (v-lo)/(hi-lo)*plot.W }

	top := 0.0
	for _, d := range h.Density {
		top = max(top, d)
	}
	for _, p := range kde {
		top = max(top, p[1])
	}
	c.fill(mix(color(t.Card), faded(color(t.Accent), 85)))
	var tops []Rect
	for i, d := range h.Density {
		left, right := max(x(h.Edges[i]), plot.X), min(x(h.Edges[i+1]), plot.X+plot.W)
		if right-left < 2 { // all lengths equal, or nearly: a bar that can be seen
			mid := min(max((left+right)/2, plot.X+1.5), plot.X+plot.W-1.5)
			left, right = mid-1.5, mid+1.5
		} else if right-left > 4 {
			left, right = left+0.5, right-0.5
		}
		if height := d / top * plot.H; d > 0 {
			height = max(height, 1)
			tops = append(tops, Rect{left, plot.Y + plot.H - height, right - left, height})
			c.outline(tops[len(tops)-1])
		}
	}
	c.p.Fill()
	c.stroke(color(t.Rim), 1)
	for _, r := range tops {
		c.p.MoveTo(units(r.X), units(r.Y)).LineTo(units(r.X+r.W), units(r.Y))
	}
	c.p.Stroke()
	c.stroke(color(t.Line), 1)
	c.line(plot.X, plot.Y+plot.H, plot.X+plot.W, plot.Y+plot.H)
	curve := func(kde [][2]float64, stroke string, width float64) {
		var xy []float64
		for _, p := range kde {
			if p[0] >= lo && p[0] <= hi {
				xy = append(xy, x(p[0]), plot.Y+plot.H-min(p[1]/top, 1)*plot.H)
			}
		}
		if len(xy) > 2 {
			c.stroke(color(stroke), width)
			c.path(xy)
		}
	}
	if whole != nil {
		curve(whole.KDE, t.Edge, 1.6)
	}
	curve(kde, t.Accent, 1.6)
	c.boxPlot(b, x, Rect{Y: 26, H: 18})
	words := boxWords(b)
	if textWidth(words, large) > c.w-plot.X-4 {
		words = strings.Replace(strings.Replace(words, "half between ", "half ", 1), " and ", " to ", 1)
	}
	c.text(sentence, words, plot.X, 14)
	c.lengths(plot, lo, hi)

	p := c.picture("Packet sizes: "+boxWords(b)+fmt.Sprintf("; shortest %d, longest %d, mean %s B.", b.Min, b.Max, label.Number(b.Mean)), plot)
	p.Unit = "B"
	p.XMin, p.XMax, p.YMax = lo, hi, top
	return p
}

// boxPlot draws a box in the band r, of which only Y and H count.
func (c *canvas) boxPlot(b report.Box, x func(float64) float64, r Rect) {
	t := c.o.Theme
	mid := r.Y + r.H/2
	q1, q3 := x(b.Q1), x(b.Q3)
	low, high := x(float64(b.WhiskerLow)), x(float64(b.WhiskerHigh))
	c.stroke(color(t.Muted), 1)
	if low < q1 {
		c.line(low, mid, q1, mid)
		c.line(low, mid-4, low, mid+4)
	}
	if high > q3 {
		c.line(q3, mid, high, mid)
		c.line(high, mid-4, high, mid+4)
	}
	c.fill(color(t.Muted))
	if b.Min < b.WhiskerLow {
		c.dot(x(float64(b.Min)), mid, 2)
	}
	if b.Max > b.WhiskerHigh {
		c.dot(x(float64(b.Max)), mid, 2)
	}
	if q3-q1 >= 1 {
		c.p.SetDrawingStyle(styleOf(t.soft(t.Soft), color(t.Accent), 1))
		c.p.RoundedRect(box(Rect{q1, r.Y, q3 - q1, r.H}), min(2*unit, units((q3-q1)/2)))
	}
	c.stroke(color(t.Accent), 2.5)
	c.line(x(b.Median), r.Y, x(b.Median), r.Y+r.H)
}

func boxWords(b report.Box) string {
	if b.Min == b.Max {
		return fmt.Sprintf("all packets are %d B", b.Min)
	}
	return fmt.Sprintf("median %s B, half between %s and %s B", exact(b.Median), exact(b.Q1), exact(b.Q3))
}

// exact is a quartile: whole, or with the .25, .5 or .75 it can have.
func exact(v float64) string { return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64) }

// domain is the axis for lengths from least to most: from zero, unless they all lie close together far from it.
func domain(least, most float64) (lo, hi float64) {
	if most <= 0 {
		return 0, 1
	}
	if span := most - least; span > 0 && span < most/5 {
		return max(0, least-span/10), most + span/10
	}
	if least == most {
		return 0, most * 1.25 // not at the very edge
	}
	return 0, most
}

// lengths writes the labels of an axis of packet lengths under plot.
func (c *canvas) lengths(plot Rect, lo, hi float64) {
	each := max(textWidth(strconv.Itoa(int(hi)), small)+26, 56)
	r := c.row(muted, plot.Y+plot.H+18)
	for _, v := range label.Within(lo, hi, max(1, int(plot.W/each))) {
		if v == math.Trunc(v) {
			s := strconv.Itoa(int(v))
			if hi >= 10000 {
				s = label.Count(int64(v))
			}
			r.put(s, plot.X+(v-lo)/(hi-lo)*plot.W)
		}
	}
}
