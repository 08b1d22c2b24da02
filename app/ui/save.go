package ui

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/app/engine"
	"tracelens/app/internal/browser"
	"tracelens/shared/selection"
)

// A saving is hour files being written for the user: one wish at a time.
type saving struct {
	on       bool
	what     wish
	part     bool // of the trace
	progress engine.Progress
	said     [wishes]string // what came of the last one of each kind, in words
	selected bool           // a copy to share is to be of what is selected only
}

// A wish is what may be written.
type wish int

const (
	packets wish = iota // the packets selected, as they are
	aCopy               // anonymised
	wishes  int  = iota
)

func (s *saving) begin(what wish, sel *selection.Selection) {
	s.on, s.what, s.part, s.progress = true, what, sel != nil, engine.Progress{}
	s.said[what] = ""
}

func (p *Page) maySave() bool { return !p.saving.on && p.state != Loading }

// selectionToSave is what is selected, nil for everything.
func (p *Page) selectionToSave() *selection.Selection {
	if p.choice.Everything() {
		return nil
	}
	s := p.choice.Selection()
	return &s
}

// savePackets are the buttons to take the packets selected away.
func (p *Page) savePackets() []app.UI {
	return p.saveButtons(packets, "save-packets", "button", "Save the packets that are selected as hour files, line by line as they were read", func(to engine.Place) {
		sel := p.selectionToSave()
		p.saving.begin(packets, sel)
		to.Archive = p.fileName("packets", "zip")
		p.engine.Save(sel, to)
	})
}

// saveButtons have files written as downloads or, where the browser can, into a folder, and end that.
func (p *Page) saveButtons(what wish, testID, class, title string, save func(to engine.Place)) []app.UI {
	return []app.UI{
		app.Button().Class(class).DataSet("testid", testID).Disabled(!p.maySave()).Title(title).Text(p.saveText(what)).
			OnClick(func(app.Context, app.Event) { save(engine.Place{}) }, testID),
		app.If(p.saving.on && p.saving.what == what, act("button", testID+"-cancel", "Cancel", "writing", p.engine.CancelSaving)).
			ElseIf(browser.CanWrite(), app.Button().Class("button").DataSet("testid", testID+"-folder").Disabled(!p.maySave()).
				Title("The same into a folder of this machine, as it comes").Text("Into a folder…").OnClick(func(app.Context, app.Event) {
				browser.ChooseFolder(func(f browser.Folder) {
					p.do(func() {
						if p.maySave() {
							save(engine.Place{Folder: f})
						}
					})
				}, func(text string) { p.do(func() { p.saving.said[what] = nothingWritten(text) }) })
			}, testID)),
	}
}

func (p *Page) savedPackets() app.UI { return p.savedText(packets, "save-packets-result") }

// saveText is on the button of a wish.
func (p *Page) saveText(what wish) string {
	if p.saving.on && p.saving.what == what {
		return [...]string{"Saving, ", "Anonymising, "}[what] + label.Percent(p.saving.progress.Bytes, max(1, p.saving.progress.Total))
	}
	return [...]string{"Save these packets", "Anonymise and save"}[what]
}

// savedText is there before it says anything, since else screen readers would not read it out.
func (p *Page) savedText(what wish, testID string) app.UI {
	return app.P().Class("muted said").DataSet("testid", testID).Attr("role", "status").Text(p.saving.said[what])
}

// saved hands the files to the user.
func (p *Page) saved(d engine.Download) {
	for _, f := range d.Files {
		browser.Download(f)
	}
	p.saving.on = false
	p.saving.said[p.saving.what] = p.saving.inWords(d)
}

func nothingWritten(reason string) string { return "Nothing was written: " + reason + "." }

// inWords is what has been saved.
func (s *saving) inWords(d engine.Download) (text string) {
	switch {
	case d.Error != "":
		return nothingWritten(d.Error)
	case d.Written == 0 && s.part:
		return nothingWritten("no packet of the trace is in the selection")
	case d.Written == 0:
		return nothingWritten("there are no packets")
	case d.Folder != "":
		text = "Written to the folder " + d.Folder + ", " + plural(d.Written, "hour file") + ": "
	}
	for _, f := range d.Files {
		text = "Saved as " + f.Name() + ", " + bytes(f.Size()) + ": "
	}
	text += plural(d.Packets, "packet") + " of " + plural(d.Of, "file") + "."
	if d.Without > 0 && s.part {
		text += " " + plural(d.Without, "file") + " without any of them left out."
	}
	if d.LeftOut > 0 {
		text += " " + plural(d.LeftOut, "line") + " left out as unreadable"
		if s.what == aCopy {
			text += ", which could have held an address"
		}
		text += "."
	}
	return text
}
