package ui

import "github.com/maxence-charriere/go-app/v9/pkg/app"

// These make the elements that parts of the page have many of: written out at each place, they are a good part of the page's size.

// th is the head of a column.
func th(class, text string) app.UI { return app.Th().Scope("col").Class(class).Text(text) }

// td is a cell.
func td(class, text string) app.HTMLTd { return app.Td().Class(class).Text(text) }

// small is what is told beside something, or below it.
func small(text string) app.UI { return app.Small().Text(text) }

func muted(text string) app.UI { return app.P().Class("muted").Text(text) }

// act is a button. Name is what tells it from others with the same text, scope from what was in its place before.
func act(class, testID, text, name string, do func(), scope ...any) app.HTMLButton {
	b := app.Button().Class(class).DataSet("testid", testID).Text(text).OnClick(func(app.Context, app.Event) { do() }, append(scope, testID)...)
	if name != "" {
		b.Aria("label", text+", "+name)
	}
	return b
}

// scrolled is a part that is scrolled by itself, by the keyboard too.
func scrolled(class, name string, of app.UI) app.UI {
	return app.Div().Class(class).TabIndex(0).Attr("role", "region").Aria("label", name).Body(of)
}

// table is one with a head.
func table(testID string, heads, rows []app.UI) app.UI {
	return app.Table().DataSet("testid", testID).Body(app.THead().Body(app.Tr().Body(heads...)), app.TBody().Body(rows...))
}

// line is an input for a line of text that is no word of a language.
func line(testID, name, placeholder, value string) app.HTMLInput {
	return app.Input().Type("text").DataSet("testid", testID).Aria("label", name).Placeholder(placeholder).Spellcheck(false).AutoComplete(false).Value(value)
}
