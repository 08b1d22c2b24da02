package ui

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/shared/report"
)

// inputCard accounts for every file that was given, and for every line that was read.
func (p *Page) inputCard() app.UI {
	a, in := p.account(), p.whole.Report.Input
	return app.Section().Class("card").ID("input").TabIndex(-1).Aria("labelledby", "input-title").Body(
		app.H2().Body(app.Span().ID("input-title").Text("What was read"), app.Small().Text(plural(int64(len(a.files)), "file")+" · "+label.Count(in.Rows)+" rows · "+skippedInWords(in.Skipped))),
		&inputTable{Round: a.round, Zone: p.loc().String(), Relative: p.relative(), Origin: p.origin(), Given: p.of == ofFiles, page: p},
	)
}

// An inputTable is a component of its own, drawn again only when the files are others.
type inputTable struct {
	app.Compo
	Round    int    // of the account
	Zone     string // how times are written
	Relative bool
	Origin   int64
	Given    bool // by the user, who can change how they are read
	page     *Page
	first    int // of the files that are shown
}

const (
	filesShown   = 100 // at a time
	ignoredShown = 200
)

func (t *inputTable) Render() app.UI {
	a := t.page.account()
	if t.first >= len(a.files) {
		t.first = 0
	}
	shown := a.files[t.first:min(len(a.files), t.first+filesShown)]
	heads := []app.UI{
		app.Th().Scope("col").Text("File"), app.Th().Scope("col").Class("n").Text("Size"), app.Th().Scope("col").Class("n").Text("Rows"),
		app.Th().Scope("col").Text("Time"), app.Th().Scope("col").Text("Remarks"),
	}
	if t.Given {
		heads = append(heads, app.Th().Scope("col").Body(app.Span().Class("unseen").Text("What can be done with it")))
	}
	return app.Div().DataSet("testid", "input").Body(
		app.Div().Class("scroll files").TabIndex(0).Attr("role", "region").Aria("label", "Files").Body(
			app.Table().Aria("rowcount", len(a.files)+1).Body(
				app.THead().Body(app.Tr().Body(heads...)),
				app.TBody().Body(app.Range(shown).Slice(func(i int) app.UI { return t.row(shown[i]) })),
			),
		),
		t.pages(len(a.files)),
		t.ignored(a),
	)
}

func (t *inputTable) row(f *report.File) app.UI {
	var below []app.UI // the name
	if f.Within != "" {
		below = append(below, app.Small().Text("in "+f.Within))
	}
	if f.Format != "" {
		below = append(below, app.Small().Text(f.Format))
	}
	rows := "–"
	if trouble(f) != leftOut && (f.Error == "" || f.Rows > 0) {
		rows = label.Count(f.Rows)
	}
	class := ""
	if f.Error != "" {
		class = "warn"
	}
	list := remarks(f)
	said := make([]app.UI, len(list))
	for i, text := range list {
		said[i] = app.Div().Class(class).Text(text)
		class = ""
	}
	switch {
	case len(list) == 0:
		said = append(said, app.Text("–"))
	case trouble(f) == leftOut && t.Given:
		said = append(said, t.page.twiceButton(f))
	case f.Same != "" && t.Given:
		said = append(said, t.button("take-out", "Take out", "Take out "+f.Name, f, t.page.remove))
	}
	cells := []app.UI{
		app.Td().Class("key").Body(append([]app.UI{app.Span().Text(f.Name)}, below...)...),
		app.Td().Class("n").DataSet("head", "Size").Text(bytes(f.Bytes)), app.Td().Class("n").DataSet("head", "Rows").Text(rows),
		app.Td().DataSet("head", "Time").Text(t.times(f)), app.Td().Class("key").DataSet("head", "Remarks").Body(app.Div().Body(said...)),
	}
	if t.Given {
		var doing []app.UI
		if trouble(f) != leftOut {
			doing = append(doing, t.button("read-as", "Read as…", "Read as…, "+f.Name, f, t.page.showLayout))
		}
		cells = append(cells, app.Td().Class("doing").Body(append(doing, t.button("remove", "Remove", "Remove "+f.Name, f, t.page.remove))...))
	}
	return app.Tr().Body(cells...)
}

func (t *inputTable) button(id, text, name string, f *report.File, do func(id int64)) app.UI {
	number := f.ID
	return app.Button().Class("link").DataSet("testid", id).Aria("label", name).Text(text).
		OnClick(func(app.Context, app.Event) { t.page.do(func() { do(number) }) }, id, number)
}

// times are from when to when a file's packets are.
func (t *inputTable) times(f *report.File) string {
	if f.Rows == 0 {
		return "–"
	}
	return t.page.spanInWords(int64(f.Start)/1e9, int64(f.End)/1e9)
}

// pages go on to further files and back, where there are many.
func (t *inputTable) pages(files int) app.UI {
	row := app.P().Class("row muted pages")
	if files <= filesShown {
		return row
	}
	to := func(text string, first int) app.UI {
		return app.Button().Class("button").Disabled(first < 0 || first >= files).Text(text).OnClick(func(app.Context, app.Event) { t.first = first }, first, files)
	}
	last := min(files, t.first+filesShown)
	return row.Body(
		to("Previous", t.first-filesShown), to("Next", t.first+filesShown),
		app.Span().Attr("role", "status").Text(label.Count(int64(t.first)+1)+" to "+label.Count(int64(last))+" of "+label.Count(int64(files))+" files, those with problems first"),
	)
}

// ignored are the files that were left alone.
func (t *inputTable) ignored(a *account) app.UI {
	n := len(a.ignored)
	switch {
	case n == 0:
		return app.Div()
	case n <= namedIgnored:
		return app.Div().Class("muted").Text(a.ignoredInWords())
	}
	list := make([]app.UI, 0, ignoredShown+1)
	for _, f := range a.ignored[:min(n, ignoredShown)] {
		list = append(list, app.Li().Text(path(f)+kindOf(f)))
	}
	if more := n - ignoredShown; more > 0 {
		list = append(list, app.Li().Text("and "+label.Count(int64(more))+" more"))
	}
	return app.Div().Class("muted").Body(app.Details().Body(app.Summary().Text(a.ignoredInWords()), app.Ul().Body(list...)))
}
