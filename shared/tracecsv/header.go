package tracecsv

import (
	"bytes"

	"tracelens/shared/trace"
)

// otherNames are names of columns beside trace.Names. Wireshark's own columns go by their titles in its exports, behind a prefix in
// older versions of tshark, by other names in newer ones.
var otherNames = []struct {
	name string
	is   Meaning
}{
	{"Source", SourceOrName}, {"Destination", DestinationOrName}, {"Length", Meaning(trace.Len)},
	{"_ws.col.Source", SourceOrName}, {"_ws.col.Destination", DestinationOrName}, {"_ws.col.Length", Meaning(trace.Len)},
	{"_ws.col.def_src", SourceOrName}, {"_ws.col.def_dst", DestinationOrName}, {"_ws.col.packet_length", Meaning(trace.Len)},
	{"_ws.col.res_src", SourceOrName}, {"_ws.col.res_dst", DestinationOrName},
	{"_ws.col.unres_src", SourceOrName}, {"_ws.col.unres_dst", DestinationOrName},
}

// timeNames are names of columns of times, the better ones first: absolute ones, and those that cannot be misunderstood.
var timeNames = []struct {
	name string
	kind TimeKind
	any  bool // the first row says which kind it is
}{
	{"frame.time_epoch", Epoch, false}, {"frame.time_utc", Text, true}, {"frame.time", Text, true},
	{trace.Names[trace.Time], Seconds, false}, {"_ws.col.rel_time", Seconds, false},
	{"_ws.col.abs_ymd_time", Text, true}, {"_ws.col.utc_ymc_time", Text, true}, {"_ws.col.utc_ymd_time", Text, true},
	{"_ws.col.cls_time", Seconds, true}, {"_ws.col.Time", Seconds, true}, {"Time", Seconds, true},
}

// A header is what a line says of the columns by their names.
type header struct {
	columns []Meaning // Ignored for times
	times   []int     // by the name in timeNames: the cell, or -1
	known   int       // cells
	titles  int       // of these, those by words that stand in other texts too
}

// headerOf reads a line as a header.
func headerOf(line []byte, separator byte) (h header) {
	f := Format{Separator: separator, Quote: quoteOf(line)}
	h.times = make([]int, len(timeNames))
	for i := range h.times {
		h.times[i] = -1
	}
	var seen Format
	for more := true; more && len(h.columns) <= maxColumns; {
		var cell []byte
		cell, line, more = f.cell(line, true)
		name := string(bytes.TrimSpace(cell))
		m := Ignored
		if t := timeOf(name); t >= 0 {
			h.known++
			if h.times[t] < 0 {
				h.times[t] = len(h.columns)
			}
		} else if m = columnOf(name); m != Ignored {
			h.known++
			if seen.has(m) { // a second column of the same name: the first one counts
				m = Ignored
			}
		}
		if name == "Time" || name == "Length" || name == "Source" || name == "Destination" {
			h.titles++
		}
		h.columns = append(h.columns, m)
		seen.Columns = h.columns
	}
	for i, m := range h.columns { // where there are addresses, names are not needed
		if m == SourceOrName && seen.has(Meaning(trace.IPSrc), Meaning(trace.IPv6Src)) ||
			m == DestinationOrName && seen.has(Meaning(trace.IPDst), Meaning(trace.IPv6Dst)) {
			h.columns[i] = Ignored
		}
	}
	return h
}

// err says what the header lacks. ErrNoTrace means that it is none.
func (h *header) err() error {
	hasTime, f := false, Format{Columns: h.columns}
	for _, at := range h.times {
		hasTime = hasTime || at >= 0
	}
	hasLen := f.has(Meaning(trace.Len))
	switch {
	case len(h.columns) > maxColumns:
		return ErrNoTrace
	case hasTime && hasLen:
		return nil
	case h.known == h.titles:
		return ErrNoTrace
	case !hasTime:
		return ErrNoTime
	}
	return ErrNoLen
}

func columnOf(name string) Meaning {
	for c := trace.IPSrc; int(c) < trace.Columns; c++ {
		if trace.Names[c] == name {
			return Meaning(c)
		}
	}
	for i := range otherNames {
		if otherNames[i].name == name {
			return otherNames[i].is
		}
	}
	return Ignored
}

// timeOf is the index of a name in timeNames, -1 if it is none.
func timeOf(name string) int {
	for i := range timeNames {
		if timeNames[i].name == name {
			return i
		}
	}
	return -1
}

// quoteOf is the quote that a line begins with, 0 if it begins with none.
func quoteOf(line []byte) byte {
	if len(line) > 0 && (line[0] == '"' || line[0] == '\'') {
		return line[0]
	}
	return 0
}
