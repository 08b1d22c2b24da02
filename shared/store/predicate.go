package store

import (
	"encoding/binary"
	"unsafe"

	"tracelens/shared/dict"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

// A predicate is the filters of a selection as look-ups: a bit for each filter on ports, and one for all those that a conversation
// decides by itself. A flow's bits are those of its conversation and its other port together; it is chosen if they are exactly those
// that are wanted, and its packets if their lengths are too.
type predicate struct {
	want    uint8
	convs   []uint8           // by number
	ports   *[portWords]uint8 // by region and port; nil without filters on ports
	portsAt []uint32          // where ports is not zero
	lengths [1 << 16]uint8    // 1 for those that are chosen
	anyFlow bool              // no filter is on anything else
	perPort []filter          // the filter of each port bit, from firstPortBit on
	perLen  []filter
	where   *selection.Expr // asked of each packet, if it is no conjunction of filters that have bits
	dicts   func(s *segment, row int) trace.Packet
	flows   [dict.MaxFlows]uint8  // of the segment at hand: 1 for those that are chosen; for a digest, of conversations
	odd     *[dict.MaxFlows]uint8 // of the segment at hand, see odd.go; zeros between two
}

const (
	convBit      = 1 << 0
	firstPortBit = 1 // selection.MaxPortFilters of them
)

// A filter is one of a conjunction.
type filter struct {
	selection.Filter
	Not bool
}

// conjunction is the filters that must all hold, if e is one of few enough of the fields that have bits.
func conjunction(e *selection.Expr) (list []filter, ok bool) {
	ports := 0
	for _, t := range e.Terms() {
		f := filter{t.Filter, t.Op == selection.Not}
		if f.Not {
			t = t.Args[0]
			f.Filter = t.Filter
		}
		if t.Op != selection.Is || f.Field > selection.Length || f.LastPort != 0 {
			return nil, false
		}
		ports += boolInt(f.Field == selection.Port)
		list = append(list, f)
	}
	return list, ports <= 6
}

// packet is what the columns say of a packet.
func (p *predicate) packet(s *segment, row int, ends *dict.Endpoints, convs *dict.Conversations) (k trace.Packet) {
	f := &s.flows[s.flow[row]]
	v := convs.At(f.conv >> 2)
	k.Len, k.Has = uint32(s.lengthOf(row)), trace.Len.Bit()
	for _, end := range []struct {
		number   uint32
		ip, ipv6 trace.Column
		v4       *uint32
		v6       *[16]byte
	}{{v.Src, trace.IPSrc, trace.IPv6Src, &k.IPv4SrcAddr, &k.IPv6SrcAddr}, {v.Dst, trace.IPDst, trace.IPv6Dst, &k.IPv4DstAddr, &k.IPv6DstAddr}} {
		if end.number == 0 {
			continue
		}
		a := ends.Addr(end.number)
		*end.v6 = a.As16()
		if a.Is4() {
			*end.v4 = binary.BigEndian.Uint32(end.v6[12:])
			k.Has |= end.ip.Bit()
		} else {
			k.Has |= end.ipv6.Bit()
		}
	}
	src, dst := v.Port, f.port
	switch v.Kind {
	case dict.LowDestination:
		src, dst = dst, src
	case dict.OnePort:
		dst = src
	}
	if v.Ports&trace.HasTCP != 0 {
		set(&k, v.Ports, trace.HasTCPSrc, trace.TCPSrcPort, src)
		set(&k, v.Ports, trace.HasTCPDst, trace.TCPDstPort, dst)
		for _, two := range s.secondIn(row, row+1) {
			set(&k, two.Ports, trace.HasUDPSrc, trace.UDPSrcPort, two.Src)
			set(&k, two.Ports, trace.HasUDPDst, trace.UDPDstPort, two.Dst)
		}
	} else {
		set(&k, v.Ports, trace.HasUDPSrc, trace.UDPSrcPort, src)
		set(&k, v.Ports, trace.HasUDPDst, trace.UDPDstPort, dst)
	}
	return k
}

func set(k *trace.Packet, has, bit trace.PortBits, c trace.Column, port uint16) {
	if has&bit != 0 {
		k.SetPort(c, port)
	}
}

// newPredicate compiles filters for the conversations known so far. It is nil if there are none.
func newPredicate(where *selection.Expr, ends *dict.Endpoints, convs *dict.Conversations) *predicate {
	if where == nil {
		return nil
	}
	p := &predicate{convs: make([]uint8, convs.Len())}
	filters, ok := conjunction(where)
	if !ok {
		p.where = where
		p.dicts = func(s *segment, row int) trace.Packet { return p.packet(s, row, ends, convs) }
		p.setLengths()
		return p
	}
	var perConv []filter
	for _, f := range filters {
		switch f.Field {
		case selection.Length:
			p.perLen = append(p.perLen, f)
		case selection.Port:
			if !f.Not {
				p.want |= 1 << (firstPortBit + len(p.perPort))
			}
			p.perPort = append(p.perPort, f)
		default:
			perConv = append(perConv, f)
			p.want |= convBit
		}
	}
	p.setLengths()
	if len(p.perPort) > 0 {
		p.ports = new([portWords]uint8)
		for i, f := range p.perPort {
			for region, family := range []selection.Family{tcpPort: selection.TCP, udpPort: selection.UDP} {
				if f.HasPort(family, f.Port) {
					at := uint32(region)<<16 | uint32(f.Port)
					p.ports[at] |= 1 << (firstPortBit + i)
					p.portsAt = append(p.portsAt, at)
				}
			}
		}
	}
	if p.anyFlow = len(perConv)+len(p.perPort) == 0; p.anyFlow {
		for i := range p.flows {
			p.flows[i] = 1
		}
		return p
	}
	p.judge(perConv, ends, convs)
	return p
}

// judge sets the bits that conversations decide.
func (p *predicate) judge(perConv []filter, ends *dict.Endpoints, convs *dict.Conversations) {
	sides := make([]func(number uint32) bool, len(perConv))
	for i, f := range perConv {
		if f.Field != selection.Protocol {
			sides[i] = within(f, ends)
		}
	}
	for i := 1; i < convs.Len(); i++ {
		v := convs.At(uint32(i))
		ok := len(perConv) > 0
		for k, f := range perConv {
			var has bool
			switch f.Field {
			case selection.Protocol:
				has = trace.ProtocolOf(v.Ports, v.Src|v.Dst != 0) == f.Protocol
			case selection.Source:
				has = sides[k](v.Src)
			case selection.Destination:
				has = sides[k](v.Dst)
			default:
				has = sides[k](v.Src) || sides[k](v.Dst)
			}
			if has == f.Not {
				ok = false
				break
			}
		}
		if ok {
			p.convs[i] |= convBit
		}
		if v.Kind == dict.NoPort {
			continue
		}
		family := selection.UDP
		if v.Ports&trace.HasTCP != 0 {
			family = selection.TCP
		}
		for k, f := range p.perPort {
			if f.HasPort(family, v.Port) {
				p.convs[i] |= 1 << (firstPortBit + k)
			}
		}
	}
}

// within says whether the endpoint with a number is in the filter's prefix.
func within(f filter, ends *dict.Endpoints) func(number uint32) bool {
	if f.Address.IsSingleIP() {
		wanted, known := ends.Lookup(f.Address.Addr())
		return func(number uint32) bool { return known && number == wanted }
	}
	in := make([]bool, ends.Len())
	for i := 1; i < len(in); i++ {
		in[i] = f.Address.Contains(ends.Addr(uint32(i)))
	}
	return func(number uint32) bool { return in[number] }
}

func (p *predicate) hasLength(l int64) bool {
	for _, f := range p.perLen {
		if (l >= int64(f.Min) && l <= int64(f.Max)) == f.Not {
			return false
		}
	}
	return true
}

// setLengths sets what the columns can say of lengths: all are chosen that no filter excludes.
func (p *predicate) setLengths() {
	p.lengths[0] = 1
	for n := 1; n < len(p.lengths); n *= 2 {
		copy(p.lengths[n:], p.lengths[:n])
	}
	for _, f := range p.perLen {
		from, end := min(int(f.Min), len(p.lengths)), min(int(f.Max)+1, len(p.lengths))
		if f.Not {
			clear(p.lengths[from:end])
		} else {
			clear(p.lengths[:from])
			clear(p.lengths[end:])
		}
	}
}

// decide says which flows of a segment are chosen, as far as their packets are alike: some of them, all of them. Four at a time, for
// the reasons in count.go.
func (p *predicate) decide(s *segment) (some, all bool) {
	if p.where != nil {
		return true, false
	}
	if p.anyFlow {
		return true, true
	}
	ports, i, n := p.ports, 0, len(s.flows)
	if ports == nil {
		ports = &noPorts
	}
	convs, byPort, want := unsafe.Pointer(unsafe.SliceData(p.convs)), unsafe.Pointer(ports), uint32(p.want)
	f, out := unsafe.Pointer(unsafe.SliceData(s.flows)), unsafe.Pointer(&p.flows)
	chosen := uint32(0)
	for ; i+4 <= n; i += 4 {
		a := isWanted(convs, byPort, (*flow)(f), want)
		b := isWanted(convs, byPort, (*flow)(unsafe.Add(f, flowBytes)), want)
		c := isWanted(convs, byPort, (*flow)(unsafe.Add(f, 2*flowBytes)), want)
		d := isWanted(convs, byPort, (*flow)(unsafe.Add(f, 3*flowBytes)), want)
		*(*uint32)(out) = a | b<<8 | c<<16 | d<<24
		chosen += a + b + c + d
		f, out = unsafe.Add(f, 4*flowBytes), unsafe.Add(out, 4)
	}
	for ; i < n; i++ {
		ok := isWanted(convs, byPort, &s.flows[i], want)
		p.flows[i] = uint8(ok)
		chosen += ok
	}
	return chosen > 0, int(chosen) == n
}

// isWanted is 1 for a flow whose bits are those that are wanted, 0 for others.
func isWanted(convs, ports unsafe.Pointer, f *flow, want uint32) uint32 {
	bits := uint32(*(*uint8)(unsafe.Add(convs, uint(f.conv>>2)))) | uint32(*(*uint8)(unsafe.Add(ports, uint(f.conv&3)<<16|uint(f.port))))
	return ((bits ^ want) - 1) >> 31
}

// noPorts stands for the look-up of a predicate without filters on ports.
var noPorts [portWords]uint8

// byFlow reports whether all packets of a flow of s are chosen, or none.
func (p *predicate) byFlow(s *segment) bool {
	return p.where == nil && len(p.perLen) == 0 && !p.secondMay(s)
}

// byLength reports whether all packets of a length of s are chosen, or none.
func (p *predicate) byLength(s *segment) bool {
	return p.anyFlow && len(s.long) == 0
}

// secondMay reports whether packets of s may be chosen, or not, because of their second ports.
func (p *predicate) secondMay(s *segment) bool {
	return p.where != nil || p.ports != nil && len(s.second) > 0
}

// needsMore reports whether some of the packets from..to need a look at what the columns do not hold.
func (p *predicate) needsMore(s *segment, from, to int) bool {
	return p.where != nil || p.secondMay(s) && len(s.secondIn(from, to)) > 0 || len(p.perLen) > 0 && len(s.long) > 0 && len(s.longIn(from, to)) > 0
}

// holds says whether a packet is chosen, with all that the columns do not hold. It is the slow way.
func (p *predicate) holds(s *segment, row int) bool {
	if p.where != nil {
		k := p.dicts(s, row)
		return p.where.Holds(&k)
	}
	f := &s.flows[s.flow[row]]
	bits := p.convs[f.conv>>2]
	if p.ports != nil {
		bits |= p.ports[f.at()]
		for _, two := range s.secondIn(row, row+1) {
			for k, f := range p.perPort {
				if two.Ports&trace.HasUDPSrc != 0 && f.HasPort(selection.UDP, two.Src) || two.Ports&trace.HasUDPDst != 0 && f.HasPort(selection.UDP, two.Dst) {
					bits |= 1 << (firstPortBit + k)
				}
			}
		}
	}
	return bits == p.want && (len(p.perLen) == 0 || p.hasLength(s.lengthOf(row)))
}
