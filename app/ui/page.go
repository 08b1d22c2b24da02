// Package ui is the page: what it shows in each state, and what its buttons do. It holds no figures of its own: they come from
// the engine, pictures of them from package chart.
//
// One component, Page, owns the state; the other files render its parts, in the order in which a person asks: how much, when,
// how big, who, then the packets.
package ui

import (
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/app/engine"
	"tracelens/app/explore"
	"tracelens/app/internal/browser"
	"tracelens/shared/report"
)

// State is what the page is doing, as told in data-state.
type State string

const (
	Empty   State = "empty"
	Loading State = "loading"
	Ready   State = "ready"
	Error   State = "error"
)

// Page is the whole page.
type Page struct {
	app.Compo

	ctx    app.Context
	engine *engine.Engine

	early    []browser.Given // chosen before the page ran
	state    State
	of       source   // of the open trace
	trace    int      // how often a trace has been opened, or its files have become others
	problem  string   // why there is nothing to show
	remedy   string   // what to do about it, besides opening the helper's own page
	note     string   // something to tell beside the figures
	refused  []string // what could not be taken of what was given, in words
	finding  int      // files found so far in folders that are being looked through
	dragging bool     // files are held over the page
	update   bool     // a newer version of the page is installed

	whole      engine.Figures               // of everything
	again      bool                         // the files are being read again: until that is done, the figures are those before
	gone       map[int64]bool               // files that have been taken out, but are still in the figures
	files      *account                     // of the whole trace
	views      map[engine.Of]engine.Figures // beside it, as far as they are asked for
	asked      map[engine.Of]question
	askedMS    float64 // when the newest of them was
	behind     bool    // the choice has changed while its figures were waited for
	choice     explore.Choice
	history    explore.History
	view       explore.Span // what the chart by the minute shows
	held       hold
	list       packetList
	table      *packetTable // on the page, or nil
	jumpTo     int64        // number of the packet from which the ones before a time are counted
	scrolledMS float64      // when the page moved last

	box *filterBox // that something was typed into last

	progress   engine.Progress
	loading    *loadingCard // on the page, or nil
	loadingCtx app.Context
	live       engine.Live
	paused     bool
	follow     int64 // minutes at the end of a live trace, or 0

	connectURL  string
	oldestFirst bool // of what the helper has
	saving      saving
	sharing     sharing

	opened      string     // name of the report that is open
	unordered   bool       // which of two reports is the later one has not been looked at
	other       comparison // beside what is selected
	who         who
	cause       causeView
	mineText    string // the user's own addresses, as they are being typed
	mineTyped   bool
	mineProblem string

	measure  measure
	binary   bool // units of bytes
	elapsed  bool // times since the start
	utc      bool
	sizeAt   int64 // the size whose share above is told
	pictures map[string]picture
	plots    map[string]*plot // those on the page
	widths   map[string]int   // of what is in them, CSS pixels: to ask has the browser lay out the page
	busy     bool             // as told

	shownReport *report.Report // of which all is on the page
	rounds      map[string]int // how often each part has been made anew
	stage       int            // how many of the sections below the tiles are on the page
	queue       []drawing      // charts to draw, one at a turn
	drawing     bool           // somebody is at the queue
	waits       bool           // somebody will look whether figures are still waited for
	drawn       bool           // every chart of this trace has been on the page once
	told        string         // the choice, for other programs
	numbers     string         // the chart whose numbers are shown as a table, or ""
	reading     *readAs        // how a file is read, while somebody looks at that
	copied      bool
	rehearsed   int            // rounds of the rehearsal
	zone        *time.Location // of the browser, at zoneAt: asking it is slow
	zoneAt      int64
}

// NewPage is the page before it has any file.
func NewPage() app.Composer { return NewPageWith(nil, nil)() }

// NewPageWith makes pages that open files at once: those that the user chose while the page was still starting. Refused is what could not
// be taken of them, in words.
func NewPageWith(early []browser.Given, refused []string) func() app.Composer {
	return func() app.Composer {
		return &Page{
			state: Empty, sizeAt: 1000, pictures: map[string]picture{}, plots: map[string]*plot{}, widths: map[string]int{}, rounds: map[string]int{}, early: early, refused: refused,
			views: map[engine.Of]engine.Figures{}, asked: map[engine.Of]question{}, gone: map[int64]bool{},
		}
	}
}

// OnMount runs in the browser only: it starts the worker while the user is still reading the empty page.
func (p *Page) OnMount(ctx app.Context) {
	p.ctx = ctx
	browser.RestoreTheme()
	p.sharing.key = newKey()
	p.takeToken()
	p.engine = engine.Start(engine.Events{
		Progress:  p.progressed,
		Report:    p.heard,
		Live:      func(v engine.Live) { p.do(func() { p.showLive(v) }) },
		Saving:    func(v engine.Progress) { p.do(func() { p.saving.progress = v }) },
		Download:  func(v engine.Download) { p.do(func() { p.saved(v) }) },
		Addresses: p.offerAddresses,
		Note:      func(text string) { p.do(func() { p.note = strings.TrimSpace(p.note + " " + text) }) },
		Broken:    func(text string) { p.do(func() { p.fail(text) }) },
		Failed: func(text string) {
			p.do(func() { p.fail("The page's worker stopped: " + text + ". Reload the page.") })
		},
	})
	browser.OnFiles("[data-testid=files], [data-testid=folder]", func(files []browser.Given, refused []string) { p.do(func() { p.take(files, refused) }) },
		func(found int) { p.do(func() { p.finding = found }) },
		func(over bool) {
			if over != p.dragging {
				p.do(func() { p.dragging = over })
			}
		})
	p.engine.Wish(p.who.wish())
	p.take(p.early, p.refused)
	browser.OnLaunched(func(files []browser.Given) { p.do(func() { p.take(files, nil) }) })
	if browser.Again() && p.connectURL != "" {
		p.connect(ctx, app.Event{})
	}
	browser.AfterMS(200, p.warm)
	browser.OnResize(func() {
		clear(p.widths)
		p.drawAll()
	})
	browser.OnScale(func(now bool) {
		if now {
			p.drawNow()
		} else {
			p.drawAll()
		}
	})
	browser.OnPointer("[data-chart]", p.pointed)
	browser.OnPointer(".packetlist", p.pointedRows)
	browser.OnScrolled(".packetlist", p.scrolled)
	browser.OnScroll(func() { p.scrolledMS = browser.NowMS() })
	browser.OnKey(p.pressed)
	browser.OnBack(p.goTo)
	browser.OnThemeChange(p.drawAll)
}

// OnAppUpdate is called when a newer version of the page has been installed beside this one.
// Where there is nothing to lose, it is shown at once.
func (p *Page) OnAppUpdate(ctx app.Context) {
	p.update = ctx.AppUpdateAvailable()
	if p.update && p.state == Empty && (p.connectURL == "" || p.ofHelpersPage()) {
		p.newBuild(false)
	}
}

// do changes the state on the page's own thread and draws what changed.
func (p *Page) do(f func()) {
	p.ctx.Dispatch(func(app.Context) { f() })
}

func (p *Page) fail(text string) {
	p.state, p.problem, p.again = Error, text, false
}

// heard takes new figures. Those of a choice do not have the page made anew as they come, but once their charts are drawn.
func (p *Page) heard(f engine.Figures) {
	switch f.Of {
	case engine.Whole:
		p.do(func() { p.show(f) })
	case engine.Before:
		p.do(func() {
			p.engine.Select(engine.Before, nil, false)
			p.scrollTo(p.jumpTo + f.Report.Packets)
		})
	default:
		if p.again && !f.Final {
			return
		}
		p.answered(f)
		if p.held.id != "" && p.whole.Report != nil && !p.awaiting() { // what somebody has dragged to since is counted while this is drawn
			p.ask(false)
			p.draw()
			return
		}
		p.drawAll()
	}
}

// show takes figures of the whole trace. A load of which nothing could be read is an error, with each file's reason.
func (p *Page) show(f engine.Figures) {
	if p.of == ofNothing || p.again && !f.Final {
		return
	}
	p.whole = f
	if f.Final {
		p.state, p.again = Ready, false
		clear(p.gone)
		if p.account().nothing() {
			p.fail("Nothing could be read.")
			return
		}
		p.seeSomething()
		p.order()
	}
	p.goOn()
	if p.stage == 0 {
		p.grow()
	} else {
		p.drawAll()
	}
}

// loc is the time zone that clock times are shown in. The browser tells one offset, that of the trace's beginning.
func (p *Page) loc() *time.Location {
	if p.utc || p.whole.Report == nil {
		return time.UTC
	}
	if at := int64(p.whole.Report.Start); p.zone == nil || p.zoneAt != at {
		name, offset := browser.Zone(at / 1e9)
		p.zone, p.zoneAt = time.FixedZone(name, offset), at
	}
	return p.zone
}

func (p *Page) Render() app.UI {
	if p.held.id == "" { // nobody reads it while they drag
		p.told = p.toldOthers()
	}
	class := "page"
	if p.dragging {
		class += " dragging"
	}
	if p.readOnly() {
		class += " readonly"
	}
	return app.Div().Class(class).Body(
		app.Div().Class("top").Body(p.header(), p.selectionBar()),
		app.Main().Body(p.body()...),
		app.Div().ID("said").Class("unseen").Attr("role", "status"), // what the keyboard is at, for who does not see it
		p.part("help", helpCard),
		p.part("numbers", p.numbersDialog),
		p.part("layout", p.layoutDialog),
		app.Div().Class("dropveil").Aria("hidden", "true").Body(app.Strong().Text("Drop to "+p.openOrAdd())),
	)
}

// body keeps every part at a place of its own: go-app compares children by their position, so a part that came and went between
// others would have all that follow it made anew.
func (p *Page) body() []app.UI {
	if p.state == Empty {
		empty := []app.UI{p.emptyPage()}
		if p.rehearsed > 0 && p.rehearsed < rehearsals {
			empty = append(empty, &rehearsal{Round: p.rehearsed})
		}
		return empty
	}
	var loading, results, rest []app.UI
	if p.state == Loading {
		loading = append(loading, &loadingCard{Progress: p.progress, page: p})
	} else {
		rest = append(rest, p.part("another", p.waysCard))
	}
	switch {
	case p.whole.Report != nil && p.state != Error:
		results = append(results, p.liveBar(), p.tiles())
		for _, section := range p.sections()[:p.stage] {
			results = append(results, section())
		}
	case p.account().nothing(): // it tells why
		results = append(results, p.part("input", p.inputCard))
	}
	return []app.UI{
		app.H1().Class("unseen").Text(theQuestion),
		p.notices(),
		app.Div().Class("part").Body(loading...),
		app.Div().Class("part").Body(results...),
		app.Div().Class("part").Body(append(rest, footer())...),
	}
}

// shown is the state as others see it: ready means that every figure is on the page, charts too.
func (p *Page) shown() State {
	if p.state == Ready && !p.drawn {
		return Loading
	}
	return p.state
}

// sections are what stands below the tiles, in order. At the first figures of a trace they come onto the page one at a turn of the
// event loop, since making the elements of all of them takes longer than a page should be deaf.
func (p *Page) sections() []func() app.UI {
	part := func(id string, draw func() app.UI) func() app.UI { return func() app.UI { return p.part(id, draw) } }
	list := []func() app.UI{part("compare", p.compareCard), p.charts, part("causes", p.causesCard), part("who", p.whoCard), part("ranges", p.rangesCard)}
	if !p.readOnly() {
		list = append(list, part("rows", p.rowsCard), part("anonymise", p.anonymiseCard))
	}
	return append(list, part("input", p.inputCard))
}

// grow puts the next section onto the page, and the next one at another turn; the charts are drawn meanwhile.
func (p *Page) grow() {
	if p.stage == len(p.sections()) {
		p.checkDrawn()
		return
	}
	if p.stage++; p.stage == 1 { // the charts' places
		p.drawAll()
	}
	trace := p.trace
	p.ctx.Defer(func(app.Context) {
		browser.AfterMS(0, func() {
			p.do(func() {
				if p.trace == trace && p.whole.Report != nil {
					p.grow()
				}
			})
		})
	})
}

// bytes writes a size of a file.
func bytes(n int64) string { return label.Bytes(n) }
