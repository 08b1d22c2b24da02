//go:build js

// Command worker is the page's web worker: it reads, parses and counts, so that the page's own thread only draws.
// It holds the trace; the page asks, and gets reports.
//
//	page -> worker                          worker -> page
//	open      files, refused                progress  bytes, total, rows, ms, file
//	sample                                  report    report.json and the first rows' cells; final when the load is complete
//	connect   url, token                    live      state and counters of the helper
//	cancel                                  note      something to tell the user, in words
//	sources                                 sources   the open trace's files, as far as they have come
//
// One trace is open at a time: opening or connecting replaces it.
package main

import (
	"tracelens/app/internal/browser"
)

func main() {
	w := &worker{}
	browser.OnMessage(w.handle)
	browser.Post(browser.NewMessage("started"))
	select {} // handlers do the rest
}

// A worker holds the open trace. Everything runs on one thread; goroutines take turns only where they wait for the browser.
type worker struct {
	open *job // what is loaded or being loaded; nil before the first
}

// A job is one trace: its loading and then its life. Work for a job that is not the open one any more stops at the next turn.
type job struct {
	number    int64 // the page's number of the trace; every message about it carries it
	cancelled bool  // stop reading
	replaced  bool  // and say nothing more: another trace is open
	trace     *traceState
	socket    *browser.Socket // to the helper, if that is where the trace comes from
}

// stop ends the reading, also where it waits for the helper.
func (j *job) stop() {
	j.cancelled = true
	if j.socket != nil {
		j.socket.Close()
	}
}

func (j *job) post(m browser.Message) {
	if !j.replaced {
		browser.Post(m.SetInt("trace", j.number))
	}
}

func (w *worker) handle(m browser.Message) {
	switch m.Kind() {
	case "open":
		files, refused := m.Files("files"), m.Texts("refused")
		w.begin(m, func(j *job) { j.load(filesOf(files, refused)) })
	case "sample":
		w.begin(m, func(j *job) { j.load(sample()) })
	case "connect":
		url, token := m.Text("url"), m.Text("token")
		w.begin(m, func(j *job) { j.follow(url, token) })
	case "cancel":
		if w.open != nil {
			w.open.stop()
		}
	case "sources":
		var files []browser.File
		if w.open != nil {
			files = w.open.trace.files()
		}
		browser.Post(browser.NewMessage("sources").SetFiles("files", files))
	}
}

// begin replaces the open trace by a new one and works on it beside the event loop.
func (w *worker) begin(m browser.Message, work func(*job)) {
	if w.open != nil {
		w.open.replaced = true
		w.open.stop()
	}
	j := &job{number: m.Int("trace"), trace: newTraceState()}
	w.open = j
	go work(j)
}
