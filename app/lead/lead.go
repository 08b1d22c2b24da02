//go:build js

// Package lead is the page's worker: it holds the open trace, divides the reading and counting of it among counters (package
// counter), one for every core, and adds up what they answer, so that the page's own thread only draws.
//
//	page -> lead                            lead -> page
//	open      files, within                 progress  bytes, total, rows, ms, file; done, files: how many; reading: names,
//	add       files, within                           bytes and totals of those at hand
//	remove    id: of a file in the report
//	correct   id, format, start
//	twice     id
//	preview   number, id, format            preview   number, format, words, start, cells, error
//	sample                                  report    the figures and the first rows' cells; final when the load is complete
//	connect   url, token, newest first?     live      state and counters of the helper
//	                                        improved  nobody has asked for a while: answers will not become faster than they are now
//	select    of, selection, momentary      note      something to tell the user, in words
//	rows      number, selection,            rows      number, times, lines: of n packets after skip others, from a time on; the
//	          from, skip, n                           newest request only
//	wish      wish: a list, or none
//	mine      prefixes, or guess
//	addresses prefix, n                     addresses prefix, list: some of the trace's that begin so
//	pause     on                            sources   files of the open trace; read: what of each the figures are of; formats,
//	cancel                                            starts; or error
//	sources                                 saving    file, bytes, total: what is unpacked again before there can be sources
//
// One trace is open at a time: opening or connecting replaces it. To remove, correct or count a file twice makes a new one, too.
package lead

import "tracelens/app/internal/browser"

// Run does what the page says.
func Run() {
	w := &lead{crew: newCrew(), readers: newReaders()}
	browser.OnMessage(w.handle)
	browser.Post(browser.NewMessage("started"))
	w.warm()
	select {} // handlers do the rest
}

// A lead runs on one thread; goroutines take turns only where they wait for the browser.
type lead struct {
	crew      *crew
	readers   *readers
	open      *job // what is loaded or being loaded; nil before the first
	rehearsal *job // see warm
}

func (w *lead) handle(m browser.Message) {
	switch m.Kind() {
	case "open":
		w.begin(m, func(j *job) { j.add(filesOf(m)) })
	case "sample":
		w.begin(m, func(j *job) { j.add(sample()) })
	case "add":
		if j := w.open; j != nil {
			j.page = m.Int("trace")
			go j.add(filesOf(m))
		}
	case "remove":
		w.change(m, func(*given) bool { return false })
	case "correct":
		w.change(m, func(g *given) bool {
			g.format, g.start = m.Text("format"), m.Text("start")
			return true
		})
	case "twice":
		w.change(m, func(g *given) bool {
			g.twice = true
			return true
		})
	case "preview":
		if w.open != nil {
			go w.open.preview(m)
		}
	case "connect":
		url, token, newestFirst := m.Text("url"), m.Text("token"), m.Int("newest") == 1
		w.begin(m, func(j *job) { j.follow(url, token, newestFirst) })
	case "select":
		if w.open != nil {
			w.open.choose(m.Text("of"), m.Text("selection"), m.Int("momentary") == 1)
		}
	case "wish":
		if w.open != nil {
			w.open.wishFor(m.Text("wish"))
		}
	case "mine":
		if w.open != nil {
			w.open.tellMine(m)
		}
	case "addresses":
		if w.open != nil {
			w.open.post(browser.NewMessage("addresses").SetText("prefix", m.Text("prefix")).SetTexts("list", w.open.trace.Beginning(m.Text("prefix"), int(m.Int("n")))))
		}
	case "pause":
		if w.open != nil {
			w.open.pause(m.Int("on") == 1)
		}
	case "rows":
		if w.open != nil {
			w.open.want(m)
		}
	case "cancel":
		if w.open != nil {
			w.open.cancel()
			w.open.finish() // where all counters wait for a reader, nobody else says that it is over
		}
	case "sources":
		if w.open != nil {
			w.open.give()
		} else {
			sources{}.post()
		}
	}
}

// begin replaces the open trace by a new one and works on it beside the event loop.
func (w *lead) begin(m browser.Message, work func(*job)) {
	if w.open != nil {
		w.open.replace()
	} else if w.rehearsal != nil {
		w.rehearsal.replace()
	}
	budget := m.Int("budget")
	if budget == 0 {
		budget = maxStore
	}
	w.open = newJob(m.Int("trace"), w.crew, w.readers, budget)
	w.crew.begin(w.open, budget)
	w.readers.begin(w.open)
	go work(w.open)
}
