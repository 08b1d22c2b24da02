//go:build js

package main

import (
	"bytes"
	"errors"
	"io"
	"strconv"

	"tracelens/app/internal/browser"
	"tracelens/shared/anon"
	"tracelens/shared/lineblock"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// anonymize writes every file again with its addresses replaced: one file, or an archive of several. Lines that are no rows, and
// rows whose addresses are not understood, are left out and counted: what is not understood could hold an address.
func anonymize(files []browser.File, keyText string) (out []browser.File, leftOut int64, err error) {
	key, err := anon.ParseKey(keyText)
	if err != nil {
		return nil, 0, err
	}
	cipher := anon.New(key)
	p := newProgress(files)
	unnamed := 0
	for _, f := range files {
		name := f.Name()
		if _, hour := trace.StartOf(name); !hour { // a free name may say who or where
			unnamed++
			name = "trace-" + strconv.Itoa(unnamed) + ".csv"
		}
		copied, refused, err := rewritten(f, name, cipher, p)
		if err != nil {
			return nil, 0, errors.New(f.Name() + ": " + err.Error())
		}
		leftOut += refused
		out = append(out, copied)
	}
	if len(out) > 1 {
		archive, err := packed("tracelens-anonymised.zip", out)
		if err != nil {
			return nil, 0, err
		}
		out = []browser.File{archive}
	}
	return out, leftOut, nil
}

// rewritten is f under another name with every address replaced.
func rewritten(f browser.File, name string, cipher *anon.CryptoPAn, p *progress) (out browser.File, leftOut int64, err error) {
	head := make([]byte, min(f.Size(), lineblock.MaxLine+2))
	if _, err := f.ReadAt(head, 0); err != nil && err != io.EOF {
		return out, 0, err
	}
	format, skip, err := tracecsv.Detect(head)
	if err != nil {
		return out, 0, err
	}
	if !format.KnownColumns() {
		return out, 0, errors.New("it has columns that are not known to be free of addresses")
	}
	c := copier{format: format, rewriter: anon.NewRewriter(cipher, format.AddressColumns(), ',')}
	c.w.Write(head[:skip])
	bytes := browser.NewReader(f)
	defer bytes.Close()
	lines := lineblock.NewReader(bytes)
	for {
		block, n, err := lines.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return out, 0, err
		}
		p.add(f.Name(), int64(n))
		cut := min(skip, len(block)) // the header is in the first block that has lines
		skip -= cut
		c.copy(block[cut:])
	}
	return c.w.file(name), c.leftOut + lines.TooLong(), nil
}

// A copier copies rows with their addresses replaced.
type copier struct {
	format   tracecsv.Format
	rewriter *anon.Rewriter
	w        partWriter
	row      trace.Packet
	skips    tracecsv.Skips
	line     []byte
	leftOut  int64
}

// copy takes whole lines. A line is copied only if the parser calls it a row: that is what the figures are of.
func (c *copier) copy(block []byte) {
	for len(block) > 0 {
		line := block
		if end := bytes.IndexByte(block, '\n'); end >= 0 {
			line = block[:end+1]
		}
		block = block[len(line):]
		text := bytes.TrimSuffix(line, []byte{'\n'})
		_, row := c.format.ParseRow(line, 0, &c.row, &c.skips)
		ok := false
		if c.line, ok = c.rewriter.Append(c.line[:0], text); !row || !ok {
			c.leftOut++
			continue
		}
		c.w.Write(append(c.line, line[len(text):]...))
	}
}
