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
	within string           // the folder it was found in, if it was not given by itself
	format string           // code of the format that it is to be read with; "" as it is found
	start  string           // unix seconds that its times count from; "" as its name says
	twice  bool             // it is counted even if another file has the same bytes
	inner  map[int64]*given // the same of what is in it, by number; nil for what is to be left out
	hushed bool             // that it could not be read to its end has been seen, and need not be said
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

// givens are what the trace is made of, to make another one of it; each may change one, or leave it out. What is in an archive stays in it:
// the archive is opened again, and has been told of what is in it.
func (j *job) givens(each func(*given) (keep bool)) (list []given) {
	for _, s := range j.sources {
		if s.entry {
			continue
		}
		g, keep := s.given, true
		if s.archive {
			g.inner, keep = j.innerOf(s.task, each)
		}
		if !s.archive || s.input.Error != "" && !s.hushed { // it is in the list that the user sees
			switch seen := each(&g); {
			case !s.archive:
				keep = seen
			case !seen:
				g.hushed = true
			default:
				keep = true
			}
		}
		if keep {
			list = append(list, g)
		}
	}
	return list
}

// innerOf is what has been said of what is in an archive, and whether anything of it is kept.
func (j *job) innerOf(t *task, each func(*given) (keep bool)) (inner map[int64]*given, some bool) {
	inner, some = map[int64]*given{}, !t.done
	for number, s := range t.entries {
		if inner[number] = nil; s == nil {
			continue
		}
		if g := s.given; each(&g) {
			inner[number], some = &g, true
		}
	}
	return inner, some
}
