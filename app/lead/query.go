//go:build js

package lead

import (
	"strconv"

	"tracelens/app/internal/browser"
	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/stats"
)

// A query is a view's selection that the counters have been asked for. If the view is chosen anew it is given up: answers to it are not
// heard, and the counters stop where they are.
type query struct {
	number  int64
	open    bool
	final   bool // the trace was loaded when it was asked
	of      *view
	sel     selection.Selection
	totals  *stats.Totals
	waiting map[*member]bool
	slower  map[*member]bool // have not said since that their answers will not become faster
	causes  int64            // the width of the bins of who is behind it, 0 where that is not asked
	memory  int64            // of those that have answered
	began   float64
}

func (q *query) waitsFor(w *member) bool { return q.open && q.waiting[w] }

// span is what the counters have said of the first and the last packet's times.
type span struct {
	first, last int64
	known       bool
}

// ask begins to count a view's selection.
func (j *job) ask(v *view) {
	v.stale = false
	width, causes := int64(60), int64(0)
	if first, last, ok := j.span(); ok || j.loaded {
		width, causes = v.width(first, last), j.causesWidth(v, first, last)
	}
	j.query = query{
		number: j.query.number + 1, open: true, final: j.loaded, of: v, sel: v.sel, totals: j.trace.NewTotals(width), causes: causes,
		waiting: map[*member]bool{}, slower: map[*member]bool{}, began: browser.NowMS(),
	}
	code := v.sel.Code()
	for _, w := range j.crew.counters {
		j.query.waiting[w], j.query.slower[w] = true, true
		w.post(browser.NewMessage("ask").SetInt("trace", j.number).SetInt("number", j.query.number).SetText("selection", code).SetInt("width", width).SetInt("causes", causes).SetSpace("space", w.space))
		w.space = browser.Space{}
	}
}

// fewPackets are so few that who is behind them is counted within a frame.
const fewPackets = 2_000_000

// causesWidth is how wide the bins of who is behind a view's packets are to be; 0 where nobody asks for them: nothing is known of anybody, or
// somebody drags over so many packets that it would be felt.
func (j *job) causesWidth(v *view, first, last int64) int64 {
	if j.book.Empty() || v.brief && j.read.rows > fewPackets || v.name != wholeTrace && v.name != selected {
		return 0
	}
	return stats.CauseWidth(&v.sel, first, last)
}

// span is the times of the first and the last packet.
func (j *job) span() (first, last int64, ok bool) {
	for _, w := range j.crew.counters {
		if !w.span.known {
			continue
		}
		if !ok {
			first, last, ok = w.span.first, w.span.last, true
		}
		first, last = min(first, w.span.first), max(last, w.span.last)
	}
	return first, last, ok
}

// learnSpan hears the times of a counter's first and last packet.
func (w *member) learnSpan(m browser.Message) {
	if first := m.Text("first"); first != "" {
		w.span.known = true
		w.span.first, _ = strconv.ParseInt(first, 10, 64) // a counter wrote it with strconv
		w.span.last, _ = strconv.ParseInt(m.Text("last"), 10, 64)
	}
}

// answered adds a counter's answer. What it says of its dictionaries counts even if the query does not any more.
func (j *job) answered(w *member, m browser.Message) {
	if text := m.Text("problem"); text != "" {
		j.fail(text)
		return
	}
	if err := w.part.Learn(m.Bytes("added")); err != nil {
		j.fail(err.Error())
		return
	}
	w.learnSpan(m)
	w.partial, w.space = m.TakeBytes("partial", w.partial)
	q := &j.query
	if m.Int("number") != q.number || !q.waitsFor(w) {
		return
	}
	p, err := stats.DecodePartial(w.partial)
	if err == nil {
		err = q.totals.Add(w.part, p)
	}
	if err == nil && q.causes > 0 {
		var c *stats.CausePartial
		if c, err = stats.DecodeCausePartial(m.Bytes("causes")); err == nil {
			err = q.totals.AddCauses(c)
		}
	}
	if err != nil {
		j.fail(err.Error())
		return
	}
	q.memory += m.Int("memory")
	delete(q.waiting, w)
	if len(q.waiting) > 0 {
		return
	}
	q.open = false
	first, last, _ := j.span()
	if q.final && (q.of.width(first, last) != q.totals.WidthS() || j.causesWidth(q.of, first, last) != q.causes) { // the span was not known when it was asked
		q.totals.Release()
		q.of.stale = true
	} else {
		j.report(q)
	}
	j.next()
}

// improved says that answers will not become faster any more, once all counters have said so.
func (j *job) improved(w *member) {
	if q := &j.query; !q.open && q.slower[w] {
		if delete(q.slower, w); len(q.slower) == 0 {
			j.post(browser.NewMessage("improved"))
		}
	}
}

// report posts the figures.
func (j *job) report(q *query) {
	j.trace.SetInput(j.inputs())
	j.guess(q.final)
	var wish report.Wish
	if q.of.name == wholeTrace || q.of.name == selected {
		wish = j.wish
	}
	r := q.totals.Report(&q.sel, wish)
	r.Hours = report.DropGaps(r.Hours) // the page fills them in again
	j.book.Name(r)
	j.bytes = report.AppendBinary(j.bytes[:0], r)
	m := browser.NewMessage("report").SetText("of", q.of.name).SetBytes("report", j.bytes).SetInt("memory", q.memory).SetInt("ms", int64(browser.NowMS()-q.began))
	if q.final {
		m.SetInt("final", 1)
	}
	j.postMoved(m, "report")
	j.rehearsed(true)
}
