//go:build js

package lead

import (
	"strconv"

	"tracelens/app/internal/browser"
	"tracelens/shared/tracecsv"
)

// A slice is what a counter reads at a time: the lines of a source that begin in the bytes from..to.
type slice struct {
	number   int64 // of the last time it was handed out
	source   *source
	from, to int64
	end      int64         // how far it has been read: to, unless something stopped the reading
	part     *browser.File // a piece of the source that has come by itself, of which from..to is all; nil for a file
	lines    browser.Block // likewise, of what has come or been unpacked; none once a counter has it
	loose    bool          // nobody has looked whether there is a line in it that is too long
	outcome                // once it is read
	into     *slice        // the one before it, of which it has become a part
	task     *task         // that waits to hear that it has been read, or nil
	again    bool          // it had been read: its packets belong to the figures of a load that is cancelled, too
}

// An outcome is how lines were read.
type outcome struct {
	rows        int64
	first, last int64 // times of their packets, if there are any
	skips       tracecsv.Skips
}

// outcomeOf is what a counter says.
func outcomeOf(m browser.Message) outcome {
	times := numbers([]string{m.Text("from"), m.Text("until")})
	return outcome{m.Int("rows"), times[0], times[1], tracecsv.SkipsOf(m.Texts("skips"))}
}

// add adds that of lines which follow.
func (o *outcome) add(next *outcome) {
	switch {
	case next.rows == 0:
	case o.rows == 0:
		o.first, o.last = next.first, next.last
	default:
		o.first, o.last = min(o.first, next.first), max(o.last, next.last)
	}
	o.rows += next.rows
	o.skips.Add(&next.skips)
}

// Sizes of slices: large ones cost least, and small ones at the end let all counters finish together.
const (
	minSlice = 2 << 20
	maxSlice = 64 << 20
)

// divide cuts the sources, in order, for a number of counters.
func divide(sources []*source, counters int) (list []*slice) {
	left := int64(0)
	for _, s := range sources {
		if s.wanted() && s.ready {
			left += s.size
		}
	}
	for _, s := range sources {
		if !s.wanted() || !s.ready {
			continue
		}
		for from := int64(0); ; {
			size := min(maxSlice, max(minSlice, left/int64(2*counters)))
			to := min(s.size, from+size)
			if s.size-to < minSlice/2 { // rather than a crumb
				to = s.size
			}
			list = append(list, &slice{source: s, from: from, to: to})
			left -= to - from
			if from = to; from >= s.size {
				break
			}
		}
	}
	return list
}

func numbers(texts []string) []int64 {
	list := make([]int64, len(texts))
	for i, text := range texts {
		list[i], _ = strconv.ParseInt(text, 10, 64) // a counter wrote it with strconv
	}
	return list
}
