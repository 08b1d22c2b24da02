//go:build js

package lead

import (
	"bytes"
	"encoding/binary"
	"strings"

	"tracelens/app/internal/browser"
	"tracelens/shared/selection"
	"tracelens/shared/store"
	"tracelens/shared/trace"
)

// rows are the packets of a selection that the page wants to show: n from a time on, after skip others. All counters say first at what
// times they have some, eight bytes for each that might be skipped; then those that are needed say what they are. A newer request takes
// the place of one that is under way.
type rows struct {
	number  int64 // of the question to the counters
	request int64 // the page's number
	code    string
	from    string // nanoseconds
	skip, n int
	open    bool
	again   bool // once nothing is left to be read: a counter died, and its packets are missing
	waiting map[*member]bool
	first   []int // by counter, of the packets that it has found: the first that is needed
	order   []int // of each packet the counter
}

func (r *rows) waitsFor(w *member) bool { return r.open && r.waiting[w] }

// want begins to look for rows for the page.
func (j *job) want(m browser.Message) {
	code := m.Text("selection")
	if _, err := selection.Parse(code); err != nil {
		j.note(err.Error())
		return
	}
	j.rows = rows{
		number: j.rows.number, request: m.Int("number"), code: code, from: m.Text("from"),
		skip: int(max(0, m.Int("skip"))), n: int(max(0, m.Int("n"))),
	}
	j.find()
}

// find asks all counters when they have packets of what is wanted.
func (j *job) find() {
	if j.failed || j.replaced { // nobody would hear it
		return
	}
	r := &j.rows
	r.number++
	r.open, r.again, r.waiting = true, false, map[*member]bool{}
	for _, w := range j.crew.counters {
		r.waiting[w] = true
		w.post(browser.NewMessage("find").SetInt("trace", j.number).SetInt("number", r.number).
			SetText("selection", r.code).SetText("from", r.from).SetInt("most", int64(r.skip+r.n)))
	}
}

// answers reports whether m of a counter is an answer that the rows wait for, and whether it is the last one.
func (r *rows) answers(w *member, m browser.Message) (it, last bool) {
	if m.Int("number") != r.number || !r.waitsFor(w) {
		return false, false
	}
	delete(r.waiting, w)
	return true, len(r.waiting) == 0
}

// found hears when a counter has packets. After the last one, those that have what is needed are asked for it.
func (j *job) found(w *member, m browser.Message) {
	r := &j.rows
	it, last := r.answers(w, m)
	if it {
		w.times, _ = m.TakeBytes("times", w.times)
	}
	if !last {
		return
	}
	times, counts := make([]store.Times, len(j.crew.counters)), make([]int, len(j.crew.counters))
	for i, w := range j.crew.counters {
		times[i] = w.times
	}
	r.first, r.order = store.Merge(times, r.skip, r.n)
	for _, i := range r.order {
		counts[i]++
	}
	for i, w := range j.crew.counters {
		if counts[i] == 0 {
			continue
		}
		r.waiting[w] = true
		m := browser.NewMessage("rows").SetInt("trace", j.number).SetInt("number", r.number).
			SetInt("at", int64(r.first[i])).SetInt("n", int64(counts[i]))
		if j.trace.Relative() {
			m.SetInt("relative", 1)
		}
		w.post(m)
	}
	if len(r.order) == 0 {
		j.show()
	}
}

// told hears what packets of a counter are.
func (j *job) told(w *member, m browser.Message) {
	it, last := j.rows.answers(w, m)
	if it {
		w.lines = m.Bytes("lines")
	}
	if last {
		j.show()
	}
}

// show posts the rows: the time of each, its line, and what its two ends were called then.
func (j *job) show() {
	r := &j.rows
	r.open = false
	var times, lines []byte
	var names []string
	for _, i := range r.order {
		w := j.crew.counters[i]
		at := store.Times(w.times).At(r.first[i])
		times = binary.LittleEndian.AppendUint64(times, uint64(at))
		end := bytes.IndexByte(w.lines, '\n') + 1
		lines = append(lines, w.lines[:end]...)
		if !j.book.Empty() {
			names = append(names, j.endsOf(w.lines[:end], at)...)
		}
		r.first[i]++
		w.lines = w.lines[end:]
	}
	m := browser.NewMessage("rows").SetInt("number", r.request).SetBytes("times", times).SetBytes("lines", lines)
	if len(names) > 0 {
		m.SetTexts("names", names)
	}
	j.postMoved(m, "times", "lines")
}

// endsOf is what the source and the destination of a row were called at its time.
func (j *job) endsOf(line []byte, at int64) []string {
	cells := strings.Split(string(line), ",")
	end := func(columns ...trace.Column) string {
		for _, c := range columns {
			if int(c) < len(cells) && cells[c] != "" {
				return j.book.Of(strings.TrimSpace(cells[c]), at+1)
			}
		}
		return ""
	}
	return []string{end(trace.IPSrc, trace.IPv6Src), end(trace.IPDst, trace.IPv6Dst)}
}
