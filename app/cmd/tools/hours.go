//go:build js

package main

import (
	"io"
	"sort"

	"tracelens/app/internal/browser"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// hours are the hour files that are written of what is none: of captures, and of what others have written as CSV. Several sources may have
// packets of an hour, and a source of many.
type hours map[int64]*hourFile

// An hourFile is written bit by bit.
type hourFile struct {
	name string
	partWriter
}

// maxBuffered is how much all of them may hold before it is handed to the browser.
const maxBuffered = 32 << 20

// file is that of a hour.
func (h hours) file(hour int64, name string) *hourFile {
	f := h[hour]
	if f == nil {
		f = &hourFile{name: name}
		f.Write([]byte(tracecsv.Header + "\n"))
		h[hour] = f
	}
	return f
}

// rewriteLines writes the rows of a block, with their times counted from their hour, or from the unknown beginning of the source.
func (c *copier) rewriteLines(block []byte) error {
	rows, leftOut, err := c.sieve.Copy(block, func(hour int64, rows []byte) error {
		var f *hourFile
		if c.source.dated() {
			f = c.hours.file(hour, trace.HourFileName(hour))
		} else {
			f = c.undated()
		}
		_, err := f.Write(rows)
		return err
	})
	c.packets += int64(rows)
	c.leftOut += int64(leftOut)
	c.hours.bound()
	return err
}

// undated is the file of rows of which nobody knows when they were.
func (c *copier) undated() *hourFile {
	if c.w == nil {
		c.name = c.named()
		c.w = c.hours.file(-1-int64(len(c.hours)), c.name)
	}
	return c.w.(*hourFile)
}

// bound hands what is held to the browser if it is much.
func (h hours) bound() {
	held := 0
	for _, f := range h {
		held += len(f.buf)
	}
	if held < maxBuffered {
		return
	}
	for _, f := range h {
		f.flush()
		f.buf = nil
	}
}

// writeHours writes the hours that have been collected, in order.
func (p *pass) writeHours() error {
	list := make([]int64, 0, len(p.hours))
	for hour := range p.hours {
		list = append(list, hour)
	}
	sort.Slice(list, func(i, k int) bool { return list[i] < list[k] })
	for _, hour := range list {
		f := p.hours[hour]
		w, err := p.out.create(f.name)
		if err != nil {
			return err
		}
		r := browser.NewReader(f.file(f.name))
		_, err = io.Copy(w, r)
		r.Close()
		if err != nil {
			return err
		}
	}
	return nil
}
