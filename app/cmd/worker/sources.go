//go:build js

package main

import (
	"tracelens/app/internal/browser"
	"tracelens/shared/tracegen"
)

// filesOf makes each file that the user gave a source. refused holds names and reasons in turn: files that were found to be
// unreadable before they came here.
func filesOf(files []browser.File, refused []string) func() []*source {
	return func() (sources []*source) {
		for _, f := range files {
			sources = append(sources, fileSource(f))
		}
		for ; len(refused) >= 2; refused = refused[2:] {
			s := &source{name: refused[0]}
			s.input.Name, s.input.Error = refused[0], refused[1]
			sources = append(sources, s)
		}
		return sources
	}
}

func fileSource(f browser.File) *source {
	return newSource(f.Name(), f.Size(), func() browser.File { return f })
}

// sample makes the sample trace, an hour at a time. Its files are given to the browser like any others, so that they can be
// read again.
func sample() func() []*source {
	return func() (sources []*source) {
		tracegen.Sample.Each(func(hour int64, file []byte) bool {
			sources = append(sources, fileSource(browser.NewFile(itoa(hour)+".csv", file)))
			return true
		})
		return sources
	}
}
