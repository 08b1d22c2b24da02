package store

import (
	"slices"

	"tracelens/shared/called"
	"tracelens/shared/cause"
	"tracelens/shared/dict"
	"tracelens/shared/trace"
)

// knowledge is who is behind packets, as a Book says it, for one store. What the book says is looked up when somebody asks, and again when it has said
// more: then only for the addresses and ports that this is of, since while a trace is live something is said all the time.
type knowledge struct {
	book   *called.Book
	finder *cause.Finder
	said   int // changes of the book that it knows
	round  int // how often it has learned something
	anew   int // the last round in which it learned everything
	// By endpoint: what is known of it, nil for nothing; and the last round in which that was something else.
	hosts []*cause.Host
	since []int
	ports []int // by number: the last round in which a program of one was another, on whatever address
}

// SetBook has the store know who is behind its packets by what a book says, also in the future. The book must not change while a query or rows
// take a step.
func (s *Store) SetBook(b *called.Book) { s.known = knowledge{book: b} }

// learn makes the knowledge new.
func (k *knowledge) learn(ends *dict.Endpoints) {
	if k.book == nil {
		k.book = new(called.Book)
	}
	if changes, ok := k.book.Since(k.said); k.finder == nil || !ok {
		var causes []trace.Cause
		if k.finder != nil {
			causes = k.finder.Causes() // a cause keeps its number
		}
		k.finder = cause.New(k.book, causes)
		k.hosts, k.since, k.ports = append(k.hosts[:0], nil), append(k.since[:0], 0), make([]int, 1<<16)
		k.round++
		k.anew = k.round
	} else if len(changes) > 0 {
		k.round++
		for _, c := range changes {
			k.finder.Forget(c.Address)
			n, known := ends.Lookup(c.Address)
			if !known || int(n) >= len(k.hosts) {
				continue
			}
			if k.hosts[n] = k.finder.Host(c.Address); c.Program {
				k.ports[c.Port] = k.round
			} else {
				k.since[n] = k.round
			}
		}
	}
	k.said = k.book.Changes()
	for n := len(k.hosts); n < ends.Len(); n++ {
		k.hosts, k.since = append(k.hosts, k.finder.Host(ends.Addr(uint32(n)))), append(k.since, 0)
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

// find finds out who is behind the packets of a segment, which must be sorted, as far as that is not known.
func (k *knowledge) find(s *segment, convs *dict.Conversations) {
	b, before := &s.behind, s.behind.round
	if before == k.round && b.rows == s.rows() {
		return
	}
	if !s.full || b.rows != s.rows() || before < k.anew { // of one that is not full there may be copies
		*b, before = behind{causes: make([]uint32, len(s.flows))}, -1
	}
	b.round, b.rows = k.round, s.rows()
	firstNS, lastNS := s.timeNS[0], s.timeNS[s.rows()-1]
	for i := range s.flows {
		f := &s.flows[i]
		v := convs.At(f.conv >> 2)
		src, dst := k.hosts[v.Src], k.hosts[v.Dst]
		if src == nil && dst == nil || max(k.since[v.Src], k.since[v.Dst], k.ports[v.Port], k.ports[f.port]) <= before {
			continue
		}
		srcPort, dstPort := f.ends(v)
		turns := k.finder.Turns(src, dst, srcPort, dstPort, v.Ports)
		from, to := cause.Index(turns, firstNS), cause.Index(turns, lastNS)
		if b.causes[i] = turns[from].Cause; from == to {
			delete(b.turns, uint16(i))
			continue
		}
		if b.causes[i] = turning; b.turns == nil {
			b.turns = map[uint16][]cause.Turn{}
		}
		b.turns[uint16(i)] = slices.Clone(turns[from : to+1])
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
