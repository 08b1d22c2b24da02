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
	return &Query{store: s, sel: sel, widthS: widthS, pred: s.predicate(sel.Where)}
}

// Step counts some more. It returns false when everything has been counted.
func (q *Query) Step() bool {
	if q.next == len(q.store.segments) { // of this pass
		if q.pred == nil || q.pred.pass+1 == len(q.pred.passes) {
			return false
		}
		q.pred.begin(q.pred.pass + 1)
		q.next = 0
		return true
	}
	if b, size := q.bundleAt(q.next); b != nil {
		if q.pred == nil {
			q.store.counters.addBundle(b, q.widthS)
		} else {
			q.store.counters.addChosen(b, q.store.segments[q.next:q.next+size], q.widthS, q.pred)
		}
		q.next += size
		return true
	}
	q.count(q.store.counters, q.store.segments[q.next])
	q.next++
	return true
}

// Partial is the answer, after Step has returned false; it is valid until the next query. A query that is given up needs it too, to leave the counters empty.
func (q *Query) Partial() *stats.Partial { return q.store.counters.partial(q.widthS) }

// within are the packets of s in a selection's time.
func (s *segment) within(sel *selection.Selection) (from, to int) {
	n := s.rows()
	if !sel.Ranged() {
		return 0, n
	}
	at := func(t int64) int { return sort.Search(n, func(i int) bool { return s.timeNS[i] >= t }) }
	return at(sel.FromNS), at(sel.ToNS)
}

// count counts a segment by the cheapest way: not at all, by its summary, by finding what is chosen, or by a scan.
func (q *Query) count(c *counters, s *segment) {
	s.sort()
	from, to := s.within(q.sel)
	if from == to {
		return
	}
	p, entire := q.pred, from == 0 && to == s.rows()
	if p != nil {
		some, all := p.decide(s)
		if !some && !p.secondMay(s) {
			return
		}
		if packets, ok := p.few(s); ok {
			c.countFew(s, from, to, packets, q.widthS, p)
			return
		}
		if all && p.byFlow(s) {
			p = nil
		}
	}
	c.room(to - from)
	if p == nil && entire && s.sum != nil && s.sum.widthS <= q.widthS {
		c.add(s, q.widthS)
		c.see(s.timeNS[0], s.timeNS[to-1])
		return
	}
	k, words := nothing, c.flows[:len(s.flows)]
	switch {
	case p == nil || !entire || s.sum == nil:
	case p.byFlow(s):
		k = theFlows
		p.pickFlows(words, s.sum.flows)
	case p.byLength(s):
		k = theLengths
		p.pickLengths(&c.lengths, s.sum.lengths)
	}
	c.scan(s, from, to, q.widthS, p, k)
	c.spread(s.flows, words)
	clear(words)
	c.extras(s, from, to, p)
}

// pickLengths counts the lengths that are chosen.
func (p *predicate) pickLengths(to *[1 << 16]uint32, from [][2]int64) {
	for _, l := range from {
		to[l[0]] += uint32(l[1]) & -uint32(p.lengths[l[0]])
	}
}

// pickFlows copies the words of the flows that are chosen, and zeros for the others.
func (p *predicate) pickFlows(to, from []uint64) {
	n := len(from)
	for ; n >= 4; n -= 4 {
		ok, a, b := (*[4]uint8)(p.flows[n-4:]), (*[4]uint64)(to[n-4:]), (*[4]uint64)(from[n-4:])
		a[0], a[1] = b[0]&-uint64(ok[0]), b[1]&-uint64(ok[1])
		a[2], a[3] = b[2]&-uint64(ok[2]), b[3]&-uint64(ok[3])
	}
	for ; n > 0; n-- {
		to[n-1] = from[n-1] & -uint64(p.flows[n-1])
	}
}
