package ui

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/app/internal/browser"
)

// maxNumbers is how many rows of a chart's numbers are shown; the CSV has all.
const maxNumbers = 500

// showNumbers opens what a chart shows as a table, for who would rather read it, or cannot see it.
func (p *Page) showNumbers(id string) {
	browser.CloseDetails(".more") // the focus comes back to its button
	p.do(func() {
		p.numbers = id
		p.ctx.Defer(func(app.Context) { browser.ToggleDialog("#numbers") })
	})
}

func (p *Page) numbersDialog() app.UI {
	f := p.plots[p.numbers]
	if f == nil || p.whole.Report == nil {
		return dialog("numbers", "Numbers", app.Div())
	}
	rows := p.numbersOf(p.numbers)
	heads, rows := rows[0], rows[1:]
	note := "The same as the CSV: bytes, packets, and seconds since 1970 in UTC."
	if n := len(rows); n > maxNumbers {
		rows, note = rows[:maxNumbers], "The first "+label.Count(maxNumbers)+" of "+label.Count(int64(n))+" rows; the CSV has all."
	}
	return dialog("numbers", f.Title,
		app.Div().Class("scroll").TabIndex(0).Attr("role", "region").Aria("label", f.Title).Body(
			app.Table().DataSet("testid", "numbers").Body(
				app.THead().Body(app.Tr().Body(app.Range(heads).Slice(func(i int) app.UI { return th("n", heads[i]) }))),
				app.TBody().Body(app.Range(rows).Slice(func(i int) app.UI {
					return app.Tr().Body(app.Range(rows[i]).Slice(func(k int) app.UI { return td("n", rows[i][k]) }))
				})),
			),
		),
		app.P().Class("muted").Text(note),
	).On("close", func(app.Context, app.Event) { p.numbers = "" })
}

// dialog is a card in front of a page that rests meanwhile. The browser keeps the focus in it, and gives it back to what had it.
func dialog(id, title string, body ...app.UI) app.HTMLDialog {
	head := app.H2().Body(app.Span().ID(id+"-title").Text(title), app.Span().Class("right").Body(link("close", func() { browser.ToggleDialog("#" + id) })))
	return app.Dialog().ID(id).Class("card").Aria("labelledby", id+"-title").Attr("closedby", "any").Body(append([]app.UI{head}, body...)...)
}
