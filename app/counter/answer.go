//go:build js

package counter

import (
	"strconv"

	"tracelens/app/internal/browser"
	"tracelens/shared/dict"
	"tracelens/shared/selection"
)

// turnMS is how long a query counts before it looks whether a newer one has come.
const turnMS = 8

// A saying is lines of the file of names of an hour.
type saying struct {
	lines []byte
	hour  int64
}

// learn notes what has been said. Nobody may be counting.
func (o *opened) learn() {
	for _, s := range o.said {
		o.book.AddLines(s.lines, s.hour)
	}
	o.said = nil
}

// A step is a query: Step counts some more, until it returns false.
type step interface{ Step() bool }

// finish counts to the end, with turns for others in between. It returns false if that is not wanted any more.
func finish(q step, wanted func() bool) bool {
	began := browser.NowMS()
	for q.Step() {
		if browser.NowMS()-began > turnMS {
			if browser.Yield(); !wanted() {
				return false
			}
			began = browser.NowMS()
		}
	}
	return true
}

// answer counts a selection, and who is behind it if that is given a width. It is given up when a newer query or another trace comes.
func (o *opened) answer(number int64, code string, width, causes int64) {
	sel, err := selection.Parse(code)
	if err != nil {
		o.post(browser.NewMessage("answer").SetInt("number", number).SetText("problem", err.Error()))
		return
	}
	wanted := func() bool { return o.asked == number && !o.closed }
	o.busy.Lock()
	defer o.busy.Unlock()
	if !wanted() {
		return
	}
	o.learn()
	q := o.store.Query(&sel, width)
	done := finish(q, wanted)
	p := q.Partial()
	if !done {
		return
	}
	o.answerBytes = p.AppendBinary(o.answerBytes[:0]) // the same memory for every answer: a store is large, and its garbage would be too
	var behind []byte
	if causes > 0 {
		q := o.store.Causes(&sel, causes)
		if !finish(q, wanted) {
			return
		}
		behind = q.Partial().AppendBinary(nil)
	}
	ends, convs := o.store.Endpoints(), o.store.Conversations()
	added := dict.AppendSince(nil, ends, o.ends, convs, o.convs)
	o.ends, o.convs = ends.Len(), convs.Len()
	m := browser.NewMessage("answer").SetInt("number", number).SetInt("memory", browser.MemoryBytes()).
		SetBytes("added", added).SetBytesIn("partial", o.answerBytes, o.space)
	if causes > 0 {
		m.SetBytes("causes", behind)
	}
	o.space = browser.Space{}
	browser.PostMoved(o.withSpan(m).SetInt("trace", o.number), "added", "partial")
	o.improveSoon()
}

// withSpan adds the times of the first and the last packet.
func (o *opened) withSpan(m browser.Message) browser.Message {
	if o.store.Packets() > 0 {
		first, last := o.store.Span()
		m.SetText("first", strconv.FormatInt(first, 10)).SetText("last", strconv.FormatInt(last, 10)) // a number of JavaScript has too few digits
	}
	return m
}
