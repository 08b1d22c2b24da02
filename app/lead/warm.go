//go:build js

package lead

import (
	"runtime"

	"tracelens/app/internal/browser"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
	"tracelens/shared/tracegen"
)

// warmRounds is how often a rehearsal is given: until a browser finds all of it worth its optimising compiler.
const warmRounds = 4

// warm has the crew go the whole way of a small trace that nobody sees, from its files to its figures and some selections of them, while
// the user still looks at an empty page, so that the browser has compiled all of it well by the time of the first drop: compiling took
// a third of the processor's time of a load of two million rows. It stops when there is something real to do.
func (w *lead) warm() {
	files := rehearsalFiles()
	for round := range int64(warmRounds) {
		if !w.rehearse(round, files) {
			return
		}
	}
	for range 2 * warmRounds { // a load's garbage is collected several times
		if browser.Yield(); w.open != nil {
			return
		}
		runtime.GC()
	}
}

// rehearsalFiles is an hour for every counter but not for very many, of many hosts: a dictionary that grows is part of a load.
func rehearsalFiles() (files []given) {
	tracegen.Spec{Start: tracegen.Sample.Start, Hours: 2, Rows: 24_000, Seed: 2, IPv6: true}.Each(func(hour int64, file []byte) bool {
		files = append(files, given{file: browser.NewFile(hourName(hour), file)})
		return true
	})
	return files
}

// rehearse loads the files and asks for selections, and reports whether nothing real has come in between.
func (w *lead) rehearse(round int64, files []given) bool {
	if w.open != nil {
		return false
	}
	j := newJob(-1-round, w.crew, w.readers, maxStore)
	j.rehearsal = make(chan bool, 1)
	w.rehearsal = j
	w.crew.begin(j, maxStore)
	j.add(files)
	begin := tracegen.Sample.Start * trace.Second
	udp := &selection.Expr{Filter: selection.Filter{Field: selection.Protocol, Protocol: trace.UDP}}
	long := &selection.Expr{Filter: selection.Filter{Field: selection.Length, Min: 100, Max: 2000}}
	for _, sel := range []selection.Selection{
		{FromNS: begin, ToNS: begin + 900*trace.Second},
		{Where: udp},
		{Where: &selection.Expr{Filter: selection.Filter{Field: selection.Port, Port: 443}}},
		{Where: long},
		{Where: &selection.Expr{Op: selection.Or, Args: []*selection.Expr{udp, long}}},
	} {
		if !<-j.rehearsal || w.open != nil {
			return false
		}
		j.choose("", sel.Code(), false)
	}
	return <-j.rehearsal && w.open == nil
}
