package store

import (
	"tracelens/shared/dict"
	"tracelens/shared/trace"
)

// packet puts together what the columns, the flow and its conversation hold of a packet.
func (s *Store) packet(g *segment, row int) trace.Packet {
	f := &g.flows[g.flow[row]]
	conv := s.convs.At(f.conv >> 2)
	p := trace.Packet{TimeNS: g.timeNS[row], Len: uint32(g.lengthOf(row)), Has: trace.Time.Bit() | trace.Len.Bit()}
	if conv.Src != 0 {
		p.SetSource(s.Endpoints().Addr(conv.Src))
	}
	if conv.Dst != 0 {
		p.SetDestination(s.Endpoints().Addr(conv.Dst))
	}
	src, dst := conv.Port, conv.Port // of one port, or the same at both ends
	switch conv.Kind {
	case dict.LowSource:
		dst = f.port
	case dict.LowDestination:
		src = f.port
	}
	if conv.Ports&trace.HasTCP == 0 {
		p.SetPorts(conv.Ports, src, dst)
		return p
	}
	p.SetPorts(conv.Ports&trace.HasTCP, src, dst)
	for _, two := range g.secondIn(row, row+1) {
		p.SetPorts(two.Ports, two.Src, two.Dst)
	}
	return p
}
