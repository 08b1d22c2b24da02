//go:build js

package counter

import (
	"strconv"

	"tracelens/app/internal/browser"
	"tracelens/shared/selection"
	"tracelens/shared/store"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// find looks for the first packets of a selection from a time on, and says when they are: from the times of all counters the lead sees
// which of them it needs. It is given up when a newer one or another trace comes. While a query counts, it waits for each of its turns,
// so figures come first.
func (o *opened) find(number int64, m browser.Message) {
	sel, _ := selection.Parse(m.Text("selection")) // the lead has read it, too
	from, _ := strconv.ParseInt(m.Text("from"), 10, 64)
	var rows *store.Rows
	for more := true; more; {
		o.busy.Lock()
		if o.finding != number || o.closed {
			o.busy.Unlock()
			return
		}
		if rows == nil {
			o.learn()
			rows = o.store.Rows(&sel, from, int(m.Int("most")))
		}
		for began := browser.NowMS(); more && browser.NowMS()-began < turnMS; {
			more = rows.Step()
		}
		o.busy.Unlock()
		if more {
			browser.Yield()
		}
	}
	o.found, o.busyMS = rows, browser.NowMS()
	o.times = rows.AppendTimes(o.times[:0])
	browser.PostMoved(browser.NewMessage("found").SetInt("trace", o.number).SetInt("number", number).SetBytes("times", o.times), "times")
}

// tell says what some of the packets are that were found, as lines of an hour file: with the seconds since their hour, or since the
// trace's unknown beginning.
func (o *opened) tell(m browser.Message) {
	if o.found == nil || m.Int("number") != o.finding {
		return
	}
	var lines []byte
	at := int(m.Int("at"))
	for i := at; i < at+int(m.Int("n")); i++ {
		p, hour := o.found.Packet(i), int64(0)
		if m.Int("relative") == 0 {
			hour = trace.Floor(p.TimeNS, trace.Hour) / trace.Second
		}
		lines = tracecsv.AppendRow(lines, hour, &p)
	}
	o.found = nil // it is asked once
	o.post(browser.NewMessage("rows").SetInt("number", o.finding).SetBytes("lines", lines))
}
