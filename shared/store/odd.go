package store

import (
	"sort"

	"tracelens/shared/dict"
	"tracelens/shared/trace"
)

// An odd flow is one that is chosen though its conversation is not, or the other way round, because of its other port. Where few
// packets are of such flows, a digest counts those of the conversations, and they are put right.

// mayBeOdd is of how many packets of b a filter is on the other port.
func (p *predicate) mayBeOdd(b *bundle) (packets int) {
	numbers := b.ports.numbers
	for k, of := range p.portStretches {
		if of.kind == 0 {
			continue
		}
		end := uint32(p.portStretches[k+1].from) // the last one is of kind 0
		for i := sort.Search(len(numbers), func(i int) bool { return numbers[i] >= uint32(of.from) }); i < len(numbers) && numbers[i] < end; i++ {
			packets += int(b.ports.words[i] >> 40)
		}
	}
	return packets
}

// addOdd puts right what was counted of b by conversation, p.flows being those that were: its words by bin, too. Of a conversation
// that may have lost its first or last packet, it counts what times are left and takes it out of p.flows.
func (c *counters) addOdd(b *bundle, segments []*segment, p *predicate) {
	if p.odd == nil {
		p.odd = new([dict.MaxFlows]uint8)
	}
	lost := false
	for _, s := range segments {
		if packets := c.markOdd(s, p); packets > 0 {
			s.find(0, s.rows(), packets, p.odd, func(row int) { lost = c.putRight(b, s, row, p) || lost })
			clear(p.odd[:len(s.flows)])
		}
	}
	if lost {
		for _, s := range segments {
			c.seeEnds(s, p)
		}
	}
}

// markOdd marks the odd flows of s in p.odd, 1 for those that are chosen and 2 for those that are not, and puts right what is counted
// by flow. It returns how many packets they have.
func (c *counters) markOdd(s *segment, p *predicate) (packets int) {
	look := p.look()
	for i := range s.flows {
		f := &s.flows[i]
		was := look.ofConv(f)
		if was == look.at(f) {
			continue
		}
		w := s.sum.flows[i]
		packets += int(w >> 40)
		p.odd[i] = 1
		if was != 0 {
			p.odd[i], w = 2, -w
		}
		c.convs[f.conv>>2] += w
		c.ports[f.at()] += w
	}
	return packets
}

// putRight counts an odd packet by length, bin and time, or takes it out. It reports whether the first or last packet of a
// conversation was lost.
func (c *counters) putRight(b *bundle, s *segment, row int, p *predicate) (lost bool) {
	t, l := s.timeNS[row], s.length[row]
	start := trace.Floor(t, b.widthS*trace.Second) / trace.Second
	bin := sort.Search(len(b.bins), func(i int) bool { return b.bins[i].Start >= start })
	w := onePacket | uint64(l)
	if p.odd[s.flow[row]] == 1 {
		c.lengths[l]++
		c.flows[bin] += w
		c.see(t, t)
		return false
	}
	c.lengths[l]--
	c.flows[bin] -= w
	number := s.flows[s.flow[row]].conv >> 2
	conv := sort.Search(len(b.convs.numbers), func(i int) bool { return b.convs.numbers[i] >= number })
	if t == b.digest.firstNS[conv] || t == b.digest.lastNS[conv] {
		p.flows[conv] = 0
		return true
	}
	return false
}

// seeEnds looks for the first and the last packet of s that p chooses.
func (c *counters) seeEnds(s *segment, p *predicate) {
	first, last := 0, s.rows()-1
	for first <= last && !p.holds(s, first) {
		first++
	}
	if first > last {
		return
	}
	for !p.holds(s, last) {
		last--
	}
	c.see(s.timeNS[first], s.timeNS[last])
}
