//go:build js

package lead

import (
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// tableRows is how many packets the page shows as rows.
const tableRows = 50

// A table is the cells of a trace's first rows, Columns+1 each: the absolute time in nanoseconds comes first.
type table []string

func (t *table) full() bool { return len(*t) >= tableRows*(trace.Columns+1) }

// add takes rows from lines of s, which may end within one; whole says that they do not.
func (t *table) add(s *source, lines []byte, whole bool) {
	var p trace.Packet
	var ignore tracecsv.Skips
	for len(lines) > 0 && !t.full() {
		line := lines[:firstLine(lines)]
		if !whole && line[len(line)-1] != '\n' {
			return
		}
		if _, ok := s.format.ParseRow(line, s.start, &p, &ignore); ok {
			if line[len(line)-1] == '\n' {
				line = line[:len(line)-1]
			}
			cells := s.format.Cells(line)
			*t = append(append(*t, itoa(p.TimeNS)), cells[:]...)
		}
		lines = lines[firstLine(lines):]
	}
}
