//go:build js

package main

import (
	"cmp"
	"io"
	"slices"
	"strconv"

	"tracelens/app/internal/browser"
	"tracelens/shared/lineblock"
	"tracelens/shared/tracecsv"
)

// progressMS is how often the page hears of a load; figuresMS how often it gets figures of what is counted so far, the first of
// them soon.
const (
	progressMS     = 100
	firstFiguresMS = 400
	figuresMS      = 1500
)

// load reads the sources that find gives, oldest hour first, and posts the figures when all are counted. What cannot be read is
// named with its reason, and the others load.
func (j *job) load(find func() []*source) {
	t := j.trace
	t.sources = find()
	slices.SortStableFunc(t.sources, func(a, b *source) int { return cmp.Compare(a.start, b.start) })
	p := newProgress(j, t.sources)
	for _, s := range t.sources {
		if s.input.Error != "" {
			continue
		}
		if err := j.learn(s); err != nil {
			s.input.Error = err.Error()
		}
	}
	j.refuseMixedTimes()
	for _, s := range t.sources {
		if s.input.Error == "" {
			j.loadOne(s, p)
		}
		if j.cancelled {
			j.post(browser.NewMessage("note").SetText("text", "Cancelled. The figures show what had been read."))
			break
		}
	}
	p.post(true)
	j.postReport(true)
}

// learn reads the beginning of a source to find its layout.
func (j *job) learn(s *source) error {
	head := make([]byte, min(s.size, lineblock.MaxLine+2))
	if _, err := s.file().ReadAt(head, 0); err != nil && err != io.EOF {
		return err
	}
	return s.detect(head)
}

// refuseMixedTimes: a file of unknown start cannot share an axis with files of known hours.
func (j *job) refuseMixedTimes() {
	absolute := false
	for _, s := range j.trace.sources {
		absolute = absolute || s.ready && s.absolute()
	}
	for _, s := range j.trace.sources {
		switch {
		case !s.ready || s.input.Error != "":
		case !s.absolute() && absolute:
			s.input.Error = "its name is no hour (unix seconds, then .csv), so when it began is unknown: open it by itself, or rename it"
		case !s.absolute():
			j.trace.partial.SetRelative()
		}
	}
}

func (j *job) loadOne(s *source, p *progress) {
	p.file = s.name
	if s.known { // only now: a load that is cancelled says nothing of the hours it did not come to
		j.trace.partial.Cover(s.start)
	}
	lines := lineblock.NewReader(browser.NewReader(s.file()))
	skip := s.skip
	for !j.cancelled {
		block, n, err := lines.Next()
		if err == io.EOF {
			break
		}
		cut := min(skip, len(block)) // the header is in the first block that has lines
		skip -= cut
		j.trace.count(s, block[cut:])
		p.bytes += int64(n)
		p.rows = j.trace.partial.Packets()
		if err != nil {
			s.input.Error = "reading stopped after " + itoa(s.input.Rows) + " rows: " + err.Error()
			break
		}
		if p.post(false) && p.figuresDue() {
			j.postReport(false)
		}
	}
	s.input.Skips[tracecsv.LongLine] += lines.TooLong()
}

// postReport sends the figures, and the rows of the table.
func (j *job) postReport(final bool) {
	if j.replaced { // nobody would hear it, and it takes a while
		return
	}
	m := browser.NewMessage("report").SetBytes("json", j.trace.report()).SetTexts("rows", j.trace.table)
	if final {
		m.SetInt("final", 1)
	}
	j.post(m)
}

// A progress tells the page how far a load is, now and then.
type progress struct {
	job                *job
	file               string
	bytes, total, rows int64
	began, last, drawn float64
}

func newProgress(j *job, sources []*source) *progress {
	now := browser.NowMS()
	p := &progress{job: j, began: now, drawn: now - figuresMS + firstFiguresMS}
	for _, s := range sources {
		p.total += s.size
	}
	return p
}

// post reports whether it was time to, and did.
func (p *progress) post(always bool) bool {
	now := browser.NowMS()
	if !always && now-p.last < progressMS {
		return false
	}
	p.last = now
	p.job.post(browser.NewMessage("progress").SetText("file", p.file).SetInt("bytes", p.bytes).SetInt("total", p.total).
		SetInt("rows", p.rows).SetInt("ms", int64(now-p.began)))
	return true
}

func (p *progress) figuresDue() bool {
	now := browser.NowMS()
	if now-p.drawn < figuresMS {
		return false
	}
	p.drawn = now
	return true
}

func itoa(n int64) string { return strconv.FormatInt(n, 10) }
