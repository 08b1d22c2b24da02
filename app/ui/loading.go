package ui

import (
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/app/engine"
)

// loadingCard says how far the load is, and offers to stop it. Figures of what is counted so far stand below it. It is a component of
// its own, which the progress of a load updates several times a second and leaves the page alone.
type loadingCard struct {
	app.Compo
	Progress engine.Progress
	page     *Page
}

func (l *loadingCard) OnMount(ctx app.Context) { l.page.loading, l.page.loadingCtx = l, ctx }
func (l *loadingCard) OnDismount()             { l.page.loading = nil }

func (l *loadingCard) Render() app.UI {
	g := l.Progress
	text := "Starting"
	if g.Total > 0 {
		text = bytes(g.Bytes) + " of " + bytes(g.Total) + " · " + label.Count(g.Rows) + " rows"
		if g.MS > 0 {
			text += " · " + label.Count(g.Rows*1000/g.MS) + " rows/s"
		}
	}
	return app.Section().Class("card loading").Aria("busy", "true").Body(
		app.H2().Body(app.Text("Reading "), app.Small().Text(g.File)),
		app.Div().Class("bar").Attr("role", "progressbar").Aria("label", "Read so far").Aria("valuenow", percent(g.Bytes, g.Total)).Aria("valuemin", "0").Aria("valuemax", "100").
			Body(app.I().Style("transform", "scaleX("+share(g.Bytes, g.Total)+")")),
		app.P().Class("row spread").Body(
			app.Span().DataSet("testid", "progress").Text(text),
			app.Button().Class("button").DataSet("testid", "cancel").Text("Cancel").OnClick(l.page.cancel),
		),
	)
}

// progressed shows how far a load is.
func (p *Page) progressed(v engine.Progress) {
	if l := p.loading; l != nil && v.File == p.progress.File {
		p.loadingCtx.Dispatch(func(app.Context) { p.progress, l.Progress = v, v })
		return
	}
	p.do(func() { p.progress = v })
}

func share(part, whole int64) string {
	if whole <= 0 {
		return "0"
	}
	return strconv.FormatFloat(float64(part)/float64(whole), 'f', 4, 64)
}

func percent(part, whole int64) string {
	if whole <= 0 {
		return "0"
	}
	return strconv.FormatFloat(100*float64(part)/float64(whole), 'f', 1, 64)
}
