package sieve

import (
	"tracelens/shared/dict"
	"tracelens/shared/trace"
)

// choose asks the selection for each row of the batch, and says how many it has.
func (s *Sieve) choose() (n int) {
	b, ranged := &s.batch, s.sel.Ranged()
	for flow := len(s.packets); flow < s.flows.Len(); flow++ {
		s.packets = append(s.packets, packetOf(s.flows.At(flow), s.flows.Endpoints()))
	}
	long, second := b.Long, b.Second
	for i := range b.N {
		at := b.TimeNS[i]
		chosen := !ranged || at >= s.sel.FromNS && at < s.sel.ToNS
		if chosen && s.sel.Where != nil {
			p := &s.packets[b.Flow[i]]
			p.TimeNS, p.Len = at, uint32(b.Len[i])
			for len(long) > 0 && int(long[0].Row) <= i {
				if int(long[0].Row) == i {
					p.Len = long[0].Len
				}
				long = long[1:]
			}
			for len(second) > 0 && int(second[0].Row) < i {
				second = second[1:]
			}
			if len(second) > 0 && int(second[0].Row) == i {
				tunnel := *p
				tunnel.SetPorts(second[0].Ports, second[0].Src, second[0].Dst)
				p = &tunnel
			}
			chosen = s.sel.Where.Holds(p, s.cause(p))
		}
		if s.chosen[i] = chosen; chosen {
			n++
		}
	}
	return n
}

// packetOf is what the packets of a flow have in common, with room for a length. UDP ports beside those of TCP are not the flow's.
func packetOf(f dict.Flow, ends *dict.Endpoints) trace.Packet {
	p := trace.Packet{Has: trace.Time.Bit() | trace.Len.Bit()}
	if n := uint32(f.Ends >> 32); n != 0 {
		p.SetSource(ends.Addr(n))
	}
	if n := uint32(f.Ends); n != 0 {
		p.SetDestination(ends.Addr(n))
	}
	src, dst, bits := f.Ports()
	if bits&trace.HasTCP != 0 {
		bits &= trace.HasTCP
	}
	p.SetPorts(bits, src, dst)
	return p
}
