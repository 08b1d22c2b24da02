package store

import (
	"unsafe"

	"tracelens/shared/dict"
	"tracelens/shared/trace"
)

// A predicate is an expression as look-ups. What an expression asks of a packet is answered by the packet's conversation, its flow's
// other port and its length, and few answers to each are different: kinds of them. accept has a row for every kind of conversation and in
// it a byte for every kind of port. The byte has a bit for every group of lengths: it is 1 if packets of such a conversation with such
// a port are chosen that have a length of the group. Nearly always there is only one group, the lengths that are chosen.
type predicate struct {
	question
	rows          []uint32              // by conversation: where its rows are in accept, of which that of causes of kind 0 is the first
	ports         *[portWords]uint8     // kinds, by region and port; noPorts if no port is asked for
	portStretches []stretch             // the kinds of ports
	chosen        []uint64              // accept, but for all kinds of lengths
	accept        []uint8               // of the groups of the pass
	lengths       [1 << 16]uint8        // the bit of each length's group, 0 for those that are never chosen
	passes        [][]uint64            // the groups, as sets of kinds, of every pass over the packets: eight fit a byte
	pass          int                   // that the look-ups are for
	anyFlow       bool                  // nothing is asked but for lengths
	anyLen        bool                  // nothing is asked for lengths
	flows         [dict.MaxFlows]uint8  // of the segment at hand: the byte of accept for each; for a digest, of conversations
	odd           *[dict.MaxFlows]uint8 // of the segment at hand, see odd.go; zeros between two
	tunnels       []tunnel              // that have been asked about lately
}

// decide says which flows of a segment are chosen, as far as their packets are alike: some of them; all of them, which is right only
// if no lengths are asked for. Four at a time, for the reasons in count.go.
func (p *predicate) decide(s *segment) (some, all bool) {
	if p.anyFlow {
		return true, true
	}
	if p.asked[forCauses] {
		return p.decideCauses(s)
	}
	i, n, look := 0, len(s.flows), p.look()
	f, out := unsafe.Pointer(unsafe.SliceData(s.flows)), unsafe.Pointer(&p.flows)
	chosen := uint32(0)
	for ; i+4 <= n; i += 4 {
		a := look.at((*flow)(f))
		b := look.at((*flow)(unsafe.Add(f, flowBytes)))
		c := look.at((*flow)(unsafe.Add(f, 2*flowBytes)))
		d := look.at((*flow)(unsafe.Add(f, 3*flowBytes)))
		*(*uint32)(out) = a | b<<8 | c<<16 | d<<24
		chosen += a + b + c + d
		f, out = unsafe.Add(f, 4*flowBytes), unsafe.Add(out, 4)
	}
	for ; i < n; i++ {
		ok := look.at(&s.flows[i])
		p.flows[i] = uint8(ok)
		chosen += ok
	}
	return chosen > 0, int(chosen) == n
}

// A look is the tables of a predicate. The functions on it must stay small enough to be inlined.
type look struct{ rows, ports, accept unsafe.Pointer }

func (p *predicate) look() look {
	return look{unsafe.Pointer(unsafe.SliceData(p.rows)), unsafe.Pointer(p.ports), unsafe.Pointer(unsafe.SliceData(p.accept))}
}

// at is the byte of a flow.
func (l look) at(f *flow) uint32 {
	row := *(*uint32)(unsafe.Add(l.rows, uint(f.conv>>2)*4))
	return uint32(*(*uint8)(unsafe.Add(l.accept, uint(row)+uint(*(*uint8)(unsafe.Add(l.ports, uint(f.at())))))))
}

// ofConv is the byte of a flow with a port that nothing is asked of.
func (l look) ofConv(f *flow) uint32 {
	return uint32(*(*uint8)(unsafe.Add(l.accept, uint(*(*uint32)(unsafe.Add(l.rows, uint(f.conv>>2)*4))))))
}

// noPorts stands for the kinds of ports if no port is asked for.
var noPorts [portWords]uint8

// mixed reports whether there are several groups of lengths, so that a packet is chosen for its flow and its length together.
func (p *predicate) mixed() bool { return len(p.passes[p.pass]) > 1 }

// byFlow reports whether all packets of a flow of s are chosen, or none.
func (p *predicate) byFlow(s *segment) bool { return p.anyLen && !p.secondMay(s) && !p.varies(s) }

// byLength reports whether all packets of a length of s are chosen, or none.
func (p *predicate) byLength(s *segment) bool {
	return p.anyFlow && len(s.long) == 0
}

// secondMay reports whether packets of s may be chosen, or not, because of their second ports.
func (p *predicate) secondMay(s *segment) bool { return p.ports != &noPorts && len(s.second) > 0 }

// needsMore reports whether some of the packets from..to need a look at what the columns do not hold.
func (p *predicate) needsMore(s *segment, from, to int) bool {
	return p.varies(s) || p.secondMay(s) && len(s.secondIn(from, to)) > 0 || !p.anyLen && len(s.long) > 0 && len(s.longIn(from, to)) > 0
}

// holds says whether a packet is chosen, with all that the columns do not hold. It is the slow way.
func (p *predicate) holds(s *segment, row int) bool {
	f, offset := &s.flows[s.flow[row]], uint32(0)
	if p.asked[forCauses] {
		offset = p.offset(s.causeOf(row))
	}
	if p.secondMay(s) {
		if two := s.secondIn(row, row+1); len(two) > 0 {
			kind := uint8(0)
			if p.asked[forLengths] {
				kind = p.kindOf(uint64(s.lengthOf(row)))
			}
			return p.ofTunnel(f, offset, &two[0])>>kind&1 != 0 && p.passOf(kind) == p.pass
		}
	}
	group := p.lengths[s.length[row]]
	if s.length[row] == trace.LongLen {
		group = p.groupOf(p.kindOf(uint64(s.lengthOf(row))))
	}
	if p.anyFlow {
		return group != 0
	}
	return uint8(p.look().with(f, offset))&group != 0
}

// A tunnel is what is chosen of the packets of a flow with certain kinds of second ports: kinds of lengths.
type tunnel struct {
	flow    uint64 // row<<24 | other port<<16 | second source<<8 | second destination, plus 1
	lengths uint64
}

const tunnelsKept = 1 << 10

// ofTunnel is the kinds of lengths of which packets of a flow with second ports are chosen.
func (p *predicate) ofTunnel(f *flow, offset uint32, two *trace.SecondPorts) uint64 {
	if p.tunnels == nil {
		p.tunnels = make([]tunnel, tunnelsKept)
	}
	row, other, src, dst := p.rows[f.conv>>2]+offset, p.ports[f.at()], uint8(0), uint8(0)
	if two.Ports&trace.HasUDPSrc != 0 {
		src = p.ports[udpPort<<16|int(two.Src)]
	}
	if two.Ports&trace.HasUDPDst != 0 {
		dst = p.ports[udpPort<<16|int(two.Dst)]
	}
	key := uint64(row)<<24 | uint64(other)<<16 | uint64(src)<<8 | uint64(dst) + 1
	known := &p.tunnels[key*0x9E3779B97F4A7C15>>(64-10)]
	if known.flow != key {
		ports := uint32(len(p.portKinds))
		kinds := uint32(p.kinds())
		*known = tunnel{key, p.ask(p.keys[row/ports/kinds], uint8(row/ports%kinds), other, src, dst)}
	}
	return known.lengths
}
