package ui

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/app/explore"
	"tracelens/app/internal/browser"
	"tracelens/shared/selection"
)

// A filterBox is where a filter is typed. It is a component of its own, so that typing is nothing new to the page: only what is entered is,
// and only if it can be read.
type filterBox struct {
	app.Compo
	Applied string // the filter of the choice
	page    *Page
	ctx     app.Context
	shown   string // what Applied was last
	text    string // as it stands in the box
	problem *selection.SyntaxError
	offers  []selection.Suggestion
	active  int // of offers, from 1 on; 0 for none
	from    int // what an offer takes the place of
	to      int
}

const filterHint = "Filter: ip.addr == 192.0.2.1 && tcp.port == 443"

// OnMount and OnUpdate put the filter of the choice into the box, when it is another one.
func (f *filterBox) OnMount(ctx app.Context) { f.ctx, f.text, f.shown = ctx, f.Applied, f.Applied }
func (f *filterBox) OnUpdate(ctx app.Context) {
	if f.shown != f.Applied {
		f.text, f.shown, f.problem, f.offers = f.Applied, f.Applied, nil, nil
	}
}

func (f *filterBox) Render() app.UI {
	class := "filter"
	switch {
	case f.problem != nil:
		class += " wrong"
	case f.text != "" && f.text == f.Applied:
		class += " applied"
	}
	input := app.Input().Type("text").ID("filter").DataSet("testid", "filter").Attr("role", "combobox").Aria("label", "Filter").
		Aria("autocomplete", "list").Aria("expanded", yes(len(f.offers) > 0)).Aria("controls", "filter-offers").Aria("invalid", yes(f.problem != nil)).
		Placeholder(filterHint).Spellcheck(false).AutoComplete(false).Value(f.text).
		OnInput(f.typed).OnKeyDown(f.key).OnBlur(func(app.Context, app.Event) { f.offers = nil })
	if f.active > 0 {
		input.Aria("activedescendant", "filter-offer-"+strconv.Itoa(f.active))
	}
	var complaint []app.UI
	if f.problem != nil {
		complaint = append(complaint, f.complaint())
	}
	return app.Div().Class(class).Attr("role", "search").Body(
		app.Kbd().Aria("hidden", "true").Text("/"),
		input,
		app.Ul().ID("filter-offers").Attr("role", "listbox").Aria("label", "Completions").Hidden(len(f.offers) == 0).Body(app.Range(f.offers).Slice(f.offer)),
		app.Div().Body(complaint...),
	)
}

func (f *filterBox) offer(i int) app.UI {
	o := f.offers[i]
	return app.Li().ID("filter-offer-"+strconv.Itoa(i+1)).Attr("role", "option").Aria("selected", yes(i+1 == f.active)).
		Body(app.Span().Class("mono").Text(o.Text), app.Small().Text(o.What)).
		On("pointerdown", func(ctx app.Context, e app.Event) { f.take(i) }, i, o.Text)
}

// complaint says what is wrong with the filter, and where.
func (f *filterBox) complaint() app.UI {
	at, end := min(f.problem.At, len(f.text)), min(max(f.problem.End, f.problem.At), len(f.text))
	marked := f.text[at:end]
	if marked == "" {
		marked = " "
	}
	return app.Div().Class("complaint").DataSet("testid", "filter-error").Attr("role", "alert").Body(
		app.Div().Class("mono").Body(app.Text(f.text[:at]), app.Mark().Text(marked), app.Text(f.text[end:])),
		app.Div().Text("Character "+strconv.Itoa(len([]rune(f.text[:at]))+1)+": "+f.problem.Text),
	)
}

// parse reads a filter.
func parse(text string) (*selection.Expr, *selection.SyntaxError) {
	e, err := selection.ParseFilter(text)
	if err == nil {
		err = (&selection.Selection{Where: e}).Check()
	}
	if err == nil {
		return e, nil
	}
	var problem *selection.SyntaxError
	if !errors.As(err, &problem) {
		problem = &selection.SyntaxError{End: len(text), Text: err.Error()}
	}
	return nil, problem
}

// typed keeps what is typed, and offers what could stand at the cursor. What is wrong is told when it is entered, or mended.
func (f *filterBox) typed(ctx app.Context, e app.Event) {
	f.text = ctx.JSSrc().Get("value").String()
	if f.problem != nil {
		_, f.problem = parse(f.text)
	}
	cursor := ctx.JSSrc().Get("selectionStart").Int()
	units := utf16.Encode([]rune(f.text))
	f.offers, f.active = nil, 0
	f.page.box = f
	f.from, f.to, f.offers = f.page.offers(f.text, len(string(utf16.Decode(units[:min(cursor, len(units))]))))
}

func (f *filterBox) key(ctx app.Context, e app.Event) {
	switch key := e.Get("key").String(); {
	case key == "ArrowDown" && len(f.offers) > 0:
		f.active = f.active%len(f.offers) + 1
	case key == "ArrowUp" && len(f.offers) > 0:
		f.active = (f.active+len(f.offers)-2+len(f.offers))%len(f.offers) + 1
	case (key == "Enter" || key == "Tab") && f.active > 0:
		f.take(f.active - 1)
	case key == "Enter":
		f.offers = nil
		expr, problem := parse(f.text)
		if f.problem = problem; problem == nil {
			f.page.filter(expr, f.text)
		}
	case key == "Escape" && len(f.offers) > 0:
		f.offers = nil
	case key == "Escape":
		f.text, f.problem = f.Applied, nil
		ctx.JSSrc().Call("blur")
	}
}

// take puts an offer into the box.
func (f *filterBox) take(i int) {
	text := f.offers[i].Text
	f.text, f.offers, f.active = f.text[:f.from]+text+f.text[f.to:], nil, 0
	browser.FocusAt("#filter", len(utf16.Encode([]rune(f.text[:f.from]+text))))
}

// filter makes an expression the filter of the choice.
func (p *Page) filter(expr *selection.Expr, text string) {
	p.alter(func(c *explore.Choice) { c.Filter, c.Text = expr, strings.TrimSpace(text) })
}

// toggleTerm adds a term to the filter, or takes it away if it is there.
func (p *Page) toggleTerm(term *selection.Expr) {
	var terms []*selection.Expr
	found := false
	for _, t := range p.choice.Filter.Terms() {
		if t.Text() == term.Text() {
			found = true
		} else {
			terms = append(terms, t)
		}
	}
	if !found {
		terms = append(terms, term)
	}
	expr := selection.All(terms...)
	p.filter(expr, expr.Text())
}

// maxOffers is how many completions are offered at a time.
const maxOffers = 12

// offers are what could stand at the cursor, which is at a byte of text, and which bytes it would take the place of.
func (p *Page) offers(text string, cursor int) (from, to int, list []selection.Suggestion) {
	from, to, kind, prefix := selection.Complete(text, cursor)
	switch kind {
	case selection.Word:
		if prefix != "" {
			list = selection.Words(prefix)
		}
	case selection.Operator:
		list = selection.Operators(prefix)
	case selection.Connective:
		if prefix != "" {
			list = append(selection.Connectives(prefix), selection.Words(prefix)...)
		}
	case selection.ProtocolName:
		list = selection.ProtocolNames(prefix)
	case selection.Address, selection.AddressV4, selection.AddressV6:
		list = p.addresses(prefix, kind)
	case selection.PortNumber:
		list = p.ports(prefix)
	case selection.ProgramName, selection.SiteName:
		list = p.namesOf(kind, selection.Typed(prefix))
	}
	if len(list) == 1 && list[0].Text == prefix { // it is there already
		list = nil
	}
	return from, to, list[:min(len(list), maxOffers)]
}

// namesOf are the programs, or the sites, of the trace that begin with prefix, the ones with most traffic first, and those of whom nobody knows.
func (p *Page) namesOf(kind selection.Kind, prefix string) (list []selection.Suggestion) {
	c := p.causes()
	if c == nil {
		return nil
	}
	entries, nobody := c.Program, c.NoProgram
	if kind == selection.SiteName {
		entries, nobody = c.Site, c.NoSite
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Key, prefix) {
			list = append(list, selection.Suggestion{Text: selection.Value(e.Key), What: p.bytes(e.Bytes)})
		}
	}
	if none := selection.Value(""); strings.HasPrefix(none, prefix) {
		list = append(list, selection.Suggestion{Text: none, What: label.Unattributed + ", " + p.bytes(nobody.Bytes)})
	}
	return list
}

// offerAddresses adds addresses of the trace to those with most traffic, as long as their prefix is what stands in the box.
func (p *Page) offerAddresses(prefix string, list []string) {
	f := p.box
	if f == nil || p.whole.Report == nil {
		return
	}
	f.ctx.Dispatch(func(app.Context) {
		if f.to > len(f.text) || f.text[f.from:f.to] != prefix || len(f.offers) > 0 && f.offers[0].Text == prefix {
			return
		}
		for _, a := range list {
			if len(f.offers) < maxOffers && !slices.ContainsFunc(f.offers, func(s selection.Suggestion) bool { return s.Text == a }) {
				f.offers = append(f.offers, selection.Suggestion{Text: a})
			}
		}
	})
}

// addresses are those of the trace that begin with prefix, the ones with most traffic first; others come later.
func (p *Page) addresses(prefix string, kind selection.Kind) (list []selection.Suggestion) {
	if p.whole.Report == nil {
		return nil
	}
	if prefix != "" {
		p.engine.Addresses(prefix, maxOffers)
	}
	seen := map[string]bool{}
	top := p.whole.Report.Top
	for _, e := range append(top.Source[:len(top.Source):len(top.Source)], top.Destination...) {
		v6 := strings.Contains(e.Key, ":")
		if v6 && kind == selection.AddressV4 || !v6 && kind == selection.AddressV6 {
			continue
		}
		if strings.HasPrefix(e.Key, prefix) && !seen[e.Key] {
			seen[e.Key] = true
			list = append(list, selection.Suggestion{Text: e.Key, What: p.bytes(e.Bytes)})
		}
	}
	return list
}

func (p *Page) ports(prefix string) (list []selection.Suggestion) {
	if p.whole.Report == nil {
		return nil
	}
	for _, e := range p.whole.Report.Top.Port {
		if port, of, _ := strings.Cut(e.Key, "/"); strings.HasPrefix(port, prefix) {
			list = append(list, selection.Suggestion{Text: port, What: of + ", " + p.bytes(e.Bytes)})
		}
	}
	return list
}
