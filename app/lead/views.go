//go:build js

package lead

import (
	"slices"

	"tracelens/shared/selection"
	"tracelens/shared/stats"
)

// A view is a selection of which the page wants figures, for as long as it shows them: one of the whole trace always, one of what the
// user has selected, and those that stand behind it in a chart, such as the same filters at all times. Whenever the trace has grown, all
// of them are counted anew.
type view struct {
	name  string
	sel   selection.Selection
	brief bool // no seconds are wished
	stale bool // nobody has asked since the selection was chosen or the trace grew
}

// wholeTrace is the view that there is always; the page names the others. These two have the list that the page wishes for.
const (
	wholeTrace = "whole"
	selected   = "selection"
)

// choose makes a selection that which a view is of; without one, the view is not wanted any more.
func (j *job) choose(name, code string, brief bool) {
	if name == "" {
		name = selected
	}
	if j.query.open && j.query.of.name == name {
		j.giveUp()
	}
	if code == "" {
		delete(j.views, name)
		j.order = slices.DeleteFunc(j.order, func(v *view) bool { return v.name == name })
		j.next()
		return
	}
	sel, err := selection.Parse(code)
	if err != nil {
		j.note(err.Error())
		return
	}
	v := j.views[name]
	if v == nil {
		v = &view{name: name}
		j.views[name] = v
		j.order = append(j.order, v)
	}
	v.sel, v.brief, v.stale = sel, brief, true
	if j.paused { // what it is a part of must be as new
		j.refresh()
		return
	}
	j.next()
}

// pause has no figures counted anew because the trace grows, until it is over.
func (j *job) pause(on bool) {
	if j.paused = on; !on {
		j.refresh()
	}
}

// refresh has all views counted anew.
func (j *job) refresh() {
	for _, v := range j.order {
		v.stale = true
	}
	j.next()
}

// next asks for the next view that is stale, if nobody waits for another: they take turns, so that none waits for ever.
func (j *job) next() {
	if j.failed || j.replaced || j.query.open { // nobody would hear it
		return
	}
	for i, v := range j.order {
		if v.stale {
			j.order = append(slices.Delete(j.order, i, i+1), v)
			j.ask(v)
			return
		}
	}
}

// width is that of the bins to ask for, in seconds.
func (v *view) width(first, last int64) int64 {
	if v.brief {
		return 60
	}
	return stats.BinWidth(&v.sel, first, last)
}

// giveUp stops the open query.
func (j *job) giveUp() {
	if j.query.open {
		j.query.open = false
		j.query.totals.Release()
	}
}
