package store

import (
	"math"

	"tracelens/shared/dict"
	"tracelens/shared/trace"
)

// fewShare is one in how many packets of a segment may be of the flows that are chosen, if they are to be found and not scanned for:
// a packet that is passed over takes a third of the time of one that is counted as nothing, one that is found several times as long.
const fewShare = 16

// few is how many packets the flows of s have that p chooses, and whether they are so few that finding them pays. It is for segments
// all of which is in the columns.
func (p *predicate) few(s *segment) (packets int, ok bool) {
	if s.sum == nil || len(s.long)+len(s.second) > 0 || p.varies(s) {
		return 0, false
	}
	sum, words, flows := uint64(0), s.sum.flows, p.flows[:len(s.sum.flows)]
	for len(words) >= 4 && !p.mixed() {
		w, f := (*[4]uint64)(words), (*[4]uint8)(flows)
		sum += w[0]&-uint64(f[0]) + w[1]&-uint64(f[1]) + w[2]&-uint64(f[2]) + w[3]&-uint64(f[3])
		words, flows = words[4:], flows[4:]
	}
	for i, w := range words {
		sum += w & -uint64(isAny(flows[i]))
	}
	packets = int(sum >> 40)
	return packets, packets <= s.rows()/fewShare
}

// countFew counts the packets from..to of s that p chooses, of whose flows there are no more than most.
func (c *counters) countFew(s *segment, from, to, most int, widthS int64, p *predicate) {
	c.room(most)
	width, start, end, sum := widthS*trace.Second, int64(0), int64(math.MinInt64), uint64(0)
	bin := func() {
		if sum != 0 {
			c.addBin(start/trace.Second, int64(sum&byteBits), int64(sum>>40))
		}
	}
	s.find(from, to, most, &p.flows, func(row int) {
		l, t, f := s.length[row], s.timeNS[row], &s.flows[s.flow[row]]
		if p.lengths[l]&p.flows[s.flow[row]] == 0 {
			return
		}
		if t >= end {
			bin()
			start, sum = trace.Floor(t, width), 0
			end = start + width
		}
		w := word(uint(l), 1)
		sum += w
		c.lengths[l]++
		c.convs[f.conv>>2] += w
		c.ports[f.at()] += w
		c.see(t, t)
	})
	bin()
}

// find calls found for the packets from..to of s whose flows are marked, until there were as many as most. Four at a time: a jump
// backwards is dear in Go's WebAssembly.
func (s *segment) find(from, to, most int, marked *[dict.MaxFlows]uint8, found func(row int)) {
	row := from
	for ; row+4 <= to && most > 0; row += 4 {
		v := (*[4]uint16)(s.flow[row:])
		if marked[v[0]]|marked[v[1]]|marked[v[2]]|marked[v[3]] == 0 {
			continue
		}
		for i, f := range v {
			if marked[f] != 0 {
				found(row + i)
				most--
			}
		}
	}
	for ; row < to && most > 0; row++ {
		if marked[s.flow[row]] != 0 {
			found(row)
			most--
		}
	}
}
