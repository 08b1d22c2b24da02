//go:build js

package counter

import (
	"bytes"
	"io"
	"strconv"

	"tracelens/app/internal/browser"
	"tracelens/shared/lineblock"
	"tracelens/shared/tracecsv"
)

// A slice is the lines of a file that begin in the bytes from..to.
type slice struct {
	number   int64
	file     browser.File
	lines    browser.Block // instead of a file
	loose    bool          // of lines: one may be too long
	from, to int64
	format   string // code of its lines' layout
	skip     int    // bytes of the slice before its first row
	start    int64  // unix seconds of the file's beginning, 0 if unknown
	again    bool   // it is read even if nothing more is to be read
	past     bool   // more follows at once
}

func sliceOf(m browser.Message) slice {
	return slice{
		number: m.Int("number"), file: m.File("file"), lines: m.Block("lines"), loose: m.Int("loose") == 1, from: m.Int("from"), to: m.Int("to"), format: m.Text("format"), skip: int(m.Int("skip")), start: m.Int("start"), again: m.Int("again") == 1, past: m.Int("past") == 1,
	}
}

// maxAddresses is how many different addresses there may be in one counter's packets. Every one of them is told to the lead, which knows
// them all, and the figures of a selection are counted for each: with more, a page would answer in seconds, or die for want of memory.
const maxAddresses = 500_000

// outcome is how a slice was read.
type outcome struct {
	rows    int64
	first   int64 // time of the earliest packet, if there are rows
	last    int64 // of the latest
	skips   tracecsv.Skips
	problem string
	full    bool  // there was no room for all of it
	crowded bool  // of addresses
	left    int64 // bytes at the end of the slice of which the lines have not been read
}

// readAll reads the slices that wait, one after the other. What there is no room for, or no wish, goes back unread.
func (o *opened) readAll() {
	full := false
	for len(o.waiting) > 0 {
		s := o.waiting[0]
		o.waiting = o.waiting[1:]
		if full || o.dropped && !s.again {
			o.postMoved(browser.NewMessage("done").SetInt("number", s.number).SetInt("unread", 1).SetBlock("lines", s.lines), "lines")
			continue
		}
		done := o.read(s)
		full = done.full
		if s.past {
			o.busyMS = browser.NowMS()
		}
		o.busy.Lock() // the span may sort
		m := o.withSpan(done.message().SetInt("number", s.number))
		o.busy.Unlock()
		o.bytes, o.rows = 0, 0
		o.postMoved(m.SetBlock("lines", s.lines), "lines") // others need the room
	}
	o.reading = false
}

func (r outcome) message() browser.Message {
	m := browser.NewMessage("done").SetInt("rows", r.rows).SetTexts("skips", r.skips.Texts()).SetText("problem", r.problem).SetInt("left", r.left).
		SetText("from", strconv.FormatInt(r.first, 10)).SetText("until", strconv.FormatInt(r.last, 10))
	if r.full {
		m.SetInt("full", 1)
	}
	if r.crowded {
		m.SetInt("crowded", 1)
	}
	return m
}

// read reads the lines of a slice and appends their packets to the store.
func (o *opened) read(s slice) (r outcome) {
	format, err := tracecsv.ParseFormat(s.format)
	if err != nil { // the lead has looked at it before
		return outcome{problem: err.Error(), left: s.to - s.from}
	}
	lines, done := o.blocks(s)
	defer done()
	said := browser.NowMS()
	r.left = s.to - s.from
	for (!o.dropped || s.again) && !o.closed {
		block, n, err := lines.Next()
		if err == io.EOF {
			r.left = 0
			break
		}
		if err != nil {
			r.problem = err.Error()
			break
		}
		if r.full = o.store.Bytes() > o.budget; r.full {
			break
		}
		if r.crowded = o.store.Endpoints().Len() > maxAddresses; r.crowded {
			r.full = true
			break
		}
		before, after := lines.Dropped()
		if before {
			r.skips.Skip(tracecsv.LongLine)
		}
		cut := min(s.skip, len(block)) // the header is in the first block that has lines
		s.skip -= cut
		o.busy.Lock()
		for block = block[cut:]; len(block) > 0; {
			o.batch.Clear()
			used := format.Parse(block, s.start, &o.batch, o.store.Flows(), &r.skips)
			o.store.Append(&o.batch)
			r.span(o.batch.TimeNS[:o.batch.N])
			block = block[used:]
		}
		o.busy.Unlock()
		if after {
			r.skips.Skip(tracecsv.LongLine)
		}
		r.left = min(r.left, max(0, s.to-lines.At()))
		o.bytes, o.rows = o.bytes+int64(n), r.rows
		if now := browser.NowMS(); now-said >= aliveMS {
			said = now
			o.alive()
		}
	}
	return r
}

// blocks are the lines of a slice, a block at a time.
type blocks interface {
	Next() (block []byte, n int, err error)
	Dropped() (before, after bool)
	At() int64
}

func (o *opened) blocks(s slice) (lines blocks, done func()) {
	if s.lines.None() {
		file := browser.NewReader(s.file.Slice("", lineblock.Before(s.from), min(s.file.Size(), lineblock.After(s.to))))
		return lineblock.NewSliceReader(file, s.from, s.to), file.Close
	}
	o.lines = s.lines.Append(o.lines[:0])
	if s.loose {
		return lineblock.NewReader(bytes.NewReader(o.lines)), func() {}
	}
	return &atHand{lines: o.lines}, func() {}
}

// atHand is lines in memory: a reader has looked at them, and none is too long.
type atHand struct {
	lines []byte
	read  int
}

func (a *atHand) Next() (block []byte, n int, err error) {
	if a.read == len(a.lines) {
		return nil, 0, io.EOF
	}
	a.read = len(a.lines)
	return a.lines, a.read, nil
}

func (a *atHand) Dropped() (before, after bool) { return false, false }

func (a *atHand) At() int64 { return int64(a.read) }

// span counts rows with these times.
func (r *outcome) span(times []int64) {
	for _, t := range times {
		if r.rows == 0 {
			r.first, r.last = t, t
		}
		r.rows++
		r.first, r.last = min(r.first, t), max(r.last, t)
	}
}
