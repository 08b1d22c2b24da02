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

// Of programs and sites so many are drawn by name: beyond that, colours would be hard to tell from each other.
const (
	programsDrawn = 8
	sitesDrawn    = 12
	stackedDrawn  = 8
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

// drawnOf is a list for a chart: the first n by name, the others together, and nobody; to says where in it a place of the report's list is.
func drawnOf(list []report.Entry, n int, many int64, others, nobody report.Volume) (drawn []chart.Cause, to func(place int) int) {
	n = min(n, len(list))
	for _, e := range list[:n] {
		drawn = append(drawn, chart.Cause{Name: e.Key, Bytes: e.Bytes})
	}
	for _, e := range list[n:] {
		others.Bytes += e.Bytes
		others.Packets += e.Packets
	}
	other, none := -1, -1
	if others.Packets > 0 {
		other = len(drawn)
		drawn = append(drawn, chart.Cause{Name: label.Count(many-int64(n)) + " others", Bytes: others.Bytes, Kind: chart.Others})
	}
	if nobody.Packets > 0 {
		none = len(drawn)
		drawn = append(drawn, chart.Cause{Name: unattributed, Bytes: nobody.Bytes, Kind: chart.Unattributed})
	}
	return drawn, func(place int) int {
		switch {
		case place == report.NoCause:
			return none
		case place == report.OtherCause || place >= n:
			return other
		}
		return place
	}
}

// linksOf is what the chart of links shows.
func linksOf(c *report.Causes) chart.Causes {
	programs, programAt := drawnOf(c.Program, programsDrawn, c.Programs, c.OtherProgram, c.NoProgram)
	sites, siteAt := drawnOf(c.Site, sitesDrawn, c.Sites, c.OtherSite, c.NoSite)
	bytes := map[[2]int]int64{}
	for _, l := range c.Links {
		bytes[[2]int{programAt(l.Program), siteAt(l.Site)}] += l.Bytes
	}
	drawn := chart.Causes{Programs: programs, Sites: sites}
	for program := range programs {
		for site := range sites {
			if n := bytes[[2]int{program, site}]; n > 0 {
				drawn.Links = append(drawn.Links, chart.CauseLink{Program: program, Site: site, Bytes: n})
			}
		}
	}
	return drawn
}

// stackOf is what the chart of times shows.
func stackOf(c *report.Causes, bySite bool, r *report.Report) (s chart.Stacked) {
	list, to := drawnOf(c.Program, stackedDrawn, c.Programs, c.OtherProgram, c.NoProgram)
	listed, of := len(c.Program), func(b *report.CauseBin) []int64 { return b.Program }
	if bySite {
		list, to = drawnOf(c.Site, stackedDrawn, c.Sites, c.OtherSite, c.NoSite)
		listed, of = len(c.Site), func(b *report.CauseBin) []int64 { return b.Site }
	}
	s.Step, s.Hours = c.WidthS, r.Hours
	if len(c.Times) == 0 {
		return s
	}
	s.First = c.Times[0].Start
	s.Start, s.End = s.First, c.Times[len(c.Times)-1].Start+s.Step
	if sel := r.Selection; sel.To > sel.From {
		s.Start, s.End = int64(sel.From)/1e9, int64(sel.To)/1e9
	}
	bins := (c.Times[len(c.Times)-1].Start-s.First)/s.Step + 1
	for _, cause := range list {
		s.Parts = append(s.Parts, chart.Part{Name: cause.Name, Kind: cause.Kind, Bytes: make([]int64, bins)})
	}
	for i := range c.Times {
		b := &c.Times[i]
		for place, n := range of(b) {
			switch place {
			case listed:
				place = report.OtherCause
			case listed + 1:
				place = report.NoCause
			}
			if part := to(place); part >= 0 {
				s.Parts[part].Bytes[(b.Start-s.First)/s.Step] += n
			}
		}
	}
	return s
}

// causeDrawings are the charts of who is behind the traffic.
func (p *Page) causeDrawings() (list []drawing) {
	c := p.causes()
	if c == nil {
		return nil
	}
	if p.linked() {
		list = append(list, drawing{id: "causes", of: [...]any{c, nil, nil}, draw: func(o chart.Options) chart.Picture {
			p.cause.drawn = linksOf(c)
			return chart.Sankey(p.cause.drawn, o)
		}})
	}
	r, bySite := p.selected(), p.stackedBySite()
	return append(list, drawing{id: "stack", of: [...]any{c, bySite, nil}, draw: func(o chart.Options) chart.Picture {
		p.cause.piled = stackOf(c, bySite, r)
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
			return unattributed
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
	rows = [][]string{append(head, "others", unattributed)}
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
