//go:build js

package lead

import (
	"strconv"

	"tracelens/app/internal/browser"
)

// maxReaders bounds the readers: what they unpack has to be counted as well.
const maxReaders = 4

// readers open what is no file of lines (package reader). They are started when there is something to open.
type readers struct {
	most int
	list []*reader
	job  *job // the open one
	all  int  // that there have ever been
}

// A reader is one of them as the lead sees it.
type reader struct {
	readers *readers
	worker  browser.Worker
	module  string
	started bool
	waiting []browser.Message // until it has started
	task    *task             // nil: it is idle
	silent  int               // beats since it was heard
}

func newReaders() *readers {
	r := &readers{most: min(max(1, browser.Cores()/2), maxReaders)}
	r.beat()
	return r
}

// begin makes j the trace that files are opened for.
func (r *readers) begin(j *job) {
	r.stop()
	r.job = j
}

// stop ends all work. A reader that is at something cannot hear that it should not be, so it is given up.
func (r *readers) stop() {
	idle := r.list[:0]
	for _, w := range r.list {
		if w.task == nil {
			idle = append(idle, w)
			continue
		}
		w.worker.Terminate()
		w.task.at, w.task = nil, nil
	}
	r.list = idle
}

// feed hands out what waits to be opened.
func (r *readers) feed() {
	j := r.job
	if j == nil || j.failed {
		return
	}
	for _, t := range j.again {
		if t.at == nil {
			w := r.idle(t.module)
			if w == nil {
				return
			}
			t.beginAgain()
			w.give(t)
		}
	}
	if j.cancelled || j.full {
		return
	}
	for _, s := range j.sources {
		t := s.task
		if t == nil || s.entry || t.done || t.at != nil || s.input.Error != "" || s.input.Same != "" && !s.twice {
			continue
		}
		w := r.idle(t.module)
		if w == nil {
			return
		}
		w.give(t)
	}
}

// idle is a reader that has nothing to do and is a module, or nil if all that there may be have. One that is idle but another module makes
// room for it.
func (r *readers) idle(module string) *reader {
	other := -1
	for i, w := range r.list {
		if w.task != nil {
			continue
		}
		if w.module == module || w.module == captures {
			return w
		}
		other = i
	}
	if len(r.list) < r.most {
		return r.start(module)
	}
	if other < 0 {
		return nil
	}
	r.list[other].worker.Terminate()
	r.list = append(r.list[:other], r.list[other+1:]...)
	return r.start(module)
}

func (r *readers) start(module string) *reader {
	r.all++
	w := &reader{readers: r, module: module}
	w.worker = browser.StartWorker(module+" "+strconv.Itoa(r.all), w.hear, w.died)
	r.list = append(r.list, w)
	return w
}

func (w *reader) post(m browser.Message) {
	if w.started {
		w.worker.Post(m)
	} else {
		w.waiting = append(w.waiting, m)
	}
}

func (w *reader) give(t *task) {
	w.task, t.at, w.silent = t, w, 0
	w.post(browser.NewMessage("read").SetInt("task", t.number).SetFile("file", t.outer.file).SetInt("from", t.from))
}

// ack tells the reader that bytes of what it sent have been read: it sends no more than a few megabytes beyond that, and in the room that
// these have had.
func (w *reader) ack(t *task, bytes int64, room browser.Block) {
	if w != nil && w.task == t {
		w.worker.PostMoved(browser.NewMessage("ack").SetInt("task", t.number).SetInt("bytes", bytes).SetBlock("room", room), "room")
	}
}

func (w *reader) hear(m browser.Message) {
	w.silent = 0
	if m.Kind() == "started" {
		w.started = true
		for _, m := range w.waiting {
			w.worker.Post(m)
		}
		w.waiting = nil
		return
	}
	t, j := w.task, w.readers.job
	if t == nil || m.Int("task") != t.number {
		return
	}
	switch kind := m.Kind(); {
	case t.first != nil && kind == "chunk":
		j.keep(t, m)
	case t.first != nil && (kind == "done" || kind == "capture"): // nothing has been read of a capture that nobody had come to
		w.task = nil
		j.keptAgain(t, m.Text("error"))
	case t.first != nil:
	case kind == "entry":
		j.entry(t, m)
	case kind == "chunk":
		j.chunk(t, m)
	case kind == "ended":
		j.ended(t, m)
	case kind == "other":
		j.other(t, m)
	case kind == "capture": // it has come to one, and is not the module for it
		w.task, t.at, t.module, t.from = nil, nil, captures, m.Int("entry")
		w.readers.feed()
	case kind == "done":
		w.task = nil
		j.finished(t, m.Text("error"))
	}
	if j.progress != nil {
		j.progress.tell(j)
	}
}

// end ends a reader.
func (w *reader) end() {
	w.worker.Terminate()
	r := w.readers
	for i := range r.list {
		if r.list[i] == w {
			r.list = append(r.list[:i], r.list[i+1:]...)
			break
		}
	}
}

// died gives up the file that a reader was at; the others are read on.
func (w *reader) died(text string) {
	w.end()
	r := w.readers
	if t := w.task; t != nil {
		w.task, t.at = nil, nil
		if text = "the worker that read it stopped (" + text + ")"; t.first != nil {
			r.job.keptAgain(t, text)
		} else {
			r.job.finished(t, text)
		}
	}
}

// beat looks every second whether somebody has died without a word.
func (r *readers) beat() {
	browser.AfterMS(1000, func() {
		for _, w := range append([]*reader(nil), r.list...) {
			if w.task == nil {
				continue
			}
			if w.silent++; w.silent > silentBeats {
				w.died("it does not answer")
			}
		}
		r.beat()
	})
}
