//go:build js

package lead

import (
	"sort"
	"sync"

	"tracelens/app/internal/browser"
)

// add reads files beside those of the trace, if there are any, oldest hour first; the figures are posted when all are counted. What cannot be
// read is named with its reason, and the others load.
func (j *job) add(list []given) {
	if j.query.open { // its figures would be taken for all
		j.query.of.stale = true
		j.giveUp()
	}
	j.reading, j.loaded = true, false
	j.progress = newProgress()
	j.learning++
	if j.cancelled {
		j.cancelled = false
		j.crew.resume()
	}
	var added []*source
	for _, g := range list {
		added = append(added, newSource(g, g.file.Name(), g.file.Size()))
	}
	j.sources = append(j.sources, added...)
	learn(added)
	j.learnNames(added)
	j.findSame(added)
	j.learning--
	if j.replaced {
		return
	}
	for _, s := range added {
		j.started = j.started || s.ready && s.absolute()
	}
	for _, s := range added {
		j.refuseMixed(s)
	}
	sort.Stable(byStart(added))
	if !j.cancelled {
		j.queue = append(j.queue, divide(added, len(j.crew.counters))...)
	}
	j.crew.feed()
	j.readers.feed()
	j.finish()
}

type byStart []*source

func (b byStart) Len() int           { return len(b) }
func (b byStart) Less(i, j int) bool { return b[i].start < b[j].start }
func (b byStart) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

// learn finds every source's layout, a few at a time: asking the browser takes longer than looking.
func learn(sources []*source) {
	var wait sync.WaitGroup
	turns := make(chan struct{}, 16)
	for _, s := range sources {
		turns <- struct{}{}
		wait.Go(func() {
			s.learn()
			<-turns
		})
	}
	wait.Wait()
}

// refuseMixed: a file of unknown start cannot share an axis with files of known hours. What comes first decides, and of what comes at once
// the known hours.
func (j *job) refuseMixed(s *source) {
	switch {
	case !s.wanted() || !s.ready:
	case s.absolute() && j.trace.Relative():
		s.input.Error = "it says when it began, and what is open does not: say when that began, or open this by itself"
	case s.absolute():
		j.started = true
	case j.started:
		s.input.Error = "its name is no hour (unix seconds, then .csv), so when it began is unknown: say when it did, rename it, or open it by itself"
	default:
		j.trace.SetRelative()
	}
}

// finish posts the final figures once everything has been read.
func (j *job) finish() {
	if j.wanted {
		j.give()
	}
	if len(j.queue)+len(j.lost) > 0 || j.crew.busy() {
		return
	}
	if j.rows.again {
		j.find()
	}
	if !j.reading || j.learning > 0 || !j.cancelled && !j.full && !j.unpacked() {
		return
	}
	j.reading, j.loaded = false, true
	if j.cancelled && j.stream == nil {
		j.note("Cancelled. The figures show what had been read.")
	}
	if j.full {
		j.note(j.fullness() + " The figures show the " + itoa(j.read.rows) + " packets that found room; what was left out is listed with its file.")
	}
	if j.progress != nil {
		j.post(j.progress.message(j, browser.NowMS()))
	}
	j.refresh()
}

// took notes how a slice was read.
func (j *job) took(s *slice, o outcome, problem string, full bool) {
	j.cover(s.source)
	in, whole := &s.source.input, s
	if s.into != nil {
		whole = s.into
		whole.to, whole.end = s.to, s.end
	}
	whole.outcome.add(&o)
	in.Rows += o.rows
	if problem != "" && in.Error == "" {
		in.Error = "reading stopped after " + itoa(in.Rows) + " rows: " + problem
	}
	if full {
		j.noRoom()
		in.Error = j.leftOut()
	}
	bytes := s.to - s.from
	s.source.done += bytes
	j.read.bytes += bytes
	j.read.rows += o.rows
	if t := s.task; t != nil {
		s.task = nil
		t.at.ack(t, bytes, s.lines)
	}
	s.lines = browser.Block{}
	if j.stream != nil {
		j.stream.took()
	}
	j.finish()
}

// fullness says what there is no more room for.
func (j *job) fullness() string {
	if j.crowded {
		return "There are more than 500 000 different addresses, more than this page counts."
	}
	return "The memory of this page is full."
}

// leftOut says the same of a file.
func (j *job) leftOut() string {
	if j.crowded {
		return "not all of it was read: there are more than 500 000 different addresses; look at a part of the trace, or capture with a filter"
	}
	return "the memory of this page is full: not all of it was read"
}

// outOfMemory ends the reading: no counter has room for what is left.
func (j *job) outOfMemory() {
	j.noRoom()
	for _, s := range append(j.queue, j.lost...) {
		s.source.input.Error = j.leftOut()
	}
	j.queue, j.lost = nil, nil
}

// noRoom notes that some counter has no room. What is being unpacked would find none either.
func (j *job) noRoom() {
	j.full = true
	j.readers.stop()
	for _, s := range j.sources {
		if s.task != nil && !s.ended && s.input.Error == "" {
			s.input.Error = j.leftOut()
		}
	}
	j.readers.feed() // what is unpacked again takes no more room
}
