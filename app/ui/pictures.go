package ui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart"
	"tracelens/app/explore"
	"tracelens/app/internal/browser"
)

// A picture is a chart as it stands on the page.
type picture struct {
	chart.Picture // without its SVG
	of            [3]any
	look          look
}

// A look is what decides on how a chart looks, beside what it shows.
type look struct {
	chart.Options
	scale float64 // dots of the screen, or paper, in a CSS pixel
}

// A drawing is a chart to be drawn into the element with data-chart=id.
type drawing struct {
	id   string
	of   [3]any // what it shows: the same things make the same picture, as long as it is to look the same
	draw func(o chart.Options) chart.Picture
	rest bool // without colour, behind another
}

// resting ends the id of a picture without colour.
const resting = "-rest"

// place is the id of the chart whose place the picture is in.
func (d drawing) place() string { return strings.TrimSuffix(d.id, resting) }

// These are for how long charts are drawn before the page answers in between: those of a choice all at once, as a rule; while a trace is
// loaded they are not all that the page has to do in a turn.
const (
	turnMS        = 16
	turnLoadingMS = 8
)

// drawAll queues every chart. Those that would look as they do are passed over; the others are drawn some at a turn of the event loop. A
// chart that was not reached before newer figures came is drawn once, from the newest.
func (p *Page) drawAll() {
	if p.whole.Report == nil {
		return
	}
	if left := p.askedMS + patienceMS - browser.NowMS(); left > 0 && p.awaiting() { // to what has been chosen belong other figures, which are about to come
		if !p.waits {
			p.waits = true
			browser.AfterMS(int(left)+1, func() {
				p.waits = false
				p.drawAll()
			})
		}
		p.tellBusy()
		return
	}
	p.draw()
}

// draw is drawAll, but of the figures that there are.
func (p *Page) draw() {
	p.queue = p.drawings()
	if !p.drawing {
		p.drawing = true
		if p.held.id != "" {
			p.drawNext() // at once, before the page is made anew for something else
		} else {
			browser.Soon(p.drawNext)
		}
	}
	p.tellBusy()
}

func (p *Page) drawNext() {
	ends := browser.NowMS() + turnMS
	if p.state == Loading {
		ends += turnLoadingMS - turnMS
	}
	for len(p.queue) > 0 && p.whole.Report != nil {
		next := p.queue[0]
		p.queue = p.queue[1:]
		if next.onto(p) && browser.NowMS() >= ends {
			browser.Soon(p.drawNext)
			return
		}
	}
	p.drawing = false
	p.do(p.checkDrawn)
	p.tellBusy()
}

// drawNow draws every chart before it returns.
func (p *Page) drawNow() {
	if p.whole.Report == nil {
		return
	}
	p.queue = nil
	for _, d := range p.drawings() {
		d.onto(p)
	}
}

// lacks reports whether a chart has no place on the page yet: it comes with the page's next frame, and has the chart drawn then.
func (p *Page) lacks() bool {
	there := func(id string) bool { return p.plots[id] != nil }
	return p.stage > 0 && p.state != Error && (!there("top") && p.who.asChart || !there("compare") && p.other.report != nil || !there("stack") && p.causes() != nil || !there("causes") && p.causes() != nil && p.linked() || slices.ContainsFunc(chartIDs, func(id string) bool { return !there(id) }))
}

// checkDrawn notes when all that there is to show has been shown.
func (p *Page) checkDrawn() {
	if p.state == Ready && p.stage == len(p.sections()) && len(p.queue) == 0 && !p.lacks() {
		p.drawn = true
	}
}

// tellShown tells others, in data-shown of the page, which range of time every figure and chart on it is of: "from to" in unix seconds.
// data-chosen is which has been chosen.
func (p *Page) tellShown() {
	if r := p.selected(); r != nil && r != p.shownReport && !p.drawing {
		p.shownReport = r
		shown := inSeconds(explore.Span{From: int64(r.Selection.From) / 1e9, To: int64(r.Selection.To) / 1e9})
		p.ctx.Defer(func(app.Context) { browser.Tell("shown", shown) })
	}
}

func inSeconds(s explore.Span) string {
	return strconv.FormatInt(s.From, 10) + " " + strconv.FormatInt(s.To, 10)
}

// tellBusy tells others, in data-busy of the page, whether figures, charts or the list of the present choice are still to come.
func (p *Page) tellBusy() {
	p.tellShown()
	busy := p.working()
	if !busy && p.behind {
		p.ask(false)
		return
	}
	if busy = busy || !p.listed(); busy == p.busy {
		return
	}
	if p.busy = busy; busy {
		browser.Tell("busy", "true")
		return
	}
	p.ctx.Defer(func(app.Context) { browser.Tell("busy", yes(p.busy)) }) // after this turn's changes are on the page
}

// patienceMS is how long all figures of a choice are waited for, to draw each chart once. After that they are drawn one by one, as they come.
const patienceMS = 200

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
	return p.drawing || p.lacks() || p.awaiting()
}

// onto draws the chart, if it would not look as it does. It reports whether it did.
func (d drawing) onto(p *Page) bool {
	place := "[data-chart=" + d.place() + "]"
	width := p.widths[d.place()]
	if width == 0 {
		width = browser.WidthOf(place)
		p.widths[d.place()] = width
	}
	if p.plots[d.place()] == nil || width == 0 {
		return false
	}
	o := look{chart.Options{Width: width, Theme: chart.Light(), Loc: p.loc(), Relative: p.relative(), Origin: p.origin(), Units: p.volumeUnits()}, browser.Scale()}
	if browser.Dark() {
		o.Theme = chart.Dark()
	}
	if d.rest {
		o.Theme = o.Theme.Resting()
	}
	if old, drawn := p.pictures[d.id]; drawn && old.of == d.of && old.look == o {
		return false
	}
	pic := d.draw(o.Options)
	canvas := " canvas:not(.rest)"
	if d.rest {
		canvas = " canvas.rest"
	}
	on, ok := browser.CanvasAt(place+canvas, pic.Width, pic.Height, chart.UnitsPerPX)
	if !ok {
		return false
	}
	pic.Play(o.Theme, on)
	pic.SVG = nil
	p.pictures[d.id] = picture{pic, d.of, o}
	return true
}
