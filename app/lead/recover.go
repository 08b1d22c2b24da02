//go:build js

package lead

import (
	"strings"

	"tracelens/app/internal/browser"
)

// recover has the slices that a dead counter held read again, as if they never had been. unread are those that it had not finished.
func (j *job) recover(read, unread []*slice) {
	for _, s := range read {
		j.untake(s)
	}
	again := read
	if !j.cancelled {
		again = append(again, unread...)
	}
	asked := j.query.open // it had been, too
	j.giveUp()
	for _, v := range j.order {
		v.stale = true
	}
	if j.rows.open {
		j.rows.open, j.rows.again = false, true
	}
	var first []*slice
	for _, s := range again {
		if s.source.task == nil {
			first = append(first, s)
			continue
		}
		if t := s.task; t != nil { // it waits to hear of these lines
			s.task = nil
			t.at.ack(t, s.to-s.from, browser.Block{})
		}
		j.lost = append(j.lost, s)
	}
	j.queue = append(first, j.queue...)
	for _, s := range j.lost {
		j.keepAgain(s.source.task)
	}
	j.feedLost(nil) // what is kept is there
	if len(again) > 0 {
		j.loaded = false
		j.reading = j.stream == nil // a load ends with figures; a stream has no end
	} else if asked && !j.reading {
		j.next()
	}
	j.crew.feed()
	j.finish()
}

// untake forgets that a slice has been read.
func (j *job) untake(s *slice) {
	s.source.input.Rows -= s.rows
	s.source.done -= s.to - s.from
	j.read.bytes -= s.to - s.from
	j.read.rows -= s.rows
	s.outcome, s.into, s.again = outcome{}, nil, true
}

// lowered is how much the packets of a counter may take after one has died: less than it had, if it died for want of memory.
func (j *job) lowered(text string) int64 {
	if strings.Contains(text, "memory") {
		j.budget = j.budget / 2
		for _, w := range j.crew.counters {
			w.post(browser.NewMessage("budget").SetInt("trace", j.number).SetInt("budget", j.budget))
		}
	}
	return j.budget
}
