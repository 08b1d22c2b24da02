package store

import (
	"sort"

	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// What of a segment is known without a scan, and not counted by it.
type known uint8

const (
	nothing    known = iota
	theFlows         // all packets of a flow are chosen, or none
	theLengths       // all packets of a length are chosen, or none
)

// scan counts the packets from..to of s, which is sorted, with their seconds or minutes, and but for what is known by length and by
// flow: those that p chooses, all of them if it is nil. What the columns do not hold is counted by extras.
func (c *counters) scan(s *segment, from, to int, widthS int64, p *predicate, k known) {
	width := widthS * trace.Second
	var firstAt, lastFrom, lastTo int // where the first and the last packets are that were chosen
	some, mixed := false, p != nil && p.mixed()
	for from < to {
		start := trace.Floor(s.timeNS[from], width)
		end := s.before(start+width, from, to)
		var sum uint64
		switch {
		case p == nil:
			sum = c.count(s, from, end)
		case p.needsMore(s, from, end):
			sum = c.countEach(s, from, end, p)
		case k == theFlows:
			sum = c.countLengths(s, from, end, p)
		case k == theLengths:
			sum = c.countFlows(s, from, end, p)
		case mixed:
			sum = c.countMixed(s, from, end, p)
		default:
			sum = c.countOf(s, from, end, p)
		}
		if sum != 0 {
			c.addBin(start/trace.Second, int64(sum&byteBits)+s.rest(from, end, p), int64(sum>>40))
			if !some {
				firstAt, some = from, true
			}
			lastFrom, lastTo = from, end
		}
		from = end
	}
	if !some {
		return
	}
	lastAt := lastTo - 1
	if p != nil {
		for !p.holds(s, firstAt) {
			firstAt++
		}
		for lastAt > lastFrom && !p.holds(s, lastAt) {
			lastAt--
		}
	}
	c.see(s.timeNS[firstAt], s.timeNS[lastAt])
}

// before is the index of the first packet of from..to at or after t, to if there is none. Packets of a second are few, or many: the
// search begins with steps of one and doubles them.
func (s *segment) before(t int64, from, to int) int {
	step := 1
	for from+step < to && s.timeNS[from+step] < t {
		from += step
		step *= 2
	}
	times := s.timeNS[from:min(from+step+1, to)]
	return from + sort.Search(len(times), func(i int) bool { return times[i] >= t })
}

// see notes the times of the first and the last of some packets that are counted.
func (c *counters) see(firstNS, lastNS int64) {
	if !c.seenAny {
		c.firstNS, c.lastNS, c.seenAny = firstNS, lastNS, true
	}
	c.firstNS, c.lastNS = min(c.firstNS, firstNS), max(c.lastNS, lastNS)
}

// addBin counts packets of a second or minute, and in all.
func (c *counters) addBin(start, bytes, packets int64) {
	c.bytes += bytes
	c.packets += packets
	if n := len(c.bins); n > 0 && c.bins[n-1].Start == start {
		c.bins[n-1].Bytes += bytes
		c.bins[n-1].Packets += packets
		return
	}
	c.bins = append(c.bins, report.Bin{Start: start, Bytes: bytes, Packets: packets})
}

// rest is how many bytes the packets from..to that p chooses have beyond what count counts.
func (s *segment) rest(from, to int, p *predicate) (bytes int64) {
	if len(s.long) == 0 {
		return 0
	}
	for _, l := range s.longIn(from, to) {
		if p == nil || p.holds(s, int(l.Row)) {
			bytes += int64(l.Len) - trace.LongLen
		}
	}
	return bytes
}

// extras counts what the columns do not hold, for the packets from..to that p chooses: the rest of long lengths, and the second ports
// of tunnels.
func (c *counters) extras(s *segment, from, to int, p *predicate) {
	for _, l := range s.longIn(from, to) {
		row := int(l.Row)
		if p != nil && !p.holds(s, row) {
			continue
		}
		c.addLong(l.Len)
		f, w, rest := &s.flows[s.flow[row]], c.widen(), int64(l.Len)-trace.LongLen
		w.convs[f.conv>>2].bytes += rest
		if f.conv&3 != noPort {
			w.ports[f.at()].bytes += rest
		}
	}
	for _, two := range s.secondIn(from, to) {
		row := int(two.Row)
		if p != nil && !p.holds(s, row) {
			continue
		}
		length, w := s.lengthOf(row), c.widen()
		add := func(port uint16) {
			v := &w.ports[udpPort<<16|int(port)]
			v.packets++
			v.bytes += length
		}
		if two.Ports&trace.HasUDPSrc != 0 {
			add(two.Src)
		}
		if two.Ports&trace.HasUDPDst != 0 && !(two.Ports == trace.HasUDP && two.Src == two.Dst) {
			add(two.Dst)
		}
	}
}

func (c *counters) addLong(length uint32) {
	if c.long == nil {
		c.long = map[uint32]int64{}
	}
	c.long[length]++
}

func (s *segment) longIn(from, to int) []trace.LongRow {
	at := func(row int) int {
		return sort.Search(len(s.long), func(i int) bool { return int(s.long[i].Row) >= row })
	}
	return s.long[at(from):at(to)]
}

func (s *segment) secondIn(from, to int) []trace.SecondPorts {
	at := func(row int) int {
		return sort.Search(len(s.second), func(i int) bool { return int(s.second[i].Row) >= row })
	}
	return s.second[at(from):at(to)]
}

// lengthOf is the length of a packet, also of a long one.
func (s *segment) lengthOf(row int) int64 {
	if s.length[row] < trace.LongLen {
		return int64(s.length[row])
	}
	return int64(s.longIn(row, row+1)[0].Len)
}
