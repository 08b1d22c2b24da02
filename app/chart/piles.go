package chart

import (
	"tracelens/app/chart/label"
	"tracelens/shared/report"
)

// A Part is a program or a site of a Stack, or what stands for several or for none.
type Part struct {
	Name  string
	Kind  Kind
	Bytes []int64 // per bin
}

// A Stacked is the traffic of a stretch of time by program, or by site, in bins of Step seconds.
type Stacked struct {
	Parts      []Part        // from the ground up
	First      int64         // unix seconds, when the first bin begins
	Step       int64         // seconds
	Hours      []report.Hour // which hours were captured
	Start, End int64         // unix seconds, the stretch that is shown
}

// A pile is a column of a stack: one bin, or as many as there is room for. Where the stretch that is shown begins or ends within it, it is narrower.
type pile struct {
	from, to int64 // of the stretch that is shown
	captured bool
	bytes    []int64 // of each part
	sum      int64
}

// sound is s with a stretch of whole bins.
func (s Stacked) sound() Stacked {
	s.Step = max(s.Step, 1)
	s.Start -= mod(s.Start-s.First, s.Step)
	s.End += mod(s.First-s.End, s.Step)
	return s
}

// rounds are the widths of columns in seconds, up to an hour; groups has those beyond.
var rounds = [...]int64{1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1200, 1800}

// pileWidth is the narrowest width of columns, in seconds, of which at most most cover a span: a round one of whole bins.
func pileWidth(span, step int64, most int) int64 {
	fits := func(w int64) bool { return w >= step && w%step == 0 && span/w+1 <= int64(most) }
	if span/step <= int64(most) {
		return step
	}
	for _, w := range rounds {
		if fits(w) {
			return w
		}
	}
	for _, g := range groups {
		if fits(g * 3600) {
			return g * 3600
		}
	}
	return step * (span/step/int64(max(most-1, 1)) + 1)
}

// piles are the columns of s, each width seconds, which start at round local times.
func (s Stacked) piles(width int64, cal label.Calendar) []pile {
	first := s.Start
	if width > s.Step {
		first += cal.Offset(first)
		first -= mod(first, width) + cal.Offset(s.Start)
		first += mod(s.First-first, s.Step) // bins are not cut
		if first > s.Start {
			first -= width
		}
	}
	n := int((s.End - first + width - 1) / width)
	list, bytes := make([]pile, n), make([]int64, n*len(s.Parts))
	gaps := gaps(s.Hours, s.Start, s.End)
	for i := range list {
		from := first + int64(i)*width
		p := &list[i]
		p.from, p.to = max(from, s.Start), min(from+width, s.End)
		p.captured = overlap(gaps, p.from, p.to) < p.to-p.from
		p.bytes = bytes[i*len(s.Parts) : (i+1)*len(s.Parts)]
	}
	for k, part := range s.Parts {
		from := max((s.Start-s.First)/s.Step, 0)
		to := min((s.End-s.First)/s.Step, int64(len(part.Bytes)))
		for b := from; b < to; b++ {
			if v := part.Bytes[b]; v > 0 {
				p := &list[(s.First+b*s.Step-first)/width]
				p.bytes[k], p.sum, p.captured = p.bytes[k]+v, p.sum+v, true
			}
		}
	}
	return list
}

// missing calls f for each stretch of columns that were not captured.
func missing(list []pile, f func(from, to int)) {
	for i := 0; i < len(list); i++ {
		if list[i].captured {
			continue
		}
		from := i
		for i < len(list) && !list[i].captured {
			i++
		}
		f(from, i)
	}
}
