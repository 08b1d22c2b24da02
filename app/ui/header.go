package ui

import (
	"encoding/json"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/internal/browser"
)

func (p *Page) header() app.UI {
	return app.Header().Body(
		app.B().Class("logo").Body(app.Span(), app.Text("Tracelens")),
		app.Div().Class("source").Body(
			app.Div().DataSet("testid", "status").DataSet("state", string(p.shown())).DataSet("trace", p.trace).Aria("live", "polite").Body(p.status()...),
			app.If(p.state != Empty, app.Button().Class("link").DataSet("testid", "close-trace").Title("Close what is open, and begin anew").Text("Close").OnClick(p.closeTrace)),
		),
		app.If(p.whole.Report != nil && p.state != Error && !p.readOnly(), &filterBox{Applied: p.choice.Text, page: p}),
		app.Div().Class("actions").Body(
			app.Span().Body(app.If(p.whole.Report != nil && p.state != Error, // in a place of its own, so that the others keep theirs
				app.Button().Class("button").DataSet("testid", "report-json").Title("Download every figure as report.json").
					OnClick(p.downloadReport).Text("report.json"),
				app.Label().Class("button").Title("Set another report.json beside what is shown").Body(
					app.Input().Type("file").Accept(".json").DataSet("testid", "compare").Class("hidden-input").Aria("label", "Choose a report to compare with").OnChange(p.compareChosen),
					app.Text("Compare…"),
				),
			)),
			app.Label().Class("button primary").Body(
				app.Input().Type("file").Multiple(true).DataSet("testid", "files").Class("hidden-input").Aria("label", "Choose trace files"),
				app.Text(p.giveText()),
			),
			app.Button().Class("button icon keys").Title("Keys").Aria("label", "Show the keys").OnClick(func(app.Context, app.Event) { toggleHelp() }).Text("?"),
			app.Button().Class("button icon").Title("Light or dark").Aria("label", "Switch between light and dark").OnClick(func(app.Context, app.Event) { p.switchTheme() }).Text("☾"),
		),
	)
}

// giveText is on the button for files.
func (p *Page) giveText() string {
	if p.adds() {
		return "Add files"
	}
	return "Open files"
}

// status is one line that says what is open.
func (p *Page) status() []app.UI {
	switch {
	case p.finding > 0:
		return []app.UI{app.Text("Looking through folders · " + plural(int64(p.finding), "file"))}
	case p.state == Error:
		return []app.UI{app.Text("Error")}
	case p.state == Loading:
		return []app.UI{app.Text("Loading " + whatLoads(p.progress))}
	case p.live.Open && p.live.Capturing:
		return []app.UI{app.Span().Class("pulse"), app.Text(" " + p.live.Source + " · live · " + p.filesInWords())}
	case p.live.Open:
		return []app.UI{app.Text("helper · " + p.filesInWords())}
	case p.live.Lost:
		return []app.UI{app.Text("helper · connection lost · " + p.filesInWords())}
	case p.readOnly():
		return []app.UI{app.Text("a report, read only · of " + p.filesInWords())}
	case p.state == Ready:
		return []app.UI{app.Text(p.filesInWords())}
	}
	return []app.UI{app.Text("No trace open")}
}

func (p *Page) filesInWords() string {
	if p.whole.Report == nil {
		return "waiting for the first packet"
	}
	a := p.account()
	if len(a.files) == 1 {
		return a.files[0].Name + " · " + bytes(a.bytes)
	}
	return plural(int64(len(a.files)), "file") + " · " + bytes(a.bytes)
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

func footer() app.UI {
	return app.Footer().Text("Everything on this page is computed in this browser. Nothing leaves this machine.")
}
