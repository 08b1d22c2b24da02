package stats

import (
	"encoding/binary"

	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

// A CausePartial is what a store has of the packets of a query by who is behind them, in bins. Partials add up (Totals.AddCauses), in any order.
type CausePartial struct {
	WidthS int64         // of the bins, in seconds
	Causes []trace.Cause // each once
	Cells  []CauseCell   // those with packets, in no order; one bin of a cause may be there several times
}

// A CauseCell is the traffic of a cause in a bin.
type CauseCell struct {
	Cause          uint32 // of the partial's
	Start          int64  // of the bin, unix seconds
	Bytes, Packets int64
}

// AppendBinary writes p as bytes for DecodeCausePartial.
func (p *CausePartial) AppendBinary(b []byte) []byte {
	b = binary.AppendVarint(b, p.WidthS)
	b = binary.AppendUvarint(b, uint64(len(p.Causes)))
	for _, c := range p.Causes {
		for _, text := range []string{c.Program, c.Site} {
			b = binary.AppendUvarint(b, uint64(len(text)))
			b = append(b, text...)
		}
	}
	b = binary.AppendUvarint(b, uint64(len(p.Cells)))
	for _, c := range p.Cells {
		b = binary.AppendUvarint(b, uint64(c.Cause))
		for _, n := range []int64{c.Start, c.Bytes, c.Packets} {
			b = binary.AppendVarint(b, n)
		}
	}
	return b
}

// DecodeCausePartial reads what AppendBinary wrote.
func DecodeCausePartial(b []byte) (*CausePartial, error) {
	failed := false
	number := func() (v int64) {
		v, n := binary.Varint(b)
		if n <= 0 {
			failed, b = true, nil
			return 0
		}
		b = b[n:]
		return v
	}
	size := func() uint64 { // of things of a byte at least: a lie costs no memory
		v, n := binary.Uvarint(b)
		if n <= 0 || v > uint64(len(b)-n) {
			failed, b = true, nil
			return 0
		}
		b = b[n:]
		return v
	}
	p := &CausePartial{WidthS: number()}
	p.Causes = make([]trace.Cause, size())
	for i := range p.Causes {
		for _, text := range []*string{&p.Causes[i].Program, &p.Causes[i].Site} {
			n := size()
			*text, b = string(b[:n]), b[n:]
		}
	}
	p.Cells = make([]CauseCell, size())
	for i := range p.Cells {
		v, n := binary.Uvarint(b)
		if n <= 0 || v >= uint64(len(p.Causes)) {
			return nil, ErrPartial
		}
		b = b[n:]
		p.Cells[i] = CauseCell{uint32(v), number(), number(), number()}
	}
	if failed || len(b) > 0 || p.WidthS <= 0 {
		return nil, ErrPartial
	}
	return p, nil
}

// causeWidths are how wide the bins may be, in seconds; beyond them it is whole days.
var causeWidths = [...]int64{1, 2, 5, 10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800, 43200, 86400}

// maxCauseBins is how many bins there are at most.
const maxCauseBins = 240

// CauseWidth is the width of the bins, in seconds, to ask of the stores of a trace from firstNS to lastNS for who is behind a selection.
func CauseWidth(sel *selection.Selection, firstNS, lastNS int64) int64 {
	if sel.Ranged() {
		firstNS, lastNS = max(firstNS, sel.FromNS), min(lastNS, sel.ToNS)
	}
	span := max(0, (lastNS-firstNS)/trace.Second+1)
	for _, w := range causeWidths {
		if span <= w*(maxCauseBins-1) { // one is cut at either end
			return w
		}
	}
	const day = 24 * trace.HourS
	return day * (span/day/(maxCauseBins-1) + 1)
}
