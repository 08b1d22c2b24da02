package store

import (
	"unsafe"

	"tracelens/shared/dict"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

// A predicate is the filters of a selection as look-ups: a bit for each filter on ports, one for all filters on lengths, and one
// for all those that a conversation decides by itself. A packet's bits are those of its conversation, its other port and its
// length together; it is chosen if they are exactly those that are wanted.
type predicate struct {
	want    uint8
	convs   []uint8            // by number
	ports   *[portWords]uint8  // by region and port; nil without filters on ports
	lengths *[1 << 16]uint8    // nil without filters on lengths
	perPort []selection.Filter // the filter of each port bit, from firstPortBit on
	perLen  []selection.Filter
	rows    [chunkRows]uint16 // what choose returns
}

const (
	convBit      = 1 << 0
	lengthBit    = 1 << 1
	firstPortBit = 2
	maxPortBits  = 8 - firstPortBit
)

// newPredicate compiles filters for the conversations known so far. It is nil if there are none.
func newPredicate(filters []selection.Filter, ends *dict.Endpoints, convs *dict.Conversations) *predicate {
	if len(filters) == 0 {
		return nil
	}
	p := &predicate{convs: make([]uint8, convs.Len())}
	var perConv []selection.Filter
	for _, f := range filters {
		switch f.Field {
		case selection.Length:
			p.perLen = append(p.perLen, f)
			p.want |= lengthBit
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
	if len(p.perLen) > 0 {
		p.lengths = new([1 << 16]uint8)
		for l := range p.lengths {
			p.lengths[l] = p.lengthBits(int64(l))
		}
	}
	if len(p.perPort) > 0 {
		p.ports = new([portWords]uint8)
		for i, f := range p.perPort {
			for region, family := range []selection.Family{tcpPort: selection.TCP, udpPort: selection.UDP} {
				if f.HasPort(family, f.Port) {
					p.ports[region<<16|int(f.Port)] |= 1 << (firstPortBit + i)
				}
			}
		}
	}
	p.judge(perConv, ends, convs)
	return p
}

// judge sets the bits that conversations decide.
func (p *predicate) judge(perConv []selection.Filter, ends *dict.Endpoints, convs *dict.Conversations) {
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
func within(f selection.Filter, ends *dict.Endpoints) func(number uint32) bool {
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

func (p *predicate) lengthBits(l int64) uint8 {
	for _, f := range p.perLen {
		if (l >= int64(f.Min) && l <= int64(f.Max)) == f.Not {
			return 0
		}
	}
	return lengthBit
}

// perRow reports whether packets of the same conversation may differ.
func (p *predicate) perRow() bool { return p.ports != nil || p.lengths != nil }

// holds says whether a packet is chosen, with all that the columns do not hold. It is the slow way.
func (p *predicate) holds(s *segment, row int) bool {
	cv := s.conv[row]
	b := p.convs[cv>>2]
	if p.lengths != nil {
		b |= p.lengthBits(s.lengthOf(row))
	}
	if p.ports != nil {
		b |= p.ports[cv&3<<16|uint32(s.port[row])]
		for _, two := range s.secondIn(row, row+1) {
			for k, f := range p.perPort {
				if two.Ports&trace.HasUDPSrc != 0 && f.HasPort(selection.UDP, two.Src) || two.Ports&trace.HasUDPDst != 0 && f.HasPort(selection.UDP, two.Dst) {
					b |= 1 << (firstPortBit + k)
				}
			}
		}
	}
	return b == p.want
}

// choose lists the packets of from..to, at most chunkRows, for which the predicate holds, or does not if want is false: their rows
// less from. The list is valid until the next call.
func (p *predicate) choose(s *segment, from, to int, want bool) []uint16 {
	n := 0
	if p.lengths != nil && len(s.longIn(from, to)) > 0 || p.ports != nil && len(s.secondIn(from, to)) > 0 {
		for row := from; row < to; row++ {
			if p.holds(s, row) == want {
				p.rows[n] = uint16(row - from)
				n++
			}
		}
		return p.rows[:n]
	}
	wanted, flip := uint32(p.want), uint32(1)
	if want {
		flip = 0
	}
	switch {
	case p.ports != nil:
		n = p.choosePorts(s, from, to, wanted, flip)
	case p.lengths != nil && p.want == lengthBit:
		n = p.chooseLengths(s, from, to, wanted, flip)
	case p.lengths != nil:
		n = p.chooseBoth(s, from, to, wanted, flip)
	default:
		n = p.chooseConvs(s, from, to, wanted, flip)
	}
	return p.rows[:n]
}

// hit is 1 if the bits are those that are wanted, 0 if not; with flip 1 the other way round.
func hit(bits, wanted, flip uint32) int { return int(((bits^wanted)-1)>>31 ^ flip) }

func at8(table unsafe.Pointer, i uint32) uint32 { return uint32(*(*uint8)(unsafe.Add(table, i))) }

// The choosers below write every row and only then keep it or not: whether it is kept cannot be foretold, so a branch would cost more
// than the row. They take four at a time, with pointers, for the reason that count gives.

func (p *predicate) chooseConvs(s *segment, from, to int, wanted, flip uint32) (n int) {
	conv, convs := unsafe.Pointer(&s.conv[from:to][0]), unsafe.Pointer(unsafe.SliceData(p.convs))
	out, i := &p.rows, 0
	for ; i+4 <= to-from; i += 4 {
		out[n&(chunkRows-1)] = uint16(i)
		n += hit(at8(convs, *(*uint32)(conv)>>2), wanted, flip)
		out[n&(chunkRows-1)] = uint16(i + 1)
		n += hit(at8(convs, *(*uint32)(unsafe.Add(conv, 4))>>2), wanted, flip)
		out[n&(chunkRows-1)] = uint16(i + 2)
		n += hit(at8(convs, *(*uint32)(unsafe.Add(conv, 8))>>2), wanted, flip)
		out[n&(chunkRows-1)] = uint16(i + 3)
		n += hit(at8(convs, *(*uint32)(unsafe.Add(conv, 12))>>2), wanted, flip)
		conv = unsafe.Add(conv, 16)
	}
	for ; i < to-from; i++ {
		out[n&(chunkRows-1)] = uint16(i)
		n += hit(uint32(p.convs[s.conv[from+i]>>2]), wanted, flip)
	}
	return n
}

func (p *predicate) chooseLengths(s *segment, from, to int, wanted, flip uint32) (n int) {
	length, lengths := unsafe.Pointer(&s.length[from:to][0]), unsafe.Pointer(p.lengths)
	out, i := &p.rows, 0
	for ; i+4 <= to-from; i += 4 {
		out[n&(chunkRows-1)] = uint16(i)
		n += hit(at8(lengths, uint32(*(*uint16)(length))), wanted, flip)
		out[n&(chunkRows-1)] = uint16(i + 1)
		n += hit(at8(lengths, uint32(*(*uint16)(unsafe.Add(length, 2)))), wanted, flip)
		out[n&(chunkRows-1)] = uint16(i + 2)
		n += hit(at8(lengths, uint32(*(*uint16)(unsafe.Add(length, 4)))), wanted, flip)
		out[n&(chunkRows-1)] = uint16(i + 3)
		n += hit(at8(lengths, uint32(*(*uint16)(unsafe.Add(length, 6)))), wanted, flip)
		length = unsafe.Add(length, 8)
	}
	for ; i < to-from; i++ {
		out[n&(chunkRows-1)] = uint16(i)
		n += hit(uint32(p.lengths[s.length[from+i]]), wanted, flip)
	}
	return n
}

func (p *predicate) chooseBoth(s *segment, from, to int, wanted, flip uint32) (n int) {
	conv, convs := unsafe.Pointer(&s.conv[from:to][0]), unsafe.Pointer(unsafe.SliceData(p.convs))
	length, lengths := unsafe.Pointer(&s.length[from:to][0]), unsafe.Pointer(p.lengths)
	out, i := &p.rows, 0
	for ; i+4 <= to-from; i += 4 {
		out[n&(chunkRows-1)] = uint16(i)
		n += hit(at8(convs, *(*uint32)(conv)>>2)|at8(lengths, uint32(*(*uint16)(length))), wanted, flip)
		out[n&(chunkRows-1)] = uint16(i + 1)
		n += hit(at8(convs, *(*uint32)(unsafe.Add(conv, 4))>>2)|at8(lengths, uint32(*(*uint16)(unsafe.Add(length, 2)))), wanted, flip)
		out[n&(chunkRows-1)] = uint16(i + 2)
		n += hit(at8(convs, *(*uint32)(unsafe.Add(conv, 8))>>2)|at8(lengths, uint32(*(*uint16)(unsafe.Add(length, 4)))), wanted, flip)
		out[n&(chunkRows-1)] = uint16(i + 3)
		n += hit(at8(convs, *(*uint32)(unsafe.Add(conv, 12))>>2)|at8(lengths, uint32(*(*uint16)(unsafe.Add(length, 6)))), wanted, flip)
		conv, length = unsafe.Add(conv, 16), unsafe.Add(length, 8)
	}
	for ; i < to-from; i++ {
		out[n&(chunkRows-1)] = uint16(i)
		n += hit(uint32(p.convs[s.conv[from+i]>>2]|p.lengths[s.length[from+i]]), wanted, flip)
	}
	return n
}

// noLengths stands for the look-up of a predicate without filters on lengths.
var noLengths [1 << 16]uint8

func (p *predicate) choosePorts(s *segment, from, to int, wanted, flip uint32) (n int) {
	lengths := &noLengths
	if p.lengths != nil {
		lengths = p.lengths
	}
	length, conv, port := s.length[from:to], s.conv[from:to], s.port[from:to]
	conv, port = conv[:len(length)], port[:len(length)]
	convs, ports, out := unsafe.Pointer(unsafe.SliceData(p.convs)), unsafe.Pointer(p.ports), &p.rows
	i := 0
	for ; i+2 <= len(length); i += 2 {
		cv := conv[i]
		out[n&(chunkRows-1)] = uint16(i)
		n += hit(at8(convs, cv>>2)|at8(ports, cv&3<<16|uint32(port[i]))|uint32(lengths[length[i]]), wanted, flip)
		cv = conv[i+1]
		out[n&(chunkRows-1)] = uint16(i + 1)
		n += hit(at8(convs, cv>>2)|at8(ports, cv&3<<16|uint32(port[i+1]))|uint32(lengths[length[i+1]]), wanted, flip)
	}
	for ; i < len(length); i++ {
		cv := conv[i]
		out[n&(chunkRows-1)] = uint16(i)
		n += hit(at8(convs, cv>>2)|at8(ports, cv&3<<16|uint32(port[i]))|uint32(lengths[length[i]]), wanted, flip)
	}
	return n
}
