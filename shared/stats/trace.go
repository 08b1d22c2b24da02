package stats

import (
	"tracelens/shared/dict"
	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

// A Trace is what is known of a trace as a whole: its addresses and conversations, the hours for which there are files, and how the
// files were read.
type Trace struct {
	ends     *dict.Endpoints
	convs    *dict.Conversations
	pairs    map[uint64]uint32 // source number << 32 | destination number -> pair, from 1 on
	pairEnds []uint64          // by pair
	pairOf   []uint32          // by conversation; 0 where source or destination is missing
	covered  map[int64]bool    // hours, unix seconds, for which there is a file
	input    []InputFile
	relative bool
	spare    *volumes // of a query that is done
}

// NewTrace is a trace of which nothing is known.
func NewTrace() *Trace {
	return &Trace{
		ends: dict.NewEndpoints(), convs: dict.NewConversations(),
		pairs: map[uint64]uint32{}, pairEnds: make([]uint64, 1), pairOf: make([]uint32, 1), covered: map[int64]bool{},
	}
}

// Cover notes that there is a file for the hour of start, unix seconds, whether it has rows or not.
func (t *Trace) Cover(start int64) { t.covered[trace.Floor(start, trace.HourS)] = true }

// SetRelative notes that the trace's start is unknown: its times count from 0.
func (t *Trace) SetRelative() { t.relative = true }

// Relative reports whether SetRelative was called.
func (t *Trace) Relative() bool { return t.relative }

// SetInput notes the files that were read, or why they were not. It replaces what was noted before, so that a trace that grows
// can say so again.
func (t *Trace) SetInput(files []InputFile) { t.input = append(t.input[:0], files...) }

// A Part is one store's dictionaries, as far as the trace has learned them, in the trace's numbers.
type Part struct {
	trace *Trace
	ends  []uint32 // by the store's number
	convs []uint32
}

// NewPart is for a store of which nothing has been learned yet.
func (t *Trace) NewPart() *Part {
	return &Part{trace: t, ends: make([]uint32, 1), convs: make([]uint32, 1)}
}

// Learn reads what was added to the store's dictionaries, as dict.AppendSince wrote it.
func (p *Part) Learn(b []byte) error {
	t := p.trace
	added, err := dict.Decode(b)
	if err != nil {
		return err
	}
	if added.FirstEndpoint != len(p.ends) || added.FirstConversation != len(p.convs) {
		return dict.ErrAdded
	}
	for _, a := range added.Endpoints {
		p.ends = append(p.ends, t.ends.Number(a))
	}
	for _, c := range added.Conversations {
		if int(c.Src) >= len(p.ends) || int(c.Dst) >= len(p.ends) {
			return dict.ErrAdded
		}
		c.Src, c.Dst = p.ends[c.Src], p.ends[c.Dst]
		number := t.convs.Number(c)
		p.convs = append(p.convs, number)
		if int(number) == len(t.pairOf) {
			t.pairOf = append(t.pairOf, t.pair(c.Src, c.Dst))
		}
	}
	return nil
}

func (t *Trace) pair(src, dst uint32) uint32 {
	if src == 0 || dst == 0 {
		return 0
	}
	key := uint64(src)<<32 | uint64(dst)
	n := t.pairs[key]
	if n == 0 {
		n = uint32(len(t.pairEnds))
		t.pairs[key] = n
		t.pairEnds = append(t.pairEnds, key)
	}
	return n
}

// BinWidth is the width of the bins, in seconds, to ask of the stores of a trace from firstNS to lastNS for a selection: seconds if
// what is looked at is short, else minutes.
func BinWidth(sel *selection.Selection, firstNS, lastNS int64) int64 {
	if sel.Ranged() {
		firstNS, lastNS = max(firstNS, sel.FromNS), min(lastNS, sel.ToNS)
	}
	if (lastNS-firstNS)/trace.Second <= report.MaxSecondsSpan {
		return 1
	}
	return 60
}
