package store

import (
	"encoding/binary"
	"net/netip"

	"tracelens/shared/dict"
	"tracelens/shared/trace"
)

// packet puts together what the columns, the flow and its conversation hold of a packet.
func (s *Store) packet(g *segment, row int) trace.Packet {
	f := &g.flows[g.flow[row]]
	conv := s.convs.At(f.conv >> 2)
	p := trace.Packet{TimeNS: g.timeNS[row], Len: uint32(g.lengthOf(row)), Has: trace.Time.Bit() | trace.Len.Bit()}
	if conv.Src != 0 {
		setSource(&p, s.Endpoints().Addr(conv.Src))
	}
	if conv.Dst != 0 {
		setDestination(&p, s.Endpoints().Addr(conv.Dst))
	}
	src, dst := conv.Port, conv.Port // of one port, or the same at both ends
	switch conv.Kind {
	case dict.LowSource:
		dst = f.port
	case dict.LowDestination:
		src = f.port
	}
	if conv.Ports&trace.HasTCP == 0 {
		setPorts(&p, conv.Ports, src, dst)
		return p
	}
	setPorts(&p, conv.Ports&trace.HasTCP, src, dst)
	for _, two := range g.secondIn(row, row+1) {
		setPorts(&p, two.Ports, two.Src, two.Dst)
	}
	return p
}

func setPorts(p *trace.Packet, bits trace.PortBits, src, dst uint16) {
	if bits&trace.HasTCPSrc != 0 {
		p.SetPort(trace.TCPSrcPort, src)
	}
	if bits&trace.HasTCPDst != 0 {
		p.SetPort(trace.TCPDstPort, dst)
	}
	if bits&trace.HasUDPSrc != 0 {
		p.SetPort(trace.UDPSrcPort, src)
	}
	if bits&trace.HasUDPDst != 0 {
		p.SetPort(trace.UDPDstPort, dst)
	}
}

func setSource(p *trace.Packet, a netip.Addr) {
	if a.Is4() {
		v := a.As4()
		p.IPv4SrcAddr = binary.BigEndian.Uint32(v[:])
		p.Has |= trace.IPSrc.Bit()
		return
	}
	p.IPv6SrcAddr = a.As16()
	p.Has |= trace.IPv6Src.Bit()
}

func setDestination(p *trace.Packet, a netip.Addr) {
	if a.Is4() {
		v := a.As4()
		p.IPv4DstAddr = binary.BigEndian.Uint32(v[:])
		p.Has |= trace.IPDst.Bit()
		return
	}
	p.IPv6DstAddr = a.As16()
	p.Has |= trace.IPv6Dst.Bit()
}
