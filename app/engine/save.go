package engine

import (
	"strconv"

	"tracelens/app/internal/browser"
	"tracelens/shared/anon"
	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

// A Download is the result of Save or Anonymize, or why there is none.
type Download struct {
	Files   []browser.File // for the user: none, if there is nothing to be saved, or it is in the folder
	Written int64          // hour files in these, or in the folder
	Folder  string         // its name, if there is one
	Packets int64
	Of      int64 // files of the trace that have some of the packets
	Without int64 // files of the trace that have none
	LeftOut int64 // lines that were no rows, or held no address where one should be
	Error   string
}

// Save writes the lines of a selection's packets, nil for all, as they stand in the files of the open trace, under their headers. They are
// the packets that the figures count. A file that has none of them is not written, if something is selected. One file is saved under its
// own name, which says when it began; several are as an archive of the given name.
//
// Into a folder the files are written as their packets come, and stay there; all of them are taken back if something goes wrong.
//
// Meanwhile Saving tells how far it is, and at the end comes Download, also where the trace is replaced. There is one saving at a time.
func (e *Engine) Save(sel *selection.Selection, to Place) {
	e.save(browser.NewMessage("save"), sel, to)
}

// A Place is where files are saved: in a folder, or with the browser's downloads, several as an archive of a name.
type Place struct {
	Folder  browser.Folder
	Archive string
}

// Anonymize is Save with what a recipe replaces under a key, which must have passed its Check. A name that is no hour is not kept: it may say
// who or where.
func (e *Engine) Anonymize(r anon.Recipe, key string, sel *selection.Selection, to Place) {
	e.save(browser.NewMessage("anonymize").SetText("recipe", r.String()).SetText("key", key), sel, to)
}

// CancelSaving ends what Save or Anonymize began: a Download comes that says so.
func (e *Engine) CancelSaving() {
	if e.begun {
		e.tools.post(browser.NewMessage("cancel"))
	} else {
		e.saved(Download{Error: "it was cancelled"})
	}
}

// ShareReport calls got with a report as it is with pseudonyms, or with nil and why there is none. It leaves the one that is given as it is.
func (e *Engine) ShareReport(r *report.Report, recipe anon.Recipe, key string, got func(r *report.Report, problem string)) {
	e.shared = got
	e.ask(browser.NewMessage("share report").SetText("recipe", recipe.String()).SetText("key", key).SetBytes("report", report.AppendBinary(nil, r)))
}

// Anonymized calls got with what packets would be in the copy, as InFile tells them. A newer request takes the place of one that is under way.
func (e *Engine) Anonymized(r anon.Recipe, key string, list []Packet, relative bool, got func(lines []string)) {
	lines, hours := make([]string, len(list)), make([]string, len(list))
	for i := range list {
		lines[i] = list[i].Line()
		if !relative {
			hours[i] = strconv.FormatInt(trace.Floor(list[i].TimeNS, trace.Hour)/trace.Second, 10)
		}
	}
	e.copying++
	e.copied = got
	e.ask(browser.NewMessage("example").SetInt("number", e.copying).SetText("recipe", r.String()).SetText("key", key).SetTexts("lines", lines).SetTexts("hours", hours))
}

func (e *Engine) save(wish browser.Message, sel *selection.Selection, to Place) {
	if sel == nil {
		sel = &selection.Selection{}
	}
	e.saving, e.begun, e.savedTo = true, false, to
	e.toSave = wish.SetText("selection", sel.Code()).SetText("name", to.Archive).SetFolder("folder", to.Folder)
	e.counter.post(browser.NewMessage("sources"))
}

// saved ends a saving.
func (e *Engine) saved(d Download) {
	if e.saving {
		e.saving = false
		e.events.Download(d)
	}
}
