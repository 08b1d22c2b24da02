//go:build js

package lead

import "tracelens/app/internal/browser"

// What has been unpacked is read as it comes and then gone: to keep it would take as much of the browser's memory, or of the disk, as all of
// it together, and half of the time that reading it takes. Where it is needed once more, it is unpacked again and kept: to save packets, and
// to read again what a dead counter had.

// unpackAgain has unpacked again what slices of sources have been read of. It reports whether there is anything to wait for, or what of it
// cannot be had.
func (j *job) unpackAgain(read map[*source][]*slice) (wait bool, problem string) {
	for s, list := range read {
		switch {
		case s.task == nil || s.kept >= list[len(list)-1].end:
		case s.task.gone != "":
			return false, s.name + " could not be read again: " + s.task.gone
		default:
			j.keepAgain(s.task)
		}
	}
	return len(j.again) > 0, ""
}

// keepAgain has a file unpacked once more, unless it is going to be.
func (j *job) keepAgain(first *task) {
	if !first.keeping {
		first.keeping = true
		lastTask++
		j.again = append(j.again, &task{number: lastTask, outer: first.outer, module: first.module, entries: first.entries, first: first})
		j.readers.feed()
	}
}

// beginAgain forgets what has been kept of a file: it comes from its beginning.
func (t *task) beginAgain() {
	for _, s := range t.entries {
		if s != nil {
			s.parts, s.kept = nil, 0
		}
	}
}

// keep takes lines that have come again.
func (j *job) keep(t *task, m browser.Message) {
	lines, s := m.Block("bytes"), t.entries[m.Int("entry")]
	if s != nil && s.kept < s.size { // what is beyond has never been read
		s.keep(lines.AsFile()) // the bytes are what they were, if not where they were cut
		j.feedLost(nil)
	}
	t.at.ack(t, lines.Size(), lines)
	if j.wanted && len(j.lost) == 0 {
		j.post(browser.NewMessage("saving").SetText("file", "unpacking "+t.outer.name).SetInt("bytes", m.Int("consumed")).SetInt("total", t.outer.file.Size()))
	}
	if j.cancelled && t.whole() {
		t.at.end()
		j.keptAgain(t, "")
	}
}

// whole reports whether everything is kept that has ever come.
func (t *task) whole() bool {
	for _, s := range t.entries {
		if s != nil && s.kept < s.size {
			return false
		}
	}
	return true
}

// feedLost hands out the lost slices that are there again, and gives up those of gone that will not be.
func (j *job) feedLost(gone *task) {
	left := j.lost[:0]
	for _, s := range j.lost {
		switch {
		case s.to <= s.source.kept:
			part := s.source.all().Slice("", s.from, s.to)
			s.part = &part
			j.queue = append(j.queue, s)
		case s.source.task == gone && gone.gone != "":
			s.source.input.Error = "what had been read of it is lost, and could not be read again: " + gone.gone
		default:
			left = append(left, s)
		}
	}
	j.lost = left
	j.crew.feed()
}

// keptAgain hears that a file has been unpacked again, or as much of it as could be.
func (j *job) keptAgain(t *task, text string) {
	left := j.again[:0]
	for _, o := range j.again {
		if o != t {
			left = append(left, o)
		}
	}
	j.again = left
	first := t.first
	first.keeping = false
	switch {
	case text != "":
		first.gone = text
	case first.done || j.cancelled:
		first.gone = "it is not what it was"
	}
	j.feedLost(first)
	j.readers.feed()
	j.finish()
}
