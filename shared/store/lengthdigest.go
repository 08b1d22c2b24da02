package store

import (
	"math"

	"tracelens/shared/trace"
)

// A lengthDigest is what the packets of a bundle are by length: how many each minute has of each, while its segments have that of
// their flows. It is for filters on lengths, and has about two thirds as many entries as there are packets.
type lengthDigest struct {
	firstNS, lastNS []int64 // by length, in the order of the bundle's
	starts          []int64 // of minutes, seconds
	minutes         []lengthSum
}

func (d *lengthDigest) size() int64 {
	if d == nil {
		return 0
	}
	return int64(len(d.firstNS))*16 + int64(len(d.starts))*8 + int64(len(d.minutes)*lengthSumBytes)
}

// lengthDigest counts the packets of b, which are those of segments, by length. There is none of too many minutes. Counters are
// empty, and lend their memory.
func (d *digester) lengthDigest(b *bundle, segments []*segment, c *counters) {
	for _, l := range b.lengths {
		d.firstNS[l[0]], d.lastNS[l[0]] = math.MaxInt64, math.MinInt64
	}
	made := new(lengthDigest)
	d.lengths = d.lengths[:0]
	for _, g := range segments {
		for from := 0; from < g.rows(); {
			start := trace.Floor(g.timeNS[from], trace.Minute)
			if n := len(made.starts); n == 0 || made.starts[n-1] != start/trace.Second {
				made.starts = append(made.starts, start/trace.Second)
			}
			if len(made.starts) > 1<<16 {
				return
			}
			end := g.before(start+trace.Minute, from, g.rows())
			d.seen = d.seen[:0]
			for i, l := range g.length[from:end] {
				if c.lengths[l]++; c.lengths[l] == 1 {
					d.seen = append(d.seen, l)
					d.firstNS[l] = min(d.firstNS[l], g.timeNS[from+i])
				}
				d.lastNS[l] = max(d.lastNS[l], g.timeNS[from+i])
			}
			d.takeSeen(uint16(len(made.starts)-1), &c.lengths)
			from = end
		}
	}
	made.minutes = grown(d.lengths, len(d.lengths))
	for _, l := range b.lengths {
		made.firstNS, made.lastNS = append(made.firstNS, d.firstNS[l[0]]), append(made.lastNS, d.lastNS[l[0]])
	}
	b.lengthDigest = made
	for _, g := range segments {
		g.lengths = d.flowLengths(g, &c.lengths)
	}
}

// flowLengths counts the packets of the flows of g by length. It needs room for lengths, and leaves it empty.
func (d *digester) flowLengths(g *segment, lengths *[1 << 16]uint32) []lengthSum {
	at := uint32(0)
	d.next = d.next[:0]
	for _, w := range g.sum.flows {
		d.next = append(d.next, at)
		at += uint32(w >> 40)
	}
	if cap(d.packets) < g.rows() {
		d.packets = make([]uint32, g.rows())
	}
	d.packets = d.packets[:g.rows()]
	for i, f := range g.flow {
		d.packets[d.next[f]] = uint32(g.length[i])
		d.next[f]++
	}
	d.lengths = d.lengths[:0]
	from := uint32(0)
	for f, to := range d.next { // each has come to where the next flow begins
		d.seen = d.seen[:0]
		for _, l := range d.packets[from:to] {
			if lengths[l]++; lengths[l] == 1 {
				d.seen = append(d.seen, uint16(l))
			}
		}
		d.takeSeen(uint16(f), lengths)
		from = to
	}
	return grown(d.lengths, len(d.lengths))
}

// addLengths counts the packets of b whose lengths p chooses, in bins of a minute.
func (c *counters) addLengths(b *bundle, segments []*segment, p *predicate) {
	d, chosen := b.lengthDigest, 0
	for _, l := range b.lengths {
		chosen += int(p.lengths[l[0]])
	}
	switch chosen {
	case 0:
		return
	case len(b.lengths):
		c.addBundle(b, 60)
		return
	}
	c.room(b.rows)
	for i, l := range b.lengths {
		if p.lengths[l[0]] != 0 {
			c.lengths[l[0]] += uint32(l[1])
			c.see(d.firstNS[i], d.lastNS[i])
		}
	}
	countWords(&c.flows, d.minutes, &p.lengths)
	for i, start := range d.starts {
		if w := c.flows[i]; w != 0 {
			c.addBin(start, int64(w&byteBits), int64(w>>40))
			c.flows[i] = 0
		}
	}
	for _, s := range segments {
		words := c.flows[:len(s.flows)]
		countWords(&c.flows, s.lengths, &p.lengths)
		c.spread(s.flows, words)
		clear(words)
	}
}

// countWords counts the packets whose length is ok as words. Four at a time and without a branch, for the reasons in
// count.go.
func countWords(to *[1 << 16]uint64, list []lengthSum, ok *[1 << 16]uint8) {
	for len(list) >= 4 {
		v := (*[4]lengthSum)(list)
		to[v[0].of] += v[0].word() & -uint64(ok[v[0].length])
		to[v[1].of] += v[1].word() & -uint64(ok[v[1].length])
		to[v[2].of] += v[2].word() & -uint64(ok[v[2].length])
		to[v[3].of] += v[3].word() & -uint64(ok[v[3].length])
		list = list[4:]
	}
	for i := range list {
		to[list[i].of] += list[i].word() & -uint64(ok[list[i].length])
	}
}

// word is the packets and bytes of v.
func (v *lengthSum) word() uint64 { return uint64(v.packets) * (onePacket | uint64(v.length)) }
