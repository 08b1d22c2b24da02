//go:build js

package lead

import (
	"strings"

	"tracelens/app/internal/browser"
	"tracelens/shared/wire"
)

// goingAway is the code with which the helper closes a connection when it ends.
const goingAway = 1001

// An ending is how a connection ended.
type ending struct {
	cancelled   bool // by the user
	unreachable bool // there was none
	stopped     bool // the helper said that it ends
	after       bool // of its welcome
	fault       fault
	err         error // what was wrong with what came, also a fault
}

// A fault is the helper's.
type fault wire.Fault

func (f fault) Error() string { return "The helper refused: " + f.Text + "." }

// again says whether another connection may do what this one did not.
func (e ending) again() bool {
	switch {
	case e.cancelled, e.stopped:
		return false
	case e.err != nil:
		return e.fault.Code == wire.CodeBusy || e.fault.Code == wire.CodeRead
	}
	return true
}

// words say what happened, to people.
func (e ending) words() string {
	switch {
	case e.err != nil:
		return e.err.Error()
	case e.stopped:
		return "The helper has ended the connection."
	case e.after, e.unreachable:
		return "The connection to the helper is lost."
	}
	return "The helper closed the connection before it answered: is it an older version, or the wrong program?"
}

// unreachable says why no connection came about, as far as the browser lets that be known, and what else to do than to open the helper's
// own page, which every browser lets connect.
func unreachable(url string) (problem, remedy string) {
	switch browser.Reach() {
	case browser.Forbidden:
		return "This browser lets no page from the web reach a program on this machine.", "Chrome, Edge and Firefox do, if you want to stay on this page."
	case browser.Denied:
		return "This page has no permission to reach programs on this machine.",
			"Or allow it: in the site's settings, left of the address, under “Apps on device” or “Local network access”; then connect again."
	case browser.Asks:
		return "The browser asked whether this page may reach programs on this machine, and got no answer.", "Or connect again and allow it."
	}
	where, _ := strings.CutPrefix(strings.TrimSuffix(url, "/ws"), "ws://")
	return "No helper answers at " + where + ": it is not running there, or it does not know this page.",
		"Start it with: tracelens" + browser.AllowOrigin(url) + " and paste the link that it prints."
}
