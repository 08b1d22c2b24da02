//go:build js

package lead

import (
	"sort"
	"sync"

	"tracelens/app/internal/browser"
)

// load reads the sources that find gives, oldest hour first; the figures are posted when all are counted. What cannot be read is
// named with its reason, and the others load.
func (j *job) load(find func() []*source) {
	j.sources = find()
	sort.Stable(byStart(j.sources))
	j.progress = newProgress(j.sources)
	j.reading = true
	j.learn()
	j.refuseMixedTimes()
	if !j.cancelled {
		j.queue = divide(j.sources, len(j.crew.counters))
	}
	j.crew.feed()
	j.finish()
}

type byStart []*source

func (b byStart) Len() int           { return len(b) }
func (b byStart) Less(i, j int) bool { return b[i].start < b[j].start }
func (b byStart) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

// learn finds every source's layout, a few at a time: asking the browser takes longer than looking.
func (j *job) learn() {
	var wait sync.WaitGroup
	turns := make(chan struct{}, 16)
	for _, s := range j.sources {
		if s.input.Error != "" {
			continue
		}
		turns <- struct{}{}
		wait.Go(func() {
			s.learn()
			<-turns
		})
	}
	wait.Wait()
}

// refuseMixedTimes: a file of unknown start cannot share an axis with files of known hours.
func (j *job) refuseMixedTimes() {
	absolute := false
	for _, s := range j.sources {
		absolute = absolute || s.ready && s.absolute()
	}
	for _, s := range j.sources {
		switch {
		case !s.ready || s.input.Error != "":
		case !s.absolute() && absolute:
			s.input.Error = "its name is no hour (unix seconds, then .csv), so when it began is unknown: open it by itself, or rename it"
		case !s.absolute():
			j.trace.SetRelative()
		}
	}
}

// finish posts the final figures once everything has been read.
func (j *job) finish() {
	if j.wanted {
		j.give()
	}
	if len(j.queue) > 0 || j.crew.busy() {
		return
	}
	if j.rows.again {
		j.find()
	}
	if !j.reading {
		return
	}
	j.reading, j.loaded = false, true
	if j.cancelled && j.stream == nil {
		j.note("Cancelled. The figures show what had been read.")
	}
	if j.full {
		j.note("The memory of this page is full. The figures show the " + itoa(j.read.rows) + " packets that found room; what was left out is listed with its file.")
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
		j.full = true
		in.Error = memoryFull
	}
	j.read.bytes += s.to - s.from
	j.read.rows += o.rows
	if j.stream != nil {
		j.stream.took()
	}
	j.finish()
}

const memoryFull = "the memory of this page is full: not all of it was read"

// outOfMemory ends the reading: no counter has room for what is left.
func (j *job) outOfMemory() {
	j.full = true
	for _, s := range j.queue {
		s.source.input.Error = memoryFull
	}
	j.queue = nil
}
