package ui

import (
	"encoding/json"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/app/internal/browser"
)

func (p *Page) header() app.UI {
	return app.Header().Body(
		app.B().Class("logo").Body(app.Span(), app.Text("Tracelens")),
		app.Div().Class("source").DataSet("testid", "status").DataSet("state", string(p.shown())).DataSet("trace", p.trace).Aria("live", "polite").Body(p.status()...),
		app.If(p.whole.Report != nil && p.state != Error, &filterBox{Applied: p.choice.Text, page: p}),
		app.Div().Class("actions").Body(
			app.Span().Body(app.If(p.whole.Report != nil && p.state != Error, // in a place of its own, so that the others keep theirs
				app.Button().Class("button").DataSet("testid", "report-json").Title("Download every figure as report.json").
					OnClick(p.downloadReport).Text("report.json"),
			)),
			app.Label().Class("button primary").Body(
				app.Input().Type("file").Multiple(true).DataSet("testid", "files").Class("hidden-input").Aria("label", "Choose trace files"),
				app.Text("Open files"),
			),
			app.Button().Class("button icon keys").Title("Keys").Aria("label", "Show the keys").OnClick(func(app.Context, app.Event) { toggleHelp() }).Text("?"),
			app.Button().Class("button icon").Title("Light or dark").Aria("label", "Switch between light and dark").OnClick(func(app.Context, app.Event) { p.switchTheme() }).Text("☾"),
		),
	)
}

// status is one line that says what is open.
func (p *Page) status() []app.UI {
	switch {
	case p.state == Error:
		return []app.UI{app.Text("Error")}
	case p.state == Loading:
		return []app.UI{app.Text("Loading " + p.progress.File)}
	case p.live.Open && p.live.Capturing:
		return []app.UI{app.Span().Class("pulse"), app.Text(" " + p.live.Source + " · live · " + p.filesInWords())}
	case p.live.Open:
		return []app.UI{app.Text("helper · " + p.filesInWords())}
	case p.state == Ready:
		return []app.UI{app.Text(p.filesInWords())}
	}
	return []app.UI{app.Text("No trace open")}
}

func (p *Page) filesInWords() string {
	if p.whole.Report == nil {
		return "waiting for the first packet"
	}
	files := p.whole.Report.Input.Files
	total := int64(0)
	for _, f := range files {
		total += f.Bytes
	}
	if len(files) == 1 {
		return files[0].Name + " · " + bytes(total)
	}
	return label.Count(int64(len(files))) + " files · " + bytes(total)
}

// toggle is a small set of exclusive choices.
func (p *Page) toggle(name string, choices []string, chosen int, choose func(int)) app.UI {
	return app.Div().Class("toggle").Aria("label", name).Attr("role", "group").Body(
		app.Range(choices).Slice(func(i int) app.UI {
			return app.Button().Aria("pressed", yes(i == chosen)).Text(choices[i]).
				OnClick(func(app.Context, app.Event) { choose(i) }, i, name)
		}),
	)
}

func yes(on bool) string {
	if on {
		return "true"
	}
	return "false"
}

func boolIndex(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (p *Page) switchTheme() {
	if browser.Dark() {
		browser.SetTheme("light")
	} else {
		browser.SetTheme("dark")
	}
	p.drawAll()
}

func (p *Page) downloadReport(app.Context, app.Event) {
	text, err := json.Marshal(p.selected())
	if err != nil { // no figure is infinite
		p.note = "report.json cannot be written: " + err.Error()
		return
	}
	browser.Download(browser.NewFile(p.reportName(), text))
}

// reportName is report.json, and says of which part of the trace it is, if it is of one.
func (p *Page) reportName() string {
	if p.choice.Everything() {
		return "report.json"
	}
	return p.fileName("report", "json")
}

// notices say what went wrong or what is worth knowing, above the figures.
func (p *Page) notices() app.UI {
	var list []app.UI
	add := func(class, text string) {
		list = append(list, app.P().Class("notice "+class).Attr("role", "status").Text(text))
	}
	if p.problem != "" {
		add("error", p.problem)
	}
	if p.update {
		list = append(list, app.P().Class("notice").Body(app.Text("A newer version of this page is installed. "),
			app.Button().Class("link").Text("Reload").OnClick(func(ctx app.Context, _ app.Event) { ctx.Reload() })))
	}
	if p.note != "" {
		add("", p.note)
	}
	if p.live.Open && p.live.Problem != "" {
		add("error", p.live.Problem)
	}
	if r := p.whole.Report; r != nil {
		for _, f := range failures(r.Input) {
			add("error", f.Name+" was "+unread(f)+": "+f.Error+".")
		}
		if r.Relative && r.Packets > 0 {
			add("", "The file's name is no hour, so when it began is unknown: times count from its beginning.")
		}
		if r.Packets == 0 && p.state == Ready && !p.live.Open {
			add("", "There are no packets in what was opened.")
		}
	}
	return app.Section().Class("notices").Body(list...)
}

func footer() app.UI {
	return app.Footer().Text("Everything on this page is computed in this browser. Nothing leaves this machine.")
}
