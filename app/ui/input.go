package ui

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/shared/report"
)

// inputCard accounts for every file that was given, and for every line that was read.
func (p *Page) inputCard() app.UI {
	a, in := p.account(), p.whole.Report.Input
	files := plural(int64(len(a.files)), "file")
	if a.names > 0 {
		files += ", and " + plural(a.names, "file") + " of names"
	}
	return app.Section().Class("card").ID("input").TabIndex(-1).Aria("labelledby", "input-title").Body(
		app.H2().Body(app.Span().ID("input-title").Text("What was read"), small(files+" · "+label.Count(in.Rows)+" rows · "+skippedInWords(in.Skipped))),
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
	heads := []app.UI{th("", "File"), th("n", "Size"), th("n", "Rows"), th("", "Time"), th("", "Remarks")}
	if t.Given {
		heads = append(heads, app.Th().Scope("col").Body(app.Span().Class("unseen").Text("What can be done with it")))
	}
	rows := make([]app.UI, len(shown))
	for i, f := range shown {
		rows[i] = t.row(f)
	}
	return app.Div().DataSet("testid", "input").Body(scrolled("scroll files", "Files", table("input-files", heads, rows)), t.pages(len(a.files)), t.ignored(a))
}

func (t *inputTable) row(f *report.File) app.UI {
	name := []app.UI{app.Span().Text(f.Name)}
	if f.Within != "" {
		name = append(name, small("in "+f.Within))
	}
	if f.Format != "" {
		name = append(name, small(f.Format))
	}
	what := trouble(f)
	rows, times := none, none
	if f.Rows > 0 || what > leftOut {
		rows = label.Count(f.Rows)
	}
	if f.Rows > 0 {
		times = t.page.spanInWords(int64(f.Start)/1e9, int64(f.End)/1e9)
	}
	cells := []app.UI{
		app.Td().Class("key").Body(name...),
		td("n", bytes(f.Bytes)).DataSet("head", "Size"), td("n"+noneClass(rows), rows).DataSet("head", "Rows"), td(noneClass(times), times).DataSet("head", "Time"),
		t.remarks(f),
	}
	if t.Given {
		doing := []app.UI{t.act("remove", "Remove", f, t.page.remove)}
		if what != leftOut {
			doing = []app.UI{t.act("read-as", "Read as…", f, func(id int64) { t.page.showLayout(id, false) }), doing[0]}
		}
		cells = append(cells, app.Td().Class("doing").Body(doing...))
	}
	return app.Tr().Body(cells...)
}

// none stands where there is nothing to say, if there is room for that.
const none = "–"

func noneClass(text string) string {
	if text == none {
		return " none"
	}
	return ""
}

// remarks are what there is to say about a file, and what to do about it.
func (t *inputTable) remarks(f *report.File) app.UI {
	list := remarks(f)
	if len(list) == 0 {
		return td(noneClass(none), none).DataSet("head", "Remarks")
	}
	said := make([]app.UI, len(list), len(list)+1)
	for i, text := range list {
		line := app.Div().Text(text)
		if i == 0 && f.Error != "" {
			line.Class("warn")
		}
		said[i] = line
	}
	switch {
	case !t.Given || f.Same == "" || f.Error != "":
	case trouble(f) == leftOut:
		said = append(said, t.page.twiceButton(f))
	default:
		said = append(said, t.act("take-out", "Take out", f, t.page.remove))
	}
	return app.Td().Class("key").DataSet("head", "Remarks").Body(app.Div().Body(said...))
}

// act is a button for a file.
func (t *inputTable) act(testID, text string, f *report.File, do func(id int64)) app.UI {
	id := f.ID
	return act("link", testID, text, f.Name, func() { t.page.do(func() { do(id) }) }, id)
}

// pages go on to further files and back, where there are many.
func (t *inputTable) pages(files int) app.UI {
	row := app.P().Class("row muted pages")
	if files <= filesShown {
		return row
	}
	to := func(text string, first int) app.UI {
		return act("button", "files-"+text, text, "", func() { t.first = first }, first).Disabled(first < 0 || first >= files)
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
	var list []app.UI
	for _, f := range a.ignored[:min(n, ignoredShown)] {
		list = append(list, app.Li().Text(path(f)+kindOf(f)))
	}
	if more := n - ignoredShown; more > 0 {
		list = append(list, app.Li().Text("and "+label.Count(int64(more))+" more"))
	}
	return app.Div().Class("muted").Body(app.Details().Body(app.Summary().Text(a.ignoredInWords()), app.Ul().Body(list...)))
}
