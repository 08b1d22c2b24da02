//go:build js

package main

import (
	"bytes"

	"tracelens/app/internal/browser"
	"tracelens/shared/report"
	"tracelens/shared/stats"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// tableRows is how many packets the page shows as rows.
const tableRows = 50

// A traceState is the open trace: the counts, and the sources to read again when it is anonymised.
type traceState struct {
	partial *stats.Partial
	sources []*source
	rows    []trace.Packet // reused by every call of the parser
	table   []string       // cells of the first rows, Columns+1 each: the absolute time in nanoseconds comes first
}

func newTraceState() *traceState {
	return &traceState{partial: stats.New(), rows: make([]trace.Packet, 2048)}
}

// A source is one input: a file, or an hour file of the helper as far as it has come.
type source struct {
	name   string
	size   int64
	file   func() browser.File // as far as it has come
	start  int64               // unix seconds, if known
	known  bool
	format tracecsv.Format
	skip   int // bytes before the first row
	ready  bool
	input  stats.InputFile
}

func newSource(name string, size int64, file func() browser.File) *source {
	s := &source{name: name, size: size, file: file, input: stats.InputFile{Name: name, Bytes: size}}
	s.start, s.known = trace.StartOf(name)
	return s
}

// detect learns the layout from the source's first bytes.
func (s *source) detect(head []byte) (err error) {
	s.format, s.skip, err = tracecsv.Detect(head)
	s.ready = err == nil
	return err
}

// absolute reports whether the source's times are absolute: by its name, or by a column of absolute times.
func (s *source) absolute() bool { return s.known || s.format.Epoch }

// count parses lines, which are whole lines of s without its header, and adds them to the figures.
func (t *traceState) count(s *source, lines []byte) {
	for len(lines) > 0 {
		n, used := s.format.Parse(lines, s.start, t.rows, &s.input.Skips)
		if room := tableRows - len(t.table)/(trace.Columns+1); room > 0 && n > 0 {
			t.addTable(s, lines[:used], min(n, room))
		}
		t.partial.Add(t.rows[:n])
		s.input.Rows += int64(n)
		lines = lines[used:]
	}
}

// addTable keeps the cells of the first n rows of t.rows. Lines that are no rows are stepped over.
func (t *traceState) addTable(s *source, lines []byte, n int) {
	var one [1]trace.Packet
	var ignore tracecsv.Skips
	for n > 0 && len(lines) > 0 {
		rows, used := s.format.Parse(lines, s.start, one[:], &ignore)
		if rows == 1 {
			n--
			// Parse steps over skipped lines before the row in the same call: the row is the last line used.
			line := bytes.TrimSuffix(lines[:used], []byte{'\n'})
			cells := s.format.Cells(line[bytes.LastIndexByte(line, '\n')+1:])
			t.table = append(t.table, itoa(one[0].TimeNS))
			t.table = append(t.table, cells[:]...)
		}
		lines = lines[used:]
	}
}

// files are the sources that could be read, to be read again by others.
func (t *traceState) files() (files []browser.File) {
	for _, s := range t.sources {
		if s.input.Error == "" {
			files = append(files, s.file())
		}
	}
	return files
}

// report derives every figure as they are now.
func (t *traceState) report() []byte {
	inputs := make([]stats.InputFile, len(t.sources))
	for i, s := range t.sources {
		inputs[i] = s.input
	}
	t.partial.SetInput(inputs)
	r := t.partial.Report()
	r.Hours = report.DropGaps(r.Hours) // the page fills them in again
	return report.AppendJSON(nil, r)
}
