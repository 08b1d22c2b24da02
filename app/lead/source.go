//go:build js

package lead

import (
	"io"

	"tracelens/app/internal/browser"
	"tracelens/shared/lineblock"
	"tracelens/shared/stats"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
	"tracelens/shared/tracegen"
)

// A source is one input: a file, or an hour file of the helper as far as it has come.
type source struct {
	name    string
	size    int64
	file    func() browser.File // as far as it has come
	start   int64               // unix seconds, if known
	known   bool
	covered bool
	head    []byte // its beginning, which tells the layout
	format  tracecsv.Format
	skip    int  // bytes before the first row
	ready   bool // the layout is known
	input   stats.InputFile
}

func newSource(name string, size int64, file func() browser.File) *source {
	s := &source{name: name, size: size, file: file, input: stats.InputFile{Name: name, Bytes: size}}
	s.start, s.known = trace.StartOf(name)
	return s
}

// learn reads the beginning of a source to find its layout.
func (s *source) learn() {
	head := make([]byte, min(s.size, lineblock.MaxLine+2))
	_, err := s.file().ReadAt(head, 0)
	if err == nil || err == io.EOF {
		err = s.detect(head)
	}
	if err != nil {
		s.input.Error = err.Error()
	}
}

// detect learns the layout from the source's first bytes.
func (s *source) detect(head []byte) (err error) {
	s.format, s.skip, err = tracecsv.Detect(head)
	s.ready = err == nil
	s.head = append([]byte(nil), head...)
	return err
}

// layout is as much of the head as a counter needs to find the same layout: the first line, whether it is a header or a row.
func (s *source) layout() []byte { return s.head[:firstLine(s.head)] }

func firstLine(b []byte) int {
	for i, c := range b {
		if c == '\n' {
			return i + 1
		}
	}
	return len(b)
}

// absolute reports whether the source's times are absolute: by its name, or by a column of absolute times.
func (s *source) absolute() bool { return s.known || s.format.Epoch }

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
			sources = append(sources, fileSource(browser.NewFile(hourName(hour), file)))
			return true
		})
		return sources
	}
}
