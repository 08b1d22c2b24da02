// Package compare sets two reports beside each other, such as today's and yesterday's: their hours over each other, and what has become more or
// less. All of it is exact, and so is what it says that nobody can know: a report lists the first of each list only, so of a key that is in one
// of two lists alone it is known how much it cannot be, but not how much it is.
package compare

import (
	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// An Align is how the hours of another report come to lie over those of this one.
type Align int

const (
	Days   Align = iota // at the same time of the day: it is moved by whole days, of 24 hours, until both begin within half a day
	Times               // as they were
	Starts              // both begin with the same hour
)

// Shift is by how many seconds the times of the other report are moved. Times that count from the unknown beginning of a trace have no place in
// a day: reports of such, and of no packets, are aligned by their beginnings whatever is wished.
func Shift(this, other *report.Report, align Align) int64 {
	a, aok := first(this)
	b, bok := first(other)
	switch {
	case !aok || !bok:
		return 0
	case align == Starts || this.Relative || other.Relative:
		return a - b
	case align == Days:
		return trace.Floor(a-b+day/2, day)
	}
	return 0
}

const day = 24 * trace.HourS

// first is when the first hour begins.
func first(r *report.Report) (start int64, ok bool) {
	if len(r.Hours) == 0 {
		return 0, false
	}
	return r.Hours[0].Start, true
}

// Hours are the hours of this report, and those of the other one at the times they are moved to. Both lists are of the same hours, from the
// first of either to the last, and have none twice; what is in one report only is not captured in the other.
func Hours(this, other []report.Hour, shift int64) (these, others []report.Hour) {
	from, to := int64(0), int64(0)
	note := func(start int64) {
		if from == to {
			from, to = start, start+trace.HourS
		}
		from, to = min(from, start), max(to, start+trace.HourS)
	}
	for _, h := range this {
		note(h.Start)
	}
	for _, h := range other {
		note(h.Start + shift)
	}
	place := func(list []report.Hour, shift int64) []report.Hour {
		placed := make([]report.Hour, (to-from)/trace.HourS)
		for i := range placed {
			placed[i].Start = from + int64(i)*trace.HourS
		}
		for _, h := range list {
			at := &placed[(h.Start+shift-from)/trace.HourS]
			at.Captured = at.Captured || h.Captured
			at.Bytes += h.Bytes
			at.Packets += h.Packets
		}
		return placed
	}
	return place(this, 0), place(other, shift)
}
