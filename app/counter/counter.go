//go:build js

// Package counter is one of the workers among whom a trace is divided: it reads slices of files, keeps their packets in a store of
// its own, and answers what the figures of a selection of them are. There is one for every core; the lead (package lead) tells them
// what to do and adds up what they say.
//
//	lead -> counter                          counter -> lead
//	open    trace, budget                    alive     bytes, rows: of the slice at hand
//	slice   number, file or lines,           done      number, lines, rows, from, until, skips, problem, full, crowded, left:
//	        from, to, format, skip, start              bytes not read; first, last: times of all packets; or unread, lines
//	names   lines, hour                      (nothing)
//	ask     number, selection, width,        answer    number, added, partial, memory, first, last; causes if their width was given
//	        causes: width, or 0; space
//	                                         improved  when a while after an answer nothing is left to make faster
//	find    number, selection, from, most    found     number, times: of the first packets from then on, most of them at most
//	rows    number, at, n, relative          rows      number, lines: of some of those that were found last
//	budget  budget                           (nothing)
//	resume                                   (after a drop)
//	drop                                     (done soon: what has not been read goes back unread)
//
// Every message carries the number of the trace. A counter that has work says every second that it is alive.
package counter

import (
	"sync"

	"tracelens/app/internal/browser"
	"tracelens/shared/called"
	"tracelens/shared/store"
	"tracelens/shared/trace"
)

// aliveMS is how often a counter says that it is alive while it reads.
const aliveMS = 100

// Run does what the lead says.
func Run() {
	c := &counter{}
	browser.OnMessage(c.handle)
	browser.Post(browser.NewMessage("started"))
	c.beat()
	select {} // handlers do the rest
}

// A counter runs on one thread; goroutines take turns only where they wait for the browser, or for a trace that is busy.
type counter struct {
	open *opened
}

// opened is a trace, as far as this counter has it.
type opened struct {
	number    int64
	store     *store.Store
	book      called.Book
	said      []saying // what is to be noted in it, when nobody counts
	batch     trace.Batch
	budget    int64       // bytes that the packets may take
	waiting   []slice     // to be read
	reading   bool        // somebody is at it
	dropped   bool        // nothing more is to be read
	closed    bool        // another trace is open
	busy      sync.Mutex  // of the store: a query needs it to itself over several turns
	improving bool        // somebody is at it, or will be
	busyMS    float64     // when the last answer went out, or something was read that more follows
	asked     int64       // number of the newest query: older ones are given up
	finding   int64       // likewise of packets that are looked for
	found     *store.Rows // what was, of that number; nil until then, and once it is told
	ends      int         // how far the lead has learned the dictionaries
	convs     int

	bytes, rows int64  // read of the slice at hand
	lines       []byte // of the slice at hand, if they are no file's
	answerBytes []byte
	times       []byte        // of what was found
	space       browser.Space // for the next answer
}

func (o *opened) post(m browser.Message) {
	if !o.closed {
		browser.Post(m.SetInt("trace", o.number))
	}
}

func (o *opened) postMoved(m browser.Message, fields ...string) {
	if !o.closed {
		browser.PostMoved(m.SetInt("trace", o.number), fields...)
	}
}

func (o *opened) alive() {
	o.post(browser.NewMessage("alive").SetInt("bytes", o.bytes).SetInt("rows", o.rows))
}

// beat tells the lead every second that this worker runs.
func (c *counter) beat() {
	browser.AfterMS(1000, func() {
		if c.open != nil {
			c.open.alive()
		}
		c.beat()
	})
}

func (c *counter) handle(m browser.Message) {
	if m.Kind() == "open" {
		if c.open != nil {
			c.open.closed, c.open.waiting = true, nil
		}
		c.open = &opened{number: m.Int("trace"), budget: m.Int("budget"), store: store.New(), ends: 1, convs: 1}
		c.open.store.SetBook(&c.open.book)
		return
	}
	o := c.open
	if o == nil || m.Int("trace") != o.number {
		return
	}
	switch m.Kind() {
	case "slice":
		o.waiting = append(o.waiting, sliceOf(m))
		if !o.reading {
			o.reading = true
			go o.readAll()
		}
	case "drop":
		o.dropped = true
	case "resume":
		o.dropped = false
	case "budget":
		o.budget = m.Int("budget")
	case "names":
		o.said = append(o.said, saying{m.Bytes("lines"), m.Int("hour")})
	case "ask":
		o.asked = m.Int("number")
		if space := m.Space("space"); !space.None() {
			o.space = space
		}
		go o.answer(o.asked, m.Text("selection"), m.Int("width"), m.Int("causes"))
	case "find":
		o.finding, o.found = m.Int("number"), nil
		go o.find(o.finding, m)
	case "rows":
		o.tell(m)
	}
}
