//go:build js

package lead

import (
	"net/netip"

	"tracelens/app/internal/browser"
	"tracelens/shared/report"
)

// mine is which addresses are the user's own: guessed, until the user says so.
type mine struct {
	told     bool
	prefixes []netip.Prefix // if so
	guessed  int            // how many addresses there were when they were guessed
}

// tellMine takes the user's word, or goes back to guessing.
func (j *job) tellMine(m browser.Message) {
	var prefixes []netip.Prefix
	for _, text := range m.Texts("prefixes") {
		if p, err := netip.ParsePrefix(text); err == nil { // the page has parsed them
			prefixes = append(prefixes, p)
		}
	}
	j.mine = mine{told: m.Int("guess") == 0, prefixes: prefixes}
	if j.mine.told {
		j.trace.SetMine(prefixes)
	}
	if j.query.number > 0 {
		j.refresh()
	}
}

// manyAddresses is with how many addresses a guess takes milliseconds: it is made again only when a tenth more have come.
const manyAddresses = 20_000

// guess guesses which addresses are the user's own, when all are known, and again when a live trace has more of them.
func (j *job) guess(final bool) {
	n, before := j.trace.Addresses(), j.mine.guessed
	if final && !j.mine.told && n != before && (n < manyAddresses || n > before+before/10) {
		j.mine.guessed = n
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
	if j.query.number == 0 { // there is nothing to count yet
		return
	}
	for _, v := range j.order {
		if v.name == wholeTrace || v.name == selected {
			v.stale = true
		}
	}
	j.next()
}
