package store

import (
	"sort"

	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// chunkRows is how many packets are filtered at a time: their numbers then stay in the nearest cache until they are counted.
const chunkRows = 4096

// scan counts the packets from..to of s, which is sorted, with their seconds or minutes: those for which p holds, or does not hold
// if want is false; all of them if p is nil. They are added, or taken away.
func (c *counters) scan(s *segment, from, to int, widthS int64, p *predicate, want bool, sign uint64) {
	width := widthS * trace.Second
	for from < to {
		start := trace.Floor(s.timeNS[from], width)
		end := s.before(start+width, from, to)
		packets, bytes := 0, int64(0)
		for from < end {
			n := min(chunkRows, end-from)
			if sign == added {
				c.room(n)
			}
			first, last, chosen := from, from+n-1, n
			if p == nil {
				bytes += int64(c.count(s, from, from+n, sign))
			} else if rows := p.choose(s, from, from+n, want); len(rows) > 0 {
				bytes += int64(c.countThese(s, from, rows, sign))
				first, last, chosen = from+int(rows[0]), from+int(rows[len(rows)-1]), len(rows)
			} else {
				from += n
				continue
			}
			if len(s.long)+len(s.second) > 0 {
				bytes += c.extras(s, from, from+n, p, want, int64(sign))
			}
			if sign == added { // what is taken away is not what is seen
				c.see(s.timeNS[first], s.timeNS[last])
			}
			packets += chosen
			from += n
		}
		if packets > 0 {
			c.addBin(start/trace.Second, int64(sign)*bytes, int64(sign)*int64(packets))
		}
	}
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

// extras counts what the columns do not hold, for the packets that scan counts: the rest of long lengths, and the second ports of
// tunnels. It returns the bytes that count did not.
func (c *counters) extras(s *segment, from, to int, p *predicate, want bool, sign int64) (bytes int64) {
	for _, l := range s.longIn(from, to) {
		row := int(l.row)
		if p != nil && p.holds(s, row) != want {
			continue
		}
		rest := int64(l.length) - longLen
		bytes += rest
		c.addLong(l.length, sign)
		cv, w := s.conv[row], c.widen()
		w.convs[cv>>2].bytes += sign * rest
		if cv&3 != noPort {
			w.ports[cv&3<<16|uint32(s.port[row])].bytes += sign * rest
		}
	}
	for _, two := range s.secondIn(from, to) {
		row := int(two.Row)
		if p != nil && p.holds(s, row) != want {
			continue
		}
		length, w := s.lengthOf(row), c.widen()
		add := func(port uint16) {
			v := &w.ports[udpPort<<16|int(port)]
			v.packets += sign
			v.bytes += sign * length
		}
		if two.Ports&trace.HasUDPSrc != 0 {
			add(two.Src)
		}
		if two.Ports&trace.HasUDPDst != 0 && !(two.Ports == trace.HasUDP && two.Src == two.Dst) {
			add(two.Dst)
		}
	}
	return bytes
}

func (c *counters) addLong(length uint32, packets int64) {
	if c.long == nil {
		c.long = map[uint32]int64{}
	}
	c.long[length] += packets
}

func (s *segment) longIn(from, to int) []longRow {
	at := func(row int) int {
		return sort.Search(len(s.long), func(i int) bool { return int(s.long[i].row) >= row })
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
	if s.length[row] < longLen {
		return int64(s.length[row])
	}
	return int64(s.longIn(row, row+1)[0].length)
}
