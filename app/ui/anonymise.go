package ui

import (
	"encoding/json"
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/engine"
	"tracelens/app/internal/browser"
	"tracelens/app/paper"
	"tracelens/shared/anon"
	"tracelens/shared/report"
	"tracelens/shared/selection"
)

// A sharing is how a copy to share is to be made.
type sharing struct {
	recipe anon.Recipe
	key    string
	shown  []engine.Packet // some, to show what becomes of them; none until somebody asks for that
	copies []string        // of shown
	copied bool            // the key
	named  bool            // reports are shared with the names that there are
}

func newKey() string { return anon.NewKey().String() }

// anonymiseCard makes a copy to share.
func (p *Page) anonymiseCard() app.UI {
	s := &p.sharing
	r := &s.recipe
	keep := func(at *bool) func(i int) { return func(i int) { *at = i == 1 } }
	return app.Section().Class("card").ID("anonymise").Body(
		app.H2().Body(app.Text("A copy to share "), small("hour files with the addresses replaced")),
		app.P().Class("row").Body(
			app.Select().DataSet("testid", "anonymize-mode").Aria("label", "Scheme").Body(
				app.Range(schemes[:]).Slice(func(i int) app.UI {
					return app.Option().Value(anon.Scheme(i).Name()).Text(schemes[i].name).Selected(anon.Scheme(i) == r.Scheme)
				}),
			).OnChange(func(ctx app.Context, _ app.Event) {
				r.Scheme = anon.Scheme(ctx.JSSrc().Get("selectedIndex").Int())
				p.preview()
			}),
			app.If(r.Scheme == anon.Truncate, p.bits("IPv4", &r.V4, anon.UsualV4), p.bits("IPv6", &r.V6, anon.UsualV6)),
		),
		app.P().Text(schemes[r.Scheme].text+" Multicast, broadcast, loopback and link-local addresses stay what they are."),
		app.P().Class("row choices").Body(
			p.choice2("Private addresses", []string{"replaced", "kept"}, boolIndex(r.KeepPrivate), keep(&r.KeepPrivate)),
			app.If(r.Scheme.KeepsPrefixes(), p.choice2("Pseudonyms", []string{"as published", "of the same kind"}, boolIndex(r.Classes), keep(&r.Classes))),
			p.choice2("Ports", []string{"kept", "by kind", "left out"}, int(r.Ports), func(i int) { r.Ports = anon.Ports(i) }),
			p.choice2("Times", []string{"exact", "seconds", "minutes"}, int(r.Times), func(i int) { r.Times = anon.Times(i) }),
			p.choice2("Days", []string{"true", "shifted"}, boolIndex(r.Shift), keep(&r.Shift)),
		),
		app.P().Text(r.Stays()),
		app.If(r.Keyed(), app.P().Class("row").Body(
			line("anonymize-key", "Key, 64 hexadecimal digits", "", s.key).Class("mono key").OnInput(p.keyTyped).OnChange(p.keyTyped),
			act("button", "new-key", "New key", "", func() { p.setKey(newKey()) }),
			act("button", "copy-key", [...]string{"Copy", "Copied"}[boolIndex(s.copied)], "the key", func() {
				browser.Copy(s.key, func(ok bool) { p.do(func() { s.copied = ok }) })
			}),
			act("button", "save-key", "Save", "the key", func() { browser.Download(browser.NewFile("tracelens-key.txt", []byte(s.key+"\n"))) }),
		)),
		app.P().Class("row").Body(append(p.saveButtons(aCopy, "anonymize-run", "button primary", "", p.anonymise),
			act("button", "anonymize-preview", "Preview", "", p.beginPreview),
			app.If(!p.choice.Everything(), app.Label().Class("row").Body(
				app.Input().Type("checkbox").DataSet("testid", "anonymize-selection").Checked(p.saving.selected).
					OnChange(func(ctx app.Context, _ app.Event) { p.saving.selected = ctx.JSSrc().Get("checked").Bool() }),
				app.Text("only the packets selected"),
			)),
		)...),
		app.If(len(s.shown) > 0, p.previewed()),
		p.savedText(aCopy, "anonymize-result"),
		app.P().Class("row").Body(
			app.Text("Or the figures only:"),
			act("button", "share-html", "report.html", "", func() { p.shareReport(true) }),
			act("button", "share-json", "report.json", "with what is replaced above", func() { p.shareReport(false) }),
			p.toggle("Names in the report", []string{"pseudonyms", "as they are"}, boolIndex(s.named), keep(&s.named)),
		),
	)
}

// shareReport saves the figures that are shown, as a file for people or for a page like this one.
func (p *Page) shareReport(asHTML bool) {
	s, r := &p.sharing, p.selected()
	save := func(r *report.Report) {
		name, file := "report.json", []byte(nil)
		if asHTML {
			o := paper.Options{Units: p.units()}
			if s.named { // otherwise not even where the clock stands
				o.Loc = p.loc()
			}
			name, file = "report.html", paper.HTML(r, o)
		} else {
			file, _ = json.Marshal(r) // no figure is infinite
		}
		browser.Download(browser.NewFile(name, file))
		p.saving.said[aCopy] = "Saved as " + name + "."
	}
	if s.named {
		save(r)
		return
	}
	if err := s.recipe.Check(s.key); err != nil {
		p.saving.said[aCopy] = nothingWritten(err.Error())
		return
	}
	p.engine.ShareReport(r, s.recipe, s.key, func(r *report.Report, problem string) {
		p.do(func() {
			if problem != "" {
				p.saving.said[aCopy] = nothingWritten(problem)
				return
			}
			save(r)
		})
	})
}

// schemes are told in the order of anon's.
var schemes = [...]struct{ name, text string }{
	{"ipcrypt-pfx, prefix-preserving", "ipcrypt-pfx keeps prefixes: addresses of one network stay together under other names." + sameKey},
	{"Crypto-PAn, prefix-preserving", "Crypto-PAn keeps prefixes: addresses of one network stay together under other names. It is for comparing with what other programs made: as published, it leaves one address in some 15 000 as it is." + sameKey},
	{"Keyed numbers", "Every address becomes a number, written as an address. Which of them are of one network does not show." + sameKey},
	{"Networks only", "Of an address only its network is left: hosts of one network cannot be told apart. That needs no key."},
}

const sameKey = " The same key gives the same again, so keep it if you will share more, and keep it to yourself."

// choice2 is a choice with its name before it, which changes the copy.
func (p *Page) choice2(name string, choices []string, chosen int, choose func(int)) app.UI {
	return app.Span().Class("row").Body(small(name), p.toggle(name, choices, chosen, func(i int) {
		choose(i)
		p.preview()
	}))
}

// bits takes how many bits of an address stay.
func (p *Page) bits(family string, at *int, usual int) app.UI {
	n := *at
	if n == 0 {
		n = usual
	}
	return app.Label().Class("row").Body(small(family+" /"), app.Input().Type("number").Class("bits").DataSet("testid", "bits-"+family).Value(strconv.Itoa(n)).
		OnInput(func(ctx app.Context, _ app.Event) {
			*at, _ = strconv.Atoi(ctx.JSSrc().Get("value").String()) // the recipe says what is wrong with it
			p.preview()
		}))
}

func (p *Page) keyTyped(ctx app.Context, _ app.Event) { p.setKey(ctx.JSSrc().Get("value").String()) }

func (p *Page) setKey(key string) {
	if p.sharing.key != key {
		p.sharing.key, p.sharing.copied = key, false
		p.preview()
	}
}

func (p *Page) anonymise(to engine.Place) {
	var sel *selection.Selection
	if p.saving.selected {
		sel = p.selectionToSave()
	}
	if err := p.sharing.recipe.Check(p.sharing.key); err != nil {
		p.saving.said[aCopy] = nothingWritten(err.Error())
		return
	}
	p.saving.begin(aCopy, sel)
	to.Archive = "tracelens-anonymised.zip" // the words of a filter hold addresses
	p.engine.Anonymize(p.sharing.recipe, p.sharing.key, sel, to)
}

// mostShown is how many packets are shown as they will be in the copy, mostLooked of how many they are chosen.
const (
	mostShown  = 5
	mostLooked = 100
)

// beginPreview shows what becomes of packets of the choice, of as many pairs of hosts as there are.
func (p *Page) beginPreview() {
	p.rowsAt(0, mostLooked, func(list []engine.Packet) {
		p.askRows() // whose answer this has taken the place of
		p.sharing.shown = nil
		seen := map[string]bool{}
		for _, of := range list {
			ends := of.Ends()
			if !seen[ends] && len(p.sharing.shown) < mostShown {
				p.sharing.shown = append(p.sharing.shown, of)
			}
			seen[ends] = true
		}
		p.do(p.preview)
	})
}

// preview asks what becomes of the packets that are shown.
func (p *Page) preview() {
	s := &p.sharing
	s.copies = nil
	if len(s.shown) == 0 {
		return
	}
	if err := s.recipe.Check(s.key); err != nil {
		p.saving.said[aCopy] = nothingWritten(err.Error())
		return
	}
	p.saving.said[aCopy] = ""
	p.engine.Anonymized(s.recipe, s.key, s.shown, p.whole.Report.Relative, func(lines []string) { p.do(func() { s.copies = lines }) })
}

// previewed is each packet as it is, and below it as it will be in the copy.
func (p *Page) previewed() app.UI {
	s := &p.sharing
	return app.Ul().Class("pairs mono").DataSet("testid", "anonymize-shown").Aria("label", "Packets now, and in the copy").Body(
		app.Range(s.shown).Slice(func(i int) app.UI {
			after := "…"
			if i < len(s.copies) {
				after = s.copies[i]
			}
			return app.Li().Body(muted(s.shown[i].InFile(p.whole.Report.Relative)), app.P().Text(after))
		}),
	)
}
