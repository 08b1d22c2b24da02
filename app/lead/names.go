//go:build js

package lead

import (
	"io"
	"sort"

	"tracelens/app/internal/browser"
	"tracelens/shared/lineblock"
	"tracelens/shared/trace"
)

// maxNames is how much of a file of names is read: an hour's fill a megabyte at most, as a rule.
const maxNames = 64 << 20

// learnNames reads the files of names among what was given. What hosts are called in captures comes with their rows.
func (j *job) learnNames(given []*source) {
	var named []*source
	for _, s := range given {
		if _, is := trace.NamesOf(s.name); is {
			named = append(named, s)
		}
	}
	sort.Slice(named, func(i, k int) bool { return hourOfNames(named[i]) < hourOfNames(named[k]) }) // see called.Book
	for _, s := range named {
		hour := hourOfNames(s)
		reader := browser.NewReader(s.file.Slice("", 0, min(s.file.Size(), maxNames)))
		lines := lineblock.NewReader(reader)
		for {
			block, _, err := lines.Next()
			j.book.AddLines(block, hour)
			if err != nil {
				if err != io.EOF {
					s.input.Error, s.input.Ignored = err.Error(), false
				}
				break
			}
		}
		reader.Close()
	}
}

func hourOfNames(s *source) int64 {
	hour, _ := trace.NamesOf(s.name)
	return hour
}
