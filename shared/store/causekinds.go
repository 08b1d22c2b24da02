package store

import (
	"unsafe"

	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

// Causes are of kinds, as endpoints are: a bit for each node on programs or sites, which says whether it holds. There are few such nodes
// (selection.Check), so all the kinds that there could be have their place in a predicate's look-up, before it is known which causes there are.

// kinds is how many kinds of causes a question tells apart.
func (q *question) kinds() int { return 1 << len(q.onCauses) }

// causeKind is the kind of a cause, by number.
func (q *question) causeKind(number uint32) uint8 {
	for n := len(q.causeKinds); n <= int(number); n++ {
		kind := uint8(0)
		for bit, node := range q.onCauses {
			for _, f := range node.any {
				if (&selection.Expr{Filter: f}).Holds(&trace.Packet{}, q.known.finder.Causes()[n]) {
					kind |= 1 << bit
				}
			}
		}
		q.causeKinds = append(q.causeKinds, kind)
	}
	return q.causeKinds[number]
}

// offset is how far behind a conversation's row in accept that of a cause is.
func (p *predicate) offset(number uint32) uint32 {
	return uint32(p.causeKind(number)) * uint32(len(p.portKinds))
}

// varies reports whether some flows of s have packets of which one is chosen for its cause and another is not, as far as anybody asks.
func (p *predicate) varies(s *segment) bool { return p.asked[forCauses] && len(s.behind.turns) > 0 }

// decideCauses is decide where causes are asked for. Of flows that have several it says which of their packets may be chosen.
func (p *predicate) decideCauses(s *segment) (some, all bool) {
	p.known.find(s, p.convs)
	look, chosen := p.look(), 0
	for i := range s.flows {
		ok := uint32(0)
		if number := s.behind.causes[i]; number != turning {
			ok = look.with(&s.flows[i], p.offset(number))
		} else {
			for _, turn := range s.behind.turns[uint16(i)] {
				ok |= look.with(&s.flows[i], p.offset(turn.Cause))
			}
		}
		p.flows[i] = uint8(ok)
		chosen += boolInt(ok != 0)
	}
	return chosen > 0, chosen == len(s.flows)
}

// with is the byte of a flow with a cause that is so far behind.
func (l look) with(f *flow, offset uint32) uint32 {
	l.accept = unsafe.Add(l.accept, uint(offset))
	return l.at(f)
}
