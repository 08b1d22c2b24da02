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

// A segment is packets as columns, ascending by time when they are looked at. 16 bytes a packet.
type segment struct {
	timeNS []int64
	length []uint16 // longLen for those in long
	conv   []uint32 // number of the conversation << 2 | region of port
	port   []uint16 // the port that is not the conversation's, if region is not noPort

	second []trace.SecondPorts // of tunnels, by row
	long   []longRow           // by row
	sorted bool
	sum    *summary // of a full segment, if it has one
}

// Regions of the port counters. A packet without another port has port 0 in the column.
const (
	tcpPort   = 0
	udpPort   = 1
	noPort    = 2
	portWords = noPort<<16 + 1 // of a look-up by region and port
	longLen   = 1<<16 - 1
	maxBatch  = trace.BatchRows
)

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
		s.timeNS, s.length = grown(s.timeNS, size), grown(s.length, size)
		s.conv, s.port = grown(s.conv, size), grown(s.port, size)
	}
	return n
}

func grown[T any](s []T, size int) []T { return append(make([]T, 0, size), s...) }

// append takes the packets from..to of a batch. There must be room for them.
//
// One loop for all columns, and without branches where the packet is usual: which of two ports is the lower, like which protocol it
// is, cannot be foretold, and a turn of a loop is dear in Go's WebAssembly.
func (s *segment) append(b *trace.Batch, from, to int, convs *dict.Conversations) {
	first, n := len(s.timeNS), to-from
	end := first + n
	s.timeNS, s.length, s.conv, s.port = s.timeNS[:end], s.length[:end], s.conv[:end], s.port[:end]
	timeNS, length, conv, port := s.timeNS[first:], s.length[first:][:n], s.conv[first:][:n], s.port[first:][:n]
	times, lengths, bits := b.TimeNS[from:][:n], b.Len[from:][:n], b.Ports[from:][:n]
	srcs, dsts, srcPorts, dstPorts := b.Src[from:][:n], b.Dst[from:][:n], b.SrcPort[from:][:n], b.DstPort[from:][:n]
	before := times[0]
	if first == 0 {
		s.sorted = true
	} else {
		before = s.timeNS[first-1]
	}
	backwards, long := 0, uint32(0)
	for i := range timeNS {
		t, l := times[i], lengths[i]
		backwards |= boolInt(t < before)
		before = t
		timeNS[i], length[i] = t, uint16(l)
		long |= (l + 1) | l // of the upper half is any bit set if l does not fit, or is longLen

		src, dst, has := uint32(srcPorts[i]), uint32(dstPorts[i]), bits[i]
		swap := uint32(int32(dst-src) >> 31) // all ones if dst is the lower
		differ := (src ^ dst) & swap
		rest, other := src^differ|uint32(dict.LowSource)<<24+swap&(1<<24), dst^differ
		region := uint32(has) >> 3 // 1 for UDP
		if has != trace.HasTCP && has != trace.HasUDP || src == dst {
			region, rest, other = unusual(has, src, dst)
		}
		ends := uint64(srcs[i])<<32 | uint64(dsts[i])
		rest |= uint32(has) << 16
		number := convs.Guess(ends, rest)
		if number == 0 {
			number = convs.Find(ends, rest)
		}
		conv[i], port[i] = number<<2|region, uint16(other)
	}
	s.sorted = s.sorted && backwards == 0
	if long>>16 != 0 {
		for i, l := range lengths {
			if l >= longLen {
				length[i] = longLen
				s.long = append(s.long, longRow{uint32(first + i), l})
			}
		}
	}
	for _, two := range b.Second {
		if row := int(two.Row); row >= from && row < to {
			two.Row = uint32(first + row - from)
			s.second = append(s.second, two)
		}
	}
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
	s.timeNS, s.length = permuted(s.timeNS, order), permuted(s.length, order)
	s.conv, s.port = permuted(s.conv, order), permuted(s.port, order)
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
