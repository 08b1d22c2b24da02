package ui

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/app/engine"
	"tracelens/app/internal/browser"
	"tracelens/shared/anon"
)

func newKey() string { return anon.NewKey().String() }

// anonymiseCard makes a copy to share.
func (p *Page) anonymiseCard() app.UI {
	return app.Section().Class("card").ID("anonymise").Body(
		app.H2().Body(app.Text("A copy to share "), app.Small().Text("the hour files with every address replaced")),
		app.P().Text("Crypto-PAn keeps prefixes: addresses of one network stay together under other names. The same key gives the same names again, "+
			"so keep it if you will share more, and keep it to yourself. Times, ports and lengths stay as they are: the copy is pseudonymised, not anonymous."),
		app.P().Class("row").Body(
			app.Select().DataSet("testid", "anonymize-mode").Aria("label", "Scheme").Body(app.Option().Value("cryptopan").Text("Crypto-PAn, prefix-preserving").Selected(true)),
			app.Input().Type("text").Class("mono key").DataSet("testid", "anonymize-key").Aria("label", "Key, 64 hexadecimal digits").Spellcheck(false).AutoComplete(false).
				Value(p.keyText).OnInput(p.ValueTo(&p.keyText)).OnChange(p.ValueTo(&p.keyText)),
			app.Button().Class("button").Text("New key").OnClick(func(app.Context, app.Event) { p.keyText = newKey() }),
			app.Button().Class("button primary").DataSet("testid", "anonymize-run").Disabled(p.anonymising || p.state == Loading).
				Text(p.anonymiseText()).OnClick(p.anonymise),
		),
		app.If(p.anonymised != "", app.P().Class("muted").DataSet("testid", "anonymize-result").Attr("role", "status").Text(p.anonymised)),
	)
}

func (p *Page) anonymiseText() string {
	if p.anonymising {
		return "Anonymising, " + label.Percent(p.progress.Bytes, max(1, p.progress.Total))
	}
	return "Anonymise and save"
}

func (p *Page) anonymise(app.Context, app.Event) {
	if _, err := anon.ParseKey(p.keyText); err != nil {
		p.anonymised = "Nothing was written: " + err.Error() + "."
		return
	}
	p.anonymising, p.anonymised = true, ""
	p.progress = engine.Progress{}
	p.engine.Anonymize(p.keyText)
}

// save hands the anonymised files to the user.
func (p *Page) save(d engine.Download) {
	p.anonymising = false
	if d.Error != "" {
		p.anonymised = "Nothing was written: " + d.Error + "."
		return
	}
	for _, f := range d.Files {
		browser.Download(f)
		p.anonymised = "Saved as " + f.Name() + ", " + bytes(f.Size()) + "."
	}
	if d.LeftOut > 0 {
		p.anonymised += " " + label.Count(d.LeftOut) + " lines that are no rows were left out: they could have held an address."
	}
}
