package stats

import (
	"slices"

	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// series counts bytes and packets per second of absolute time, in blocks of one minute: minutes and hours are sums of blocks,
// and consecutive packets nearly always fall into the block of the one before.
type series struct {
	minutes map[int64]*minute // by start, unix seconds
	last    *minute
}

type minute struct {
	start   int64
	bytes   [60]uint64
	packets [60]uint32
}

func newSeries() series { return series{minutes: map[int64]*minute{}, last: &minute{start: -1}} }

func (s *series) add(timeNS, bytes int64) {
	second := trace.Floor(timeNS, trace.Second) / trace.Second
	at := second - s.last.start
	if uint64(at) >= 60 || s.last.start%60 != 0 {
		s.last = s.block(trace.Floor(second, 60))
		at = second - s.last.start
	}
	s.last.bytes[at] += uint64(bytes)
	s.last.packets[at]++
}

func (s *series) block(start int64) *minute {
	m := s.minutes[start]
	if m == nil {
		m = &minute{start: start}
		s.minutes[start] = m
	}
	return m
}

func (s *series) merge(o *series) {
	for start, from := range o.minutes {
		to := s.block(start)
		for i := range from.bytes {
			to.bytes[i] += from.bytes[i]
			to.packets[i] += from.packets[i]
		}
	}
}

// bins lists minutes, and seconds if asked for, that have packets, in order of time.
func (s *series) bins(withSeconds bool) (minutes, seconds []report.Bin) {
	minutes, seconds = make([]report.Bin, 0, len(s.minutes)), []report.Bin{}
	for _, m := range s.minutes {
		b := report.Bin{Start: m.start}
		for i, n := range m.packets {
			b.Bytes += int64(m.bytes[i])
			b.Packets += int64(n)
			if withSeconds && n > 0 {
				seconds = append(seconds, report.Bin{Start: m.start + int64(i), Bytes: int64(m.bytes[i]), Packets: int64(n)})
			}
		}
		minutes = append(minutes, b)
	}
	byStart := func(a, b report.Bin) int { return int(a.Start - b.Start) }
	slices.SortFunc(minutes, byStart)
	slices.SortFunc(seconds, byStart)
	return minutes, seconds
}

// hours sums minutes to hours, from the first to the last that has packets or is covered by a file.
func hours(minutes []report.Bin, covered map[int64]bool) []report.Hour {
	at := map[int64]*report.Hour{}
	for h := range covered {
		at[h] = &report.Hour{Start: h, Captured: true}
	}
	for _, m := range minutes {
		start := trace.Floor(m.Start, trace.HourS)
		h := at[start]
		if h == nil {
			h = &report.Hour{Start: start, Captured: true}
			at[start] = h
		}
		h.Bytes += m.Bytes
		h.Packets += m.Packets
	}
	starts := make([]int64, 0, len(at))
	for start := range at {
		starts = append(starts, start)
	}
	slices.Sort(starts)
	list := make([]report.Hour, 0, len(starts))
	for _, start := range starts {
		list = append(list, *at[start])
	}
	return report.FillGaps(list)
}
