//go:build js

// Command tools is the page's second web worker, for what only some visitors need: it writes files of the packets of a selection, as they
// are or anonymised. It is loaded at the first such wish, so that everybody else's first visit is lighter by it.
//
//	page -> tools                           tools -> page
//	save       files, read, selection,      download  files for the user to save, none where there is a folder; written: how many;
//	           name or folder                         packets; of, without: files that have some of them, or none; left out:
//	                                                  lines; or an error
//	anonymize  likewise, key and recipe     saving    bytes, total, file
//	cancel                                            what is being saved; download follows, with an error
//	share      report, key and recipe       shared    the report with pseudonyms
//	report                                  report
//	open       file with a report, what     report    as the lead's, or an error
//	report     it is of
//	example    lines of hour files, hours,  example   number, the lines as they would be in a copy
//	           key and recipe, number
package main

import (
	"tracelens/app/internal/browser"
	"tracelens/shared/anon"
)

func main() {
	browser.OnMessage(func(m browser.Message) {
		switch m.Kind() {
		case "save":
			go func() { browser.Post(saved(m, nil)) }()
		case "anonymize":
			go func() {
				a, err := anonymiserOf(m)
				if err != nil {
					browser.Post(failed(err))
					return
				}
				browser.Post(saved(m, a))
			}()
		case "cancel":
			if under := underWay; under != nil {
				under.cancelled = true
			}
		case "open report":
			go func() { browser.Post(openReport(m)) }()
		case "share report":
			go func() { browser.Post(shareReport(m)) }()
		case "example":
			go func() { browser.Post(example(m)) }()
		}
	})
	browser.Post(browser.NewMessage("started"))
	select {} // handlers do the rest
}

// anonymiserOf is what a message wishes for.
func anonymiserOf(m browser.Message) (*anon.Anonymiser, error) {
	recipe, err := anon.ParseRecipe(m.Text("recipe"))
	if err != nil {
		return nil, err
	}
	var key anon.Key
	if recipe.Keyed() {
		if key, err = anon.ParseKey(m.Text("key")); err != nil {
			return nil, err
		}
	}
	return anon.New(recipe, key)
}

// underWay is what is being saved.
var underWay *pass

// saved does what a message wishes, and says what has been saved.
func saved(m browser.Message, a *anon.Anonymiser) browser.Message {
	p, err := newPass(m, a)
	if err != nil {
		return failed(err)
	}
	underWay = p
	files, err := p.save(m)
	underWay = nil
	if err != nil {
		return failed(err)
	}
	return browser.NewMessage("download").SetFiles("files", files).SetInt("written", p.out.files()).
		SetInt("packets", p.packets).SetInt("of", p.of).SetInt("without", p.without).SetInt("left out", p.leftOut)
}

func failed(err error) browser.Message {
	return browser.NewMessage("download").SetText("error", err.Error())
}
