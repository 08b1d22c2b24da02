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
	lines    int // that there have been at once: what stands below does not move when there are fewer
}

// maxReading is how many of the files that are being read right now have a line of their own, and lineHeight how high that is, in CSS pixels.
const (
	maxReading = 8
	lineHeight = 20
)

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
	caption := g.File
	if g.Files > 1 {
		caption = label.Count(int64(g.Done)) + " of " + label.Count(int64(g.Files)) + " files read"
	}
	return app.Section().Class("card loading").Aria("busy", "true").Body(
		app.H2().Body(app.Text("Reading "), app.Small().Text(caption)),
		bar("Read so far", g.Bytes, g.Total),
		l.files(),
		app.P().Class("row spread").Body(
			app.Span().DataSet("testid", "progress").Text(text),
			app.Button().Class("button").DataSet("testid", "cancel").Text("Cancel").OnClick(l.page.cancel),
		),
	)
}

// files are those that are being read right now, where there are several.
func (l *loadingCard) files() app.UI {
	list := app.Div().Class("reading").DataSet("testid", "reading")
	if l.Progress.Files <= 1 {
		return list
	}
	reading := l.Progress.Reading[:min(len(l.Progress.Reading), maxReading)]
	l.lines = max(l.lines, len(reading))
	return list.Style("min-height", strconv.Itoa(l.lines*lineHeight)+"px").Body(app.Range(reading).Slice(func(i int) app.UI {
		f := reading[i]
		return app.Div().Body(app.Span().Text(f.Name), bar(f.Name, f.Bytes, f.Total), app.Span().Text(bytes(f.Bytes)+" of "+bytes(f.Total)))
	}))
}

// bar is how much of something has been read.
func bar(name string, read, total int64) app.UI {
	return app.Div().Class("bar").Attr("role", "progressbar").Aria("label", name).Aria("valuenow", percent(read, total)).Aria("valuemin", "0").Aria("valuemax", "100").
		Body(app.I().Style("transform", "scaleX("+share(read, total)+")"))
}

// whatLoads is what is loaded: the file's name, or how many there are.
func whatLoads(v engine.Progress) string {
	if v.Files > 1 {
		return label.Count(int64(v.Files)) + " files"
	}
	return v.File
}

// progressed shows how far a load is.
func (p *Page) progressed(v engine.Progress) {
	if l := p.loading; l != nil && whatLoads(v) == whatLoads(p.progress) {
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
