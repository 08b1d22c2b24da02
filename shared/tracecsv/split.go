package tracecsv

import "bytes"

// maxCells is how many cells of a line are told apart where there are more than columns.
const maxCells = 256

// cell is a line's first cell, without its quotes, and what follows its separator; more is false if it is the last.
//
// A quoted cell ends at the first quote with a separator or the end of the line behind it, since tshark does not escape quotes inside.
// Who does, doubles them: strict takes two quotes for one that is inside, whatever follows. What strict makes of a line are the same
// cells, or fewer.
func (f *Format) cell(line []byte, strict bool) (cell, rest []byte, more bool) {
	if f.Quote != 0 && len(line) > 0 && line[0] == f.Quote {
		for end := 1; end < len(line); end++ {
			k := bytes.IndexByte(line[end:], f.Quote)
			if k < 0 {
				break
			}
			end += k
			switch {
			case end+1 == len(line):
				return line[1:end], nil, false
			case strict && line[end+1] == f.Quote:
				end++
			case line[end+1] == f.Separator:
				return line[1:end], line[end+2:], true
			}
		}
	}
	end := bytes.IndexByte(line, f.Separator)
	if end < 0 {
		return f.unquoted(line), nil, false
	}
	return f.unquoted(line[:end]), line[end+1:], true
}

// unquoted is a cell that the format has no quotes for: some programs quote addresses only.
func (f *Format) unquoted(cell []byte) []byte {
	if f.Quote == 0 {
		return unquote(cell)
	}
	return cell
}

func unquote(cell []byte) []byte {
	if len(cell) >= 2 && cell[0] == '"' && cell[len(cell)-1] == '"' {
		return cell[1 : len(cell)-1]
	}
	return cell
}

// count is how many cells a line has.
func (f *Format) count(line []byte) (n int) {
	if f.Quote == 0 {
		return bytes.Count(line, []byte{f.Separator}) + 1
	}
	for more := true; more; n++ {
		_, line, more = f.cell(line, false)
	}
	return n
}

// split appends a line's cells to into, as many as it has room for or maxCells. fits reports whether they are as many as the columns.
// That is tried for: the comma of a date may part it in two, and quotes inside quoted cells may be doubled.
func (f *Format) split(line []byte, into [][]byte) (cells [][]byte, fits bool) {
	cells = f.cut(line, into, false)
	if len(cells) > len(f.Columns) && f.Quote != 0 {
		if strict := f.cut(line, into, true); len(strict) == len(f.Columns) {
			return strict, true
		}
		cells = f.cut(line, into, false)
	}
	return cells, len(cells) == len(f.Columns)
}

// cut is split by one of both rules.
func (f *Format) cut(line []byte, into [][]byte, strict bool) [][]byte {
	for more := true; more && len(into) < maxCells; {
		var cell []byte
		cell, line, more = f.cell(line, strict)
		into = append(into, cell)
	}
	if len(into) > len(f.Columns) && f.Separator == ',' {
		return joinDates(into)
	}
	return into
}

// joinDates makes one cell of two that are a date as tshark writes it: Jan  8, 2017 11:00:00.123456789 CET.
func joinDates(cells [][]byte) [][]byte {
	n := 0
	for i := 0; i < len(cells); i++ {
		cell := cells[i]
		if i+1 < len(cells) && isMonthAndDay(cell) && isYearBehindDay(cells[i+1]) {
			i++
			cell = cell[:len(cell)+1+len(cells[i])] // they are parted by the comma only
		}
		cells[n] = cell
		n++
	}
	return cells[:n]
}

// trimCR is a line without the carriage return that Windows ends it with.
func trimCR(line []byte) []byte {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		return line[:n-1]
	}
	return line
}

// line is the first line of b without its end, and the size of it with its end.
func line(b []byte) (line []byte, size int) {
	if end := bytes.IndexByte(b, '\n'); end >= 0 {
		return trimCR(b[:end]), end + 1
	}
	return trimCR(b), len(b)
}

// Preview is the first n lines of a file as the format divides them into cells, whatever these are: what is in front of the first row, too.
func Preview(head []byte, f Format, n int) (lines [][]string) {
	if f.Separator == 0 {
		f.Separator = ','
	}
	head = bytes.TrimPrefix(head, []byte(byteOrderMark))
	for len(head) > 0 && len(lines) < n {
		text, size := line(head)
		head = head[size:]
		cells, _ := f.split(text, nil)
		texts := make([]string, len(cells))
		for i, cell := range cells {
			texts[i] = string(cell)
		}
		lines = append(lines, texts)
	}
	return lines
}
