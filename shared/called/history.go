package called

import (
	"cmp"
	"slices"
)

// A Saying is that something was called so, from a time on.
type Saying struct {
	TimeNS int64
	Text   string
}

// A History is what one thing was called, by time; of what was said for the same time the last counts, in the order of texts, where Nobody is the
// first. It does not depend on the order in which it was heard, as long as it is no longer than it may be.
type History []Saying

func (a Saying) compare(b Saying) int {
	is := func(s Saying) int {
		if s.Text == Nobody {
			return 0
		}
		return 1
	}
	return cmp.Or(cmp.Compare(a.TimeNS, b.TimeNS), cmp.Compare(is(a), is(b)), cmp.Compare(a.Text, b.Text))
}

// add adds what was said, and says whether it was not known. If that makes more than so many, what says nothing new goes, and then the oldest.
func (h History) add(s Saying, most int) (History, bool) {
	at, known := slices.BinarySearchFunc(h, s, Saying.compare)
	if known {
		return h, false
	}
	if h = slices.Insert(h, at, s); len(h) > most {
		if h = slices.CompactFunc(h, func(a, b Saying) bool { return a.Text == b.Text }); len(h) > most {
			h = slices.Delete(h, 0, len(h)-most)
		}
	}
	return h, true
}

// Before is the index of what was said last before a time, -1 if nothing was.
func (h History) Before(timeNS int64) int {
	at, _ := slices.BinarySearchFunc(h, timeNS, func(s Saying, before int64) int { return cmp.Compare(s.TimeNS, before) })
	return at - 1
}
