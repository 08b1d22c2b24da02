package chart

import (
	"fmt"
	"math"
)

// A Mark is a part of a picture that can be pointed at, and what it stands for.
type Mark struct {
	Rect                // around it
	Program, Site int   // Sankey: indexes in the Causes that were drawn; -1 of the one a node has not
	Part          int   // Stack: the index of the part
	From, To      int64 // Stack: the time of a column, in unix seconds; both 0 in the legend
	Bytes, Of     int64 // of all that is drawn, or of all of the column
	flow
}

// A flow is a ribbon's place within its Rect, which it crosses from the left to the right: its upper edge at either end, and its height, which
// is the same everywhere. Anything else has none.
//
// Its edges are two parabolas each, which meet in the middle: level at the ends, and x grows evenly along them. So it is plain what is at a place.
type flow struct{ left, right, thick float64 }

// newFlow is a ribbon between two bars, a hairline at least. That is so fine that hundreds of them are a shade, and no scribble.
func newFlow(x, w, left, right, thick float64) (Rect, flow) {
	const hairline = 0.2
	if lacks := hairline - thick; lacks > 0 {
		left, right, thick = left-lacks/2, right-lacks/2, hairline
	}
	top := min(left, right)
	return Rect{x, top, w, max(left, right) - top + thick}, flow{left, right, thick}
}

// top is the upper edge of a ribbon at x.
func (m *Mark) top(x float64) float64 {
	s := (x - m.X) / m.W
	if s < 0.5 {
		return m.left + (m.right-m.left)*2*s*s
	}
	return m.right - (m.right-m.left)*2*(1-s)*(1-s)
}

// off is how far from a mark a place is, in pixels; 0 within.
func (m *Mark) off(x, y float64) float64 {
	across := max(m.X-x, x-m.X-m.W, 0)
	top, height := m.Y, m.H
	if m.thick > 0 {
		if across > 0 {
			return math.Inf(1) // its ends are at bars
		}
		top, height = m.top(x), m.thick
	}
	return max(across, top-y, y-top-height, 0)
}

// At is the mark at a place of the picture, in CSS pixels, or one so near that it is meant. Of ribbons over each other it is the thinnest: the
// others have room elsewhere.
func (p Picture) At(x, y float64) (m Mark, ok bool) {
	const near = 2
	least, thick := math.Inf(1), math.Inf(1)
	for i := range p.Marks {
		off := p.Marks[i].off(x, y)
		if off <= near && (off < least || off == least && p.Marks[i].thick < thick) {
			least, thick, m, ok = off, p.Marks[i].thick, p.Marks[i], true
		}
	}
	return m, ok
}

// Outline is the mark's edge in CSS pixels, as the data of a path in SVG and CSS has it.
func (m Mark) Outline() string {
	if m.thick == 0 {
		return fmt.Sprintf("M%.1f %.1fh%.1fv%.1fh%.1fZ", m.X, m.Y, m.W, m.H, -m.W)
	}
	quarter, middle, right, half := m.X+m.W/4, m.X+m.W/2, m.X+m.W, (m.left+m.right)/2
	return fmt.Sprintf("M%.1f %.1fQ%.1f %.1f %.1f %.1fT%.1f %.1fv%.1fQ%.1f %.1f %.1f %.1fT%.1f %.1fZ",
		m.X, m.left, quarter, m.left, middle, half, right, m.right, m.thick,
		right-m.W/4, m.right+m.thick, middle, half+m.thick, m.X, m.left+m.thick)
}

// ribbon adds a ribbon to a path.
func (c *canvas) ribbon(m *Mark) {
	left, right := units(m.X), units(m.X+m.W)
	across := func(x, end int, from, to float64) {
		quarter, half := (end-x)/4, units((from+to)/2)
		c.p.QuadCurveTo(x+quarter, units(from), (x+end)/2, half).QuadCurveTo(end-quarter, units(to), end, units(to))
	}
	c.p.MoveTo(left, units(m.left))
	across(left, right, m.left, m.right)
	c.p.LineTo(right, units(m.right+m.thick))
	across(right, left, m.right+m.thick, m.left+m.thick)
	c.p.Close()
}
