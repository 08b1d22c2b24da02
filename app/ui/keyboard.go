package ui

import (
	"strings"

	"tracelens/app/explore"
	"tracelens/app/internal/browser"
)

// keyAt moves along a chart's axis by cells, and chooses from it: cells are the columns of the hours, and else as many of the axis' steps as
// make the chart about a hundred.
func (p *Page) keyAt(f *plot, a axis, e browser.Pointer) bool {
	first, size := int64(f.Pic.XMin), a.step(p)
	if f.ID == "hours" {
		size = max(f.Pic.Column, 3600)
	} else if share := int64(f.Pic.XMax-f.Pic.XMin) / 100; share > size {
		size = (share + size - 1) / size * size
	}
	count := max(1, (int64(f.Pic.XMax)-first+size-1)/size)
	span := func(from, to int64) explore.Span {
		return explore.Span{From: first + min(from, to)*size, To: first + (max(from, to)+1)*size}.Within(a.bounds(p))
	}
	choose := func(s explore.Span) {
		c := p.choice
		a.choose(&c, s)
		p.choose(c, true)
	}
	to, moves := map[string]int64{
		"ArrowLeft": f.cell - 1, "ArrowRight": f.cell + 1, "PageUp": f.cell - 10, "PageDown": f.cell + 10, "Home": 0, "End": count - 1,
	}[e.Key]
	at := float64(first+min(f.cell, count-1)*size) + float64(size)/2
	switch {
	case moves:
		if f.cell = min(max(to, 0), count-1); e.Shift {
			choose(span(f.anchor, f.cell))
		} else {
			f.anchor = f.cell
		}
		at = float64(first+f.cell*size) + float64(size)/2
		p.readAt(f, at)
		browser.Say("#said", strings.Join(a.read(p, f, at).lines, "; "))
	case e.Key == "Enter" || e.Key == " ":
		if f.ID == "cdf" {
			p.measureFrom(at)
		} else {
			choose(span(f.anchor, f.cell))
		}
	case (e.Key == "+" || e.Key == "-") && a.times:
		p.setView(explore.Zoomed(p.view, p.span(), at, map[string]float64{"+": 0.5, "-": 2}[e.Key], minView))
	default:
		return false
	}
	return true
}
