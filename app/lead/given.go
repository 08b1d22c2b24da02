//go:build js

package lead

import (
	"tracelens/app/internal/browser"
	"tracelens/shared/tracegen"
)

// A given is a file as the user gave it, with what he has said of it.
type given struct {
	id     int64
	file   browser.File
	within string  // the folder it was found in, if it was not given by itself
	format string  // code of the format that it is to be read with; "" as it is found
	start  string  // unix seconds that its times count from; "" as its name says
	twice  bool    // it is counted even if another file has the same bytes
	known  *source // what an earlier trace made of it, if that unpacked it to its end: it need not be done again; else nil
}

// lastID numbers what has been given, over all traces.
var lastID int64

func newID() int64 {
	lastID++
	return lastID
}

// filesOf are the files of a message of the page.
func filesOf(m browser.Message) (list []given) {
	files, within := m.Files("files"), m.Texts("within")
	for i, f := range files {
		g := given{id: newID(), file: f}
		if i < len(within) {
			g.within = within[i]
		}
		list = append(list, g)
	}
	return list
}

// sample makes the sample trace, an hour at a time. Its files are given to the browser like any others, so that they can be
// read again.
func sample() (list []given) {
	tracegen.Sample.Each(func(hour int64, file []byte) bool {
		list = append(list, given{id: newID(), file: browser.NewFile(hourName(hour), file)})
		return true
	})
	return list
}

// givens are what the trace is made of, to make another one of it; each may change one, or leave it out.
func (j *job) givens(each func(*given) (keep bool)) (list []given) {
	for _, s := range j.sources {
		g := s.given
		switch {
		case s.archive && s.task.done && s.input.Error == "": // its entries are there
			continue
		case s.archive || s.entry && !s.task.done: // it is opened again from its beginning
			if s.entry {
				continue
			}
		case len(s.parts) > 0 && s.ended:
			g.known = s
		}
		if each(&g) {
			list = append(list, g)
		}
	}
	return list
}
