//go:build js

package lead

import (
	"encoding/binary"
	"strconv"

	"tracelens/app/internal/browser"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// A task is a file that is opened by a reader: a capture, or something packed. What is in it comes as lines, a chunk at a time, and is
// read as it comes. Nobody keeps it: it can be unpacked again (see again.go).
type task struct {
	number   int64
	outer    *source           // of the file itself
	module   string            // what the reader must be
	entries  map[int64]*source // nil: not wanted
	from     int64             // the first entry that is wished: those before it have come from a reader of another module
	consumed int64             // bytes of the file
	at       *reader           // nil while it waits
	done     bool
	keeping  bool   // there is another of the file now, of which what comes is kept, and nobody reads it
	gone     string // what was not there then is not there, and why
	first    *task  // of such a task, the first of the file
}

// The modules that readers are. The second can do all that the first can, and is larger by what reads packets.
const (
	unpacks  = "unpack"
	captures = "capture"
)

// lastTask numbers the tasks of all traces.
var lastTask int64

func newTask(s *source, head []byte) *task {
	lastTask++
	t := &task{number: lastTask, outer: s, module: unpacks, entries: map[int64]*source{}}
	if isCapture(head) {
		t.module = captures
	}
	s.size = 0 // of its lines none has come
	return t
}

// isCapture reports whether a file begins as pcap or pcapng does.
func isCapture(head []byte) bool {
	if len(head) < 4 {
		return false
	}
	switch binary.LittleEndian.Uint32(head) {
	case 0xa1b2c3d4, 0xd4c3b2a1, 0xa1b23c4d, 0x4d3cb2a1, 0x0a0d0d0a:
		return true
	}
	return false
}

// entry hears what comes next: the file's own lines, or those of a file in it.
func (j *job) entry(t *task, m browser.Message) {
	if within := m.Text("within"); within != "" {
		j.inner(t, m, within)
		return
	}
	t.outer.name = m.Text("name")
	t.outer.began()
	t.entries[m.Int("entry")] = t.outer
}

// inner is a source of what has come to light in an archive, or nil if the user has taken it out.
func (j *job) inner(t *task, m browser.Message, within string) *source {
	number, outer := m.Int("entry"), t.outer
	outer.archive = true
	said, known := outer.inner[number]
	switch {
	case !known:
		said = &given{id: newID(), within: joinPath(outer.within, within), file: outer.file}
	case said == nil:
		t.entries[number] = nil
		return nil
	}
	s := newSource(*said, m.Text("name"), 0)
	s.task, s.entry = t, true
	j.sources = append(j.sources, s)
	t.entries[number] = s
	return s
}

func joinPath(folder, rest string) string {
	if folder == "" {
		return rest
	}
	return folder + "/" + rest
}

// chunk takes lines that have come of an entry. What is not wanted, since the entry is no trace, is as good as read.
func (j *job) chunk(t *task, m browser.Message) {
	t.consumed = m.Int("consumed")
	s := t.entries[m.Int("entry")]
	lines := m.Block("bytes")
	if j.cancelled {
		return
	}
	if s == nil {
		t.at.ack(t, lines.Size(), lines)
		return
	}
	if names := m.Bytes("names"); len(names) > 0 {
		j.heard(names, 0)
	}
	if hour, is := trace.NamesOf(s.name); is {
		s.onlyNames()
		j.heard(lines.Append(nil), hour)
		t.at.ack(t, lines.Size(), lines)
		return
	}
	if s.head == nil {
		first := m.Bytes("bytes")
		s.head = append([]byte(nil), first[:min(len(first), headBytes)]...)
	}
	from := s.size
	if !s.ready && s.input.Error == "" {
		if s.base = m.Text("base"); s.base != "" { // its rows are those of an hour file, but for the hours
			s.given.start, s.given.format = s.base, ""
			s.began()
			s.format, s.ready = tracecsv.Usual(), true
			s.code = s.format.Code()
		} else {
			s.detect(s.head)
		}
		if s.ready {
			j.refuseMixed(s)
		}
	}
	if s.input.Error != "" {
		t.at.ack(t, lines.Size(), lines)
		return
	}
	s.size += lines.Size()
	j.queue = append(j.queue, &slice{source: s, from: from, to: s.size, lines: lines, task: t})
	j.crew.feed()
}

// ended hears that all lines of an entry have come.
func (j *job) ended(t *task, m browser.Message) {
	s := t.entries[m.Int("entry")]
	if s == nil {
		return
	}
	s.ended = true
	s.lost.N[tracecsv.LongLine] = m.Int("toolong")
	if s.entry {
		s.input.Bytes = s.size
	}
	switch words := m.Text("words"); {
	case words == "":
	case s.ready && s.input.Format != "":
		s.input.Format += ", " + words
	default:
		s.input.Format = words
	}
	if !s.ready && s.input.Error == "" { // there were no lines at all
		s.detect(nil)
	}
	if text := m.Text("error"); text != "" && s.input.Error == "" {
		s.input.Error = text
	}
	if sum, err := strconv.ParseUint(m.Text("sum"), 10, 64); err == nil {
		s.sum, s.summed = sum, true
	}
	if s.entry && s.ready && s.input.Error == "" {
		j.compare(s)
	}
}

// other hears of something in the file that is no trace.
func (j *job) other(t *task, m browser.Message) {
	s := t.outer
	if within := m.Text("within"); within != "" {
		if s = j.inner(t, m, within); s == nil {
			return
		}
		s.ended = true
	}
	s.refuse(m.Text("reason"), m.Int("trace") == 1)
}

// finished hears that a task is done.
func (j *job) finished(t *task, text string) {
	t.done, t.at, t.consumed = true, nil, t.outer.file.Size()
	for _, s := range t.entries {
		if s != nil && !s.ended { // the reader has died
			s.ended = true
			if s.input.Error == "" {
				s.input.Error = text
			}
		}
	}
	t.outer.ended = true
	if text != "" && t.outer.input.Error == "" && (t.outer.archive || len(t.entries) == 0) {
		t.outer.refuse(text, true)
	}
	j.readers.feed()
	j.finish()
}

// unpacked reports whether nothing is left to be opened.
func (j *job) unpacked() bool {
	for _, s := range j.sources {
		if s.task != nil && !s.entry && !s.task.done && s.input.Error == "" && s.input.Same == "" {
			return false
		}
	}
	return true
}
