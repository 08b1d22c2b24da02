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

// heard notes what lines of the file of names of an hour say, and tells the counters.
func (j *job) heard(lines []byte, hour int64) {
	j.book.AddLines(lines, hour)
	for _, w := range j.crew.counters {
		w.hearNames(j, lines, hour)
	}
}

func (w *member) hearNames(j *job, lines []byte, hour int64) {
	if len(lines) > 0 {
		w.post(browser.NewMessage("names").SetInt("trace", j.number).SetBytes("lines", lines).SetInt("hour", hour))
	}
}

// onlyNames marks a source that is a file of names.
func (s *source) onlyNames() {
	s.input.Error, s.input.Ignored, s.input.Names = "it says what hosts are called and whose ports are, and has no packets", true, true
}

// learnNames reads the files of names among what was given. What hosts are called in captures comes with their rows, and what is packed with the
// rest of it.
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
			j.heard(block, hour)
			if err != nil {
				if err != io.EOF {
					s.input.Error, s.input.Ignored, s.input.Names = err.Error(), false, false
				}
				break
			}
		}
		reader.Close()
	}
}
