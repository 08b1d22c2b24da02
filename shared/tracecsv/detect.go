package tracecsv

import (
	"bytes"

	"tracelens/shared/trace"
)

const (
	byteOrderMark = "\xef\xbb\xbf"
	looked        = 20            // lines, for a header, and behind it for what rows look like
	firstEpoch    = 100_000_000.0 // seconds; a number beyond is a time since 1970, since no capture takes three years
)

// Detect finds the format from the first bytes of a file, which must hold its whole first line if there is one. skip is the
// number of bytes before the first row: byte order mark, header, and what else a program may have said there. What is no trace has a
// format, too, beside the error: lines can be shown by it, not read.
func Detect(head []byte) (f Format, skip int, err error) {
	rest := bytes.TrimPrefix(head, []byte(byteOrderMark))
	bom := len(head) - len(rest)
	lines := firstLines(rest)
	f, err = detect(lines)
	if err != nil {
		return f, 0, err
	}
	n, err := f.pass(rest)
	f.see(rest)
	return f, bom + n, err
}

// DetectAs is Detect where the format is given by its code. Of columns at the end that are ignored there may be more or fewer than
// the code says. What is wrong with the format is the error, that it fits no line is none: then there are no rows.
func DetectAs(head []byte, code string) (f Format, skip int, err error) {
	f, err = ParseFormat(code)
	if err == ErrNotFormat {
		return f, 0, err
	}
	rest := bytes.TrimPrefix(head, []byte(byteOrderMark))
	n, wrong := f.pass(rest)
	if wrong != nil {
		return f, 0, wrong
	}
	f.resize(firstLines(rest[n:]))
	f.see(rest)
	return f, len(head) - len(rest) + n, err
}

func firstLines(b []byte) (lines [][]byte) {
	for len(b) > 0 && len(lines) < looked {
		text, size := line(b)
		lines = append(lines, text)
		b = b[size:]
	}
	return lines
}

func detect(lines [][]byte) (f Format, err error) {
	err = ErrNoTrace
	for i, text := range lines {
		separator, h := bestHeader(text)
		switch e := h.err(); {
		case e == nil:
			f = fromHeader(h, separator, quoteOf(text), lines[i+1:])
			f.Lines = i + 1
			return f, f.check()
		case err == ErrNoTrace:
			err = e
		}
		if f, ok := fromRow(text); ok {
			f.Lines = f.firstRow(lines)
			return f, f.check()
		}
	}
	text := firstText(lines)
	if text == nil {
		return Usual(), nil // no rows yet that could contradict
	}
	for _, text := range lines {
		if bytes.IndexByte(text, 0) >= 0 {
			err = ErrBinary
		}
	}
	return guess(text), err
}

// firstText is the first line that is not empty, nil if there is none.
func firstText(lines [][]byte) []byte {
	for _, text := range lines {
		if len(text) > 0 {
			return text
		}
	}
	return nil
}

// bestHeader reads a line as a header with the separator by which it has most columns that are known.
func bestHeader(text []byte) (separator byte, best header) {
	for _, s := range separatorWords {
		if h := headerOf(text, s.is); separator == 0 || h.known > best.known {
			separator, best = s.is, h
		}
	}
	return separator, best
}

// guess divides a line into as many cells as there can be, for who wants to say what they are.
func guess(text []byte) Format {
	f := Format{Separator: ',', Quote: quoteOf(text)}
	n := 0
	for _, s := range separatorWords {
		g := Format{Separator: s.is, Quote: f.Quote}
		if k := g.count(text); k > n {
			f.Separator, n = s.is, k
		}
	}
	for range min(n, maxColumns) {
		f.Columns = append(f.Columns, Ignored)
	}
	return f
}

// fromHeader is the format of the rows behind a header.
func fromHeader(h header, separator, quote byte, rows [][]byte) Format {
	f := Format{Separator: separator, Columns: h.columns}
	f.Quote = f.quoteOfRows(quote, rows)
	best, kind := -1, Seconds
	for t, at := range h.times {
		if at < 0 {
			continue
		}
		k, ok := f.kindOf(t, at, rows)
		if ok || best < 0 {
			best, kind = at, k
		}
		if ok {
			break
		}
	}
	f.Columns[best], f.Time = Meaning(trace.Time), kind
	return f
}

// quoteOfRows is what the rows are quoted with behind a header that begins with the given quote: tshark quotes either all cells of a row
// that are not empty or none, and no header; others quote where they must.
func (f *Format) quoteOfRows(ofHeader byte, rows [][]byte) byte {
	for _, text := range rows {
		for len(text) > 0 && text[0] == f.Separator {
			text = text[1:]
		}
		if q := quoteOf(text); q != 0 {
			return q
		}
	}
	if ofHeader != 0 {
		return ofHeader
	}
	for _, text := range rows {
		for _, q := range []byte{'"', '\''} {
			plain, quoted := Format{Separator: f.Separator, Columns: f.Columns}, Format{Separator: f.Separator, Columns: f.Columns, Quote: q}
			if plain.count(text) != len(f.Columns) && quoted.count(text) == len(f.Columns) {
				return q
			}
		}
	}
	return 0
}

// kindOf is how times are written in cells that the name t of timeNames stands above, by the first row that says so. ok is false if there
// is none.
func (f *Format) kindOf(t, at int, rows [][]byte) (kind TimeKind, ok bool) {
	for _, text := range rows {
		if cells, _ := f.split(text, nil); at < len(cells) {
			if kind, ok := kindOfCell(cells[at], timeNames[t].kind, timeNames[t].any); ok {
				return kind, true
			}
		}
	}
	return timeNames[t].kind, false
}

func kindOfCell(cell []byte, named TimeKind, any bool) (kind TimeKind, ok bool) {
	ns, ok := parseTime(cell)
	switch {
	case ok && !any:
		return named, true
	case ok && ns > firstEpoch*trace.Second:
		return Epoch, true
	case ok:
		return Seconds, true
	case !any && named == Seconds:
		return Seconds, false
	}
	_, _, ok = parseText(cell)
	return Text, ok
}

// fromRow is the format of a file without a header, by a line that has the shape of a row.
func fromRow(text []byte) (f Format, ok bool) {
	if len(text) == 0 || bytes.IndexByte(text, 0) >= 0 {
		return f, false
	}
	for _, s := range separatorWords {
		for _, q := range []byte{quoteOf(text), 0, '"', '\''} {
			for n := 8; n <= 10; n += 2 {
				f = Format{Separator: s.is, Quote: q, Columns: usualColumns[:n]}
				cells, fits := f.split(text, nil)
				if !fits {
					continue
				}
				f.Time, ok = kindOfCell(cells[0], Seconds, true)
				var p trace.Packet
				if ok && f.parseLine(text, 0, &p) == rowOK {
					return f, true
				}
			}
		}
	}
	return f, false
}

// firstRow is how many lines are in front of the first row.
func (f *Format) firstRow(lines [][]byte) (n int) {
	var p trace.Packet
	for n < len(lines) && f.parseLine(lines[n], 0, &p) != rowOK {
		n++
	}
	return n
}

// pass is how many bytes the lines in front of the first row have.
func (f *Format) pass(b []byte) (skip int, err error) {
	for range f.Lines {
		if skip == len(b) {
			return 0, ErrFewLines
		}
		_, size := line(b[skip:])
		skip += size
	}
	return skip, nil
}

// see accounts for the lines in front of the first row, and looks at what follows.
func (f *Format) see(b []byte) {
	f.Before = Skips{}
	for i := range f.Lines {
		text, size := line(b)
		b = b[size:]
		switch {
		case len(text) == 0:
			f.Before.Skip(EmptyLine)
		case i == f.Lines-1 && f.isHeader(text):
			f.Before.Row(1)
		default:
			f.Before.Skip(BeforeHeader)
		}
	}
	f.zoneless = false
	at := f.index(Meaning(trace.Time))
	for _, text := range firstLines(b) {
		if cells, fits := f.split(text, nil); f.Time == Text && fits && at >= 0 {
			if _, zoned, ok := parseText(cells[at]); ok {
				f.zoneless = !zoned
				break
			}
		}
	}
}

// isHeader reports whether a line in front of the first row is names of columns: as many as there are, none of which is empty or begins
// as a number does.
func (f *Format) isHeader(text []byte) bool {
	g := Format{Separator: f.Separator, Quote: quoteOf(text), Columns: f.Columns}
	cells, fits := g.split(text, nil)
	for _, cell := range cells {
		if cell = bytes.TrimSpace(cell); len(cell) == 0 || cell[0]-'0' < 10 || cell[0] == '-' {
			return false
		}
	}
	return fits
}

// resize gives the format as many columns as the first line has cells, if none of the first lines is a row.
func (f *Format) resize(lines [][]byte) {
	text := firstText(lines)
	if text == nil || f.firstRow(lines) < len(lines) {
		return
	}
	f.Columns = append([]Meaning(nil), f.Columns...)
	cells, _ := f.split(text, nil)
	for len(f.Columns) < min(len(cells), maxColumns) {
		f.Columns = append(f.Columns, Ignored)
	}
	for n := len(f.Columns); n > len(cells) && f.Columns[n-1] == Ignored; n-- {
		f.Columns = f.Columns[:n-1]
	}
	f.usual = f.IsUsual()
}

// FirstAtZero reports whether the first row of some lines is at 0 of times that count from a start: tshark counts from the first packet,
// and an hour file has hardly ever one in the very first nanosecond.
func (f *Format) FirstAtZero(lines []byte) bool {
	var p trace.Packet
	var skips Skips
	for len(lines) > 0 {
		used, row := f.ParseRow(lines, 0, &p, &skips)
		if row {
			return f.Time == Seconds && p.TimeNS == 0
		}
		lines = lines[used:]
	}
	return false
}
