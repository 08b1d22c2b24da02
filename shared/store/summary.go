package store

import (
	"slices"
	"sort"
	"unsafe"

	"tracelens/shared/report"
	"tracelens/shared/stats"
	"tracelens/shared/trace"
)

// A summary is the figures of a full segment: what a scan of all of it would count.
type summary struct {
	widthS  int64 // of bins: 1, or 60 for a segment with few packets a second
	bins    []report.Bin
	lengths [][2]int64
	convs   sums
	ports   sums
}

// sums are volumes by number, as counters hold them in one word: a segment has too few packets to overflow it.
type sums struct {
	numbers []uint32
	volumes []uint64
}

// maxSummaryShare bounds a summary by the packets it is made of: one of a segment in which hardly anything repeats would be larger
// than the segment, and not faster.
const maxSummaryShare = 6 // bytes a packet

// minPerSecond is how many packets a segment must have for each of its seconds, if its summary is to be by second.
const minPerSecond = 16

// summarise counts a segment, which must be sorted. It returns nil if a summary does not pay.
func (s *Store) summarise(g *segment) *summary {
	c := s.counters
	c.begin(s.convs.Len())
	c.scan(g, 0, g.rows(), 1, nil, true, added)
	p := c.partial(1)
	m := &summary{widthS: 1, bins: p.Bins, lengths: p.Lengths}
	if len(p.Bins) > g.rows()/minPerSecond {
		m.widthS, m.bins = 60, joined(widened(p.Bins))
	}
	ok := false
	if m.convs, ok = sumsOf(&p.Conversations); !ok {
		return nil
	}
	if m.ports, ok = sumsOf(&p.OtherPorts); !ok {
		return nil
	}
	m.bins, m.lengths = slices.Clone(m.bins), slices.Clone(m.lengths) // the counters use theirs again
	if m.size() > s.summaryShare*int64(g.rows()) {
		return nil
	}
	return m
}

func sumsOf(counts *stats.Counts) (u sums, ok bool) {
	if len(counts.Large) > 0 { // lengths that no network has
		return u, false
	}
	n := 0
	counts.Each(func(uint32, int64, int64) { n++ })
	u = sums{make([]uint32, 0, n), make([]uint64, 0, n)}
	counts.Each(func(number uint32, packets, bytes int64) {
		u.numbers, u.volumes = append(u.numbers, number), append(u.volumes, uint64(packets)*onePacket+uint64(bytes))
	})
	return u, true
}

func (m *summary) size() int64 {
	return int64(len(m.bins))*24 + int64(len(m.lengths))*16 + int64(len(m.convs.numbers)+len(m.ports.numbers))*12
}

// add adds what the summary of s counted.
func (c *counters) add(s *segment, widthS int64) {
	m := s.sum
	c.room(s.rows())
	for _, b := range m.bins {
		c.addBin(trace.Floor(b.Start, widthS), b.Bytes, b.Packets)
	}
	for _, l := range m.lengths {
		if l[0] < longLen {
			c.lengths[l[0]] += uint32(l[1])
		} else {
			c.addLong(uint32(l[0]), l[1])
		}
	}
	if len(s.long) > 0 { // then words could overflow
		w := c.widen()
		flushSums(w.convs, m.convs)
		flushSums(w.ports, m.ports)
		return
	}
	addSums(c.convs, m.convs)
	addSums(c.ports[:], m.ports)
}

func flushSums(to []volume, from sums) {
	for i, number := range from.numbers {
		v := from.volumes[i]
		to[number].packets += int64(v >> 40)
		to[number].bytes += int64(v & byteBits)
	}
}

// addSums is most of the work of a brush. Four at a time, as count does.
func addSums(to []uint64, from sums) {
	numbers, volumes := from.numbers, from.volumes[:len(from.numbers)]
	if len(numbers) == 0 {
		return
	}
	_ = to[numbers[len(numbers)-1]] // they ascend: none is beyond
	base := unsafe.Pointer(unsafe.SliceData(to))
	n := len(numbers)
	number, volume := unsafe.Pointer(&numbers[0]), unsafe.Pointer(&volumes[0])
	for ; n >= 4; n -= 4 {
		*(*uint64)(unsafe.Add(base, uint(*(*uint32)(number))*8)) += *(*uint64)(volume)
		*(*uint64)(unsafe.Add(base, uint(*(*uint32)(unsafe.Add(number, 4)))*8)) += *(*uint64)(unsafe.Add(volume, 8))
		*(*uint64)(unsafe.Add(base, uint(*(*uint32)(unsafe.Add(number, 8)))*8)) += *(*uint64)(unsafe.Add(volume, 16))
		*(*uint64)(unsafe.Add(base, uint(*(*uint32)(unsafe.Add(number, 12)))*8)) += *(*uint64)(unsafe.Add(volume, 24))
		number, volume = unsafe.Add(number, 16), unsafe.Add(volume, 32)
	}
	for i := len(numbers) - n; i < len(numbers); i++ {
		to[numbers[i]] += volumes[i]
	}
}

// widened moves every bin to the beginning of its minute.
func widened(bins []report.Bin) []report.Bin {
	list := slices.Clone(bins)
	for i := range list {
		list[i].Start = trace.Floor(list[i].Start, 60)
	}
	return list
}

// joined sorts bins and adds up those of the same start. Bins without packets are left out. The list is reused.
func joined(bins []report.Bin) []report.Bin {
	if !sort.IsSorted(byStart(bins)) {
		sort.Sort(byStart(bins))
	}
	list := bins[:0]
	for i := 0; i < len(bins); {
		sum := bins[i]
		for i++; i < len(bins) && bins[i].Start == sum.Start; i++ {
			sum.Bytes += bins[i].Bytes
			sum.Packets += bins[i].Packets
		}
		if sum.Packets != 0 {
			list = append(list, sum)
		}
	}
	return list
}

// byStart sorts through an interface: every use of package slices' sorting is eight kilobytes more that each worker loads.
type byStart []report.Bin

func (b byStart) Len() int           { return len(b) }
func (b byStart) Less(i, j int) bool { return b[i].Start < b[j].Start }
func (b byStart) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }
