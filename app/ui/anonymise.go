package ui

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/shared/anon"
	"tracelens/shared/selection"
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
			line("anonymize-key", "Key, 64 hexadecimal digits", "", p.keyText).Class("mono key").
				OnInput(p.ValueTo(&p.keyText)).OnChange(p.ValueTo(&p.keyText)),
			app.Button().Class("button").Text("New key").OnClick(func(app.Context, app.Event) { p.keyText = newKey() }),
			app.Button().Class("button primary").DataSet("testid", "anonymize-run").Disabled(!p.maySave()).
				Text(p.saveText(aCopy)).OnClick(p.anonymise),
			app.If(!p.choice.Everything(), app.Label().Class("row").Body(
				app.Input().Type("checkbox").DataSet("testid", "anonymize-selection").Checked(p.saving.selected).
					OnChange(func(ctx app.Context, _ app.Event) { p.saving.selected = ctx.JSSrc().Get("checked").Bool() }),
				app.Text("only the packets selected"),
			)),
		),
		p.savedText(aCopy, "anonymize-result"),
	)
}

func (p *Page) anonymise(app.Context, app.Event) {
	if _, err := anon.ParseKey(p.keyText); err != nil {
		p.saving.said[aCopy] = nothingWritten(err.Error())
		return
	}
	var sel *selection.Selection
	if p.saving.selected {
		sel = p.selectionToSave()
	}
	p.saving.begin(aCopy, sel)
	p.engine.Anonymize(p.keyText, sel, "tracelens-anonymised.zip") // the words of a filter hold addresses
}
