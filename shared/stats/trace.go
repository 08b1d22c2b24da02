package stats

import (
	"tracelens/shared/dict"
	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

// A Trace is what is known of a trace as a whole: its addresses and which of them have to do with each other, which are the user's own,
// the hours for which there are files, and how the files were read.
type Trace struct {
	ends     *dict.Endpoints
	sends    []bool // by endpoint: is the source of something
	couples  couples
	covered  map[int64]bool // hours, unix seconds, for which there is a file
	input    []InputFile
	relative bool
	mine     mine
	spare    *volumes // of a query that is done
}

// NewTrace is a trace of which nothing is known.
func NewTrace() *Trace {
	return &Trace{ends: dict.NewEndpoints(), sends: make([]bool, 1), couples: newCouples(), covered: map[int64]bool{}}
}

// Cover notes that there is a file for the hour of start, unix seconds, whether it has rows or not.
func (t *Trace) Cover(start int64) { t.covered[trace.Floor(start, trace.HourS)] = true }

// SetRelative notes that the trace's start is unknown: its times count from 0.
func (t *Trace) SetRelative() { t.relative = true }

// Addresses is how many addresses have been learned.
func (t *Trace) Addresses() int { return t.ends.Len() - 1 }

// Beginning is the first n addresses that were learned whose texts begin with a prefix.
func (t *Trace) Beginning(prefix string, n int) (list []string) {
	var text []byte
	for i := 1; i < t.ends.Len() && len(list) < n; i++ {
		if text = t.ends.Addr(uint32(i)).AppendTo(text[:0]); len(text) >= len(prefix) && string(text[:len(prefix)]) == prefix {
			list = append(list, string(text))
		}
	}
	return list
}

// Relative reports whether SetRelative was called.
func (t *Trace) Relative() bool { return t.relative }

// SetInput notes the files that were read, or why they were not. It replaces what was noted before, so that a trace that grows
// can say so again.
func (t *Trace) SetInput(files []InputFile) { t.input = append(t.input[:0], files...) }

// A Part is one store's dictionaries, as far as the trace has learned them, in the trace's numbers.
type Part struct {
	trace  *Trace
	ends   []uint32 // by the store's number
	places []place  // by the store's number of a conversation
}

// A place is where a conversation counts.
type place struct {
	pair     uint32
	port     uint32 // as Partial.OtherPorts, or noPort
	protocol trace.Protocol
}

// noPort is a number behind those of all ports.
const noPort = 2 * UDPPorts

// NewPart is for a store of which nothing has been learned yet.
func (t *Trace) NewPart() *Part {
	return &Part{trace: t, ends: make([]uint32, 1), places: make([]place, 1)}
}

// Learn reads what was added to the store's dictionaries, as dict.AppendSince wrote it.
func (p *Part) Learn(b []byte) error {
	t := p.trace
	added, err := dict.Decode(b)
	if err != nil {
		return err
	}
	if added.FirstEndpoint != len(p.ends) || added.FirstConversation != len(p.places) {
		return dict.ErrAdded
	}
	for _, a := range added.Endpoints {
		p.ends = append(p.ends, t.ends.Number(a))
	}
	for len(t.sends) < t.ends.Len() {
		t.sends = append(t.sends, false)
	}
	for _, c := range added.Conversations {
		if int(c.Src) >= len(p.ends) || int(c.Dst) >= len(p.ends) {
			return dict.ErrAdded
		}
		src, dst := p.ends[c.Src], p.ends[c.Dst]
		t.sends[src] = true
		at := place{t.couples.pair(t.ends, src, dst), noPort, trace.ProtocolOf(c.Ports, src|dst != 0)}
		if c.Kind != dict.NoPort {
			at.port = uint32(c.Port)
			if c.Ports&trace.HasTCP == 0 {
				at.port |= UDPPorts
			}
		}
		p.places = append(p.places, at)
	}
	return nil
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
