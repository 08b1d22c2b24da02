// Package tracecsv is the one codec of hour files: rows to bytes for the helper, bytes to rows for the page, with the wider
// tolerance that files made by tshark itself need.
//
// Reading has two paths that give the same rows. The fast one takes lines exactly as the helper and tshark write them: the usual
// columns, unquoted. Any line that it does not recognise goes to the slow one, which splits it into cells and says what is wrong
// with it: a line is either a row or a skip, counted under one of the Reasons.
package tracecsv

import (
	"bytes"
	"errors"

	"tracelens/shared/trace"
)

// A Format is the layout of one file's lines, as its first line tells it.
type Format struct {
	columns []int8 // for each cell of a line its trace.Column, or one of the below
	usual   bool   // the columns are those of an hour file, with or without the IPv6 pair
	line    []byte
	Before  Skips
	Epoch   bool // times are absolute (frame.time_epoch), whatever the file's name says
}

const (
	ignored   int8 = -1
	timeEpoch int8 = -2
)

// ErrNoTrace is returned for input that is not a trace. The text is for the user.
var (
	ErrNoTrace = errors.New("the first line is neither a header with tshark's field names nor a row of 8 or 10 columns")
	ErrNoTime  = errors.New("the header has neither frame.time_relative nor frame.time_epoch")
	ErrNoLen   = errors.New("the header has no frame.len")
	ErrBinary  = errors.New("this is not a text file")
)

// usualHeader holds the columns of hour files: all ten, or the eight of tshark.
var usualColumns = []int8{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}

// Usual is the format of the hour files that the helper writes.
func Usual() Format { return Format{columns: usualColumns, usual: true} }

// Detect finds the format from the first bytes of a file, which must hold its whole first line if there is one. skip is the
// number of bytes before the first row: byte order mark and header.
func Detect(head []byte) (f Format, skip int, err error) {
	f, skip, err = detect(head)
	f.line = append([]byte(nil), firstLine(head)...)
	return
}

func detect(head []byte) (f Format, skip int, err error) {
	rest := bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	skip = len(head) - len(rest)
	line, _, terminated := bytes.Cut(rest, []byte("\n"))
	lineLen := len(line)
	if terminated {
		lineLen++
	}
	line = bytes.TrimSuffix(line, []byte("\r"))
	if len(line) == 0 {
		return Usual(), skip, nil // empty, or it begins with an empty line: no rows yet that could contradict
	}
	if bytes.IndexByte(line, 0) >= 0 {
		return Format{}, 0, ErrBinary
	}
	if f, ok, err := fromHeader(line); ok || err != nil {
		return f, skip + lineLen, err
	}
	for _, n := range []int{8, 10} {
		f := Format{columns: usualColumns[:n], usual: true}
		var p trace.Packet
		if f.parseLine(line, 0, &p) == rowOK {
			return f, skip, nil
		}
	}
	return Format{}, 0, ErrNoTrace
}

// fromHeader reads a header line. ok is false if the line names none of our columns: then it is no header.
func fromHeader(line []byte) (f Format, ok bool, err error) {
	var seen trace.Fields
	for _, cell := range bytes.Split(line, []byte(",")) {
		c := columnOf(string(unquote(bytes.TrimSpace(cell))))
		if c == timeEpoch {
			f.Epoch = true
		}
		if c >= 0 {
			if seen.Has(trace.Column(c)) {
				c = ignored // a second column of the same name: the first one counts
			} else {
				seen |= trace.Column(c).Bit()
			}
		}
		f.columns = append(f.columns, c)
	}
	switch {
	case seen == 0 && !f.Epoch:
		return Format{}, false, nil
	case !seen.Has(trace.Time) && !f.Epoch:
		return Format{}, true, ErrNoTime
	case !seen.Has(trace.Len):
		return Format{}, true, ErrNoLen
	}
	if f.Epoch { // the absolute time is the better one
		for i, c := range f.columns {
			switch c {
			case int8(trace.Time):
				f.columns[i] = ignored
			case timeEpoch:
				f.columns[i] = int8(trace.Time)
			}
		}
	}
	n := len(f.columns)
	f.usual = (n == 8 || n == 10) && !f.Epoch
	for i, c := range f.columns {
		f.usual = f.usual && c == int8(i)
	}
	return f, true, nil
}

func columnOf(name string) int8 {
	for i, n := range trace.Names {
		if n == name {
			return int8(i)
		}
	}
	if name == "frame.time_epoch" {
		return timeEpoch
	}
	return ignored
}

// AddressColumns are the indices of the cells that hold addresses, for the anonymiser.
func (f Format) AddressColumns() (indices []int) {
	for i, c := range f.columns {
		switch c {
		case int8(trace.IPSrc), int8(trace.IPDst), int8(trace.IPv6Src), int8(trace.IPv6Dst):
			indices = append(indices, i)
		}
	}
	return indices
}

// KnownColumns reports whether every column of the file is one of ours. A column that is not could hold anything, addresses
// too, so the anonymiser refuses such a file.
func (f Format) KnownColumns() bool {
	for _, c := range f.columns {
		if c == ignored {
			return false
		}
	}
	return true
}

// Cells splits a line without its newline into the columns' cells: cells[c] is the text of trace.Column c. It is for showing
// single rows, not for counting.
func (f Format) Cells(line []byte) (cells [trace.Columns]string) {
	for i, cell := range bytes.Split(bytes.TrimSuffix(line, []byte("\r")), []byte(",")) {
		if i < len(f.columns) && f.columns[i] >= 0 {
			cells[f.columns[i]] = string(unquote(cell))
		}
	}
	return cells
}

func unquote(cell []byte) []byte {
	if len(cell) >= 2 && cell[0] == '"' && cell[len(cell)-1] == '"' {
		return cell[1 : len(cell)-1]
	}
	return cell
}
