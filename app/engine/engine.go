// Package engine is the analysis as the page sees it: open files, connect, cancel, anonymise; figures, progress and notes come
// back as events. Behind it is the worker; the page cannot tell where the counting happens.
package engine

import (
	"encoding/json"
	"strconv"

	"tracelens/app/internal/browser"
	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// Events are what an engine tells the page. Each is called on the page's own thread.
type Events struct {
	Progress func(Progress)
	Report   func(Figures)
	Live     func(Live)
	Download func(Download)
	Note     func(text string)
	Failed   func(text string) // the worker is gone; nothing will follow
}

// Progress is how far a load is.
type Progress struct {
	File         string
	Bytes, Total int64
	Rows         int64
	MS           int64 // since the load began
}

// Figures are the analysis of the open trace. Final is false while it is still loading.
type Figures struct {
	Report *report.Report
	JSON   []byte // report.json, as it was made
	Rows   []Row  // the first packets
	Final  bool
}

// A Row is a packet as text, for the table.
type Row struct {
	TimeNS int64
	Cells  [trace.Columns]string
}

// Live is the state of the connection to a helper.
type Live struct {
	Open      bool
	Capturing bool
	Source    string // what it captures
	Captured  int64
	Dropped   int64 // by the kernel and the interface
	Rows      int64
	Problem   string
}

// A Download is the result of anonymising, or why there is none.
type Download struct {
	Files   []browser.File
	LeftOut int64 // lines that were no rows, or held no address where one should be
	Error   string
}

// An Engine is one worker with one open trace.
type Engine struct {
	worker  browser.Worker
	events  Events
	started bool
	waiting []browser.Message
}

// Start starts the worker whose script is at url. Calls are answered once it runs.
func Start(url string, events Events) *Engine {
	e := &Engine{events: events}
	e.worker = browser.StartWorker(url, e.handle, events.Failed)
	return e
}

// Open replaces the open trace by the one in files.
func (e *Engine) Open(files []browser.File) {
	e.post(browser.NewMessage("open").SetFiles("files", files))
}

// Sample replaces the open trace by the sample, which is made in the worker.
func (e *Engine) Sample() { e.post(browser.NewMessage("sample")) }

// Connect replaces the open trace by the helper's, and follows it. url is the websocket's.
func (e *Engine) Connect(url, token string) {
	e.post(browser.NewMessage("connect").SetText("url", url).SetText("token", token))
}

// Cancel stops loading or following; what was counted stays.
func (e *Engine) Cancel() { e.post(browser.NewMessage("cancel")) }

// Anonymize makes files of the open trace with every address replaced under the key, 64 hexadecimal digits.
func (e *Engine) Anonymize(key string) { e.post(browser.NewMessage("anonymize").SetText("key", key)) }

func (e *Engine) post(m browser.Message) {
	if !e.started {
		e.waiting = append(e.waiting, m)
		return
	}
	e.worker.Post(m)
}

func (e *Engine) handle(m browser.Message) {
	switch m.Kind() {
	case "started":
		e.started = true
		for _, w := range e.waiting {
			e.worker.Post(w)
		}
		e.waiting = nil
	case "progress":
		e.events.Progress(Progress{m.Text("file"), m.Int("bytes"), m.Int("total"), m.Int("rows"), m.Int("ms")})
	case "report":
		f := Figures{JSON: m.Bytes("json"), Report: new(report.Report), Rows: rows(m.Texts("rows")), Final: m.Int("final") == 1}
		if err := json.Unmarshal(f.JSON, f.Report); err != nil {
			e.events.Failed("the worker's report cannot be read: " + err.Error())
			return
		}
		e.events.Report(f)
	case "live":
		e.events.Live(Live{Open: m.Text("state") == "open", Capturing: m.Int("capturing") == 1, Source: m.Text("source"),
			Captured: m.Int("captured"), Dropped: m.Int("dropped"), Rows: m.Int("rows"), Problem: m.Text("problem")})
	case "download":
		e.events.Download(Download{m.Files("files"), m.Int("left out"), m.Text("error")})
	case "note":
		e.events.Note(m.Text("text"))
	}
}

// rows unpacks the table: for each row its time, then its cells.
func rows(texts []string) []Row {
	const width = trace.Columns + 1
	list := make([]Row, 0, len(texts)/width)
	for ; len(texts) >= width; texts = texts[width:] {
		var r Row
		r.TimeNS, _ = strconv.ParseInt(texts[0], 10, 64) // the worker wrote it with strconv
		copy(r.Cells[:], texts[1:width])
		list = append(list, r)
	}
	return list
}
