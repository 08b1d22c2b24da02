//go:build js

package lead

import (
	"math"
	"strconv"

	"tracelens/app/internal/browser"
	"tracelens/shared/stats"
	"tracelens/shared/trace"
)

// maxCounters bounds the crew: beyond that, memory is the limit and not the cores.
const maxCounters = 8

// ahead is how many slices a counter has at a time: one at hand, and one so that it need not wait for the next.
const ahead = 2

// silentBeats is how many seconds a counter may be silent while it has work, before it is taken for dead. It speaks every second,
// whatever it waits for.
const silentBeats = 10

// A crew is the counters. They are started while the user still looks at an empty page.
type crew struct {
	counters []*member
	job      *job // the open one
	deaths   int  // while it was open
}

// A member is one of the counters as the lead sees it.
type member struct {
	crew    *crew
	name    string
	worker  browser.Worker
	life    int // how many workers it has been
	started bool
	dead    bool              // and not replaced: the next trace has it started again
	waiting []browser.Message // until it has started
	silent  int               // beats since it was heard

	part *stats.Part // its dictionaries
	span span        // of its packets
	read []*slice    // what it has in its store
	at   []*slice    // what it has not read yet
	now  tally       // of the one at hand
	full bool        // it has no room for more

	times   []byte        // of packets that it has found last
	lines   []byte        // what some of them are
	partial []byte        // of its last answer
	space   browser.Space // where that came in, for the next
}

// next numbers the slices of all traces.
var nextSlice int64

func newCrew() *crew {
	c := &crew{}
	for i := range min(max(1, browser.Cores()), maxCounters) {
		w := &member{crew: c, name: "counter " + strconv.Itoa(i+1)}
		c.counters = append(c.counters, w)
		w.start()
	}
	c.beat()
	return c
}

func (w *member) start() {
	w.started, w.dead, w.waiting, w.silent = false, false, nil, 0
	w.life++
	life := w.life
	w.worker = browser.StartWorker(w.name,
		func(m browser.Message) {
			if w.life == life {
				w.hear(m)
			}
		}, func(text string) {
			if w.life == life {
				w.died(text)
			}
		})
	w.worker.PostModule()
}

func (w *member) post(m browser.Message) {
	if w.started {
		w.worker.PostMoved(m, "space", "lines")
	} else {
		w.waiting = append(w.waiting, m)
	}
}

// begin makes j the trace that the counters work on.
func (c *crew) begin(j *job, budget int64) {
	c.job, c.deaths = j, 0
	for _, w := range c.counters {
		if w.dead {
			w.start()
		}
		w.begin(j, budget)
	}
}

func (w *member) begin(j *job, budget int64) {
	w.part, w.span, w.read, w.at, w.now, w.full = j.trace.NewPart(), span{}, nil, nil, tally{}, false
	w.post(browser.NewMessage("open").SetInt("trace", j.number).SetInt("budget", budget))
	w.hearNames(j, j.book.AppendLines(nil), 0) // of one that replaces another
}

// feed hands slices to counters that have few, the one with the least first. What comes from the helper is handed out at once: it sends no
// more before that has been read. Once what there was has come, an hour goes always to the same counter, which can join its slices.
func (c *crew) feed() {
	j := c.job
	for len(j.queue) > 0 && !j.failed {
		limit := ahead
		if j.stream != nil {
			limit = math.MaxInt
		}
		var least *member
		room := false
		for i, w := range c.counters {
			if w.full {
				continue
			}
			room = true
			if j.stream != nil && j.stream.caught && int(j.queue[0].source.start/trace.HourS)%len(c.counters) == i {
				least = w
				break
			}
			if len(w.at) < limit && (least == nil || len(w.at) < len(least.at)) {
				least = w
			}
		}
		if !room {
			j.outOfMemory()
			return
		}
		if least == nil {
			return
		}
		s := j.queue[0]
		j.queue = j.queue[1:]
		least.give(s)
	}
}

func (w *member) give(s *slice) {
	j := w.crew.job
	if j.progress != nil {
		j.progress.file = s.source.name
	}
	nextSlice++
	s.number = nextSlice
	w.at = append(w.at, s)
	m := browser.NewMessage("slice").SetInt("trace", j.number).SetInt("number", s.number).SetText("format", s.source.code).SetInt("start", s.source.start)
	if s.again {
		m.SetInt("again", 1)
	}
	if j.stream != nil && !j.stream.caught {
		m.SetInt("past", 1)
	}
	if s.from == 0 {
		m.SetInt("skip", int64(s.source.skip))
	}
	switch {
	case !s.lines.None():
		m.SetInt("to", s.lines.Size()).SetBlock("lines", s.lines)
		if s.loose {
			m.SetInt("loose", 1)
		}
		s.lines = browser.Block{} // it is the counter's now
	case s.part != nil:
		m.SetFile("file", *s.part).SetInt("to", s.part.Size())
	default:
		m.SetFile("file", s.source.all()).SetInt("from", s.from).SetInt("to", s.to)
	}
	w.post(m)
}

// resume has the counters read again, after drop.
func (c *crew) resume() {
	for _, w := range c.counters {
		w.post(browser.NewMessage("resume").SetInt("trace", c.job.number))
	}
}

// drop has the counters read nothing more: they finish where they are, and give back the rest.
func (c *crew) drop() {
	for _, w := range c.counters {
		if len(w.at) > 0 {
			w.post(browser.NewMessage("drop").SetInt("trace", c.job.number))
		}
	}
}

// busy reports whether anything is being read.
func (c *crew) busy() bool {
	for _, w := range c.counters {
		if len(w.at) > 0 {
			return true
		}
	}
	return false
}

func (w *member) hear(m browser.Message) {
	w.silent = 0
	if m.Kind() == "started" {
		w.started = true
		for _, m := range w.waiting {
			w.worker.PostMoved(m, "space", "lines")
		}
		w.waiting = nil
		return
	}
	j := w.crew.job
	if j == nil || m.Int("trace") != j.number {
		return
	}
	switch m.Kind() {
	case "alive":
		w.now = tally{m.Int("bytes"), m.Int("rows")}
		if j.progress != nil {
			j.progress.tell(j)
		}
	case "done":
		w.done(j, m)
	case "answer":
		j.answered(w, m)
	case "improved":
		j.improved(w)
	case "found":
		j.found(w, m)
	case "rows":
		j.told(w, m)
	}
}

func (w *member) done(j *job, m browser.Message) {
	if len(w.at) == 0 || w.at[0].number != m.Int("number") {
		j.fail("A worker of the page read what it was not given. Please report this.")
		return
	}
	s := w.at[0]
	w.at, w.now = w.at[1:], tally{}
	w.learnSpan(m)
	s.lines = m.Block("lines")
	if m.Int("unread") == 1 {
		if !j.cancelled { // it had no room: others may have
			j.queue = append([]*slice{s}, j.queue...)
		}
		w.crew.feed()
		j.finish()
		return
	}
	s.end = s.to - m.Int("left")
	full := m.Int("full") == 1
	j.crowded = j.crowded || m.Int("crowded") == 1
	w.full = w.full || full
	w.keep(s)
	w.crew.feed()
	j.took(s, outcomeOf(m), m.Text("problem"), full)
}

// keep notes that a slice has been read. One that follows another of the same source becomes part of it: a stream has no end.
func (w *member) keep(s *slice) {
	s.part = nil // by now its source has it
	if n := len(w.read); n > 0 && w.read[n-1].source == s.source && w.read[n-1].end == s.from {
		s.into = w.read[n-1]
		return
	}
	w.read = append(w.read, s)
}

// beat looks every second whether somebody has died without a word.
func (c *crew) beat() {
	browser.AfterMS(1000, func() {
		for _, w := range c.counters {
			if len(w.at) == 0 && !(c.job != nil && (c.job.query.waitsFor(w) || c.job.rows.waitsFor(w))) {
				w.silent = 0
				continue
			}
			if w.silent++; w.silent > silentBeats {
				w.died("it does not answer")
			}
		}
		c.beat()
	})
}

// maxDeaths is how many counters may die over one trace before it is given up.
const maxDeaths = 3

// died replaces a counter. What it had read is gone with it, and is read again by the others: figures without it would be wrong.
func (w *member) died(text string) {
	w.worker.Terminate()
	c, j := w.crew, w.crew.job
	c.deaths++
	if c.deaths >= maxDeaths {
		w.life++ // it is heard no more
		w.dead, w.at = true, nil
		text = "A worker of the page stopped, " + strconv.Itoa(c.deaths) + " times now (" + text + "). Without it the figures would be wrong, so there are none. Reload the page, and open fewer files at once."
		if j == nil {
			browser.Post(browser.NewMessage("failed").SetText("text", text))
			return
		}
		j.queue, j.lost = nil, nil
		j.fail(text)
		return
	}
	w.start()
	if j == nil {
		return
	}
	read, unread := w.read, w.at
	w.begin(j, j.lowered(text))
	j.note("A worker of the page stopped (" + text + "). What it had read is being read again.")
	j.recover(read, unread)
}
