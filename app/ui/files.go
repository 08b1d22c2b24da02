package ui

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/engine"
	"tracelens/app/explore"
	"tracelens/app/internal/browser"
	"tracelens/shared/trace"
)

// A source is where the open trace is from.
type source int

const (
	ofNothing source = iota // there is none
	ofFiles                 // that the user has given: they can become more, and fewer
	ofSample
	ofHelper
	ofReport // a report.json: its figures can be looked at, and there are no packets to choose from
)

// readOnly reports whether the figures are all there is.
func (p *Page) readOnly() bool { return p.of == ofReport }

// take opens what the user has given: beside the files that are open, if there are any.
func (p *Page) take(files []browser.Given, refused []string) {
	p.finding = 0
	switch {
	case len(files) == 0 && len(refused) == 0:
		return
	case len(files) == 0 && p.state == Empty:
		p.reset(Error, ofNothing)
		p.problem = "There is nothing to open in what was given."
	case len(files) == 0:
	case len(files) == 1 && isReport(files[0]):
		p.openReport(files[0])
	case len(files) == 2 && isReport(files[0]) && isReport(files[1]):
		p.openBoth(files)
	case p.adds():
		p.renew()
		p.engine.Add(files)
	default:
		p.reset(Loading, ofFiles)
		p.engine.Open(files)
	}
	p.refused = refused
}

// openReport opens the figures in a report.json, to be looked at.
func (p *Page) openReport(f browser.Given) {
	p.reset(Loading, ofReport)
	p.opened = f.File.Name()
	p.engine.OpenReport(f.File)
}

// adds reports whether files that are given now are opened beside others.
func (p *Page) adds() bool { return p.of == ofFiles && (p.state == Loading || p.state == Ready) }

func (p *Page) openOrAdd() string {
	if p.adds() {
		return "add"
	}
	return "open"
}

func (p *Page) sample(app.Context, app.Event) {
	p.reset(Loading, ofSample)
	p.engine.Sample()
}

func (p *Page) cancel(app.Context, app.Event) { p.engine.Cancel() }

func (p *Page) closeTrace(app.Context, app.Event) {
	p.reset(Empty, ofNothing)
	p.engine.Close()
}

// reset forgets the last trace: what is shown from now on is the next one.
func (p *Page) reset(s State, of source) {
	p.trace++
	p.of, p.again = of, false
	p.stage, p.drawn = 0, false
	p.state, p.problem, p.remedy, p.note, p.refused = s, "", "", "", nil
	p.saving.said = [wishes]string{}
	p.whole, p.progress, p.live = engine.Figures{}, engine.Progress{}, engine.Live{}
	clear(p.views)
	clear(p.asked)
	clear(p.gone)
	p.list = packetList{from: -1}
	p.mineText, p.mineTyped, p.mineProblem = "", false, ""
	p.sharing.shown, p.sharing.copies = nil, nil
	p.other.report, p.unordered = nil, false
	p.numbers = ""
	p.paused, p.follow = false, 0
	p.choice, p.history, p.view, p.held, p.behind = explore.Choice{}, explore.History{}, explore.Span{}, hold{}, false
	p.cause = causeView{bySite: p.cause.bySite}
	p.queue = nil
	clear(p.pictures)
}

// renew waits for other figures of the open trace. Those that are on the page stay until they come, and so does what the user has chosen.
func (p *Page) renew() {
	p.trace++
	p.drawn = false
	p.state, p.problem, p.note, p.refused = Loading, "", "", nil
	p.saving.said = [wishes]string{}
	p.progress = engine.Progress{}
}

// change has the engine read the files again, otherwise than before; what it has been asked about them it answers anew.
func (p *Page) change(how func()) {
	if p.state == Error { // there are no figures
		p.whole = engine.Figures{}
	}
	p.renew()
	p.again = p.whole.Report != nil
	how()
}

// remove takes a file out of the trace.
func (p *Page) remove(id int64) {
	if p.gone[id] = true; len(p.account().files) == 0 {
		p.reset(Empty, ofNothing)
		p.engine.Close()
		return
	}
	p.change(func() { p.engine.Remove(id) })
}

// twice has a file counted that has the same bytes as another.
func (p *Page) twice(id int64) {
	p.change(func() { p.engine.Twice(id) })
}

// seeSomething has the chart by the minute show everything where what it shows is not in the trace any more. What is selected stays.
func (p *Page) seeSomething() {
	r := p.whole.Report
	if p.view.Any() || r.Packets == 0 || p.view.From*trace.Second <= int64(r.End) && p.view.To*trace.Second > int64(r.Start) {
		return
	}
	p.view = explore.Span{}
	p.ask(true)
}
