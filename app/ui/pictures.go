package ui

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart"
	"tracelens/app/explore"
	"tracelens/app/internal/browser"
)

// A picture is a chart as it stands on the page.
type picture struct {
	chart.Picture
	url  string
	of   [3]any
	look chart.Options
}

// A drawing is a chart to be drawn into the element with data-chart=id.
type drawing struct {
	id    string
	of    [3]any // what it shows: the same things make the same picture, as long as it is to look the same
	draw  func(o chart.Options) chart.Picture
	rest  bool // without colour, behind another
	tries int
}

// resting ends the id of a picture without colour.
const resting = "-rest"

// maxTries bounds the waiting for a chart's place, which comes onto the page with its next picture: half a second.
const maxTries = 20

// turnMS is for how long charts are drawn before the page answers in between: one, if it takes that long, and often two.
const turnMS = 8

// drawAll queues every chart. Those that would look as they do are passed over; the others are drawn some at a turn of the event loop. A
// chart that was not reached before newer figures came is drawn once, from the newest.
func (p *Page) drawAll() {
	if p.whole.Report == nil {
		return
	}
	if p.awaiting() && browser.NowMS()-p.askedMS < patienceMS {
		p.tellBusy()
		return // to what has been chosen belong other figures, which are about to come
	}
	p.queue = p.drawings()
	switch {
	case p.drawing:
	case p.placed() && p.held.id != "": // at once, before the page is made anew for something else
		p.drawing = true
		p.drawNext()
	case p.placed():
		p.drawing = true
		browser.Soon(p.drawNext)
	default: // the charts' places come onto the page with its next frame, which is as long as some charts take to draw
		p.drawing = true
		p.ctx.Defer(func(app.Context) { browser.Soon(p.drawNext) })
	}
	p.tellBusy()
}

// placed reports whether all charts that are to be drawn have a place on the page.
func (p *Page) placed() bool {
	for _, d := range p.queue {
		if p.plots[strings.TrimSuffix(d.id, resting)] == nil {
			return false
		}
	}
	return true
}

func (p *Page) drawNext() {
	began := browser.NowMS()
	for len(p.queue) > 0 && p.whole.Report != nil {
		next := p.queue[0]
		p.queue = p.queue[1:]
		switch next.onto(p) {
		case asBefore:
			continue
		case noPlace:
			if next.tries++; next.tries <= maxTries {
				p.queue = append(p.queue, next)
				browser.AfterMS(25, p.drawNext)
				return
			}
		}
		if browser.NowMS()-began < turnMS {
			continue
		}
		browser.Soon(p.drawNext)
		return
	}
	p.soon(true, func() {
		if len(p.queue) > 0 { // filled since
			browser.Soon(p.drawNext)
			return
		}
		p.drawing = false
		p.checkDrawn()
		p.tellBusy()
	})
}

// checkDrawn notes when all that there is to show has been shown.
func (p *Page) checkDrawn() {
	if p.state == Ready && p.stage == len(p.sections()) && len(p.queue) == 0 && p.pending == 0 {
		p.drawn = true
	}
}

// tellShown tells others, in data-shown of the page, which range of time every figure and chart on it is of: "from to" in unix seconds.
// data-chosen is which has been chosen.
func (p *Page) tellShown() {
	if r := p.selected(); r != nil && r != p.shownReport && !p.drawing && p.pending == 0 {
		p.shownReport = r
		shown := inSeconds(explore.Span{From: int64(r.Selection.From) / 1e9, To: int64(r.Selection.To) / 1e9})
		p.ctx.Defer(func(app.Context) { browser.Tell("shown", shown) })
	}
}

func inSeconds(s explore.Span) string {
	return strconv.FormatInt(s.From, 10) + " " + strconv.FormatInt(s.To, 10)
}

// tellBusy tells others, in data-busy of the page, whether figures or charts of the present choice are still to come.
func (p *Page) tellBusy() {
	p.tellShown()
	busy := p.working()
	if !busy && p.behind {
		p.ask(false)
		return
	}
	if busy == p.busy {
		return
	}
	if p.busy = busy; busy {
		browser.Tell("busy", "true")
		return
	}
	p.ctx.Defer(func(app.Context) { browser.Tell("busy", yes(p.busy)) }) // after this turn's changes are on the page
}

// patienceMS is how long all figures of a choice are waited for, to draw each chart once. After that they are drawn one by one, as they come.
const patienceMS = 250

// awaiting reports whether figures that were asked for have not come.
func (p *Page) awaiting() bool {
	for _, q := range p.asked {
		if q.waiting {
			return true
		}
	}
	return false
}

// working reports whether something that was asked for is not yet on the page.
func (p *Page) working() bool {
	return p.drawing || p.pending > 0 || p.awaiting()
}

// What came of drawing a chart.
type drawnAs int

const (
	anew drawnAs = iota
	asBefore
	noPlace
)

// onto draws the chart.
func (d drawing) onto(p *Page) drawnAs {
	width := p.newest[d.id].look.Width // to ask has the browser lay out the page
	if width == 0 {
		width = browser.WidthOf("[data-chart=" + strings.TrimSuffix(d.id, resting) + "]")
	}
	if width == 0 {
		return noPlace
	}
	o := chart.Options{Width: width, Theme: chart.Light(), Loc: p.loc(), Relative: p.relative(), Origin: p.origin(), Units: p.volumeUnits()}
	if browser.Dark() {
		o.Theme = chart.Dark()
	}
	if d.rest {
		o.Theme = o.Theme.Resting()
	}
	if old, ok := p.newest[d.id]; ok && old.of == d.of && old.look == o {
		return asBefore
	}
	pic := d.draw(o)
	mine := picture{Picture: pic, of: d.of, look: o}
	mine.SVG = nil // the browser has it
	p.newest[d.id] = mine
	p.pending++
	trace := p.trace
	browser.Picture(pic.SVG, func(url string) {
		// Between two turns of the page's thread, so that it counts even if the place of the picture is gone by the next.
		p.pending--
		if newest := p.newest[d.id]; p.trace != trace || newest.of != mine.of || newest.look != mine.look {
			return
		}
		old, wasDrawn := p.pictures[d.id], p.drawn
		mine.url = url
		p.pictures[d.id] = mine
		p.checkDrawn()
		if p.held.id != "" {
			if p.pending == 0 {
				p.do(func() {})
			}
			p.tellBusy()
			return
		}
		p.tellBusy()
		if frame := p.plots[strings.TrimSuffix(d.id, resting)]; d.rest && frame != nil {
			frame.ctx.Dispatch(func(app.Context) { frame.Rest = url })
			return
		}
		if frame := p.plots[d.id]; frame != nil && p.drawn == wasDrawn && old.Unit == mine.Unit && old.Column == mine.Column {
			frame.ctx.Dispatch(func(app.Context) {
				frame.URL, frame.Pic, frame.Brush = url, mine.Picture, p.brushOf(d.id)
			})
			return
		}
		p.do(func() {}) // the page says more than the picture
	})
	return anew
}
