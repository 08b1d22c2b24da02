package store

import (
	"tracelens/shared/selection"
	"tracelens/shared/stats"
	"tracelens/shared/trace"
)

// A CauseQuery counts the packets of a selection by who is behind them, a segment at a time, as a Query counts them by all else. It passes over
// the packets one by one: what they are counted by, time and cause, is in no summary.
type CauseQuery struct {
	store   *Store
	sel     *selection.Selection
	widthS  int64
	pred    *predicate
	next    int // segment
	cells   []uint64
	volumes map[causeBin]volume
}

// A causeBin is a cause, by number, in a bin.
type causeBin struct {
	start int64
	cause uint32
}

// Causes begins to count a selection, which must be valid, in bins of widthS seconds.
func (s *Store) Causes(sel *selection.Selection, widthS int64) *CauseQuery {
	s.known.learn(s.Endpoints())
	return &CauseQuery{store: s, sel: sel, widthS: widthS, pred: s.predicate(sel.Where), volumes: map[causeBin]volume{}}
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
	at := causeBin{startNS / trace.Second, cause}
	sum := q.volumes[at]
	sum.packets += v.packets
	sum.bytes += v.bytes
	q.volumes[at] = sum
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
		for i, f := range flows {
			cells[causes[f]] += word(uint(lengths[i]), 1)
		}
	default:
		for i, f := range flows {
			l := lengths[i]
			cells[causes[f]] += word(uint(l), isAny(p.lengths[l]&p.flows[f]))
		}
	}
}

// Partial is the answer, after Step has returned false.
func (q *CauseQuery) Partial() *stats.CausePartial {
	all := q.store.known.finder.Causes()
	p := &stats.CausePartial{WidthS: q.widthS}
	numbers := map[uint32]uint32{}
	for at, v := range q.volumes {
		n, known := numbers[at.cause]
		if !known {
			n = uint32(len(p.Causes))
			numbers[at.cause] = n
			p.Causes = append(p.Causes, all[at.cause])
		}
		p.Cells = append(p.Cells, stats.CauseCell{Cause: n, Start: at.start, Bytes: v.bytes, Packets: v.packets})
	}
	return p
}
