package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/app/explore"
	"tracelens/shared/selection"
)

// selectionBar says what is selected, and chooses how amounts and times are written. It is there as soon as there are figures, so that nothing
// moves when something is selected.
func (p *Page) selectionBar() app.UI {
	bar := app.Section().Class("selection").Aria("label", "Selection")
	if p.whole.Report == nil || p.state == Error {
		return bar
	}
	return bar.Body(p.chips(), p.toolbar())
}

// chips are what is chosen, one for each part of it, to be taken away with a click.
func (p *Page) chips() app.UI {
	var list []app.UI
	add := func(kind, text string, without func(c *explore.Choice)) {
		list = append(list, app.Button().Class("chip").DataSet("testid", "chip-"+kind).Title("Remove: "+text).Aria("label", "Remove "+text).
			Body(app.Span().Text(text), app.I().Aria("hidden", "true").Text("×")).
			OnClick(func(app.Context, app.Event) { p.alter(without) }, text, len(list)))
	}
	if s := p.choice.Time; !s.Any() {
		add("time", p.spanInWords(s.From, s.To)+" ("+label.Duration((s.To-s.From)*1e9)+")", func(c *explore.Choice) { c.Time = explore.Span{} })
	}
	if s := p.choice.Lengths; !s.Any() {
		add("lengths", lengthsInWords(s.From, s.To-1), func(c *explore.Choice) { c.Lengths = explore.Span{} })
	}
	for i, term := range p.choice.Filter.Terms() {
		add("term", term.Text(), func(c *explore.Choice) {
			terms := c.Filter.Terms()
			c.Filter = selection.All(append(append([]*selection.Expr{}, terms[:i]...), terms[i+1:]...)...)
			c.Text = c.Filter.Text()
		})
	}
	switch {
	case p.readOnly():
		list = append(list, app.Span().Class("muted").Text(p.ofPart()))
	case len(list) == 0:
		list = append(list, app.Span().Class("muted").Text("All packets. Drag over a chart, click a bar or type a filter to select."))
	case p.selected().Packets == 0 && p.whole.Report.Packets > 0:
		list = append(list, app.Span().Class("warn").Attr("role", "status").Text("No packets are in this selection."))
	}
	if !p.choice.Everything() {
		list = append(list, link("clear all", p.clearAll))
	}
	return app.Div().Class("chips").DataSet("testid", "chips").Attr("role", "group").Aria("label", "What is selected").Body(list...)
}

func (p *Page) clearAll() { p.choose(explore.Choice{}, true) }

// ofPart says of which part of its trace a report is that was opened.
func (p *Page) ofPart() string {
	s, text := p.whole.Report.Selection, ""
	if s.To > s.From {
		text = p.spanInWords(int64(s.From)/1e9, int64(s.To)/1e9)
	}
	if s.Filter != "" {
		text = strings.TrimPrefix(text+", "+s.Filter, ", ")
	}
	if text == "" {
		text = "all packets"
	}
	return "A report of " + text + ". Its packets are not in it, so there is nothing to select."
}
