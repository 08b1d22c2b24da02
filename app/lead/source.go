//go:build js

package lead

import (
	"io"
	"strconv"

	"tracelens/app/internal/browser"
	"tracelens/shared/lineblock"
	"tracelens/shared/stats"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// A source is lines to be read: those of a file, of something that was in one and has been unpacked, or of an hour file of the helper as
// far as it has come.
type source struct {
	given
	name    string         // of the lines, if they were a file: it may say when they began
	size    int64          // of the lines, as far as they have come
	parts   []browser.File // where they are, if they are no file's
	kept    int64          // bytes in them
	start   int64          // unix seconds, if known
	started bool           // it is
	covered bool
	format  tracecsv.Format
	code    string // of the format
	skip    int    // bytes before the first row
	ready   bool   // the layout is known
	done    int64  // bytes that have been read

	task    *task          // that the lines come from, or are to come from; nil for a file of lines
	head    []byte         // the first of them
	archive bool           // there are no lines, but entries, which are sources of their own
	entry   bool           // it is one of these
	sum     uint64         // of an entry's lines, once it has ended, or of a file once it was needed
	summed  bool           // it is known
	ended   bool           // nothing more comes
	lost    tracecsv.Skips // lines that were too long to come
	base    string         // of a capture: unix seconds that its rows count from
	input   stats.InputFile
}

func newSource(g given, name string, size int64) *source {
	s := &source{given: g, name: name, size: size, input: stats.InputFile{ID: g.id, Name: name, Within: g.within, Bytes: size}}
	s.began()
	return s
}

// began tells when the lines' times count from: what the user says is more than what the name does.
func (s *source) began() {
	s.start, s.started = trace.StartOf(s.name)
	if seconds, err := strconv.ParseInt(s.given.start, 10, 64); err == nil && s.given.start != "" {
		s.start, s.started = seconds, true
	}
}

// all is everything that has come and is kept.
func (s *source) all() browser.File {
	if s.task == nil && s.parts == nil {
		return s.file
	}
	return browser.Join(s.name, s.parts)
}

// headBytes is what tells a file's layout.
const headBytes = lineblock.MaxLine + 2

// learn reads the beginning of a file, to find its layout, or that it has to be opened by others.
func (s *source) learn() {
	if _, is := trace.NamesOf(s.name); is {
		s.ended = true
		s.onlyNames()
		return
	}
	head := make([]byte, min(s.size, headBytes))
	if _, err := s.all().ReadAt(head, 0); err != nil && err != io.EOF {
		s.input.Error = err.Error()
		return
	}
	if !isText(head) {
		s.task = newTask(s, head)
		return
	}
	s.ended = true
	if len(head) == 0 && !s.started { // an hour without packets may be
		s.refuse("it is empty", false)
		return
	}
	s.detect(head)
}

// isText reports whether a file that begins so is lines, as far as can be seen. What is not may be packed, or a capture.
func isText(head []byte) bool {
	for _, b := range head[:min(len(head), 4096)] {
		if b < ' ' && b != '\n' && b != '\r' && b != '\t' {
			return false
		}
	}
	const zstd, bzip2 = "\x28\xb5\x2f\xfd", "BZh"
	return !begins(head, zstd) && !begins(head, bzip2)
}

func begins(b []byte, with string) bool { return len(b) >= len(with) && string(b[:len(with)]) == with }

// detect learns the layout from the source's first bytes. What has none is no trace; of a file that nobody chose by itself that is no
// mistake.
func (s *source) detect(head []byte) {
	var err error
	if s.given.format == "" {
		s.format, s.skip, err = tracecsv.Detect(head)
	} else {
		s.format, s.skip, err = tracecsv.DetectAs(head, s.given.format)
	}
	if err != nil {
		s.refuse(err.Error(), false)
		return
	}
	s.ready = true
	s.code, s.input.Format = s.format.Code(), s.format.Words()+s.since(head)
}

// since says what the times of the rows are taken to count from, where that is not plain. tshark counts from the first packet, which is at
// no time at all then; an hour file from its hour.
func (s *source) since(head []byte) string {
	switch {
	case s.format.Absolute():
		return ""
	case s.given.start != "":
		return ", times from the start that was given"
	case !s.started:
		return ", times from an unknown start"
	case s.format.FirstAtZero(head[min(len(head), s.skip):]):
		return ", times from the first packet, taken to be at the time in the name"
	case s.format.IsUsual():
		return ""
	}
	return ", times from the time in the name"
}

// refuse notes that the source is not read. In a folder or an archive, only what may be a trace is worth a word.
func (s *source) refuse(reason string, trace bool) {
	s.input.Error, s.input.Ignored = reason, s.within != "" && !trace
}

// keep stores lines that have come. Small parts are joined now and then: a file of thousands of parts is slow to read.
func (s *source) keep(lines browser.File) {
	s.parts = append(s.parts, lines)
	s.kept += lines.Size()
	if len(s.parts) >= 256 {
		s.parts = []browser.File{browser.Join("", s.parts)}
	}
}

// absolute reports whether the source's times are absolute: by its name, or by a column of absolute times.
func (s *source) absolute() bool { return s.started || s.format.Absolute() }
