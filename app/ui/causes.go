package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart"
	"tracelens/app/chart/label"
	"tracelens/app/internal/browser"
	"tracelens/shared/report"
	"tracelens/shared/selection"
)

// Heights of the charts of causes while they have not been drawn.
const (
	sankeyHeight = 330
	stackHeight  = 220
)

// causeView is how the page shows who is behind the traffic.
type causeView struct {
	bySite bool           // the chart of times
	last   *report.Causes // of this trace
	drawn  chart.Causes   // as they were
	piled  chart.Stacked
}

// causes are who is behind what is selected; nil where nobody is known. While somebody drags over many packets they are not counted, and the last
// ones stay.
func (p *Page) causes() *report.Causes {
	whole := p.whole.Report
	if whole == nil || whole.Causes == nil || whole.Causes.Programs+whole.Causes.Sites == 0 {
		return nil
	}
	if c := p.selected().Causes; c != nil {
		p.cause.last = c
	} else if p.cause.last == nil {
		p.cause.last = whole.Causes
	}
	return p.cause.last
}

// linked reports whether programs and sites are both known, so that there is something between them.
func (p *Page) linked() bool {
	return p.whole.Report.Causes.Programs > 0 && p.whole.Report.Causes.Sites > 0
}

// stackedBySite reports whether the chart of times is of sites.
func (p *Page) stackedBySite() bool {
	c := p.whole.Report.Causes
	return c.Programs == 0 || p.cause.bySite && c.Sites > 0
}

// causesCard answers "who is behind it?".
func (p *Page) causesCard() app.UI {
	c := p.causes()
	if c == nil {
		return app.Section().Hidden(true)
	}
	var links app.UI = app.Div()
	caption := "over time"
	if p.linked() {
		caption = "which program had to do with which site, and when"
		links = p.plot("causes", "Programs and their sites", sankeyHeight)
	}
	var by app.UI = app.Div()
	if p.linked() {
		by = p.toggle("Over time by", []string{"by program", "by site"}, boolIndex(p.stackedBySite()), func(i int) {
			p.cause.bySite = i == 1
			p.drawAll()
		})
	}
	return p.card("causes", "Who is behind it", caption, nil, links,
		app.Div().Class("row spread toggles").Body(muted(p.unattributedInWords(c)), by),
		p.plot("stack", "Traffic over time, by who is behind it", stackHeight),
	)
}

// unattributedInWords says how much of the traffic is nobody's, as far as is known, and what the columns of the chart of times are.
func (p *Page) unattributedInWords(c *report.Causes) string {
	r := p.selected()
	text := ""
	if p.whole.Report.Causes.Programs > 0 {
		text = label.Percent(c.NoProgram.Bytes, r.Bytes) + " of the bytes are of no program that is known"
	} else {
		text = "Programs are known of what a helper captures on its own machine"
	}
	if p.whole.Report.Causes.Sites > 0 {
		if text += ", " + label.Percent(c.NoSite.Bytes, r.Bytes); p.whole.Report.Causes.Programs == 0 {
			text += " of the bytes are"
		}
		text += " of no site that is known"
	}
	text += "."
	if pic := p.pictures["stack"]; pic.Column > 0 {
		text += " Over time: " + pic.Unit + " in each " + label.Duration(pic.Column*1e9) + "."
	}
	return text
}

// causeDrawings are the charts of who is behind the traffic.
func (p *Page) causeDrawings() (list []drawing) {
	c := p.causes()
	if c == nil {
		return nil
	}
	if p.linked() {
		list = append(list, drawing{id: "causes", of: [...]any{c, nil, nil}, draw: func(o chart.Options) chart.Picture {
			p.cause.drawn = chart.CausesOf(c)
			return chart.Sankey(p.cause.drawn, o)
		}})
	}
	r, bySite := p.selected(), p.stackedBySite()
	return append(list, drawing{id: "stack", of: [...]any{c, bySite, nil}, draw: func(o chart.Options) chart.Picture {
		p.cause.piled = chart.StackedOf(c, bySite, r)
		return chart.Stack(p.cause.piled, o)
	}})
}

// pointedCause says what a pointer is at in one of these charts, and makes it part of the filter when it is clicked.
func (p *Page) pointedCause(f *plot, e browser.Pointer) bool {
	scale := 1.0
	if e.Width > 0 {
		scale = float64(f.Pic.Width) / e.Width
	}
	m, on := f.Pic.At(e.X*scale, e.Y*scale)
	switch {
	case e.Kind == browser.PointerLeave || e.Kind == browser.PointerMove && !on:
		p.readNothing(f)
	case e.Kind == browser.PointerMove:
		at := reading{on: true, free: true, x: e.X * scale, y: e.Y * scale}
		if f.ID == "causes" {
			at.lines = p.cause.drawn.Words(m, p.volumeUnits())
		} else {
			at.lines = p.cause.piled.Words(m, p.pictures[f.ID].look.Options)
		}
		p.readIs(f, at)
	case e.Kind == browser.PointerUp && on && !p.readOnly():
		if term := p.termOfMark(f.ID, m); term != nil {
			p.toggleTerm(term)
		}
		return true
	}
	return false
}

// termOfMark is the filter for what a mark stands for; nil for others that have no name.
func (p *Page) termOfMark(id string, m chart.Mark) *selection.Expr {
	name := func(n string, k chart.Kind) string {
		if k == chart.Unattributed {
			return ""
		}
		return n
	}
	var terms []*selection.Expr
	add := func(field selection.Field, n string, k chart.Kind) {
		if k != chart.Others {
			terms = append(terms, ofCause(field, name(n, k)))
		}
	}
	if id == "stack" {
		if m.Part >= len(p.cause.piled.Parts) {
			return nil
		}
		field := selection.Process
		if p.stackedBySite() {
			field = selection.Site
		}
		part := p.cause.piled.Parts[m.Part]
		add(field, part.Name, part.Kind)
		return selection.All(terms...)
	}
	d := &p.cause.drawn
	if m.Program >= 0 && m.Program < len(d.Programs) {
		add(selection.Process, d.Programs[m.Program].Name, d.Programs[m.Program].Kind)
	}
	if m.Site >= 0 && m.Site < len(d.Sites) {
		add(selection.Site, d.Sites[m.Site].Name, d.Sites[m.Site].Kind)
	}
	return selection.All(terms...)
}

// causeNumbers are the numbers of the charts of who is behind the traffic, of all that are listed.
func (p *Page) causeNumbers(id string) (rows [][]string) {
	c := p.causes()
	if c == nil {
		return nil
	}
	n := func(v int64) string { return strconv.FormatInt(v, 10) }
	name := func(list []report.Entry, place int) string {
		switch place {
		case report.OtherCause:
			return "others"
		case report.NoCause:
			return label.Unattributed
		}
		return list[place].Key
	}
	if id == "causes" {
		rows = [][]string{{"program", "site", "bytes", "packets"}}
		for _, l := range c.Links {
			rows = append(rows, []string{name(c.Program, l.Program), name(c.Site, l.Site), n(l.Bytes), n(l.Packets)})
		}
		return rows
	}
	list := c.Program
	if p.stackedBySite() {
		list = c.Site
	}
	head := []string{"start", "seconds"}
	for i := range list {
		head = append(head, name(list, i))
	}
	rows = [][]string{append(head, "others", label.Unattributed)}
	for _, b := range c.Times {
		row, cells := []string{n(b.Start), n(c.WidthS)}, b.Program
		if p.stackedBySite() {
			cells = b.Site
		}
		for _, bytes := range cells {
			row = append(row, n(bytes))
		}
		rows = append(rows, row)
	}
	return rows
}
