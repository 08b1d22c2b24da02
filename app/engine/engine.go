// Package engine is the analysis as the page sees it: open files, connect, cancel, save; figures, progress and notes come
// back as events. Behind it are the workers; the page cannot tell where the counting happens.
package engine

import (
	"strconv"

	"tracelens/app/internal/browser"
	"tracelens/shared/report"
	"tracelens/shared/selection"
)

// Events are what an engine tells the page. Each is called on the page's own thread.
type Events struct {
	Progress  func(Progress)
	Report    func(Figures)
	Live      func(Live)
	Saving    func(Progress) // what Save or Anonymize has been asked for
	Download  func(Download) // it is done
	Note      func(text string)
	Addresses func(prefix string, list []string)
	Failed    func(text string) // a worker is gone; nothing will follow
	Broken    func(text string) // there are no figures of this trace, for this reason
}

// An Engine is the workers and the one trace that is open in them.
type Engine struct {
	events    Events
	counter   *worker
	tools     *worker         // nil until it is wished for
	saving    bool            // there is a Download to come
	toSave    browser.Message // for the tools, which waits for the files
	savedTo   Place
	begun     bool           // it has been handed to the tools
	trace     int64          // number of the open trace: what is still said of an earlier one is not heard
	wish      report.Wish    // for every trace
	asked     int64          // number of the newest request for rows
	got       func([]Packet) // waits for it
	previews  int64          // number of the newest request for a preview
	previewed func(Preview)  // waits for it
	copying   int64          // number of the newest request for packets as they would be in a copy
	copied    func([]string) // waits for it
	shared    func(r *report.Report, problem string)
	compared  func(r *report.Report, problem string)
}

// Start starts the counting worker.
func Start(events Events) *Engine {
	e := &Engine{events: events}
	e.counter = start("worker", e.heard, events.Failed)
	return e
}

// Open replaces the open trace by the one in files.
func (e *Engine) Open(files []browser.Given) {
	e.trace++
	e.begin(given("open", files))
}

// Add opens files beside those that are open: the trace grows by them, and what has been asked of it stays asked. Figures come as of a
// load. It has another number from then on, so that nothing that was still said of it before is taken for the end of that.
func (e *Engine) Add(files []browser.Given) {
	e.trace++
	e.counter.post(given("add", files).SetInt("trace", e.trace))
}

func given(kind string, files []browser.Given) browser.Message {
	list, within := make([]browser.File, len(files)), make([]string, len(files))
	for i, f := range files {
		list[i], within[i] = f.File, f.Within
	}
	return browser.NewMessage(kind).SetFiles("files", list).SetTexts("within", within)
}

// Close forgets the open trace.
func (e *Engine) Close() { e.Open(nil) }

// Remove takes a file out of the trace; id is that of the report. What is left is read again, as a new trace.
func (e *Engine) Remove(id int64) { e.change(browser.NewMessage("remove").SetInt("id", id)) }

// Correct has a file read otherwise than it was, and the others with it again, as a new trace.
func (e *Engine) Correct(id int64, c Correction) {
	e.change(browser.NewMessage("correct").SetInt("id", id).SetText("format", c.Format).SetText("start", c.Start))
}

// Twice has a file counted that was left out because its bytes are those of another, and the others with it again, as a new trace.
func (e *Engine) Twice(id int64) { e.change(browser.NewMessage("twice").SetInt("id", id)) }

func (e *Engine) change(m browser.Message) {
	e.trace++
	e.begin(m)
}

// Preview asks for the first lines of a file as a format of package tracecsv divides them, or, if that is empty, as it is read now.
// A newer request takes the place of one that is under way.
func (e *Engine) Preview(id int64, format string, got func(Preview)) {
	e.previewed = got
	e.previews++
	e.counter.post(browser.NewMessage("preview").SetInt("number", e.previews).SetInt("id", id).SetText("format", format))
}

// OpenReport replaces the open trace by the report in a file, which comes as figures of the whole, or why there are none, as for a trace. There
// is nothing else to ask for.
func (e *Engine) OpenReport(f browser.File) {
	e.Close()
	e.trace++ // what is said of the empty trace is not heard
	e.readReport(f, Whole)
}

// Compare calls got with the report in a file, or with nil and why there is none; not if the trace is replaced meanwhile.
func (e *Engine) Compare(f browser.File, got func(r *report.Report, problem string)) {
	e.compared = got
	e.readReport(f, other)
}

// other is what a report is for that is set beside the trace's.
const other Of = "other"

func (e *Engine) readReport(f browser.File, of Of) {
	e.ask(browser.NewMessage("open report").SetInt("trace", e.trace).SetText("of", string(of)).SetFiles("files", []browser.File{f}))
}

// Sample replaces the open trace by the sample, which is made in the worker.
func (e *Engine) Sample() {
	e.trace++
	e.begin(browser.NewMessage("sample"))
}

// Connect replaces the open trace by the helper's, and follows it. url is the websocket's. With newestFirst, what is captured now comes before
// what there is of earlier hours.
func (e *Engine) Connect(url, token string, newestFirst bool) {
	e.trace++
	m := browser.NewMessage("connect").SetText("url", url).SetText("token", token)
	if newestFirst {
		m.SetInt("newest", 1)
	}
	e.begin(m)
}

// Select asks for figures of a selection, once now and again whenever the trace has grown, under the name of what they are for. A newer
// selection of that name takes the place of one that is being counted; nil ends it. The figures of the whole trace come unasked. Those that
// are looked at for a moment only, while somebody drags, may lack the seconds: they are most of a report, and its making, where it has them.
func (e *Engine) Select(of Of, s *selection.Selection, momentary bool) {
	m := browser.NewMessage("select").SetText("of", string(of))
	if s != nil {
		m.SetText("selection", s.Code())
	}
	if momentary {
		m.SetInt("momentary", 1)
	}
	e.counter.post(m)
}

// Wish asks for a list in the reports of the whole trace and of the selection, once now and whenever they come. The zero wish is for none.
func (e *Engine) Wish(w report.Wish) {
	e.wish = w
	e.counter.post(browser.NewMessage("wish").SetText("wish", w.Code()))
}

// Mine says which addresses are the user's own, as prefixes; none, and guess, has them guessed from the trace.
func (e *Engine) Mine(prefixes []string, guess bool) {
	m := browser.NewMessage("mine").SetTexts("prefixes", prefixes)
	if guess {
		m.SetInt("guess", 1)
	}
	e.counter.post(m)
}

// Addresses asks for n addresses of the trace that begin with a prefix. They come as an event.
func (e *Engine) Addresses(prefix string, n int) {
	e.counter.post(browser.NewMessage("addresses").SetText("prefix", prefix).SetInt("n", int64(n)))
}

// Pause has the figures of a live trace stay as they are until it is over, but for what is selected meanwhile. What comes is kept.
func (e *Engine) Pause(on bool) {
	m := browser.NewMessage("pause")
	if on {
		m.SetInt("on", 1)
	}
	e.counter.post(m)
}

// Rows asks for packets of a selection in the order of time, and calls got with them: n from fromNS on after skip others, fewer where the
// selection ends, or the trace as far as it is read. Those at the same time are in an order that stays. A newer request takes the place
// of one that is under way, and so does another trace: got is not called then.
//
// The counts of a report say what to ask for: fromNS is best so near that skip is below some hundred thousand, and the selection's range
// no wider than what surely has the rows, as every counter looks for skip+n of its own. With each report there may be others.
func (e *Engine) Rows(sel *selection.Selection, fromNS int64, skip, n int, got func([]Packet)) {
	e.asked++
	e.got = got
	e.counter.post(browser.NewMessage("rows").SetInt("number", e.asked).SetText("selection", sel.Code()).
		SetText("from", strconv.FormatInt(fromNS, 10)).SetInt("skip", int64(skip)).SetInt("n", int64(n)))
}

// Cancel stops loading or following; what was counted stays.
func (e *Engine) Cancel() {
	e.counter.post(browser.NewMessage("cancel"))
}

// begin sends what opens a trace.
func (e *Engine) begin(m browser.Message) {
	e.got = nil
	e.counter.post(m.SetInt("trace", e.trace))
	e.Wish(e.wish)
}

// ask sends work to the tools, which are started for it.
func (e *Engine) ask(m browser.Message) {
	if e.tools == nil {
		e.tools = start("tools", e.heard, func(text string) {
			e.toolsGone(text)
			e.events.Failed(text)
		})
	}
	e.tools.post(m)
}

// toolsGone notes that the tools have ended, and that what they were at will not be done.
func (e *Engine) toolsGone(reason string) {
	e.tools = nil
	e.saved(Download{Error: reason})
}

func (e *Engine) heard(m browser.Message) {
	if m.Int("trace") != e.trace && m.Int("trace") != 0 {
		return
	}
	switch m.Kind() {
	case "progress":
		e.events.Progress(progressOf(m))
	case "report":
		of := Of(m.Text("of"))
		r, problem := reportOf(m)
		if r != nil {
			r.Hours = report.FillGaps(r.Hours)
		}
		switch {
		case of == other:
			e.compared(r, problem)
		case r == nil:
			e.events.Broken(problem)
		default:
			e.events.Report(Figures{Of: of, Report: r, Final: m.Int("final") == 1})
		}
	case "rows":
		if got := e.got; got != nil && m.Int("number") == e.asked {
			e.got = nil
			got(packets(m.Bytes("times"), m.Bytes("lines"), m.Texts("names")))
		}
	case "live":
		e.events.Live(liveOf(m))
	case "addresses":
		e.events.Addresses(m.Text("prefix"), m.Texts("list"))
	case "broken":
		e.events.Broken(m.Text("text"))
	case "note":
		e.events.Note(m.Text("text"))
	case "preview":
		if got := e.previewed; got != nil && m.Int("number") == e.previews {
			e.previewed = nil
			got(previewOf(m))
		}
	case "sources":
		if !e.saving || e.begun {
			return // for one that has been cancelled
		}
		if text := m.Text("error"); text != "" {
			e.saved(Download{Error: text})
			return
		}
		e.begun = true
		e.ask(e.toSave.SetFiles("files", m.Files("files")).SetTexts("read", m.Texts("read")).
			SetTexts("formats", m.Texts("formats")).SetTexts("starts", m.Texts("starts")).SetBytes("names", m.Bytes("names")))
	case "example":
		if m.Int("number") == e.copying {
			e.copied(m.Texts("lines"))
		}
	case "shared report":
		e.shared(reportOf(m))
	case "saving":
		e.events.Saving(Progress{File: m.Text("file"), Bytes: m.Int("bytes"), Total: m.Int("total")})
	case "download":
		e.saved(Download{
			Files: m.Files("files"), Written: m.Int("written"), Folder: e.savedTo.Folder.Name(), Packets: m.Int("packets"), Of: m.Int("of"), Without: m.Int("without"), LeftOut: m.Int("left out"), Error: m.Text("error"),
		})
	}
}

// reportOf is the report in a message, or nil and why there is none.
func reportOf(m browser.Message) (r *report.Report, problem string) {
	if problem = m.Text("error"); problem != "" {
		return nil, problem
	}
	r, err := report.DecodeBinary(m.Bytes("report"))
	if err != nil {
		return nil, err.Error()
	}
	return r, ""
}

// A worker is a web worker, and the messages that wait until it runs.
type worker struct {
	browser.Worker
	started bool
	waiting []browser.Message
}

func start(name string, heard func(browser.Message), failed func(text string)) *worker {
	w := &worker{}
	w.Worker = browser.StartWorker(name, func(m browser.Message) {
		if m.Kind() != "started" {
			heard(m)
			return
		}
		w.started = true
		for _, m := range w.waiting {
			w.Post(m)
		}
		w.waiting = nil
	}, failed)
	return w
}

func (w *worker) post(m browser.Message) {
	if w.started {
		w.Post(m)
	} else {
		w.waiting = append(w.waiting, m)
	}
}
