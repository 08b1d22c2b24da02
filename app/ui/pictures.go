package ui

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart"
	"tracelens/app/internal/browser"
	"tracelens/shared/report"
)

// A picture is a chart as it stands on the page.
type picture struct {
	chart.Picture
	url string
}

// A drawing is a chart to be drawn into the element with data-chart=id.
type drawing struct {
	id    string
	draw  func(r *report.Report, o chart.Options) chart.Picture
	tries int
}

// maxTries bounds the waiting for a chart's place, which comes onto the page with its next picture: half a second.
const maxTries = 20

// drawAll queues every chart. They are drawn one at a turn of the event loop, so that the page answers in between; a chart that
// was not reached before newer figures came is drawn once, from the newest.
func (p *Page) drawAll() {
	if p.figures.Report == nil {
		return
	}
	p.queue = p.drawings()
	if !p.drawing {
		p.drawing = true
		p.ctx.Defer(func(app.Context) { browser.AfterMS(0, p.drawNext) }) // after the charts' places are on the page
	}
}

func (p *Page) drawNext() {
	if len(p.queue) == 0 || p.figures.Report == nil {
		p.do(func() {
			if len(p.queue) > 0 { // filled since
				browser.AfterMS(0, p.drawNext)
				return
			}
			p.drawing = false
			p.checkDrawn()
		})
		return
	}
	next := p.queue[0]
	p.queue = p.queue[1:]
	if next.onto(p) || next.tries == maxTries {
		browser.AfterMS(0, p.drawNext)
		return
	}
	next.tries++
	p.queue = append(p.queue, next)
	browser.AfterMS(25, p.drawNext)
}

// checkDrawn notes when all that there is to show has been shown.
func (p *Page) checkDrawn() {
	if p.state == Ready && p.stage == len(p.sections()) && len(p.queue) == 0 && p.pending == 0 {
		p.drawn = true
	}
}

// onto draws the chart and reports whether its place was there.
func (d drawing) onto(p *Page) bool {
	width := browser.WidthOf("[data-chart=" + d.id + "]")
	if width == 0 {
		return false
	}
	o := chart.Options{Width: width, Theme: chart.Light(), Loc: p.loc(), Relative: p.figures.Report.Relative}
	if browser.Dark() {
		o.Theme = chart.Dark()
	}
	pic := d.draw(p.figures.Report, o)
	p.pending++
	trace := p.trace
	browser.Picture(pic.SVG, func(url string) {
		// Between two turns of the page's thread, so that it counts even if the place of the picture is gone by the next.
		p.pending--
		if p.trace != trace {
			browser.Release(url)
			return
		}
		old, wasDrawn := p.pictures[d.id], p.drawn
		if old.url != "" {
			defer browser.Release(old.url)
		}
		p.pictures[d.id] = picture{pic, url}
		p.checkDrawn()
		if frame := p.plots[d.id]; frame != nil && p.drawn == wasDrawn && old.Unit == pic.Unit && old.Column == pic.Column {
			frame.ctx.Dispatch(func(app.Context) {
				frame.URL, frame.Alt, frame.Width, frame.Height = url, pic.Alt, pic.Width, pic.Height
			})
			return
		}
		p.do(func() {}) // the page says more than the picture
	})
	return true
}

// A plot is the place of a chart, and a component of its own: a new picture in it is nothing new to the rest of the page. Its height
// is kept before the picture is there, so that nothing jumps.
type plot struct {
	app.Compo
	ID            string
	Kept          int // height while there is no picture
	URL, Alt      string
	Width, Height int
	page          *Page
	ctx           app.Context
}

func (p *Page) plot(id string, height int) app.UI {
	pic := p.pictures[id]
	return &plot{ID: id, Kept: height, URL: pic.url, Alt: pic.Alt, Width: pic.Width, Height: pic.Height, page: p}
}

func (f *plot) OnMount(ctx app.Context) {
	f.ctx = ctx
	f.page.plots[f.ID] = f
}

func (f *plot) OnDismount() {
	if f.page.plots[f.ID] == f {
		delete(f.page.plots, f.ID)
	}
}

func (f *plot) Render() app.UI {
	frame := app.Div().Class("plot").DataSet("chart", f.ID)
	if f.URL == "" {
		return frame.Style("min-height", app.FormatString("%dpx", f.Kept))
	}
	return frame.Body(app.Img().Src(f.URL).Alt(f.Alt).Width(f.Width).Height(f.Height))
}
