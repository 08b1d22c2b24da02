//go:build js

package counter

import "tracelens/app/internal/browser"

// improveMS is for how long nobody must have asked anything before a counter begins to improve its store: whoever drags a range of time asks
// sixty times a second, and should not wait for it. Nor should what a helper has written before, which comes a chunk at a time.
const improveMS = 250

// improveSoon makes filters faster while nobody waits for anything.
func (o *opened) improveSoon() {
	o.busyMS = browser.NowMS()
	if !o.improving && !o.reading {
		o.improving = true
		browser.AfterMS(improveMS, o.improve)
	}
}

// improve takes a turn of some milliseconds, and then another one. If it is not over when more is read, the next answer begins anew.
func (o *opened) improve() {
	if o.closed || o.reading {
		o.improving = false
		return
	}
	wait := int(o.busyMS + improveMS - browser.NowMS())
	if wait <= 0 && o.busy.TryLock() { // otherwise a query waits for its next turn
		more := o.store.Bytes() < o.budget && o.store.Improve()
		o.busy.Unlock()
		if !more {
			o.improving = false
			o.post(browser.NewMessage("improved"))
			return
		}
	}
	browser.AfterMS(max(0, wait), o.improve)
}
