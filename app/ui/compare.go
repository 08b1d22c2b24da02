package ui

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart"
	"tracelens/app/chart/label"
	"tracelens/app/internal/browser"
	"tracelens/shared/compare"
	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// A comparison is another report beside what is selected: yesterday's, or another machine's.
type comparison struct {
	name   string         // of its file
	report *report.Report // nil while there is none
	align  compare.Align
	kind   int // of whoKinds
}

const (
	compareHeight = 190
	mostMovers    = 10
)

// compareWith sets the report in a file beside what is selected.
func (p *Page) compareWith(f browser.File, then func()) {
	p.engine.Compare(f, func(r *report.Report, problem string) {
		p.do(func() {
			if problem != "" {
				p.note = "Nothing was compared: " + problem
				return
			}
			p.other.name, p.other.report = f.Name(), r
			then()
			p.drawAll()
		})
	})
}

// compareChosen is compareWith for the file that has been chosen.
func (p *Page) compareChosen(app.Context, app.Event) {
	for _, f := range browser.TakeChosen("[data-testid=compare]") {
		p.compareWith(f.File, func() {})
	}
}

func isReport(f browser.Given) bool {
	return strings.HasSuffix(strings.ToLower(f.File.Name()), ".json")
}

// openBoth opens two reports, the later one beside the earlier.
func (p *Page) openBoth(files []browser.Given) {
	p.openReport(files[0])
	p.unordered = true
	p.compareWith(files[1].File, p.order)
}

// order makes the later one of two reports the one that is open, once both are there.
func (p *Page) order() {
	if w, o := p.whole.Report, p.other.report; p.unordered && w != nil && o != nil {
		if p.unordered = false; w.Start < o.Start {
			p.swap()
		}
	}
}

// swap makes the other report the one that is open.
func (p *Page) swap() {
	p.whole.Report, p.other.report = p.other.report, p.whole.Report
	p.opened, p.other.name = p.other.name, p.opened
	p.drawAll()
}

// compareCard answers "what has changed?"
func (p *Page) compareCard() app.UI {
	o := &p.other
	if o.report == nil || p.whole.Report == nil {
		return app.Div().Class("part")
	}
	right := []app.UI{p.toggle("Hours of the other", []string{"same time of day", "as they were", "from the start"}, int(o.align), func(i int) {
		o.align = compare.Align(i)
		p.drawAll()
	})}
	if p.readOnly() {
		right = append(right, act("link", "compare-swap", "swap", "the two reports", p.swap))
	}
	right = append(right, act("link", "compare-close", "close", "the comparison", func() { *o = comparison{align: o.align, kind: o.kind} }))
	return app.Section().Class("charts").Body(
		p.card("compare", "Compared with "+o.name, p.comparedCaption(), right,
			p.plot("compare", "Traffic per hour of both", compareHeight),
			p.ofOther(),
			app.Div().Class("two").Body(p.comparedTotals(), p.movers()),
		),
	)
}

// comparedCaption says what the chart shows.
func (p *Page) comparedCaption() string {
	text := p.unitOf("compare") + " · bars: this, line: the other"
	if shift := p.shift(); shift != 0 {
		by := label.Duration(max(shift, -shift) * 1e9)
		if days := max(shift, -shift) / (24 * trace.HourS); shift%(24*trace.HourS) == 0 {
			by = plural(days, "day")
		}
		text += ", " + by + map[bool]string{true: " later", false: " earlier"}[shift > 0] + " than it was"
	}
	return strings.TrimPrefix(text, " · ")
}

func (p *Page) shift() int64 { return compare.Shift(p.selected(), p.other.report, p.other.align) }

// ofOther says when the other was, and of which packets either is where these are not all: then that may be the whole difference.
func (p *Page) ofOther() app.UI {
	a, b := p.selected(), p.other.report
	text := "The other: " + p.spanOf(b) + "."
	if a.Selection.Filter != b.Selection.Filter {
		text += " This is of " + filterInWords(a) + ", the other of " + filterInWords(b) + ", so they differ for that alone."
	}
	return muted(text)
}

func filterInWords(r *report.Report) string {
	if r.Selection.Filter == "" {
		return "all packets"
	}
	return r.Selection.Filter
}

// comparedTotals are the figures of the tiles.
func (p *Page) comparedTotals() app.UI {
	a, b := p.selected(), p.other.report
	var rows []app.UI
	row := func(name string, now, before float64, text func(v float64) string) {
		rows = append(rows, app.Tr().Body(td("key", name), td("n", text(now)), td("n", text(before)), td("n", label.Change(now, before))))
	}
	count := func(v float64) string { return label.Count(int64(v)) }
	volume := func(v float64) string { return p.bytes(int64(v)) }
	hours := func(r *report.Report) (n float64) {
		for _, h := range r.Hours {
			n += float64(boolIndex(h.Captured))
		}
		return n
	}
	per := func(n int64, of float64) float64 {
		if of <= 0 {
			return 0
		}
		return float64(n) / of
	}
	seconds := func(r *report.Report) float64 { return float64(r.End-r.Start) / 1e9 }
	row("Volume", float64(a.Bytes), float64(b.Bytes), volume)
	row("Packets", float64(a.Packets), float64(b.Packets), count)
	row("Rate, mean", per(8*a.Bytes, seconds(a)), per(8*b.Bytes, seconds(b)), label.Rate)
	row("Duration", seconds(a), seconds(b), func(v float64) string { return label.Duration(int64(v * 1e9)) })
	row("Hours captured", hours(a), hours(b), count)
	row("Volume per hour captured", per(a.Bytes, hours(a)), per(b.Bytes, hours(b)), volume)
	row("Addresses", float64(a.Addresses), float64(b.Addresses), count)
	row("Median length", a.Box.Median, b.Box.Median, func(v float64) string { return label.Number(v) + " B" })
	heads := []app.UI{th("", "Figure"), th("n", "This"), th("n", "The other"), th("n", "Change")}
	return scrolled("wholist", "Totals of both", table("compare-totals", heads, rows))
}

// movers are the rows of a top list that have become more, or less, by most.
func (p *Page) movers() app.UI {
	o, kind := &p.other, whoKinds[p.other.kind]
	names := make([]string, len(whoKinds))
	for i, k := range whoKinds {
		names[i] = k.name
	}
	list := compare.Movers(p.selected(), o.report, kind.list)
	list = list[:min(len(list), mostMovers)]
	largest := int64(1)
	for _, m := range list {
		change, _ := m.Bytes()
		largest = max(largest, change, -change)
	}
	rows := make([]app.UI, len(list))
	for i, m := range list {
		rows[i] = p.mover(kind.list, m, largest)
	}
	if len(rows) == 0 {
		rows = append(rows, app.Tr().Body(td("muted", "Nothing is surely different in this list.").ColSpan(5)))
	}
	heads := []app.UI{th("", kind.head), th("barcell", "Less, more"), th("n", "This"), th("n", "The other"), th("n", "Change")}
	return app.Div().Body(
		app.Div().Class("row toggles").Body(p.toggle("Movers among", names, o.kind, func(i int) { o.kind = i })),
		scrolled("wholist", "Top movers", table("movers", heads, rows)),
	)
}

func (p *Page) mover(list report.List, m compare.Mover, largest int64) app.UI {
	row := report.Row{Key: m.Key, Other: m.Second}
	name := nameOf(list, row)
	change, atLeast := m.Bytes()
	share := strconv.FormatFloat(50*float64(max(change, -change))/float64(largest), 'f', 1, 64) + "%"
	bar, text := app.I().Class("more").Style("width", share), "+"+p.bytes(change)
	if change < 0 {
		bar, text = app.I().Class("less").Style("width", share), "−"+p.bytes(-change)
	}
	if atLeast {
		text = map[bool]string{true: "≥ ", false: "≤ "}[change > 0] + text
	}
	var mark app.UI = app.Span().Class("diverge").Body(bar)
	if term := termOf(list, row); term != nil && !p.readOnly() {
		mark = app.Button().Class("bar diverge").Title("Only "+name).Aria("label", "Filter by "+name).Body(bar).
			OnClick(func(app.Context, app.Event) { p.do(func() { p.toggleTerm(term) }) }, int(list), name)
	}
	return app.Tr().Body(app.Td().Class("key").Body(app.Text(name), app.Small().Class("called").Text(p.called(row))), app.Td().Class("barcell").Body(mark), td("n", p.amountOf(m.This)), td("n", p.amountOf(m.Other)), td("n", text))
}

// amountOf is what a report has of a key, or no more than which it has.
func (p *Page) amountOf(a compare.Amount) string {
	if a.Below {
		return "≤ " + p.bytes(a.Bytes)
	}
	return p.bytes(a.Bytes)
}

// compared draws the hours of both.
func (p *Page) compared() drawing {
	a, b, shift, measure := p.selected(), p.other.report, p.shift(), p.measure
	return drawing{id: "compare", of: [...]any{a, b, [...]int64{shift, int64(measure)}}, draw: func(o chart.Options) chart.Picture {
		o.Height, o.Units = compareHeight, p.units()
		these, others := compare.Hours(a.Hours, b.Hours, shift)
		return chart.Compare(measure.hours(these), measure.hours(others), o)
	}}
}

// readCompared says what both had in a column.
func (p *Page) readCompared(f *plot, v float64) reading {
	if p.other.report == nil {
		return reading{}
	}
	column := max(f.Pic.Column, 3600)
	start := min(int64(f.Pic.XMin)+int64((v-f.Pic.XMin)/float64(column))*column, int64(f.Pic.XMax)-column)
	amount := func(who string, r *report.Report, shift int64) string {
		b, captured := sumOf(r, start-shift, column)
		if !captured {
			return who + ": not captured"
		}
		return who + ": " + p.bytes(b.Bytes) + ", " + plural(b.Packets, "packet")
	}
	return reading{on: true, x: f.x(float64(start) + float64(column)/2), lines: []string{
		p.clock(start) + " to " + p.clock(start+column), amount("this", p.selected(), 0), amount("the other", p.other.report, p.shift()),
	}}
}
