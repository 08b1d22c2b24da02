package store

import (
	"slices"
	"sort"

	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// A summary is the figures of a full segment: what a scan of all of it would count. What its columns do not hold (extras) is not in it.
type summary struct {
	widthS  int64 // of bins: 1, or 60 for a segment with few packets a second
	bins    []report.Bin
	lengths [][2]int64
	flows   []uint64 // words, by number
}

// maxSummaryShare bounds a summary by the packets it is made of: one of a segment in which hardly anything repeats would be as large
// as the segment, and not faster.
const maxSummaryShare = 6 // bytes a packet

// minPerSecond is how many packets a segment must have for each of its seconds, if its summary is to be by second.
const minPerSecond = 16

// summarise counts a segment, which must be sorted. It returns nil if a summary does not pay.
func (s *Store) summarise(g *segment) *summary {
	if int64(len(g.flows))*8 > s.summaryShare*int64(g.rows()) {
		return nil
	}
	c := s.counters
	c.begin(0)
	c.scan(g, 0, g.rows(), 1, nil, nothing)
	m := &summary{widthS: 1, bins: joined(c.bins), flows: slices.Clone(c.flows[:len(g.flows)])}
	clear(c.flows[:len(g.flows)])
	c.lengths[trace.LongLen] = 0
	c.last.Lengths = takeLengths(c.last.Lengths[:0], &c.lengths)
	m.lengths = slices.Clone(c.last.Lengths)
	c.counted = 0
	if len(m.bins) > g.rows()/minPerSecond {
		m.widthS, m.bins = 60, joined(widened(m.bins))
	}
	if m.bins = slices.Clone(m.bins); m.size() > s.summaryShare*int64(g.rows()) {
		return nil
	}
	return m
}

func (m *summary) size() int64 {
	return int64(len(m.bins))*24 + int64(len(m.lengths))*16 + int64(len(m.flows))*8
}

// add adds what the summary of s counted.
func (c *counters) add(s *segment, widthS int64) {
	m := s.sum
	c.room(s.rows())
	for _, b := range m.bins {
		c.addBin(trace.Floor(b.Start, widthS), b.Bytes, b.Packets)
	}
	for _, l := range m.lengths {
		c.lengths[l[0]] += uint32(l[1])
	}
	c.spread(s.flows, m.flows)
	c.extras(s, 0, s.rows(), nil)
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
