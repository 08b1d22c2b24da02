package chart

import (
	"sort"

	charts "github.com/vicanso/go-charts/v2"

	"tracelens/shared/report"
)

// A stretch of time, in unix seconds.
type stretch struct{ from, to int64 }

// gaps are the stretches of hours in [start, end) which nobody captured.
func gaps(hours []report.Hour, start, end int64) (gs []stretch) {
	for _, h := range hours {
		from, to := max(h.Start, start), min(h.Start+3600, end)
		if h.Captured || from >= to {
			continue
		}
		if n := len(gs); n > 0 && gs[n-1].to == from {
			gs[n-1].to = to
			continue
		}
		gs = append(gs, stretch{from, to})
	}
	return gs
}

// between are the bins that start in [start, end).
func between(bins []report.Bin, start, end int64) []report.Bin {
	bins = bins[sort.Search(len(bins), func(i int) bool { return bins[i].Start >= start }):]
	return bins[:sort.Search(len(bins), func(i int) bool { return bins[i].Start >= end })]
}

// values are evenly spaced figures, null where nothing was captured. When each stands for several bins, least and most are
// theirs; else both are nil.
type values struct{ mean, least, most []float64 }

// reduce lays bins out evenly from s.Start to s.End: one value per bin or, when dense, one per slot.
func reduce(bins []report.Bin, s Series, gaps []stretch, slots int, dense bool) values {
	bins = between(bins, s.Start, s.End)
	if dense {
		return perSlot(bins, s, gaps, slots)
	}
	null := charts.GetNullValue()
	v := make([]float64, (s.End-s.Start)/s.Step)
	for _, g := range gaps {
		// A bin of which any part was captured is no gap.
		for i := (g.from - s.Start + s.Step - 1) / s.Step; i < (g.to-s.Start)/s.Step; i++ {
			v[i] = null
		}
	}
	for _, b := range bins {
		i := (b.Start - s.Start) / s.Step
		if v[i] == null {
			v[i] = 0
		}
		v[i] += float64(b.Bytes)
	}
	return values{mean: v}
}

func perSlot(bins []report.Bin, s Series, gaps []stretch, slots int) values {
	null := charts.GetNullValue()
	v := values{make([]float64, slots), make([]float64, slots), make([]float64, slots)}
	n, next := int((s.End-s.Start)/s.Step), 0
	for k := range slots {
		from, to := s.Start+int64(k*n/slots)*s.Step, s.Start+int64((k+1)*n/slots)*s.Step
		first, sum := next, int64(0)
		var least, most int64
		for ; next < len(bins) && bins[next].Start < to; next++ {
			b := bins[next].Bytes
			if next == first {
				least = b
			}
			least, most, sum = min(least, b), max(most, b), sum+b
		}
		seen, captured := int64(next-first), (to-from-overlap(gaps, from, to))/s.Step
		switch {
		case seen == 0 && captured == 0:
			v.mean[k], v.least[k], v.most[k] = null, null, null
			continue
		case seen < captured: // some were captured and are empty
			least = 0
		}
		v.mean[k], v.least[k], v.most[k] = float64(sum)/float64(max(seen, captured)), float64(least), float64(most)
	}
	return v
}

// overlap is how many seconds of [from, to) lie in gaps.
func overlap(gaps []stretch, from, to int64) (secs int64) {
	for _, g := range gaps[sort.Search(len(gaps), func(i int) bool { return gaps[i].to > from }):] {
		if g.from >= to {
			break
		}
		secs += min(g.to, to) - max(g.from, from)
	}
	return secs
}
