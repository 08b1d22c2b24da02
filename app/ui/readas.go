package ui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/app/engine"
	"tracelens/app/internal/browser"
	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// A readAs is how a file is read, as the dialog about that stands.
type readAs struct {
	id      int64
	name    string
	preview *engine.Preview // nil until the first has come
	divided bool            // into cells: it is no capture
	layout  layout
	start   string // as it stands in the input
}

// Of a file so much is shown.
const (
	columnsShown = 40
	cellShown    = 32 // characters
)

// showLayout opens the dialog about how a file is read, or, with start, about when it began.
func (p *Page) showLayout(id int64, start bool) {
	i := slices.IndexFunc(p.account().files, func(f *report.File) bool { return f.ID == id })
	if i < 0 {
		return
	}
	r := &readAs{id: id, name: p.account().files[i].Name}
	p.reading = r
	p.engine.Preview(id, "", func(v engine.Preview) {
		p.do(func() {
			r.got(v)
			if ns, ok := parseUnix(v.Start); ok {
				in, _ := p.clocks()
				r.start = dateText(ns, in)
			}
			if start {
				p.ctx.Defer(func(app.Context) { browser.FocusAt("[data-testid=layout-start]", -1) })
			}
		})
	})
	p.ctx.Defer(func(app.Context) { browser.ToggleDialog("#layout") })
}

func (r *readAs) got(v engine.Preview) {
	r.preview = &v
	if l, ok := layoutOf(v.Format); ok {
		r.layout, r.divided = l, true
	}
}

// divide has the file that the dialog is about divided by another layout.
func (p *Page) divide(how func(l *layout)) {
	r := p.reading
	if r == nil {
		return
	}
	how(&r.layout)
	p.engine.Preview(r.id, r.layout.code(), func(v engine.Preview) {
		p.do(func() { r.got(v) })
	})
}

// correct has the file read otherwise, and closes the dialog.
func (p *Page) correct(c engine.Correction) {
	if r := p.reading; r != nil {
		browser.ToggleDialog("#layout")
		p.change(func() { p.engine.Correct(r.id, c) })
	}
}

func (p *Page) layoutDialog() app.UI {
	r := p.reading
	if r == nil {
		return dialog("layout", "How a file is read", app.Div())
	}
	var body []app.UI
	switch v := r.preview; {
	case v == nil:
		body = []app.UI{muted("Looking at the file.")}
	case r.divided:
		body = p.layoutForm(r)
	default:
		body = []app.UI{readAsWords(v.Words), problem(v.Error)}
		if v.Error == "" {
			body = append(body, muted("It says by itself what its packets are, and when they were: there is nothing to choose."))
		}
	}
	return dialog("layout", "How "+r.name+" is read", body...).DataSet("testid", "layout").On("close", func(app.Context, app.Event) { p.reading = nil })
}

// layoutForm is what the user can say of a file of lines.
func (p *Page) layoutForm(r *readAs) []app.UI {
	v, l := r.preview, r.layout
	_, understood, wrong := p.understood(r)
	start := []app.UI{muted("The times of this file are absolute.")}
	if l.relative() {
		start = []app.UI{
			app.Label().Class("row").Body(app.Span().Text("Times count from"),
				line("layout-start", "Times count from", "2017-01-08 11:00:00", r.start).Aria("describedby", "layout-understood").Aria("invalid", yes(wrong != "")).
					OnInput(func(ctx app.Context, _ app.Event) { p.reading.start = ctx.JSSrc().Get("value").String() })),
			app.P().ID("layout-understood").Class("muted said").Attr("role", "status").Text(understood),
			problem(wrong),
		}
	}
	return []app.UI{
		readAsWords(v.Words),
		app.Div().Class("row").Body(
			choice("Separator", separators, l.separator, func(word string) { p.divide(func(l *layout) { l.separator = word }) }),
			choice("Quotes", quotes, l.quotes, func(word string) { p.divide(func(l *layout) { l.quotes = word }) }),
			app.Label().Class("row").Body(app.Span().Text("The first row is line"),
				app.Input().Type("number").DataSet("testid", "layout-first").Min(1).Value(l.firstRow).OnChange(func(ctx app.Context, _ app.Event) {
					if n, err := strconv.Atoi(ctx.JSSrc().Get("value").String()); err == nil && n > 0 {
						p.divide(func(l *layout) { l.firstRow = n })
					}
				})),
		),
		p.cells(r),
		problem(v.Error),
		app.Div().Body(start...),
		app.P().Class("row").Body(
			act("button primary", "layout-apply", "Read it so", "", func() {
				start, _, _ := p.understood(p.reading)
				p.correct(engine.Correction{Format: p.reading.layout.code(), Start: start})
			}).Disabled(v.Error != "" || wrong != ""),
			act("button", "layout-found", "As it was found", "", func() { p.correct(engine.Correction{}) }),
		),
	}
}

// readAsWords is how the file is read, in words, if it can be.
func readAsWords(words string) app.UI {
	if words == "" {
		return muted("It could not be read so far.")
	}
	return app.P().Text("Read as: " + words + ".")
}

// understood is the start that was typed, for the engine and in words, or what is wrong with it.
func (p *Page) understood(r *readAs) (start, words, wrong string) {
	if !r.layout.relative() {
		return "", "", ""
	}
	in, name := p.clocks()
	if strings.TrimSpace(r.start) == "" {
		return "", "As the file's name says, if that is an hour (unix seconds); else it stays unknown.", ""
	}
	ns, wrong := parseStart(r.start, in)
	if wrong != "" {
		return "", "", wrong
	}
	ns = trace.Floor(ns, trace.Second) // hour files begin at one
	return unixText(ns), "That is " + dateInWords(ns, in) + ", " + name + ".", ""
}

// cells are the file's first lines, as they are divided, each column with what it means.
func (p *Page) cells(r *readAs) app.UI {
	lines, l := r.preview.Lines, r.layout
	columns := len(l.columns)
	for _, line := range lines {
		columns = max(columns, len(line))
	}
	shown := min(columns, columnsShown)
	heads := []app.UI{th("n", "Line")}
	for i := range shown {
		heads = append(heads, app.Th().Scope("col").Body(choice("Column "+strconv.Itoa(i+1), meanings, l.meaning(i), func(word string) { p.divide(func(l *layout) { *l = l.withColumn(i, word) }) })))
	}
	if columns > shown {
		heads = append(heads, th("", "and "+label.Count(int64(columns-shown))+" more columns"))
	}
	rows := make([]app.UI, len(lines))
	for k, line := range lines {
		cells := []app.UI{td("n muted", strconv.Itoa(k+1))}
		for _, cell := range line[:min(len(line), shown)] {
			cells = append(cells, td("", cut(cell)))
		}
		row := app.Tr()
		if k+1 < l.firstRow {
			row.Class("muted")
		}
		rows[k] = row.Body(cells...)
	}
	return scrolled("scroll", "The first lines", table("layout-cells", heads, rows))
}

// choice is one of several options.
func choice(name string, of []option, chosen string, choose func(word string)) app.UI {
	return app.Label().Class("choice").Body(app.Span().Text(name), app.Select().DataSet("testid", "layout-"+slug(strings.ToLower(name))).OnChange(func(ctx app.Context, _ app.Event) {
		choose(ctx.JSSrc().Get("value").String())
	}, name).Body(app.Range(of).Slice(func(i int) app.UI {
		return app.Option().Value(of[i].word).Text(of[i].text).Selected(of[i].word == chosen)
	})))
}

// cut is the beginning of a long cell.
func cut(cell string) string {
	for i := range cell {
		if len([]rune(cell[:i])) == cellShown {
			return cell[:i] + "…"
		}
	}
	return cell
}

// problem says what is wrong. It is there before it says anything, since else screen readers would not read it out.
func problem(text string) app.UI { return app.P().Class("warn said").Attr("role", "alert").Text(text) }
