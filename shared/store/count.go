package store

import "unsafe"

// The loops in this file are nearly all of the time that a query takes. They are written out four times because a jump backwards is
// dear in Go's WebAssembly, with pointers because its bounds checks are, and without branches because what is chosen cannot be
// foretold: a packet that is not chosen is counted as nothing. The columns hold as many packets as each other.
//
// Each returns the packets and bytes that it counted as a word; a segment has too few packets for an overflow. A trace.LongLen is counted for
// a length that is longer.

// columns are where the next packet is in each column. The functions on it must stay small enough to be inlined.
type columns struct{ length, flow unsafe.Pointer }

func columnsAt(s *segment, from, to int) columns {
	_, _ = s.length[from:to][0], s.flow[from:to][0]
	return columns{unsafe.Pointer(&s.length[from]), unsafe.Pointer(&s.flow[from])}
}

func (c columns) after(n int) columns {
	return columns{unsafe.Add(c.length, 2*n), unsafe.Add(c.flow, 2*n)}
}

func (c columns) lengthOf(i int) uint { return uint(*(*uint16)(unsafe.Add(c.length, 2*i))) }
func (c columns) flowOf(i int) uint   { return uint(*(*uint16)(unsafe.Add(c.flow, 2*i))) }

func okAt(table unsafe.Pointer, i uint) uint8 { return *(*uint8)(unsafe.Add(table, i)) }
func addLength(table unsafe.Pointer, l uint, n uint8) {
	*(*uint32)(unsafe.Add(table, l<<2)) += uint32(n)
}
func addFlow(table unsafe.Pointer, f uint, v uint64) { *(*uint64)(unsafe.Add(table, f<<3)) += v }

// word is a packet of length l if ok is 1, nothing if it is 0.
func word(l uint, ok uint8) uint64 { return (onePacket | uint64(l)) & -uint64(ok) }

// count counts the packets from..to of s, by length and by flow.
func (c *counters) count(s *segment, from, to int) (sum uint64) {
	n, at := to-from, columnsAt(s, from, to)
	lengths, flows := unsafe.Pointer(&c.lengths), unsafe.Pointer(&c.flows)
	for ; n >= 4; n -= 4 {
		sum += counted(lengths, flows, at, 0, 1)
		sum += counted(lengths, flows, at, 1, 1)
		sum += counted(lengths, flows, at, 2, 1)
		sum += counted(lengths, flows, at, 3, 1)
		at = at.after(4)
	}
	for i := range n {
		sum += counted(lengths, flows, at, i, 1)
	}
	return sum
}

func counted(lengths, flows unsafe.Pointer, at columns, i int, ok uint8) uint64 {
	l := at.lengthOf(i)
	v := word(l, ok)
	addLength(lengths, l, ok)
	addFlow(flows, at.flowOf(i), v)
	return v
}

// countOf is count for the packets whose flow and length p chooses, if there is one group of lengths.
func (c *counters) countOf(s *segment, from, to int, p *predicate) (sum uint64) {
	n, at := to-from, columnsAt(s, from, to)
	lengths, flows, okLength, okFlow := unsafe.Pointer(&c.lengths), unsafe.Pointer(&c.flows), unsafe.Pointer(&p.lengths), unsafe.Pointer(&p.flows)
	for ; n >= 4; n -= 4 {
		sum += counted(lengths, flows, at, 0, bits(okLength, okFlow, at, 0))
		sum += counted(lengths, flows, at, 1, bits(okLength, okFlow, at, 1))
		sum += counted(lengths, flows, at, 2, bits(okLength, okFlow, at, 2))
		sum += counted(lengths, flows, at, 3, bits(okLength, okFlow, at, 3))
		at = at.after(4)
	}
	for i := range n {
		sum += counted(lengths, flows, at, i, bits(okLength, okFlow, at, i))
	}
	return sum
}

// countMixed is countOf for several groups of lengths.
func (c *counters) countMixed(s *segment, from, to int, p *predicate) (sum uint64) {
	n, at := to-from, columnsAt(s, from, to)
	lengths, flows, okLength, okFlow := unsafe.Pointer(&c.lengths), unsafe.Pointer(&c.flows), unsafe.Pointer(&p.lengths), unsafe.Pointer(&p.flows)
	for ; n >= 4; n -= 4 {
		sum += counted(lengths, flows, at, 0, isAny(bits(okLength, okFlow, at, 0)))
		sum += counted(lengths, flows, at, 1, isAny(bits(okLength, okFlow, at, 1)))
		sum += counted(lengths, flows, at, 2, isAny(bits(okLength, okFlow, at, 2)))
		sum += counted(lengths, flows, at, 3, isAny(bits(okLength, okFlow, at, 3)))
		at = at.after(4)
	}
	for i := range n {
		sum += counted(lengths, flows, at, i, isAny(bits(okLength, okFlow, at, i)))
	}
	return sum
}

// bits are the groups that a packet's length is in and of which its flow is chosen: it is chosen if there is one.
func bits(okLength, okFlow unsafe.Pointer, at columns, i int) uint8 {
	return okAt(okLength, at.lengthOf(i)) & okAt(okFlow, at.flowOf(i))
}

// isAny is 1 for any bits, 0 for none.
func isAny(bits uint8) uint8 { return uint8(uint32(-int32(bits)) >> 31) }

// countLengths counts the packets whose flow p chooses, by length alone: for where it is known what their flows have in all.
func (c *counters) countLengths(s *segment, from, to int, p *predicate) (sum uint64) {
	n, at := to-from, columnsAt(s, from, to)
	lengths, okFlow := unsafe.Pointer(&c.lengths), unsafe.Pointer(&p.flows)
	for ; n >= 4; n -= 4 {
		sum += countedLength(lengths, okFlow, at, 0)
		sum += countedLength(lengths, okFlow, at, 1)
		sum += countedLength(lengths, okFlow, at, 2)
		sum += countedLength(lengths, okFlow, at, 3)
		at = at.after(4)
	}
	for i := range n {
		sum += countedLength(lengths, okFlow, at, i)
	}
	return sum
}

func countedLength(lengths, okFlow unsafe.Pointer, at columns, i int) uint64 {
	l, ok := at.lengthOf(i), okAt(okFlow, at.flowOf(i))
	addLength(lengths, l, ok)
	return word(l, ok)
}

// countFlows counts the packets whose length p chooses, by flow alone: for where it is known how many have which length.
func (c *counters) countFlows(s *segment, from, to int, p *predicate) (sum uint64) {
	n, at := to-from, columnsAt(s, from, to)
	flows, okLength := unsafe.Pointer(&c.flows), unsafe.Pointer(&p.lengths)
	for ; n >= 4; n -= 4 {
		sum += countedFlow(flows, okLength, at, 0)
		sum += countedFlow(flows, okLength, at, 1)
		sum += countedFlow(flows, okLength, at, 2)
		sum += countedFlow(flows, okLength, at, 3)
		at = at.after(4)
	}
	for i := range n {
		sum += countedFlow(flows, okLength, at, i)
	}
	return sum
}

func countedFlow(flows, okLength unsafe.Pointer, at columns, i int) uint64 {
	l := at.lengthOf(i)
	v := word(l, okAt(okLength, l))
	addFlow(flows, at.flowOf(i), v)
	return v
}

// countEach counts the packets that p chooses, one by one: for where some have what the columns do not hold.
func (c *counters) countEach(s *segment, from, to int, p *predicate) (sum uint64) {
	for i := from; i < to; i++ {
		if p.holds(s, i) {
			v := word(uint(s.length[i]), 1)
			c.lengths[s.length[i]]++
			c.flows[s.flow[i]] += v
			sum += v
		}
	}
	return sum
}
