package store

import (
	"slices"

	"tracelens/shared/called"
	"tracelens/shared/cause"
	"tracelens/shared/dict"
	"tracelens/shared/trace"
)

// knowledge is who is behind packets, as a Book says it, for one store. It is looked up again whenever the book says more, and only when
// somebody asks.
type knowledge struct {
	book   *called.Book
	finder *cause.Finder
	round  int           // how often there has been another finder
	said   int           // changes of the book that it knows
	hosts  []*cause.Host // by endpoint; nil for those of which nothing is known
}

// SetBook has the store know who is behind its packets by what a book says, also in the future. The book must not change while a query or rows
// take a step.
func (s *Store) SetBook(b *called.Book) { s.known = knowledge{book: b} }

// learn makes the knowledge new.
func (k *knowledge) learn(ends *dict.Endpoints) {
	if k.book == nil {
		k.book = new(called.Book)
	}
	if k.finder == nil || k.said != k.book.Changes() {
		var causes []trace.Cause
		if k.finder != nil {
			causes = k.finder.Causes() // a cause keeps its number
		}
		k.finder = cause.New(k.book, causes)
		k.said, k.hosts = k.book.Changes(), append(k.hosts[:0], nil)
		k.round++
	}
	for n := len(k.hosts); n < ends.Len(); n++ {
		k.hosts = append(k.hosts, k.finder.Host(ends.Addr(uint32(n))))
	}
}

// turning stands in place of a cause for the flows that have several in the time of their segment.
const turning = 1<<32 - 1

// behind is who is behind the packets of a segment, of one round of knowledge.
type behind struct {
	round, rows int
	causes      []uint32                // by flow; turning for those in turns
	turns       map[uint16][]cause.Turn // by flow
}

// find finds out who is behind the packets of a segment, which must be sorted, unless that is known.
func (k *knowledge) find(s *segment, convs *dict.Conversations) {
	b := &s.behind
	if b.round == k.round && b.rows == s.rows() {
		return
	}
	*b = behind{k.round, s.rows(), make([]uint32, len(s.flows)), nil}
	firstNS, lastNS := s.timeNS[0], s.timeNS[s.rows()-1]
	for i := range s.flows {
		v := convs.At(s.flows[i].conv >> 2)
		src, dst := k.hosts[v.Src], k.hosts[v.Dst]
		if src == nil && dst == nil {
			continue
		}
		srcPort, dstPort := s.flows[i].ends(v)
		turns := k.finder.Turns(src, dst, srcPort, dstPort, v.Ports)
		from, to := cause.Index(turns, firstNS), cause.Index(turns, lastNS)
		if b.causes[i] = turns[from].Cause; from != to {
			if b.causes[i] = turning; b.turns == nil {
				b.turns = map[uint16][]cause.Turn{}
			}
			b.turns[uint16(i)] = slices.Clone(turns[from : to+1])
		}
	}
}

// ends are the ports of a flow of a conversation, as far as it has any.
func (f *flow) ends(v dict.Conversation) (src, dst uint16) {
	switch v.Kind {
	case dict.LowSource:
		return v.Port, f.port
	case dict.LowDestination:
		return f.port, v.Port
	case dict.OnePort:
		return v.Port, v.Port
	}
	return 0, 0
}

// behind is who is behind a packet.
func (s *Store) behind(p *trace.Packet) trace.Cause {
	s.known.learn(s.Endpoints())
	return s.known.finder.Of(p)
}

// causeOf is who is behind a packet.
func (s *segment) causeOf(row int) uint32 {
	f := s.flow[row]
	if c := s.behind.causes[f]; c != turning {
		return c
	}
	return cause.At(s.behind.turns[f], s.timeNS[row])
}
