//go:build js

package main

import (
	"errors"
	"strconv"
	"strings"

	"tracelens/app/internal/browser"
	"tracelens/shared/anon"
	"tracelens/shared/called"
	"tracelens/shared/cause"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// A pass goes over the files of a trace once and writes the rows of the packets of a selection.
type pass struct {
	sel      selection.Selection
	anon     *anon.Anonymiser // nil where packets stay as they are
	causes   *cause.Finder    // who is behind the packets
	progress progress
	out      output
	unnamed  int   // files that have been given a name
	hours    hours // of what is no hour file
	packets  int64
	of       int64 // files that have some of the packets
	without  int64 // files that have none
	leftOut  int64 // lines that are no rows, and packets that cannot be anonymised

	cancelled bool // somebody thought better of it
}

var errCancelled = errors.New("it was cancelled")

// A source is a file, and which of its lines the trace has: those that begin in some ranges of bytes.
type source struct {
	file    browser.File
	read    []span
	code    string // of the format
	format  tracecsv.Format
	start   int64 // unix seconds that its times count from
	started bool  // it is known
}

// isHourFile reports whether the file's lines can be copied as they are: the columns are those of hour files, and the times count from the
// hour in its name.
func (s *source) isHourFile() bool {
	named, ok := trace.StartOf(s.file.Name())
	return s.format.IsUsual() && s.started == ok && s.start == named
}

// dated reports whether its rows have their place in time.
func (s *source) dated() bool { return s.started || s.format.Absolute() }

type span struct{ from, to int64 }

// newPass is what a message wishes.
func newPass(m browser.Message, a *anon.Anonymiser) (*pass, error) {
	sel, err := selection.Parse(m.Text("selection"))
	if err != nil {
		return nil, err
	}
	p := &pass{sel: sel, anon: a}
	if folder := m.Folder("folder"); !folder.None() {
		if p.out, err = newFolder(folder); err != nil {
			return nil, err
		}
	} else {
		p.out = newBundle(m.Text("name"))
	}
	p.hours = hours{out: p.out, files: map[int64]*hourFile{}}
	return p, nil
}

// save writes the files, all of them or none.
func (p *pass) save(m browser.Message) (files []browser.File, err error) {
	defer func() {
		if err != nil {
			p.out.abandon()
		}
	}()
	sources, err := sourcesOf(m)
	if err != nil {
		return nil, err
	}
	var book called.Book
	book.AddLines(m.Bytes("names"), 0)
	p.causes = cause.New(&book, nil)
	for _, s := range sources {
		for _, r := range s.read {
			p.progress.total += r.to - r.from
		}
	}
	for _, s := range sources {
		if err := p.copy(s); err == errCancelled {
			return nil, err
		} else if err != nil {
			return nil, errors.New(s.file.Name() + ": " + err.Error())
		}
	}
	if err := p.hours.close(); err != nil {
		return nil, err
	}
	return p.out.finish()
}

// sourcesOf are the files of a message with what the lead has said of them.
func sourcesOf(m browser.Message) (list []source, err error) {
	read, formats, starts := m.Texts("read"), m.Texts("formats"), m.Texts("starts")
	for i, f := range m.Files("files") {
		s := source{file: f, code: formats[i], started: starts[i] != ""}
		if s.started {
			if s.start, err = strconv.ParseInt(starts[i], 10, 64); err != nil {
				return nil, err
			}
		}
		numbers := strings.Fields(read[i])
		for ; len(numbers) >= 2; numbers = numbers[2:] {
			from, err1 := strconv.ParseInt(numbers[0], 10, 64)
			to, err2 := strconv.ParseInt(numbers[1], 10, 64)
			if err := errors.Join(err1, err2); err != nil {
				return nil, err
			}
			s.read = append(s.read, span{from, to})
		}
		list = append(list, s)
	}
	return list, nil
}
