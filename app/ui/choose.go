package ui

import (
	"tracelens/app/engine"
	"tracelens/app/explore"
	"tracelens/app/internal/browser"
	"tracelens/shared/report"
)

// allViews are the figures that the page may ask for beside those of the whole trace.
var allViews = []engine.Of{engine.Selection, engine.Times, engine.Near, engine.NearWhole, engine.Sizes}

// A question is what the engine has been asked for, under one name.
type question struct {
	code      string // of the selection; "" for nothing
	momentary bool   // its seconds are not wished
	waiting   bool   // for the answer
}

// choose makes c what is looked at: for good, or while the pointer still moves.
func (p *Page) choose(c explore.Choice, last bool) {
	if p.readOnly() {
		return
	}
	if c.Time != p.choice.Time {
		browser.Tell("chosen", inSeconds(c.Time))
	}
	p.choice = c
	if c.Time.Any() {
		p.follow = 0
	}
	if last {
		if n, changed := p.history.Add(c); changed {
			browser.Remember(n)
		}
	}
	p.ask(last)
	for _, id := range chartIDs {
		if f := p.plots[id]; f != nil {
			f.brush(p.brushOf(id))
		}
	}
	if last {
		p.do(p.drawAll)
	}
}

// goTo makes an earlier or later choice what is looked at.
func (p *Page) goTo(n int) {
	if p.history.Go(n) {
		p.choice = p.history.Now()
		p.do(func() {
			p.ask(true)
			p.drawAll()
		})
	}
}

// ask asks the engine for what the page lacks to show the choice. While somebody drags, what was asked for is waited for until it is on the
// page, as else none of it would ever be where that takes longer than from one move to the next; what came of the last move is asked for then.
func (p *Page) ask(last bool) {
	if p.whole.Report == nil || p.readOnly() {
		return
	}
	if p.behind = !last && p.working(); p.behind {
		return
	}
	wanted := p.choice.Questions(p.view, p.close())
	momentary := p.held.id != "" && !last && !p.choice.Time.Any() // then no chart shows the seconds of the selection
	for _, of := range allViews {
		q := p.asked[of]
		sel, ok := wanted[of]
		switch {
		case !ok && q.code != "":
			p.engine.Select(of, nil, false)
			delete(p.asked, of)
			delete(p.views, of)
		case ok && (sel.Code() != q.code || q.momentary && !momentary):
			p.engine.Select(of, &sel, momentary)
			p.asked[of] = question{sel.Code(), momentary, true}
			p.askedMS = browser.NowMS()
		}
	}
	p.tellBusy()
}

// answered takes figures of one of the views.
func (p *Page) answered(f engine.Figures) {
	q := p.asked[f.Of]
	if q.code == "" {
		return // they are not wished any more
	}
	q.waiting = false
	p.asked[f.Of] = q
	p.views[f.Of] = f
}

// reportOf is the report of a view, or nil while there is none.
func (p *Page) reportOf(of engine.Of) *report.Report { return p.views[of].Report }

// Each of these is the report for one part of the page: as long as the right one has not come, the nearest one there is.

// selected is what the tiles and lists show.
func (p *Page) selected() *report.Report {
	return or(p.reportOf(engine.Selection), p.whole.Report, p.choice.Everything())
}

// times is what the chart by the hour shows: filters without the range of time.
func (p *Page) times() *report.Report {
	switch {
	case p.choice.Filter == nil && p.choice.Lengths.Any():
		return p.whole.Report
	case p.choice.Time.Any():
		return p.selected()
	}
	return or(p.reportOf(engine.Times), p.whole.Report, false)
}

// sizes is what the charts of packet sizes show: all but the range of lengths.
func (p *Page) sizes() *report.Report {
	switch {
	case p.choice.Lengths.Any():
		return p.selected()
	case p.choice.Time.Any() && p.choice.Filter == nil:
		return p.whole.Report
	}
	return or(p.reportOf(engine.Sizes), p.whole.Report, false)
}

func or(r, otherwise *report.Report, notR bool) *report.Report {
	if r == nil || notR {
		return otherwise
	}
	return r
}

// filtered reports whether the charts of times show less than everything.
func (p *Page) filtered() bool { return p.choice.Filter != nil || !p.choice.Lengths.Any() }

// shownSpan is the stretch that the chart by the minute shows.
func (p *Page) shownSpan() explore.Span {
	r := p.whole.Report
	return p.view.Within(explore.Span{From: int64(r.Start) / 1e9, To: int64(r.End)/1e9 + 1})
}

// close reports whether that is so short that it needs figures of its own by the second.
func (p *Page) close() bool {
	return p.whole.Report != nil && !p.view.Any() && p.view.To-p.view.From <= secondsSpan
}

// minuteBins are the bins that the chart by the minute shows, and those of everything if these are others. They are of the step that
// minuteStep gives.
func (p *Page) minuteBins() (bins, all []report.Bin) {
	r, whole := p.times(), p.whole.Report
	if p.minuteStep() == 60 {
		bins, all = r.Minutes, whole.Minutes
	} else if p.close() {
		all = p.reportOf(engine.NearWhole).Seconds
		if bins = all; p.filtered() {
			bins = p.reportOf(engine.Near).Seconds
		}
	} else {
		bins, all = r.Seconds, whole.Seconds
	}
	if !p.filtered() {
		all = nil
	}
	return bins, all
}

// secondsSpan is the longest stretch, in seconds, that is shown by the second: a picture has no room for more.
const secondsSpan = 15 * 60

// minuteStep is 1 if the chart by the minute shows seconds, else 60: seconds of a part of the trace have to come first.
func (p *Page) minuteStep() int64 {
	if p.close() {
		if !p.has(engine.NearWhole) || p.filtered() && !p.has(engine.Near) {
			return 60
		}
		return 1
	}
	if p.view.Any() && perSecond(p.whole.Report) {
		return 1
	}
	return 60
}

// has reports whether the figures of a view by the second are there and of what the chart by the minute shows.
func (p *Page) has(of engine.Of) bool {
	r := p.reportOf(of)
	return r != nil && int64(r.Selection.From)/1e9 == p.view.From && int64(r.Selection.To)/1e9 == p.view.To
}
