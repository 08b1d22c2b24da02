package explore

import (
	"sort"

	"tracelens/shared/report"
)

// A Window finds the packets with some numbers, counted from 0 in the order of time, by how many there are in each second or minute.
type Window struct {
	bins   []report.Bin // as in the report
	step   int64        // seconds
	before []int64      // by bin, how many packets are in those before it
	total  int64
}

// NewWindow is for the packets that a report is of.
func NewWindow(r *report.Report) *Window {
	w := &Window{bins: r.Seconds, step: 1}
	if len(r.Seconds) == 0 {
		w.bins, w.step = r.Minutes, 60
	}
	w.before = make([]int64, len(w.bins))
	for i, b := range w.bins {
		w.before[i] = w.total
		w.total += b.Packets
	}
	return w
}

// Find says where the packets from first on are, n of them: in which time, unix seconds, and how many of that time come before them.
func (w *Window) Find(first int64, n int) (times Span, skip int64) {
	first = min(max(first, 0), w.total)
	last := min(first+int64(n), w.total) - 1
	if last < first {
		return Span{}, 0
	}
	from, to := w.binOf(first), w.binOf(last)
	return Span{w.bins[from].Start, w.bins[to].Start + w.step}, first - w.before[from]
}

func (w *Window) binOf(packet int64) int {
	return sort.Search(len(w.before), func(i int) bool { return w.before[i] > packet }) - 1
}

// At is the number of the first packet of the bin that a time, unix seconds, is in, or of the next that has packets; and the time at which
// that bin begins.
func (w *Window) At(time int64) (packet, begins int64) {
	i := sort.Search(len(w.bins), func(i int) bool { return w.bins[i].Start+w.step > time })
	if i == len(w.bins) {
		return w.total, time
	}
	return w.before[i], w.bins[i].Start
}
