//go:build js

package lead

import (
	"io"

	"tracelens/app/internal/browser"
	"tracelens/shared/lineblock"
	"tracelens/shared/trace"
)

// maxNames is how much of a file of names is read: an hour's fill a megabyte at most, as a rule.
const maxNames = 64 << 20

// learnNames reads the files of names among what was given. What hosts are called in captures comes with their rows.
func (j *job) learnNames(given []*source) {
	for _, s := range given {
		hour, is := trace.NamesOf(s.name)
		if !is {
			continue
		}
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
