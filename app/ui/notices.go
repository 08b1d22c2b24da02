package ui

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/app/internal/browser"
	"tracelens/shared/report"
)

// maxNotices is how many files are told of one by one above the figures; the panel at the end of the page has all.
const maxNotices = 3

// notices say what went wrong or what is worth knowing, above the figures.
func (p *Page) notices() app.UI {
	var list []app.UI
	add := func(class, text string, more ...app.UI) {
		list = append(list, app.P().Class("notice "+class).Attr("role", "status").Body(append([]app.UI{app.Text(text)}, more...)...))
	}
	if p.problem != "" {
		add("error", p.problem, p.ownPage()...)
	}
	if p.update {
		add("", "A newer version of this page is installed. ", app.Button().Class("link").Text("Reload").OnClick(p.reload))
	}
	if p.note != "" {
		add("", p.note)
	}
	if p.live.Open && p.live.Problem != "" {
		add("error", p.live.Problem)
	}
	if p.live.Lost {
		add("error", "The connection to the helper is lost. What has come stays here, and goes on where it was once the helper answers again.")
	}
	for _, text := range p.live.Notes {
		add("muted", text)
	}
	for _, text := range p.refused[:min(len(p.refused), maxNotices)] {
		add("error", text)
	}
	if more := len(p.refused) - maxNotices; more > 0 {
		add("error", "And "+label.Count(int64(more))+" more of what was given could not be taken.")
	}
	a := p.account()
	for _, f := range a.files[:min(a.problems, maxNotices)] {
		if f.Error != "" {
			add("error", whole(f)+" was "+unread(f)+": "+f.Error+".")
		} else {
			add("", whole(f)+" has the same bytes as "+f.Same+" and was left out. ", p.twiceButton(f))
		}
	}
	if more := a.problems - maxNotices; more > 0 {
		add("", "and "+label.Count(int64(more))+" more: ", seeInput())
	}
	if len(a.ignored) > 0 {
		add("muted", a.ignoredInWords()+". ", seeInput())
	}
	if r := p.whole.Report; r != nil && p.state != Error {
		if r.Relative && r.Packets > 0 {
			add("", "The file's name is no hour, so when it began is unknown: times count from its beginning. ", p.startButton())
		}
		if r.Packets == 0 && p.state == Ready && !p.live.Open {
			add("", "There are no packets in what was opened.")
		}
	}
	return app.Section().Class("notices").Body(list...)
}

// whole is a file's name and, if it was not given by itself, where it was found.
func whole(f *report.File) string {
	if f.Within == "" {
		return f.Name
	}
	return f.Name + " in " + f.Within
}

func seeInput() app.UI { return link("see What was read", func() { browser.GoTo("#input") }) }

// startButton is for who knows when the file began whose times are counted from its beginning.
func (p *Page) startButton() app.UI {
	if p.of == ofFiles {
		for _, f := range p.account().files {
			if id := f.ID; f.Rows > 0 {
				return act("link", "say-start", "Say when it began", "", func() { p.do(func() { p.showLayout(id, true) }) }, id)
			}
		}
	}
	return app.Text("")
}

func (p *Page) twiceButton(f *report.File) app.UI {
	id := f.ID
	return act("link", "twice", "Count it too", f.Name, func() { p.do(func() { p.twice(id) }) }, id)
}
