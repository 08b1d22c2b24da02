package ui

import (
	"math"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/explore"
	"tracelens/app/internal/browser"
	"tracelens/shared/trace"
)

// An axis says what may be chosen from a chart's axis, and how; nothing, where it has no more than what is to be read there.
type axis struct {
	chosen func(c *explore.Choice) explore.Span
	choose func(c *explore.Choice, s explore.Span)
	step   func(p *Page) int64 // of what can be chosen
	bounds func(p *Page) explore.Span
	read   func(p *Page, f *plot, v float64) reading
	times  bool
}

var axes map[string]axis

// chartIDs are the charts that there are always, all with an axis.
var chartIDs = []string{"hours", "minutes", "sizes", "cdf"}

func init() { // what reads an axis asks the page, which has axes
	times := axis{
		chosen: func(c *explore.Choice) explore.Span { return c.Time },
		choose: func(c *explore.Choice, s explore.Span) { c.Time = s },
		bounds: (*Page).span, times: true,
	}
	sizes := axis{
		chosen: func(c *explore.Choice) explore.Span { return c.Lengths },
		choose: func(c *explore.Choice, s explore.Span) { c.Lengths = s },
		step:   func(*Page) int64 { return 1 },
		bounds: (*Page).lengthSpan,
	}
	hours, minutes, box, cdf := times, times, sizes, sizes
	hours.step, hours.read = func(*Page) int64 { return 60 }, (*Page).readHour
	minutes.step, minutes.read = (*Page).minuteStep, (*Page).readMinute
	box.read, cdf.read = (*Page).readSize, (*Page).readCDF
	axes = map[string]axis{"hours": hours, "minutes": minutes, "sizes": box, "cdf": cdf, "compare": {read: (*Page).readCompared}}
}

// brushOf is what is chosen of a chart's axis.
func (p *Page) brushOf(id string) explore.Span {
	if a := axes[id]; a.chosen != nil {
		return a.chosen(&p.choice)
	}
	return explore.Span{}
}

// span is the time of the whole trace: whole seconds, or whole minutes where the chart has those.
func (p *Page) span() explore.Span {
	r := p.whole.Report
	if r == nil || r.Packets == 0 {
		return explore.Span{}
	}
	s := explore.Span{From: trace.Floor(int64(r.Start), trace.Second) / trace.Second, To: trace.Floor(int64(r.End), trace.Second)/trace.Second + 1}
	if pic := p.pictures["hours"]; pic.XMax > pic.XMin { // what lies beyond the packets may be chosen, too
		s.From, s.To = min(s.From, int64(pic.XMin)), max(s.To, int64(pic.XMax))
	}
	return s
}

// lengthSpan is from no length to the longest.
func (p *Page) lengthSpan() explore.Span {
	r := p.whole.Report
	if r == nil || len(r.Lengths) == 0 {
		return explore.Span{}
	}
	return explore.Span{From: 0, To: r.Lengths[len(r.Lengths)-1][0] + 1}
}

// A hold is a range of an axis that somebody drags.
type hold struct {
	id      string // of the chart; "" for none
	drag    explore.Drag
	pointer int
	others  map[int]float64 // where further fingers are: a pinch
	before  explore.Choice
	unseen  map[string]bool // parts of the page that are out of sight
}

// Reach in CSS pixels: of an edge that is taken hold of, or snapped to.
const (
	grabPx      = 7
	grabTouchPx = 16
	snapPx      = 5
	slopPx      = 3 // a click may tremble
)

// pointed does what pointer, wheel and keys do at a chart. It reports whether they were for it.
func (p *Page) pointed(e browser.Pointer) bool {
	f, a := p.plots[e.On], axes[e.On]
	if (e.On == "causes" || e.On == "stack") && f != nil && f.Pic.Width > 0 && p.causes() != nil {
		return p.pointedCause(f, e)
	}
	if f == nil || f.Pic.Width == 0 || f.Pic.Plot.W <= 0 || p.whole.Report == nil {
		return false
	}
	if a.read == nil {
		return p.pointedTop(f, e)
	}
	x := e.X
	if e.Width > 0 {
		x *= float64(f.Pic.Width) / e.Width
	}
	v := f.Pic.Value(x)
	perPx := (f.Pic.XMax - f.Pic.XMin) / f.Pic.Plot.W
	if a.choose == nil {
		switch e.Kind {
		case browser.PointerMove:
			p.readAt(f, v)
		case browser.PointerLeave:
			p.readNothing(f)
		}
		return false
	}
	switch e.Kind {
	case browser.PointerDown:
		if p.readOnly() {
			return false
		}
		if p.held.id == e.On && e.ID != p.held.pointer {
			return p.pinch(f, e, x)
		}
		reach := float64(grabPx)
		if e.Touch {
			reach = grabTouchPx
		}
		s := a.chosen(&p.choice)
		if f.all(s) {
			s = explore.Span{} // there is nothing beside it
		}
		if a.times {
			p.follow = 0
		}
		p.held = hold{id: e.On, drag: explore.Begin(s, explore.GripAt(s, v, reach*perPx), v, slopPx*perPx), pointer: e.ID, before: p.choice, unseen: p.unseen()}
		browser.Focus("[data-chart=" + e.On + "]")
		return !e.Touch
	case browser.PointerMove:
		if p.held.id != e.On {
			p.readAt(f, v)
			return false
		}
		if len(p.held.others) > 0 {
			return p.pinch(f, e, x)
		}
		p.dragTo(f, a, v, perPx, false)
		return true
	case browser.PointerUp:
		if p.held.id != e.On {
			return false
		}
		if len(p.held.others) > 0 || e.ID != p.held.pointer {
			p.held = hold{}
			return true
		}
		p.dropAt(f, a, v, perPx)
		return true
	case browser.PointerCancel:
		if p.held.id == e.On {
			before := p.held.before
			p.held = hold{}
			p.choose(before, true)
		}
	case browser.PointerLeave:
		if p.held.id != e.On {
			p.readNothing(f)
		}
	case browser.PointerDouble:
		c := p.choice
		a.choose(&c, explore.Span{})
		if a.times {
			p.setView(explore.Span{})
		}
		p.choose(c, true)
		return true
	case browser.PointerWheel:
		return a.times && p.wheel(v, e.Delta)
	case browser.PointerKey:
		return p.keyAt(f, a, e)
	}
	return false
}

// dragTo lets the range follow the pointer.
func (p *Page) dragTo(f *plot, a axis, v, perPx float64, last bool) {
	s := p.held.drag.To(v, a.bounds(p), a.step(p), p.snap(f, perPx))
	if !p.held.drag.Moved() {
		return
	}
	c := p.choice
	a.choose(&c, s)
	p.readNothing(f)
	p.choose(c, last)
}

// snap pulls an edge of a range to an hour, where the chart has bars of hours and one begins nearby.
func (p *Page) snap(f *plot, perPx float64) func(float64) float64 {
	if f.ID != "hours" {
		return func(v float64) float64 { return v }
	}
	column := float64(max(f.Pic.Column, 3600))
	return func(v float64) float64 {
		if edge := math.Round((v-f.Pic.XMin)/column)*column + f.Pic.XMin; math.Abs(edge-v) <= snapPx*perPx {
			return edge
		}
		return v
	}
}

// dropAt ends a drag. Where nothing moved it was a click: on the hours it chooses a column, elsewhere it is for what else a chart does.
func (p *Page) dropAt(f *plot, a axis, v, perPx float64) {
	drag := p.held.drag
	if drag.Moved() {
		p.dragTo(f, a, v, perPx, true)
		p.held = hold{}
		if f.ID == "hours" {
			p.setView(p.choice.Time)
		}
		return
	}
	p.held = hold{}
	switch f.ID {
	case "hours":
		column := max(f.Pic.Column, 3600)
		from := int64(f.Pic.XMin) + int64((v-f.Pic.XMin)/float64(column))*column
		c := p.choice
		if c.Time = (explore.Span{From: from, To: from + column}); c.Time == p.choice.Time { // once more: all again
			c.Time = explore.Span{}
		}
		p.choose(c, true)
		p.setView(c.Time)
	case "cdf":
		p.measureFrom(v)
	}
}

// measureFrom has the cumulative chart tell the share of packets above a size.
func (p *Page) measureFrom(size float64) {
	p.do(func() {
		p.sizeAt = int64(math.Round(size))
		p.drawAll()
	})
}

// wheel zooms the chart by the minute around a time. A wheel that has been scrolling the page goes on to do so when a chart comes under it.
func (p *Page) wheel(around, delta float64) bool {
	if delta == 0 || browser.NowMS()-p.scrolledMS < scrollingMS {
		return false
	}
	p.setView(explore.Zoomed(p.view, p.span(), around, math.Exp(delta/400), minView))
	return true
}

// scrollingMS is for how long after the page has moved a wheel is still about the page.
const scrollingMS = 300

// minView is the shortest time that the chart by the minute shows, in seconds.
const minView = 10

// pinch zooms by two fingers.
func (p *Page) pinch(f *plot, e browser.Pointer, x float64) bool {
	h := &p.held
	if h.others == nil {
		h.others = map[int]float64{}
	}
	before := h.others
	if len(before) == 0 {
		before[h.pointer] = x
	}
	if was, ok := before[e.ID]; ok && len(before) == 2 && axes[f.ID].times {
		other := 0.0
		for id, at := range before {
			if id != e.ID {
				other = at
			}
		}
		if now := math.Abs(x - other); now > 8 {
			p.setView(explore.Zoomed(p.view, p.span(), f.Pic.Value((x+other)/2), math.Abs(was-other)/now, minView))
		}
	}
	before[e.ID] = x
	return true
}

// readAt says what is at a place of a chart's axis.
func (p *Page) readAt(f *plot, v float64) {
	p.readIs(f, axes[f.ID].read(p, f, v))
}

func (p *Page) readIs(f *plot, at reading) { f.ctx.Dispatch(func(app.Context) { f.at = at }) }

func (p *Page) readNothing(f *plot) {
	if f.at.on {
		f.ctx.Dispatch(func(app.Context) { f.at = reading{} })
	}
}

// setView makes a stretch of time what the chart by the minute shows.
func (p *Page) setView(s explore.Span) {
	if s == p.view {
		return
	}
	p.do(func() {
		p.view = s
		p.ask(true)
		p.drawAll()
	})
}
