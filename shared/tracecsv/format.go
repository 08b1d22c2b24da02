// Package tracecsv is the one codec of hour files: rows to bytes for the helper, bytes to rows for the page, with the wider
// tolerance that files made by tshark and Wireshark themselves need.
//
// Reading has three paths that give the same rows. The fast one takes lines exactly as the helper and tshark write them: the usual
// columns, unquoted. Lines of other dialects are rewritten into that shape, if that is simple. Any line that it does not recognise
// goes to the slow one, which splits it into cells and says what is wrong with it: a line is either a row or a skip, counted under one
// of the Reasons.
package tracecsv

import (
	"errors"

	"tracelens/shared/trace"
)

// A Format is the layout of one file's lines. Its copies share what they rewrite lines in, so they are not for concurrent use.
type Format struct {
	Separator byte      // between two cells: ',', '\t' or ';'
	Quote     byte      // around cells, or around some of them: '"' or '\''; 0 if there are none
	Columns   []Meaning // of each cell of a line
	Time      TimeKind
	Lines     int   // in front of the first row: header, and what else there is
	Before    Skips // of these lines, all of them; known only to who has seen the file

	usual    bool // lines are those of an hour file, with or without the IPv6 pair
	zoneless bool // the first time of kind Text names no zone
	scratch  *rewriter
}

// A Meaning is what a cell of a line holds: a trace.Column, or one of the below.
type Meaning int8

const (
	Ignored      Meaning = -1 - iota // nothing that is read
	SourceOrName                     // an address of either family, or a name or a hardware address, which is as good as none
	DestinationOrName
)

// A TimeKind is how times are written.
type TimeKind uint8

const (
	Seconds TimeKind = iota // since a start that the file does not tell
	Epoch                   // seconds since 1970
	Text                    // date and time of day, with a zone or without; UTC then
)

// The texts are for the user.
var (
	ErrNoTrace   = errors.New("the first lines are neither a header with tshark's field names nor a row of 8 or 10 columns")
	ErrNoTime    = errors.New("the header has neither frame.time_relative nor frame.time_epoch, or another time")
	ErrNoLen     = errors.New("the header has no frame.len, or another length")
	ErrBinary    = errors.New("this is not a text file")
	ErrNotFormat = errors.New("this does not describe how lines are divided into columns")
	ErrTwice     = errors.New("two columns are said to mean the same")
	ErrFewLines  = errors.New("the file ends before the line that is said to be the first row")
)

// maxColumns bounds the cells of a line that are told apart. Captures have a handful; statistics made of them some eighty.
const maxColumns = 200

// usualColumns are those of hour files: all ten, or the eight of tshark.
var usualColumns = []Meaning{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}

// Usual is the format of the hour files that the helper writes, behind their header.
func Usual() Format { return Format{Separator: ',', Columns: usualColumns, usual: true} }

// Absolute reports whether the file itself tells when its packets were, whatever its name says.
func (f Format) Absolute() bool { return f.Time != Seconds }

// IsUsual reports whether lines are those of an hour file, with or without the IPv6 pair.
func (f *Format) IsUsual() bool {
	n := len(f.Columns)
	if f.Separator != ',' || f.Quote != 0 || f.Time != Seconds || n != 8 && n != 10 {
		return false
	}
	for i, m := range f.Columns {
		if m != Meaning(i) {
			return false
		}
	}
	return true
}

// index is that of the cell which means m, -1 if there is none.
func (f *Format) index(m Meaning) int {
	for i, other := range f.Columns {
		if other == m {
			return i
		}
	}
	return -1
}

// has reports whether any cell means one of these.
func (f *Format) has(any ...Meaning) bool {
	for _, m := range any {
		if f.index(m) >= 0 {
			return true
		}
	}
	return false
}

// check says what is missing, and completes what follows from the exported fields.
func (f *Format) check() error {
	var seen uint16
	for _, m := range f.Columns {
		if m == Ignored {
			continue
		}
		bit := uint16(1) << (m - DestinationOrName)
		if seen&bit != 0 {
			return ErrTwice
		}
		seen |= bit
	}
	switch {
	case !f.has(Meaning(trace.Time)):
		return ErrNoTime
	case !f.has(Meaning(trace.Len)):
		return ErrNoLen
	case f.has(SourceOrName) && f.has(Meaning(trace.IPSrc), Meaning(trace.IPv6Src)),
		f.has(DestinationOrName) && f.has(Meaning(trace.IPDst), Meaning(trace.IPv6Dst)):
		return ErrTwice
	}
	f.usual = f.IsUsual()
	return nil
}
