package ui

import (
	"math"
	"sort"
	"strconv"

	"tracelens/app/chart/label"
	"tracelens/shared/figures"
	"tracelens/shared/report"
)

// readHour says what a column of the first chart holds.
func (p *Page) readHour(f *plot, v float64) reading {
	column := max(f.Pic.Column, 3600)
	start := int64(f.Pic.XMin) + int64((v-f.Pic.XMin)/float64(column))*column
	start = min(start, int64(f.Pic.XMax)-column)
	at := reading{on: true, x: f.x(float64(start) + float64(column)/2)}
	whole, captured := sumOf(p.whole.Report, start, column)
	part, _ := sumOf(p.times(), start, column)
	when := p.clock(start) + " to " + p.clock(start+column)
	if !captured {
		at.lines = []string{when, "not captured: there is no file for it"}
		return at
	}
	at.lines = p.amount(when, part, column)
	if part != whole {
		at.lines = append(at.lines, label.Percent(part.Bytes, whole.Bytes)+" of "+p.bytes(whole.Bytes)+" then")
	}
	return at
}

// sumOf is what a report has in the hours of a column.
func sumOf(r *report.Report, start, column int64) (b report.Bin, captured bool) {
	for _, h := range r.Hours {
		if h.Start+3600 > start && h.Start < start+column {
			b.Bytes, b.Packets, captured = b.Bytes+h.Bytes, b.Packets+h.Packets, captured || h.Captured
		}
	}
	return b, captured
}

// readMinute says what a minute or second of the second chart holds.
func (p *Page) readMinute(f *plot, v float64) reading {
	step := p.minuteStep()
	start := int64(math.Floor(v/float64(step))) * step
	start = min(max(start, int64(f.Pic.XMin)), int64(f.Pic.XMax)-step)
	at := reading{on: true, x: f.x(float64(start) + float64(step)/2)}
	find := func(bins []report.Bin) report.Bin {
		if i := sort.Search(len(bins), func(i int) bool { return bins[i].Start >= start }); i < len(bins) && bins[i].Start == start {
			return bins[i]
		}
		return report.Bin{}
	}
	bins, all := p.minuteBins()
	part := find(bins)
	at.lines = p.amount(p.clockTo(start, step), report.Bin{Bytes: part.Bytes, Packets: part.Packets}, step)
	if all != nil {
		if whole := find(all); whole.Packets != part.Packets {
			at.lines = append(at.lines, label.Percent(part.Bytes, whole.Bytes)+" of "+p.bytes(whole.Bytes)+" then")
		}
	}
	if part.Packets == 0 {
		for _, h := range p.whole.Report.Hours {
			if !h.Captured && start >= h.Start && start < h.Start+3600 {
				at.lines = []string{p.clockTo(start, step), "not captured: there is no file for it"}
			}
		}
	}
	if f.Pic.YMax > 0 && f.Pic.Dots {
		at.y, at.dot = f.Pic.Y(float64(p.measure.of(part.Bytes, part.Packets, step))), true
	}
	return at
}

// amount is what passed in some seconds, in words.
func (p *Page) amount(when string, b report.Bin, seconds int64) []string {
	return []string{when + " · " + p.bytes(b.Bytes), plural(b.Packets, "packet") + " · " + label.Rate(float64(b.Bytes)*8/float64(seconds))}
}

// readSize says what a bar of the histogram holds.
func (p *Page) readSize(f *plot, v float64) reading {
	h, total := p.sizes().Histogram, p.sizes().Packets
	at := reading{on: true, x: f.x(v)}
	for i, n := range h.Packets {
		if v < h.Edges[i] || v > h.Edges[i+1] {
			continue
		}
		at.x = f.x((h.Edges[i] + h.Edges[i+1]) / 2)
		from, to := int64(math.Ceil(h.Edges[i])), int64(math.Ceil(h.Edges[i+1]))-1
		if i == len(h.Packets)-1 {
			to = int64(math.Floor(h.Edges[i+1]))
		}
		at.lines = []string{lengthsInWords(from, to), plural(n, "packet") + " · " + label.Percent(n, total)}
		return at
	}
	at.lines = []string{label.Count(int64(math.Round(v))) + " B", "no packets"}
	return at
}

// readCDF says how many packets are larger.
func (p *Page) readCDF(f *plot, v float64) reading {
	size := int64(math.Round(v))
	r := p.sizes()
	larger := figures.Above(r.Lengths, size)
	at := reading{on: true, x: f.x(float64(size)), dot: true, y: f.Pic.Y(0)}
	if r.Packets > 0 {
		at.y = f.Pic.Y(100 - 100*float64(larger)/float64(r.Packets))
	}
	at.lines = []string{label.Percent(larger, r.Packets) + " are larger than " + strconv.FormatInt(size, 10) + " B", plural(larger, "packet") + " of " + label.Count(r.Packets)}
	return at
}

func lengthsInWords(from, to int64) string {
	if from >= to {
		return label.Count(from) + " B"
	}
	return label.Count(from) + " to " + label.Count(to) + " B"
}

func plural(n int64, of string) string {
	if n == 1 {
		return "1 " + of
	}
	return label.Count(n) + " " + of + "s"
}

// clock is the time of day, or since the start; with seconds where they are not 0.
func (p *Page) clock(at int64) string { return p.calendar().Time(at) }

// clockTo names a minute by its beginning, and a second.
func (p *Page) clockTo(at, step int64) string {
	if step >= 60 {
		return p.clock(at)
	}
	return p.calendar().Seconds(at)
}

// spanInWords is a stretch of time: "20:00 to 21:30", with the days where they are not all the same.
func (p *Page) spanInWords(from, to int64) string {
	if p.relative() {
		return p.clock(from) + " to " + p.clock(to)
	}
	a, b := label.Date(from, p.loc()), label.Date(to-1, p.loc())
	first, last := label.Date(int64(p.whole.Report.Start)/1e9, p.loc()), label.Date(int64(p.whole.Report.End)/1e9, p.loc())
	switch {
	case a == b && first == last:
		return p.clock(from) + " to " + p.clock(to)
	case a == b:
		return a + ", " + p.clock(from) + " to " + p.clock(to)
	}
	return a + ", " + p.clock(from) + " to " + b + ", " + p.clock(to)
}
