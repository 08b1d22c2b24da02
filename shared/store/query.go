package store

import (
	"sort"

	"tracelens/shared/selection"
	"tracelens/shared/stats"
)

// A Query is a selection being counted, a segment at a time, so that its worker can look between two whether it is still wanted.
// The store must not be used for anything else until it is done or given up.
type Query struct {
	store  *Store
	sel    *selection.Selection
	widthS int64
	pred   *predicate
	next   int // segment
}

// Query begins to count a selection, which must be valid. widthS is the width of the partial's bins: 1 or 60 seconds.
func (s *Store) Query(sel *selection.Selection, widthS int64) *Query {
	s.counters.begin(s.convs.Len())
	return &Query{store: s, sel: sel, widthS: widthS, pred: newPredicate(sel.Filters, s.ends, s.convs)}
}

// Step counts some more. It returns false when everything has been counted.
func (q *Query) Step() bool {
	if q.next == len(q.store.segments) {
		return false
	}
	q.count(q.store.counters, q.store.segments[q.next])
	q.next++
	return true
}

// Partial is the answer, after Step has returned false; it is valid until the next query. A query that is given up needs it too, to leave the counters empty.
func (q *Query) Partial() *stats.Partial { return q.store.counters.partial(q.widthS) }

// bounds are the packets of s in the selection's time.
func (q *Query) bounds(s *segment) (from, to int) {
	n := s.rows()
	if !q.sel.Ranged() {
		return 0, n
	}
	at := func(t int64) int { return sort.Search(n, func(i int) bool { return s.timeNS[i] >= t }) }
	return at(q.sel.FromNS), at(q.sel.ToNS)
}

// count counts a segment by the cheapest way: not at all, by its summary, by a scan, or by its summary and what is not chosen.
func (q *Query) count(c *counters, s *segment) {
	s.sort()
	from, to := q.bounds(s)
	if from == to {
		return
	}
	summed := s.sum != nil && s.sum.widthS <= q.widthS
	pred := q.pred
	if pred != nil && s.sum != nil {
		chosen := pred.packetsAtMost(s.sum)
		if chosen == 0 {
			return
		}
		if chosen == int64(s.rows()) && !pred.perRow() {
			pred = nil
		}
	}
	n := s.rows()
	switch {
	case pred == nil && summed && to-from == n:
		c.add(s, q.widthS)
		c.see(s.timeNS[0], s.timeNS[n-1])
	case summed && len(s.long) == 0 && (pred == nil && to-from > n/2 || pred != nil && q.mostOf(s, from, to)): // all, less what is not chosen
		c.add(s, q.widthS)
		c.scan(s, 0, from, q.widthS, nil, true, taken)
		if pred != nil {
			c.scan(s, from, to, q.widthS, pred, false, taken)
		}
		c.scan(s, to, n, q.widthS, nil, true, taken)
		for pred != nil && !pred.holds(s, from) {
			from++
		}
		for pred != nil && !pred.holds(s, to-1) {
			to--
		}
		c.see(s.timeNS[from], s.timeNS[to-1])
	default:
		c.scan(s, from, to, q.widthS, pred, true, added)
	}
}

// packetsAtMost is how many packets of a summary the predicate may hold for: those of conversations that it does not exclude.
func (p *predicate) packetsAtMost(m *summary) (n int64) {
	if p.want&convBit == 0 {
		return 1 // nothing is excluded for certain, nothing is included
	}
	for i, number := range m.convs.numbers {
		if p.convs[number]&convBit != 0 {
			n += int64(m.convs.volumes[i] >> 40)
		}
	}
	return n
}

// mostOf guesses from some packets of from..to whether more than half of the segment is chosen.
func (q *Query) mostOf(s *segment, from, to int) bool {
	n := min(chunkRows, to-from)
	at := from + (to-from-n)/2
	chosen := len(q.pred.choose(s, at, at+n, true))
	return chosen*(to-from) > n*s.rows()/2
}
