package chart

import (
	"tracelens/app/chart/label"
	"tracelens/shared/report"
)

// A column is a bar of the traffic per hour: one hour, or as many as there is room for.
type column struct {
	start    int64
	captured bool  // at least one of its hours
	bytes    int64 // of the selection
	all      int64 // of the whole trace
}

// groups are the widths of merged columns in hours: those that divide a day, then whole days.
var groups = [...]int64{1, 2, 3, 4, 6, 8, 12, 24, 48, 96, 168, 336, 672, 1344, 2688, 8760, 43800}

// group is the narrowest width, in hours, at which hours fit in at most most columns.
func group(hours, most int) int64 {
	for _, g := range groups {
		if (int64(hours)+g-1)/g+1 <= int64(most) || g == 1 && hours <= most {
			return g
		}
	}
	return int64(hours/max(most-1, 1) + 1)
}

// columns merges hours, sorted by start, into columns of width seconds which start at round local times. all is the same hours
// of the whole trace, of which hours is a selection; it may be nil.
func columns(hours, all []report.Hour, width int64, cal label.Calendar) []column {
	base := all
	if len(base) == 0 {
		base = hours
	}
	if len(base) == 0 {
		return nil
	}
	first, last := base[0].Start, base[len(base)-1].Start
	if width > 3600 {
		// Offset at the first hour: a bar a day after the clocks change starts an hour off, and still is 24 hours long.
		first += cal.Offset(first)
		first -= mod(first, width) + cal.Offset(base[0].Start)
	}
	cols := make([]column, (last-first)/width+1)
	for i := range cols {
		cols[i].start = first + int64(i)*width
	}
	for _, h := range base {
		if i := (h.Start - first) / width; h.Start >= first && int(i) < len(cols) {
			cols[i].captured = cols[i].captured || h.Captured
			cols[i].all += h.Bytes
		}
	}
	for _, h := range hours {
		if i := (h.Start - first) / width; h.Start >= first && int(i) < len(cols) {
			cols[i].bytes += h.Bytes
		}
	}
	return cols
}

func mod(a, b int64) int64 { return ((a % b) + b) % b }

// runs calls f for each stretch of columns that were not captured.
func runs(cols []column, f func(from, to int)) {
	for i := 0; i < len(cols); i++ {
		if cols[i].captured {
			continue
		}
		from := i
		for i < len(cols) && !cols[i].captured {
			i++
		}
		f(from, i)
	}
}
