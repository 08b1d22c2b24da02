//go:build js

package lead

import (
	"net/netip"

	"tracelens/app/internal/browser"
	"tracelens/shared/report"
)

// mine is which addresses are the user's own: guessed, until the user says so.
type mine struct {
	told    bool
	guessed int // how many addresses there were when they were guessed
}

// tellMine takes the user's word, or goes back to guessing.
func (j *job) tellMine(m browser.Message) {
	var prefixes []netip.Prefix
	for _, text := range m.Texts("prefixes") {
		if p, err := netip.ParsePrefix(text); err == nil { // the page has parsed them
			prefixes = append(prefixes, p)
		}
	}
	j.mine = mine{told: m.Int("guess") == 0}
	if j.mine.told {
		j.trace.SetMine(prefixes)
	}
	j.refresh()
}

// guess guesses which addresses are the user's own, when all are known, and again when a live trace has twice as many.
func (j *job) guess(final bool) {
	if n := j.trace.Addresses(); final && !j.mine.told && n >= 2*j.mine.guessed {
		j.mine.guessed = max(n, 1)
		j.trace.SetMine(j.trace.GuessMine())
	}
}

// wishFor makes a list what the page shows.
func (j *job) wishFor(code string) {
	wish, err := report.ParseWish(code)
	if err != nil {
		j.note(err.Error())
		return
	}
	j.wish = wish
	for _, v := range j.order {
		if v.name == wholeTrace || v.name == selected {
			v.stale = true
		}
	}
	j.next()
}
