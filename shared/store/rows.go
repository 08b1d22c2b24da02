package store

import (
	"math"

	"tracelens/shared/dict"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

// Rows are the packets of a selection one by one, being looked for in the order of time, some at a time, so that its worker can look in
// between whether they are still wanted. They are those that the store had at the beginning: packets may be appended meanwhile, and
// queries asked.
//
// Segments overlap in time, so those that have packets left stand in a heap, with the one whose next packet is the earliest on top; of
// that, as many are taken as come before those of any other. A segment is not looked at before its time has come.
type Rows struct {
	store       *Store
	segments    []*segment      // as they were
	pred        *predicate      // lets all long lengths pass
	where       *selection.Expr // to be asked of every packet, as the predicate cannot tell at once; nil if it can
	heap        []*part
	most        int
	found       []run
	n           int // packets of found
	everyLength *[1 << 16]uint8
	spare       *[dict.MaxFlows]uint8 // marks that nobody needs any more

	atOnce, ahead int // rowsAtOnce and rowsAhead, less in tests
}

// A part is what is left of a segment: the packets next..end. Of two packets at the same time, the one of the lower number comes first.
type part struct {
	of        *segment
	number    int
	next, end int
	begun     bool                  // what follows is known
	marks     *[dict.MaxFlows]uint8 // of flows that may have chosen packets; nil if all packets are
	lengths   *[1 << 16]uint8       // of which a packet may be chosen
	each      bool                  // packets of these flows have to be looked at by themselves
}

// every is all bits of a predicate's look-ups.
const every = 0xff

// A run is packets that were found next to each other: some of a segment, by its number, from a row on, which are the at-th of all and
// those after it.
type run struct{ segment, row, at uint32 }

const (
	rowsAtOnce   = 1 << 16 // about how many packets one step passes
	rowsAhead    = 1 << 13 // how far a part may look for its next packet while others may have an earlier one
	rowsPerVisit = 16      // how many packets could be passed in the time that it takes to change to another part
)

// Rows begins to look for the packets of a selection, which must be valid, from a time on: for the first ones, at most most.
func (s *Store) Rows(sel *selection.Selection, fromNS int64, most int) *Rows {
	r := &Rows{store: s, most: most, pred: s.predicate(sel.Where), atOnce: rowsAtOnce, ahead: rowsAhead}
	if r.pred != nil {
		if r.pred.lengths[trace.LongLen] = every; len(r.pred.passes) > 1 { // what is longer has to be looked at by itself
			r.where = sel.Where
		}
	}
	for i, g := range s.segments {
		g.sort()
		if !g.full { // what is appended later goes behind these, or into other columns
			now := *g
			g = &now
		}
		r.segments = append(r.segments, g)
		p := &part{of: g, number: i, end: g.rows()}
		if sel.Ranged() {
			fromNS = max(fromNS, sel.FromNS)
			p.end = g.before(sel.ToNS, 0, p.end)
		}
		if p.next = g.before(fromNS, 0, p.end); p.next < p.end {
			r.heap = append(r.heap, p)
		}
	}
	for i := len(r.heap)/2 - 1; i >= 0; i-- {
		r.sink(i)
	}
	return r
}

// Step looks at some more packets, in about a millisecond. It returns false when all are found that there are, or that are wanted.
func (r *Rows) Step() bool {
	for left := r.atOnce; left > 0; left -= rowsPerVisit {
		if len(r.heap) == 0 || r.n >= r.most {
			r.pred, r.heap, r.spare = nil, nil, nil
			return false
		}
		p := r.heap[0]
		if p.begun {
			left -= r.take(p, left)
		} else {
			r.begin(p)
			left -= len(p.of.flows)
		}
		if p.next == p.end {
			r.drop()
		}
		r.sink(0)
	}
	return true
}

// begin decides which packets of a part may be chosen: those of the flows that are marked, if the predicate's look-up of lengths lets
// them pass too. If none may be, nothing is left of the part.
func (r *Rows) begin(p *part) {
	p.begun = true
	if r.pred == nil {
		return
	}
	p.lengths = &r.pred.lengths
	if r.where != nil {
		p.marks, p.each = new([dict.MaxFlows]uint8), true
		p.lengths = r.all()
		fill(p.marks[:len(p.of.flows)], every)
		return
	}
	some, all := r.pred.decide(p.of)
	second := r.pred.secondMay(p.of)
	switch {
	case !some && !second:
		p.next = p.end
		return
	case all && r.pred.byFlow(p.of):
		return
	}
	if p.marks, r.spare = r.spare, nil; p.marks == nil {
		p.marks = new([dict.MaxFlows]uint8)
	}
	copy(p.marks[:len(p.of.flows)], r.pred.flows[:])
	if second {
		p.lengths = r.all() // a tunnel may be chosen with a length that no flow is
		for _, two := range p.of.second {
			p.marks[p.of.flow[two.Row]] = every
		}
	}
	p.each = second || len(p.of.long) > 0 || r.pred.varies(p.of)
}

// take finds packets of the part on top of the heap, until another part may have an earlier one or limit packets are passed. It
// returns how many it has passed.
func (r *Rows) take(p *part, limit int) int {
	g, row := p.of, p.next
	untilNS, first := r.until(p)
	end := min(p.end, row+limit)
	if len(r.heap) > 1 {
		end = min(end, row+r.ahead)
	}
	if p.marks == nil {
		end = min(end, row+r.most-r.n)
		if g.timeNS[end-1] >= untilNS {
			end = g.before(untilNS, row, end)
			for first && end < p.end && g.timeNS[end] == untilNS && end-row < r.most-r.n {
				end++
			}
		}
		r.add(p.number, row, end-row)
		row = end
	}
	for row < end && r.n < r.most {
		if row = g.nextMarked(row, end, p.marks, p.lengths); row == end {
			break
		}
		if t := g.timeNS[row]; t > untilNS || t == untilNS && !first {
			break
		}
		if !p.each || r.holds(g, row) {
			r.add(p.number, row, 1)
		}
		row++
	}
	passed := row - p.next
	p.next = row
	return passed
}

// all is a look-up of lengths that lets every one pass.
func (r *Rows) all() *[1 << 16]uint8 {
	if r.everyLength == nil {
		r.everyLength = new([1 << 16]uint8)
		fill(r.everyLength[:], every)
	}
	return r.everyLength
}

// holds asks a packet by itself.
func (r *Rows) holds(g *segment, row int) bool {
	if r.where == nil {
		return r.pred.holds(g, row)
	}
	k := r.store.packet(g, row)
	return r.where.Holds(&k, r.store.behind(&k))
}

// until is when the packets of the part on top end to be the next ones, and whether its packets at that very time are still before those
// of others.
func (r *Rows) until(p *part) (untilNS int64, first bool) {
	untilNS, first = math.MaxInt64, true
	for _, other := range r.heap[1:min(3, len(r.heap))] {
		if t := other.timeNS(); t < untilNS || t == untilNS && other.number < p.number {
			untilNS, first = t, p.number < other.number
		}
	}
	return untilNS, first
}

// add notes that packets were found.
func (r *Rows) add(segment, row, n int) {
	if last := len(r.found) - 1; last < 0 || int(r.found[last].segment) != segment || int(r.found[last].row)+r.n-int(r.found[last].at) != row {
		r.found = append(r.found, run{uint32(segment), uint32(row), uint32(r.n)})
	}
	r.n += n
}

// nextMarked is the first of the packets from..to whose flow and length are marked, to if there is none. Four at a time: a jump
// backwards is dear in Go's WebAssembly.
func (s *segment) nextMarked(from, to int, flows *[dict.MaxFlows]uint8, lengths *[1 << 16]uint8) int {
	for ; from+4 <= to; from += 4 {
		f, l := (*[4]uint16)(s.flow[from:]), (*[4]uint16)(s.length[from:])
		if flows[f[0]]&lengths[l[0]]|flows[f[1]]&lengths[l[1]]|flows[f[2]]&lengths[l[2]]|flows[f[3]]&lengths[l[3]] != 0 {
			break
		}
	}
	for from < to && flows[s.flow[from]]&lengths[s.length[from]] == 0 {
		from++
	}
	return from
}

func (p *part) timeNS() int64 { return p.of.timeNS[p.next] }

func (p *part) before(o *part) bool {
	a, b := p.timeNS(), o.timeNS()
	return a < b || a == b && p.number < o.number
}

// drop takes the top off the heap, which is to be put in order then.
func (r *Rows) drop() {
	if marks := r.heap[0].marks; marks != nil {
		r.spare = marks
	}
	last := len(r.heap) - 1
	r.heap[0], r.heap[last] = r.heap[last], nil
	r.heap = r.heap[:last]
}

// sink puts the part at i, which may be too high in the heap, where it belongs.
func (r *Rows) sink(i int) {
	for {
		least := i
		for child := 2*i + 1; child <= 2*i+2 && child < len(r.heap); child++ {
			if r.heap[child].before(r.heap[least]) {
				least = child
			}
		}
		if least == i {
			return
		}
		r.heap[i], r.heap[least] = r.heap[least], r.heap[i]
		i = least
	}
}
