//go:build js

package lead

import (
	"sort"

	"tracelens/app/internal/browser"
	"tracelens/shared/stats"
	"tracelens/shared/tracecsv"
)

// sources are the files of a trace, to be read again by others. What they read must be what the figures are of, which is less than the
// files where a load was cancelled or found no memory: the lines that begin in the bytes from..to of some ranges, "from to from to".
type sources struct {
	files   []browser.File
	read    []string
	formats []string // codes
	starts  []string // unix seconds that the files' times count from; "" where that is unknown
	names   []byte   // what has been said of hosts and ports, as lines for hour 0
	problem string   // why there are none, in words
}

func (s sources) post() {
	browser.Post(browser.NewMessage("sources").SetFiles("files", s.files).SetTexts("read", s.read).SetTexts("formats", s.formats).SetTexts("starts", s.starts).
		SetBytes("names", s.names).SetText("error", s.problem))
}

// give posts the sources. While something that had been read is being read again, the figures that the page has are of that too, so
// it waits for it; and for what has to be unpacked again.
func (j *job) give() {
	if j.wanted = j.readsAgain(); j.wanted {
		return
	}
	bySource := j.readOf()
	var list sources
	if j.wanted, list.problem = j.unpackAgain(bySource); j.wanted {
		return
	}
	for _, s := range j.sources {
		if read := bySource[s]; len(read) > 0 && list.problem == "" {
			list.files = append(list.files, s.all())
			list.read = append(list.read, ranges(read))
			list.formats = append(list.formats, s.code)
			start := ""
			if s.started {
				start = itoa(s.start)
			}
			list.starts = append(list.starts, start)
		}
	}
	list.names = j.book.AppendLines(nil)
	list.post()
}

// readOf is what has been read, by source, in the order of the source.
func (j *job) readOf() map[*source][]*slice {
	list := map[*source][]*slice{}
	for _, w := range j.crew.counters {
		for _, s := range w.read {
			list[s.source] = append(list[s.source], s)
		}
	}
	for _, read := range list {
		sort.Sort(byFrom(read))
	}
	return list
}

// inputs say how the sources were read.
func (j *job) inputs() []stats.InputFile {
	list := make([]stats.InputFile, 0, len(j.sources))
	bySource := j.readOf()
	for _, s := range j.sources {
		if s.archive && (s.input.Error == "" || s.hushed) { // what was in it is there
			continue
		}
		all := outcome{skips: s.format.Before}
		at := int64(0)
		for _, read := range bySource[s] {
			o := read.outcome
			if read.from != at { // of lines behind a stretch that has not been read the numbers are unknown
				o.skips.First = [tracecsv.Reasons][tracecsv.FirstLines]int64{}
			}
			all.add(&o)
			at = read.end
		}
		all.skips.Add(&s.lost)
		in := s.input
		in.FirstNS, in.LastNS, in.Skips = all.first, all.last, all.skips
		list = append(list, in)
	}
	return list
}

// giveUpSources answers a page that waits for the sources of a trace that there will be no figures of.
func (j *job) giveUpSources() {
	if j.wanted {
		j.wanted = false
		sources{}.post()
	}
}

// readsAgain reports whether the packets of a dead counter are still missing.
func (j *job) readsAgain() bool {
	if len(j.lost) > 0 {
		return true
	}
	for _, s := range j.queue {
		if s.again {
			return true
		}
	}
	for _, w := range j.crew.counters {
		for _, s := range w.at {
			if s.again {
				return true
			}
		}
	}
	return false
}

// ranges are the bytes that slices of one source, in order, have been read of, those that meet as one.
func ranges(read []*slice) (text string) {
	for i := 0; i < len(read); {
		from, to := read[i].from, read[i].end
		for i++; i < len(read) && read[i].from == to; i++ {
			to = read[i].end
		}
		text += itoa(from) + " " + itoa(to) + " "
	}
	return text
}

type byFrom []*slice

func (b byFrom) Len() int           { return len(b) }
func (b byFrom) Less(i, j int) bool { return b[i].from < b[j].from }
func (b byFrom) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }
