//go:build js

package main

import (
	"errors"
	"io"
	"strconv"

	"tracelens/app/internal/browser"
	"tracelens/shared/anon"
	"tracelens/shared/lineblock"
	"tracelens/shared/sieve"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// A copier copies rows of one file. A line is a row if the parser calls it one: that is what the figures are of. What is no row is left out
// and counted; where addresses are to be replaced it could hold one.
type copier struct {
	*pass
	name      string
	header    []byte
	format    tracecsv.Format
	sieve     *sieve.Sieve
	rewriter  *anon.Rewriter // nil where addresses stay
	w         io.Writer      // nil until there is something to write
	kept      []byte         // lines of a block
	rewritten []byte         // the same
}

// copy copies the rows of a source that are in the selection. If there are none nothing is written, unless everything is wished: a file
// without packets says that there were none.
func (p *pass) copy(s source) error {
	head := make([]byte, min(s.file.Size(), lineblock.MaxLine+2))
	if _, err := s.file.ReadAt(head, 0); err != nil && err != io.EOF {
		return err
	}
	format, skip, err := tracecsv.Detect(head)
	if err != nil {
		return err
	}
	start, _ := trace.StartOf(s.file.Name())
	c := copier{pass: p, name: s.file.Name(), header: head[:skip], format: format, sieve: sieve.New(format, start, &p.sel)}
	if p.cipher != nil {
		c.rewriter = anon.NewRewriter(p.cipher, format.AddressColumns(), ',')
	}
	before := p.packets
	for _, r := range s.read {
		if err := c.copyRange(s.file, r); err != nil {
			return err
		}
	}
	p.leftOut += c.sieve.Skipped()
	switch {
	case p.packets > before:
		p.of++
	case p.sel.Everything():
		err = c.begin()
		fallthrough
	default:
		p.without++
	}
	return err
}

// copyRange copies what begins in a range of the file.
func (c *copier) copyRange(f browser.File, r span) error {
	input := browser.NewReader(f.Slice("", lineblock.Before(r.from), min(f.Size(), lineblock.After(r.to))))
	defer input.Close()
	lines := lineblock.NewSliceReader(input, r.from, r.to)
	skip := 0
	if r.from == 0 {
		skip = len(c.header)
	}
	for {
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
		if err := c.copyLines(block[cut:]); err != nil {
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
	if c.rewriter != nil {
		refused := 0
		c.rewritten, refused = c.rewriter.AppendLines(c.rewritten[:0], lines)
		lines, n, c.leftOut = c.rewritten, n-refused, c.leftOut+int64(refused)
	}
	c.packets += int64(n)
	_, err := c.w.Write(lines)
	return err
}

// begin begins the copy with the header.
func (c *copier) begin() (err error) {
	if c.rewriter != nil {
		if !c.format.KnownColumns() {
			return errors.New("it has columns that are not known to be free of addresses")
		}
		if _, hour := trace.StartOf(c.name); !hour { // a free name may say who or where
			c.unnamed++
			c.name = "trace-" + strconv.Itoa(c.unnamed) + ".csv"
		}
	}
	if c.w, err = c.out.create(c.name); err == nil {
		_, err = c.w.Write(c.header)
	}
	return err
}
