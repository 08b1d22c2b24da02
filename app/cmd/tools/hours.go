//go:build js

package main

import (
	"slices"
	"sort"

	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// hours are the hour files that are written of what is none: of captures, and of what others have written as CSV. Several sources may have
// packets of an hour, and a source of many.
type hours struct {
	out   output
	files map[int64]*hourFile
	awake []*hourFile // those that do not rest, the last written to at the end
}

// An hourFile is written bit by bit.
type hourFile struct{ file }

// maxAwake is how many hours are written at the same time: packets come in their order, but for those of several captures of the same time.
const maxAwake = 8

// file is that of an hour.
func (h *hours) file(hour int64, name string) (*hourFile, error) {
	f := h.files[hour]
	if f == nil {
		made, err := h.out.create(name)
		if err != nil {
			return nil, err
		}
		f = &hourFile{made}
		h.files[hour] = f
		if _, err := f.Write([]byte(tracecsv.Header + "\n")); err != nil {
			return nil, err
		}
	}
	return f, h.wake(f)
}

// wake notes that a file is about to be written to, and lets the one rest that has been written to longest ago.
func (h *hours) wake(f *hourFile) error {
	n := len(h.awake)
	if n > 0 && h.awake[n-1] == f {
		return nil
	}
	if i := slices.Index(h.awake, f); i >= 0 {
		h.awake = slices.Delete(h.awake, i, i+1)
	}
	h.awake = append(h.awake, f)
	if len(h.awake) <= maxAwake {
		return nil
	}
	rests := h.awake[0]
	h.awake = slices.Delete(h.awake, 0, 1)
	return rests.rest()
}

// close ends the files, in the order of time.
func (h *hours) close() error {
	list := make([]int64, 0, len(h.files))
	for hour := range h.files {
		list = append(list, hour)
	}
	sort.Slice(list, func(i, k int) bool { return list[i] < list[k] })
	for _, hour := range list {
		if err := h.files[hour].file.close(); err != nil {
			return err
		}
	}
	return nil
}

// rewriteLines writes the rows of a block, with their times counted from their hour, or from the unknown beginning of the source.
func (c *copier) rewriteLines(block []byte) error {
	rows, leftOut, err := c.sieve.Copy(block, func(hour int64, rows []byte) (err error) {
		var f *hourFile
		if c.source.dated() {
			f, err = c.hours.file(hour, trace.HourFileName(hour))
		} else {
			f, err = c.undated()
		}
		if err == nil {
			_, err = f.Write(rows)
		}
		return err
	})
	c.packets += int64(rows)
	c.leftOut += int64(leftOut)
	return err
}

// undated is the file of rows of which nobody knows when they were. It has a place of its own among the hours.
func (c *copier) undated() (*hourFile, error) {
	if c.place == 0 {
		c.name = c.named()
		c.place = -1 - int64(len(c.hours.files))
	}
	return c.hours.file(c.place, c.name)
}
