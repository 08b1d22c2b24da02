//go:build js

package lead

import (
	"runtime"

	"tracelens/app/counter"
	"tracelens/app/internal/browser"
	"tracelens/shared/dict"
	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/stats"
	"tracelens/shared/store"
)

// warm goes the whole way of a small trace that nobody sees, from its bytes to its figures, while the user still looks at an empty
// page, so that the browser has compiled all of it well by the time of the first drop: compiling took a third of the processor's time
// of a load of two million rows. It stops when there is something real to do.
func (w *lead) warm() {
	goOn := func() bool {
		browser.Yield()
		return w.open == nil
	}
	trace := stats.NewTrace()
	part, ends, convs := trace.NewPart(), 1, 1
	var of *store.Store
	var partial, figures []byte
	counter.Warm(goOn, func(s *store.Store, sel *selection.Selection, p *stats.Partial) {
		if s != of {
			of, part, ends, convs = s, trace.NewPart(), 1, 1
		}
		added := dict.AppendSince(nil, s.Endpoints(), ends, s.Conversations(), convs)
		ends, convs = s.Endpoints().Len(), s.Conversations().Len()
		partial = p.AppendBinary(partial[:0])
		decoded, err := stats.DecodePartial(partial)
		if err != nil || part.Learn(added) != nil {
			return
		}
		totals := trace.NewTotals(p.WidthS)
		if totals.Add(part, decoded) == nil {
			figures = report.AppendBinary(figures[:0], totals.Report(sel))
		}
	})
	for range 3 { // a load's garbage is collected several times
		if !goOn() {
			return
		}
		runtime.GC()
	}
}
