//go:build js

package main

import (
	"io"
	"strconv"

	"tracelens/app/internal/browser"
	"tracelens/shared/lineblock"
	"tracelens/shared/sieve"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// A copier copies rows of one file. A line is a row if the parser calls it one: that is what the figures are of. What is no row is left out
// and counted; where addresses are to be replaced it could hold one.
//
// The lines of hour files are copied as they are. Of others, and where something is to be replaced, the rows are written anew, as an hour file
// has them, so that nothing is saved but what is known.
type copier struct {
	*pass
	source *source
	name   string
	skip   int // bytes before the first row
	header []byte
	sieve  *sieve.Sieve
	w      file   // nil until there is something to write
	place  int64  // of its rows among the hours, where nobody knows when they were
	kept   []byte // lines of a block
}

// copy copies the rows of a source that are in the selection. If there are none nothing is written, unless everything is wished: a file
// without packets says that there were none.
func (p *pass) copy(s source) error {
	head := make([]byte, min(s.file.Size(), lineblock.MaxLine+2))
	if _, err := s.file.ReadAt(head, 0); err != nil && err != io.EOF {
		return err
	}
	format, skip, err := tracecsv.DetectAs(head, s.code)
	if err != nil {
		return err
	}
	s.format = format
	c := copier{pass: p, source: &s, name: s.file.Name(), skip: skip, header: head[:skip], sieve: sieve.New(s.format, s.start, &p.sel)}
	c.sieve.Behind(p.causes)
	var alter sieve.Alteration
	if p.anon != nil {
		alter = p.anon
	}
	c.sieve.Alter(alter, s.dated())
	copyLines := c.copyLines
	if !s.isHourFile() || p.anon != nil {
		copyLines = c.rewriteLines
	}
	before := p.packets
	for _, r := range s.read {
		if err := c.copyRange(s.file, r, copyLines); err != nil {
			return err
		}
	}
	p.leftOut += c.sieve.Skipped()
	switch {
	case p.packets > before:
		p.of++
	case p.sel.Everything() && s.isHourFile():
		err := c.begin
		if p.anon != nil {
			hour := c.anon.Hour(s.start)
			err = func() error {
				_, err := c.hours.file(hour, trace.HourFileName(hour))
				return err
			}
		}
		if err := err(); err != nil {
			return err
		}
		fallthrough
	default:
		p.without++
	}
	if c.w != nil {
		return c.w.close()
	}
	return nil
}

// copyRange copies what begins in a range of the file.
func (c *copier) copyRange(f browser.File, r span, copyLines func(block []byte) error) error {
	input := browser.NewReader(f.Slice("", lineblock.Before(r.from), min(f.Size(), lineblock.After(r.to))))
	defer input.Close()
	lines := lineblock.NewSliceReader(input, r.from, r.to)
	skip := 0
	if r.from == 0 {
		skip = c.skip
	}
	for {
		if c.cancelled {
			return errCancelled
		}
		block, n, err := lines.Next()
		if err == io.EOF {
			c.leftOut += lines.TooLong()
			return nil
		}
		if err != nil {
			return err
		}
		cut := min(skip, len(block)) // the header is in the first block that has lines
		skip -= cut
		if err := copyLines(block[cut:]); err != nil {
			return err
		}
		c.progress.add(f.Name(), int64(n))
	}
}

// copyLines copies whole lines.
func (c *copier) copyLines(block []byte) error {
	lines, n := c.sieve.Append(c.kept[:0], block)
	c.kept = lines
	if n == 0 {
		return nil
	}
	if c.w == nil {
		if err := c.begin(); err != nil {
			return err
		}
	}
	c.packets += int64(n)
	_, err := c.w.Write(lines)
	return err
}

// begin begins the copy with the header.
func (c *copier) begin() (err error) {
	c.name = c.named()
	if c.w, err = c.out.create(c.name); err == nil {
		_, err = c.w.Write(c.header)
	}
	return err
}

// named is what the copy is called: a free name may say who or where, so an anonymised file has another.
func (c *copier) named() string {
	if _, hour := trace.StartOf(c.name); hour || c.anon == nil {
		return c.name
	}
	c.unnamed++
	return "trace-" + strconv.Itoa(c.unnamed) + ".csv"
}
