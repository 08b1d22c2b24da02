package store

import (
	"cmp"
	"slices"

	"tracelens/shared/dict"
	"tracelens/shared/trace"
)

// SegmentRows is how many packets a full segment holds: few enough that scanning the two at the ends of a time range takes less
// than a frame, many enough that the summaries of all the others are small beside the packets.
const SegmentRows = 1 << 18

// A segment is packets as columns, ascending by time when they are looked at: 12 bytes a packet. What packets of a flow have in common
// is kept once for each flow, and what is counted for all of them is counted by flow first.
type segment struct {
	timeNS []int64
	length []uint16 // longLen for those in long
	flow   []uint16
	flows  []flow

	second []trace.SecondPorts // of tunnels, by row
	long   []longRow           // by row
	sorted bool
	full   bool     // no more packets are to come
	sum    *summary // of a full segment, if it has one
}

// A flow is what its packets count for.
type flow struct {
	conv uint32 // number of the conversation << 2 | region of port
	port uint16 // the port that is not the conversation's; 0 if region is noPort
}

// Regions of the port counters.
const (
	tcpPort   = 0
	udpPort   = 1
	noPort    = 2
	portWords = noPort<<16 + 1 // of a look-up by region and port
	longLen   = 1<<16 - 1
	maxBatch  = trace.BatchRows
)

// at is where in a look-up by region and port a flow's other port is.
func (f *flow) at() uint32 { return f.conv&3<<16 | uint32(f.port) }

// A longRow is a packet whose length does not fit the column.
type longRow struct {
	row    uint32
	length uint32
}

func (s *segment) rows() int { return len(s.timeNS) }

// room makes room for n packets more, at most full in all, and returns how many there is room for.
func (s *segment) room(n, full int) int {
	have := len(s.timeNS)
	n = min(n, full-have)
	if need := have + n; need > cap(s.timeNS) {
		size := min(full, max(4*maxBatch, 2*cap(s.timeNS), need))
		s.timeNS, s.length, s.flow = grown(s.timeNS, size), grown(s.length, size), grown(s.flow, size)
	}
	return n
}

func grown[T any](s []T, size int) []T { return append(make([]T, 0, size), s...) }

// append takes packets of a batch from row from on, n at most, for which there must be room. It returns how many it took: fewer
// if there is a flow that has no number any more. Then the segment is full.
//
// One loop for all columns, without branches where the packet is usual: a turn of a loop is dear in Go's WebAssembly.
func (s *segment) append(b *trace.Batch, from, n int, numbers *numbers) int {
	first := len(s.timeNS)
	end := first + n
	s.timeNS, s.length, s.flow = s.timeNS[:end], s.length[:end], s.flow[:end]
	timeNS, length, flow := s.timeNS[first:], s.length[first:][:n], s.flow[first:][:n]
	times, lengths, bits := b.TimeNS[from:][:n], b.Len[from:][:n], b.Ports[from:][:n]
	srcs, dsts, srcPorts, dstPorts := b.Src[from:][:n], b.Dst[from:][:n], b.SrcPort[from:][:n], b.DstPort[from:][:n]
	before := times[0]
	if first == 0 {
		s.sorted = true
	} else {
		before = s.timeNS[first-1]
	}
	backwards, long, taken := 0, uint32(0), n
	for i := range timeNS {
		ends, key := uint64(srcs[i])<<32|uint64(dsts[i]), dict.FlowKey(srcPorts[i], dstPorts[i], bits[i])
		number := numbers.flows.Guess(ends, key)
		if number < 0 {
			if number = s.number(ends, key, numbers); number < 0 {
				taken, s.full = i, true
				break
			}
		}
		flow[i] = uint16(number)
		t, l := times[i], lengths[i]
		backwards |= boolInt(t < before)
		before = t
		timeNS[i], length[i] = t, uint16(l)
		long |= (l + 1) | l // of the upper half is any bit set if l does not fit, or is longLen
	}
	end = first + taken
	s.timeNS, s.length, s.flow = s.timeNS[:end], s.length[:end], s.flow[:end]
	s.sorted = s.sorted && backwards == 0
	if long>>16 != 0 {
		for i, l := range lengths[:taken] {
			if l >= longLen {
				length[i] = longLen
				s.long = append(s.long, longRow{uint32(first + i), l})
			}
		}
	}
	for _, two := range b.Second {
		if row := int(two.Row); row >= from && row < from+taken {
			two.Row = uint32(first + row - from)
			s.second = append(s.second, two)
		}
	}
	return taken
}

// number is the number of a flow where it takes more than one look. It is negative if there is none left.
func (s *segment) number(ends, key uint64, numbers *numbers) int {
	number, isNew := numbers.flows.Find(ends, key, numbers.maxFlows)
	if !isNew {
		return number
	}
	src, dst, has := uint32(key>>48), uint32(key>>32)&0xffff, trace.PortBits(key>>16)&(trace.HasTCP|trace.HasUDP)
	region, rest, other := uint32(tcpPort), src|uint32(dict.LowSource)<<24, dst
	if has == trace.HasUDP {
		region = udpPort
	}
	if dst < src {
		rest, other = dst|uint32(dict.LowDestination)<<24, src
	}
	if has != trace.HasTCP && has != trace.HasUDP || src == dst {
		region, rest, other = unusual(has, src, dst)
	}
	conv := numbers.convs.Find(ends, rest|uint32(has)<<16)
	s.flows = append(s.flows, flow{conv<<2 | region, uint16(other)})
	return number
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// unusual is where the ports of a packet go that does not have two different ones of one protocol only.
func unusual(bits trace.PortBits, src, dst uint32) (region, rest, other uint32) {
	pair := bits & trace.HasTCP // of a tunnel, the TCP pair; the other one is in second
	if pair == 0 {
		pair = bits & trace.HasUDP
	}
	switch {
	case pair == 0:
		return noPort, uint32(dict.NoPort) << 24, 0
	case pair == trace.HasTCPSrc, pair == trace.HasUDPSrc, src == dst && pair != trace.HasTCPDst && pair != trace.HasUDPDst:
		return noPort, src | uint32(dict.OnePort)<<24, 0
	case pair == trace.HasTCPDst, pair == trace.HasUDPDst:
		return noPort, dst | uint32(dict.OnePort)<<24, 0
	case src < dst:
		return tcpPort, src | uint32(dict.LowSource)<<24, dst
	}
	return tcpPort, dst | uint32(dict.LowDestination)<<24, src
}

// sort puts the packets in the order of time, equal times in the order they came in.
func (s *segment) sort() {
	if s.sorted {
		return
	}
	order := make([]uint32, s.rows())
	for i := range order {
		order[i] = uint32(i)
	}
	if !insertionSorted(order, s.timeNS) {
		slices.SortFunc(order, func(a, b uint32) int {
			if c := cmp.Compare(s.timeNS[a], s.timeNS[b]); c != 0 {
				return c
			}
			return cmp.Compare(a, b)
		})
	}
	s.timeNS, s.length, s.flow = permuted(s.timeNS, order), permuted(s.length, order), permuted(s.flow, order)
	if len(s.second)+len(s.long) > 0 {
		var second []trace.SecondPorts
		var long []longRow
		for i, from := range order {
			for _, two := range s.secondIn(int(from), int(from)+1) {
				two.Row = uint32(i)
				second = append(second, two)
			}
			for _, l := range s.longIn(int(from), int(from)+1) {
				long = append(long, longRow{uint32(i), l.length})
			}
		}
		s.second, s.long = second, long
	}
	s.sorted = true
}

// insertionSorted sorts order by time if that takes few moves, as in a capture whose packets came over several queues: they are
// nearly in order. It gives up otherwise.
func insertionSorted(order []uint32, timeNS []int64) bool {
	left := 4 * len(order)
	for i := 1; i < len(order); i++ {
		row := order[i]
		t, k := timeNS[row], i
		for ; k > 0 && timeNS[order[k-1]] > t; k-- {
			order[k] = order[k-1]
			if left--; left < 0 {
				order[k-1] = row
				return false
			}
		}
		order[k] = row
	}
	return true
}

func permuted[T any](column []T, order []uint32) []T {
	p := make([]T, len(column), cap(column))
	for i, from := range order {
		p[i] = column[from]
	}
	return p
}
