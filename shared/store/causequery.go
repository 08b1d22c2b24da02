package store

import (
	"unsafe"

	"tracelens/shared/selection"
	"tracelens/shared/stats"
	"tracelens/shared/trace"
)

// A CauseQuery counts the packets of a selection by who is behind them, a segment at a time, as a Query counts them by all else. It passes over
// the packets one by one: what they are counted by, time and cause, is in no summary.
type CauseQuery struct {
	store  *Store
	sel    *selection.Selection
	widthS int64
	pred   *predicate
	next   int      // segment
	cells  []uint64 // of the bin at hand, by number of the cause
	found  []stats.CauseCell
}

// Causes begins to count a selection, which must be valid, in bins of widthS seconds.
func (s *Store) Causes(sel *selection.Selection, widthS int64) *CauseQuery {
	s.known.learn(s.Endpoints())
	return &CauseQuery{store: s, sel: sel, widthS: widthS, pred: s.predicate(sel.Where)}
}

// Step counts some more. It returns false when everything has been counted.
func (q *CauseQuery) Step() bool {
	if q.next == len(q.store.segments) { // of this pass
		if q.pred == nil || q.pred.pass+1 == len(q.pred.passes) {
			return false
		}
		q.pred.begin(q.pred.pass + 1)
		q.next = 0
		return true
	}
	q.count(q.store.segments[q.next])
	q.next++
	return true
}

func (q *CauseQuery) count(s *segment) {
	s.sort()
	from, to := s.within(q.sel)
	if from == to {
		return
	}
	if q.pred != nil {
		if some, all := q.pred.decide(s); !some && !q.pred.secondMay(s) {
			return
		} else if all && q.pred.byFlow(s) {
			q.countIn(s, from, to, nil)
			return
		}
	}
	q.countIn(s, from, to, q.pred)
}

// countIn counts the packets from..to that p chooses, all of them if it is nil.
func (q *CauseQuery) countIn(s *segment, from, to int, p *predicate) {
	known := &q.store.known
	known.find(s, q.store.convs)
	if n := len(known.finder.Causes()); n > len(q.cells) {
		q.cells = append(q.cells, make([]uint64, n-len(q.cells)+n/4)...)
	}
	width := q.widthS * trace.Second
	for from < to {
		start := trace.Floor(s.timeNS[from], width)
		end := s.before(start+width, from, to)
		q.add(s, from, end, p)
		for _, l := range s.longIn(from, end) {
			if p == nil || p.holds(s, int(l.Row)) {
				q.note(start, s.causeOf(int(l.Row)), volume{0, int64(l.Len) - trace.LongLen})
			}
		}
		for c, w := range q.cells {
			if w != 0 {
				q.note(start, uint32(c), volume{int64(w >> 40), int64(w & byteBits)})
				q.cells[c] = 0
			}
		}
		from = end
	}
}

func (q *CauseQuery) note(startNS int64, cause uint32, v volume) {
	q.found = append(q.found, stats.CauseCell{Cause: cause, Start: startNS / trace.Second, Bytes: v.bytes, Packets: v.packets})
}

// add counts the packets from..to of a bin in cells, whose words hold a segment.
func (q *CauseQuery) add(s *segment, from, to int, p *predicate) {
	causes, cells := s.behind.causes, q.cells
	flows, lengths := s.flow[from:to], s.length[from:to]
	switch {
	case len(s.behind.turns) > 0 || p != nil && p.needsMore(s, from, to):
		for i, f := range flows {
			if p == nil || p.holds(s, from+i) {
				c := causes[f]
				if c == turning {
					c = s.causeOf(from + i)
				}
				cells[c] += word(uint(lengths[i]), 1)
			}
		}
	case p == nil:
		countCauses(flows, lengths, causes, cells)
	default:
		countCausesOf(flows, lengths, causes, cells, p)
	}
}

// countCauses counts packets, whose flows have numbers below the length of causes and those below that of cells. Four at a time and with pointers,
// for the reasons in count.go.
func countCauses(flows, lengths []uint16, causes []uint32, cells []uint64) {
	of, to := unsafe.Pointer(unsafe.SliceData(causes)), unsafe.Pointer(unsafe.SliceData(cells))
	for len(flows) >= 4 && len(lengths) >= 4 {
		f, l := (*[4]uint16)(flows), (*[4]uint16)(lengths)
		addCause(of, to, f[0], word(uint(l[0]), 1))
		addCause(of, to, f[1], word(uint(l[1]), 1))
		addCause(of, to, f[2], word(uint(l[2]), 1))
		addCause(of, to, f[3], word(uint(l[3]), 1))
		flows, lengths = flows[4:], lengths[4:]
	}
	for i, f := range flows {
		addCause(of, to, f, word(uint(lengths[i]), 1))
	}
}

// countCausesOf is countCauses for the packets that p chooses.
func countCausesOf(flows, lengths []uint16, causes []uint32, cells []uint64, p *predicate) {
	of, to := unsafe.Pointer(unsafe.SliceData(causes)), unsafe.Pointer(unsafe.SliceData(cells))
	chosen := func(f, l uint16) uint64 { return word(uint(l), isAny(p.lengths[l]&p.flows[f])) }
	for len(flows) >= 4 && len(lengths) >= 4 {
		f, l := (*[4]uint16)(flows), (*[4]uint16)(lengths)
		addCause(of, to, f[0], chosen(f[0], l[0]))
		addCause(of, to, f[1], chosen(f[1], l[1]))
		addCause(of, to, f[2], chosen(f[2], l[2]))
		addCause(of, to, f[3], chosen(f[3], l[3]))
		flows, lengths = flows[4:], lengths[4:]
	}
	for i, f := range flows {
		addCause(of, to, f, chosen(f, lengths[i]))
	}
}

func addCause(causes, cells unsafe.Pointer, flow uint16, v uint64) {
	*(*uint64)(unsafe.Add(cells, uint(*(*uint32)(unsafe.Add(causes, uint(flow)<<2)))<<3)) += v
}

// Partial is the answer, after Step has returned false. A bin that several segments have packets of is in it several times.
func (q *CauseQuery) Partial() *stats.CausePartial {
	all := q.store.known.finder.Causes()
	p := &stats.CausePartial{WidthS: q.widthS, Cells: q.found}
	numbers := make([]uint32, len(all)) // and 1
	for i := range q.found {
		c := &q.found[i]
		if numbers[c.Cause] == 0 {
			p.Causes = append(p.Causes, all[c.Cause])
			numbers[c.Cause] = uint32(len(p.Causes))
		}
		c.Cause = numbers[c.Cause] - 1
	}
	return p
}
