// Package sieve picks from the lines of a file those whose packets are in a selection: what the figures count as it stands in the file.
//
//	block of lines -> Append -> the lines that are left
//	               -> Copy   -> rows of hour files of their packets, which may be altered on the way
//
// Most lines are not looked at by themselves. They are parsed many at a time as the figures' are, which says of each row when it was, how
// long, and of which flow; the selection is asked with that, and only where some rows of them are in it and others not are their lines
// told apart, which is several times faster than to parse every line by itself.
package sieve

import (
	"bytes"

	"tracelens/shared/cause"
	"tracelens/shared/dict"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// A Sieve picks lines of one file.
type Sieve struct {
	format  tracecsv.Format
	start   int64
	sel     *selection.Selection
	flows   *dict.Flows
	packets []trace.Packet // by flow: what its packets have in common
	batch   trace.Batch
	chosen  [trace.BatchRows]bool
	skips   tracecsv.Skips
	copying copying
	odd     []uint32
	causes  *cause.Finder // nil: nobody is known, or nobody asks

	maxDictBytes int64 // of the dictionary of addresses, less in tests
}

// maxDictBytes is how large a dictionary may become before a new one is begun. Nobody needs to know the numbers of earlier ones.
const maxDictBytes = 64 << 20

// New is a sieve for a file of a format, which began at start, unix seconds, 0 if that is unknown. The selection must be valid.
func New(format tracecsv.Format, start int64, sel *selection.Selection) *Sieve {
	return &Sieve{format: format, start: start, sel: sel, flows: dict.NewFlows(dict.NewEndpoints()), maxDictBytes: maxDictBytes}
}

// Behind tells who is behind the packets, for selections that ask for it.
func (s *Sieve) Behind(f *cause.Finder) {
	if s.sel.Where.OnCauses() {
		s.causes = f
	}
}

// cause is who is behind a packet, as far as the selection asks for it.
func (s *Sieve) cause(p *trace.Packet) trace.Cause {
	if s.causes == nil {
		return trace.Cause{}
	}
	return s.causes.Of(p)
}

// Append appends the lines of a block that are left to dst, and says how many they are. The block is whole lines, of which only the last may
// lack its newline. What is no row is not left.
func (s *Sieve) Append(dst, block []byte) (out []byte, rows int) {
	for len(block) > 0 {
		s.makeRoom()
		skipped := s.skips.Total()
		lines := block[:s.format.Parse(block, s.start, &s.batch, s.flows, &s.skips)]
		block = block[len(lines):]
		n := 0
		if s.skips.Total() == skipped { // every line is a row
			dst, n = s.appendRows(dst, lines)
		} else {
			dst, n = s.appendEach(dst, lines)
		}
		rows += n
	}
	return dst, rows
}

// Skipped is how many lines there have been that are no rows.
func (s *Sieve) Skipped() int64 { return s.skips.Total() }

// makeRoom empties the batch, and the dictionaries if they could become too full with the next: flows have other numbers then.
func (s *Sieve) makeRoom() (anew bool) {
	s.batch.Clear()
	switch {
	case s.flows.Endpoints().Bytes() > s.maxDictBytes:
		s.flows = dict.NewFlows(dict.NewEndpoints())
	case s.flows.Len()+trace.BatchRows > dict.MaxFlows:
		s.flows.Reset()
	default:
		return false
	}
	s.packets = s.packets[:0]
	return true
}

// appendRows is Append for lines that are the rows of the batch.
func (s *Sieve) appendRows(dst, lines []byte) (out []byte, rows int) {
	switch rows = s.choose(); rows {
	case 0:
		return dst, 0
	case s.batch.N:
		return append(dst, lines...), rows
	}
	for _, chosen := range s.chosen[:s.batch.N] {
		size := lineSize(lines)
		if chosen {
			dst = append(dst, lines[:size]...)
		}
		lines = lines[size:]
	}
	return dst, rows
}

// appendEach is Append line by line.
func (s *Sieve) appendEach(dst, lines []byte) (out []byte, rows int) {
	var p trace.Packet
	var counted tracecsv.Skips // already
	for len(lines) > 0 {
		size, row := s.format.ParseRow(lines, s.start, &p, &counted)
		if row && s.sel.Holds(&p, s.cause(&p)) {
			dst = append(dst, lines[:size]...)
			rows++
		}
		lines = lines[size:]
	}
	return dst, rows
}

func lineSize(lines []byte) int {
	if end := bytes.IndexByte(lines, '\n'); end >= 0 {
		return end + 1
	}
	return len(lines)
}
