package store

import (
	"tracelens/shared/dict"
	"tracelens/shared/trace"
)

// A segment is full after the batch that brings it to SegmentRows packets or maxFlows flows. Of packets, these are few enough that
// scanning the two at the ends of a time range takes less than a frame, many enough that the summaries of all the others are small
// beside the packets; of flows, as many as there are numbers for.
const (
	SegmentRows = 1<<18 - trace.BatchRows
	maxFlows    = dict.MaxFlows - trace.BatchRows
)

// A segment is packets as columns, ascending by time when they are looked at: 12 bytes a packet. What packets of a flow have in common
// is kept once for each flow, and what is counted for all of them is counted by flow first.
type segment struct {
	timeNS []int64
	length []uint16 // longLen for those in long
	flow   []uint16
	flows  []flow

	second []trace.SecondPorts // of tunnels, by row
	long   []trace.LongRow     // by row
	sorted bool
	full   bool     // no more packets are to come
	sum    *summary // of a full segment, if it has one

	lengths []lengthSum // of the flows, if Improve has counted them
	behind  behind      // its packets, if somebody has asked
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
)

// at is where in a look-up by region and port a flow's other port is.
func (f *flow) at() uint32 { return f.conv&3<<16 | uint32(f.port) }

func (s *segment) rows() int { return len(s.timeNS) }

// room makes room for n packets more.
func (s *segment) room(n int) {
	if need := len(s.timeNS) + n; need > cap(s.timeNS) {
		size := max(4*trace.BatchRows, 2*cap(s.timeNS), need)
		s.timeNS, s.length, s.flow = grown(s.timeNS, size), grown(s.length, size), grown(s.flow, size)
	}
}

func grown[T any](s []T, size int) []T { return append(make([]T, 0, size), s...) }

// append takes the packets of a batch, with the flows that flows has numbered for this segment.
func (s *segment) append(b *trace.Batch, flows *dict.Flows, convs *dict.Conversations) {
	s.room(b.N)
	first := len(s.timeNS)
	before := b.TimeNS[0]
	if first == 0 {
		s.sorted = true
	} else {
		before = s.timeNS[first-1]
	}
	s.sorted = s.sorted && ascending(before, b.TimeNS[:b.N])
	s.timeNS, s.length, s.flow = append(s.timeNS, b.TimeNS[:b.N]...), append(s.length, b.Len[:b.N]...), append(s.flow, b.Flow[:b.N]...)
	for _, l := range b.Long {
		l.Row += uint32(first)
		s.long = append(s.long, l)
	}
	for _, two := range b.Second {
		two.Row += uint32(first)
		s.second = append(s.second, two)
	}
	for n := len(s.flows); n < flows.Len(); n++ {
		s.flows = append(s.flows, flowOf(flows.At(n), convs))
	}
}

// ascending reports whether no time is before the one before it. Four at a time and without a branch, as a turn of a loop is dear in
// Go's WebAssembly.
func ascending(before int64, times []int64) bool {
	backwards := 0
	for len(times) >= 4 {
		four := (*[4]int64)(times)
		backwards |= boolInt(four[0] < before) | boolInt(four[1] < four[0]) | boolInt(four[2] < four[1]) | boolInt(four[3] < four[2])
		before, times = four[3], times[4:]
	}
	for _, t := range times {
		backwards |= boolInt(t < before)
		before = t
	}
	return backwards == 0
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// flowOf is what the packets of a flow count for.
func flowOf(f dict.Flow, convs *dict.Conversations) flow {
	srcPort, dstPort, has := f.Ports()
	src, dst := uint32(srcPort), uint32(dstPort)
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
	conv := convs.Find(f.Ends, rest|uint32(has)<<16)
	return flow{conv<<2 | region, uint16(other)}
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
	order := inOrder(s.timeNS)
	s.timeNS, s.length, s.flow = permuted(s.timeNS, order), permuted(s.length, order), permuted(s.flow, order)
	if len(s.second)+len(s.long) > 0 {
		var second []trace.SecondPorts
		var long []trace.LongRow
		for i, from := range order {
			for _, two := range s.secondIn(int(from), int(from)+1) {
				two.Row = uint32(i)
				second = append(second, two)
			}
			for _, l := range s.longIn(int(from), int(from)+1) {
				long = append(long, trace.LongRow{Row: uint32(i), Len: l.Len})
			}
		}
		s.second, s.long = second, long
	}
	s.sorted = true
}

func permuted[T any](column []T, order []uint32) []T {
	p := make([]T, len(column), cap(column))
	for i, from := range order {
		p[i] = column[from]
	}
	return p
}
