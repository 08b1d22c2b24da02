package store

import (
	"math"
	"unsafe"

	"tracelens/shared/trace"
)

// A digest is what the packets of a bundle are by conversation: how many it has of each length, and in each bin. Most filters choose
// conversations, and then its entries, of which there are about a third as many as packets, say what a scan would.
type digest struct {
	firstNS, lastNS []int64 // by conversation, in the order of the bundle's
	lengths         []lengthSum
	bins            []binSum
}

// A lengthSum is some packets of a conversation, a flow or a minute that are of one length; there may be several for more packets.
type lengthSum struct{ of, length, packets uint16 }

const lengthSumBytes = int(unsafe.Sizeof(lengthSum{}))

// A binSum is some packets of a conversation in one bin of the bundle, so few that their bytes fit the two halves.
type binSum struct{ conv, bin, packets, bytesLow, bytesHigh uint16 }

func (d *digest) size() int64 {
	if d == nil {
		return 0
	}
	return int64(len(d.firstNS))*16 + int64(len(d.lengths)*lengthSumBytes) + int64(len(d.bins))*int64(unsafe.Sizeof(binSum{}))
}

// A digester makes digests. It is kept from one to the next for its memory, which is about that of a bundle's packets.
type digester struct {
	packets []uint32 // bin<<16 | length, by conversation
	next    []uint32 // where the next packet of each conversation goes
	convOf  []uint16 // of the flows of the segment at hand
	lengths []lengthSum
	bins    []binSum
	seen    []uint16 // lengths of the conversation at hand

	firstNS, lastNS [1 << 16]int64 // by length
}

// maxShares is how many times the share of a summary a packet may take in all, if digests by length are to be kept: 24 bytes.
const maxShares = 4

// Improve makes filters faster, by some milliseconds' work: it returns false when nothing is left to do. It is for when nobody waits;
// answers are the same with and without. Digests by conversation come first: they serve more filters.
func (s *Store) Improve() bool {
	if s.digester == nil {
		s.digester = new(digester)
	}
	if b, segments := s.nextBundle(&s.digested); b != nil {
		if len(b.convs.numbers) <= 1<<16 && len(b.bins) <= 1<<16 {
			b.digest = s.digester.digest(b, segments, s.counters)
		}
		if b.digest.size() > s.summaryShare*2/3*int64(b.rows) {
			b.digest = nil
		}
		return true
	}
	if b, segments := s.nextBundle(&s.lengthDigested); b != nil {
		s.digester.lengthDigest(b, segments, s.counters)
		if s.Bytes() > maxShares*s.summaryShare*s.rows {
			b.lengthDigest = nil
			for _, g := range segments {
				g.lengths = nil
			}
		}
		return true
	}
	s.digester = nil
	return false
}

// nextBundle is the next bundle of the first level after the first *at of them, with its segments; nil if there is none.
func (s *Store) nextBundle(at *int) (*bundle, []*segment) {
	size := bundleSizes[0]
	for *at < len(s.bundles[0]) {
		i := *at
		if *at++; s.bundles[0][i] != nil {
			return s.bundles[0][i], s.segments[i*size : (i+1)*size]
		}
	}
	return nil, nil
}

// digest counts the packets of b, which are those of segments. Counters are empty, and lend their memory.
func (d *digester) digest(b *bundle, segments []*segment, c *counters) *digest {
	made := &digest{firstNS: make([]int64, len(b.convs.numbers)), lastNS: make([]int64, len(b.convs.numbers))}
	d.sort(b, segments, c, made)
	d.lengths, d.bins = d.lengths[:0], d.bins[:0]
	from := uint32(0)
	for i, to := range d.next { // each has come to where the next conversation begins
		d.count(uint16(i), d.packets[from:to], &c.lengths)
		from = to
	}
	made.lengths, made.bins = grown(d.lengths, len(d.lengths)), grown(d.bins, len(d.bins))
	return made
}

// sort puts the lengths and bins of the packets in the order of conversations, and notes the times of the first and last of each.
func (d *digester) sort(b *bundle, segments []*segment, c *counters, made *digest) {
	c.begin(int(b.convs.numbers[len(b.convs.numbers)-1]) + 1)
	at := uint32(0)
	d.next = d.next[:0]
	for i, number := range b.convs.numbers {
		c.convs[number] = uint64(i)
		made.firstNS[i], made.lastNS[i] = math.MaxInt64, math.MinInt64
		d.next = append(d.next, at)
		at += uint32(b.convs.words[i] >> 40)
	}
	if cap(d.packets) < b.rows {
		d.packets = make([]uint32, b.rows)
	}
	d.packets = d.packets[:b.rows]
	for _, g := range segments {
		d.convOf = d.convOf[:0]
		for _, f := range g.flows {
			d.convOf = append(d.convOf, uint16(c.convs[f.conv>>2]))
		}
		bin := uint32(0)
		for from := 0; from < g.rows(); {
			start := trace.Floor(g.timeNS[from], b.widthS*trace.Second)
			for b.bins[bin].Start*trace.Second < start {
				bin++
			}
			end := g.before(start+b.widthS*trace.Second, from, g.rows())
			for ; from < end; from++ {
				i, t := d.convOf[g.flow[from]], g.timeNS[from]
				made.firstNS[i], made.lastNS[i] = min(made.firstNS[i], t), max(made.lastNS[i], t)
				d.packets[d.next[i]] = bin<<16 | uint32(g.length[from])
				d.next[i]++
			}
		}
	}
	for _, number := range b.convs.numbers {
		c.convs[number] = 0
	}
}

// count counts the packets of a conversation, which ascend by bin within each segment. It needs room for lengths, and leaves it empty.
func (d *digester) count(conv uint16, packets []uint32, lengths *[1 << 16]uint32) {
	d.seen = d.seen[:0]
	bin, n, bytes := uint16(packets[0]>>16), uint32(0), uint32(0)
	for _, p := range packets {
		if lengths[uint16(p)]++; lengths[uint16(p)] == 1 {
			d.seen = append(d.seen, uint16(p))
		}
		if uint16(p>>16) != bin || n == math.MaxUint16 {
			d.bins = append(d.bins, binSum{conv, bin, uint16(n), uint16(bytes), uint16(bytes >> 16)})
			bin, n, bytes = uint16(p>>16), 0, 0
		}
		n, bytes = n+1, bytes+uint32(uint16(p))
	}
	d.bins = append(d.bins, binSum{conv, bin, uint16(n), uint16(bytes), uint16(bytes >> 16)})
	d.takeSeen(conv, lengths)
}

// takeSeen appends how many packets have which of the lengths that were seen, and leaves zeros.
func (d *digester) takeSeen(of uint16, lengths *[1 << 16]uint32) {
	for _, l := range d.seen {
		for n := lengths[l]; n > 0; n -= min(n, math.MaxUint16) {
			d.lengths = append(d.lengths, lengthSum{of, l, uint16(min(n, math.MaxUint16))})
		}
		lengths[l] = 0
	}
}
