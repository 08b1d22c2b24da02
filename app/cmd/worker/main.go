//go:build js

// Command worker is the page's web worker: it reads, parses, counts and anonymises, so that the page's own thread only draws.
// It holds the trace; the page asks, and gets reports.
//
//	page -> worker                          worker -> page
//	open      files                         progress  bytes, total, rows, ms, file
//	sample                                  rows      the first rows' cells, for the table
//	connect   url, token                    report    report.json; final when the load is complete
//	cancel                                  live      state and counters of the helper
//	anonymize key                           download  files for the user to save
//	                                        note      something to tell the user, in words
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
	cancelled bool
	trace     *traceState
}

func (w *worker) handle(m browser.Message) {
	switch m.Kind() {
	case "open":
		files := m.Files("files")
		w.begin(func(j *job) { j.load(filesOf(files)) })
	case "sample":
		w.begin(func(j *job) { j.load(sample()) })
	case "connect":
		url, token := m.Text("url"), m.Text("token")
		w.begin(func(j *job) { j.follow(url, token) })
	case "cancel":
		if w.open != nil {
			w.open.cancelled = true
		}
	case "anonymize":
		if j := w.open; j != nil {
			go j.anonymize(m.Text("key"))
		}
	}
}

// begin replaces the open trace by a new one and works on it beside the event loop.
func (w *worker) begin(work func(*job)) {
	if w.open != nil {
		w.open.cancelled = true
	}
	j := &job{trace: newTraceState()}
	w.open = j
	go work(j)
}
