package tracecsv

import (
	"bytes"
	"strings"

	"tracelens/shared/dict"
	"tracelens/shared/lineblock"
	"tracelens/shared/trace"
)

// Parse reads whole lines from block until the batch is full or the block ends; only the last line may lack its newline. start is
// the file's start in unix seconds (0 where unknown; ignored for absolute times). It appends the rows to the batch, with the
// numbers that flows gives theirs, returns how many bytes it used, and counts every line in skips. It does not allocate, except
// for addresses and flows that it has not seen before.
func (f *Format) Parse(block []byte, start int64, batch *trace.Batch, flows *dict.Flows, skips *Skips) (used int) {
	startNS := f.startNS(start)
	inRange := start < trace.MaxSecond-maxUsualSeconds // times that the fast path takes are in range then
	var p trace.Packet
	for used < len(block) && !batch.Full() {
		n := batch.N
		switch {
		case f.usual && inRange:
			used += f.usualRows(block[used:], startNS, batch, flows)
		case !f.usual && (inRange || f.Time != Seconds):
			used += f.rewrittenRows(block[used:], startNS, batch, flows)
		}
		skips.Row(batch.N - n)
		if used == len(block) || batch.Full() {
			break
		}
		size, reason := f.next(block[used:], startNS, &p)
		used += size
		if reason == rowOK {
			flows.Add(batch, &p)
			skips.Row(1)
		} else {
			skips.Skip(reason)
		}
	}
	return used
}

// ParseRow reads the first line of block, by the slow path: all its columns, where Parse keeps what the figures need. ok is false if
// it is no row; its line is counted in skips either way.
func (f *Format) ParseRow(block []byte, start int64, p *trace.Packet, skips *Skips) (used int, ok bool) {
	used, reason := f.next(block, f.startNS(start), p)
	if reason != rowOK {
		skips.Skip(reason)
		return used, false
	}
	skips.Row(1)
	return used, true
}

func (f *Format) startNS(start int64) int64 {
	if f.Time != Seconds {
		return 0
	}
	return start * trace.Second
}

// next reads one line by the slow path.
func (f *Format) next(block []byte, startNS int64, p *trace.Packet) (used int, reason Reason) {
	text, used := line(block)
	return used, f.parseLine(text, startNS, p)
}

// maxTime bounds a time cell, in seconds either way, so that start + time stays within an int64 of nanoseconds.
const maxTime = uint64(trace.MaxSecond)

// parseLine is the slow path: one line, any format, with the reason if it is no row.
func (f *Format) parseLine(text []byte, startNS int64, p *trace.Packet) (reason Reason) {
	switch {
	case len(text) == 0:
		return EmptyLine
	case len(text) > lineblock.MaxLine:
		return LongLine
	}
	switch n := f.count(text); {
	case n < len(f.Columns):
		return BadFields
	case n > len(f.Columns):
		reason = f.parseMore(text, p)
	default:
		reason = f.parseCells(text, p)
	}
	if reason != rowOK {
		return reason
	}
	p.TimeNS += startNS
	if s := p.TimeNS / trace.Second; s > trace.MaxSecond || s < -trace.MaxSecond {
		return BadTime
	}
	return rowOK
}

// parseCells reads a line of as many cells as there are columns.
func (f *Format) parseCells(text []byte, p *trace.Packet) Reason {
	p.Has, p.Len, p.TimeNS = 0, 0, 0
	rest, reason := text, rowOK
	for _, m := range f.Columns {
		var cell []byte
		cell, rest, _ = f.cell(rest, false)
		if reason = f.parseCell(m, cell, p); reason != rowOK {
			break
		}
	}
	if reason != rowOK && f.repeatsHeader(text) {
		return RepeatedHeader
	}
	return reason
}

// repeatsHeader reports whether a line that is no row has the name of a time where rows have their time.
func (f *Format) repeatsHeader(text []byte) bool {
	g := Format{Separator: f.Separator, Quote: quoteOf(text)} // tshark quotes rows only
	for _, m := range f.Columns {
		var cell []byte
		cell, text, _ = g.cell(text, false)
		if m == Meaning(trace.Time) {
			return timeOf(string(bytes.TrimSpace(cell))) >= 0
		}
	}
	return false
}

// parseCell reads one cell. Of several values in it the first counts, the others must be of the same kind.
func (f *Format) parseCell(m Meaning, cell []byte, p *trace.Packet) (reason Reason) {
	if len(cell) == 0 && m != Meaning(trace.Time) {
		return rowOK
	}
	switch m {
	case Ignored:
		return rowOK
	case Meaning(trace.Time):
		return f.parseTime(cell, p)
	case SourceOrName:
		parseAddress(trace.IPSrc, cell, p)
		return rowOK
	case DestinationOrName:
		parseAddress(trace.IPDst, cell, p)
		return rowOK
	}
	if reason = parseValue(trace.Column(m), cell, p); reason == rowOK || m == Meaning(trace.Len) {
		return reason
	}
	end := 0
	for end < len(cell) && strings.IndexByte(aggregators, cell[end]) < 0 {
		end++
	}
	if end == len(cell) {
		return reason
	}
	for others, more := cell, true; more; {
		var value []byte
		var ignored trace.Packet
		end := bytes.IndexByte(others, cell[end])
		value, more = others, end >= 0
		if more {
			value, others = others[:end], others[end+1:]
		}
		if parseValue(trace.Column(m), value, &ignored) != rowOK {
			return reason
		}
	}
	return parseValue(trace.Column(m), cell[:end], p)
}

// aggregators part the values of a cell. (Asked for a slash, tshark writes a backslash.)
const aggregators = ",;/\\| "

func (f *Format) parseTime(cell []byte, p *trace.Packet) Reason {
	ns, ok := int64(0), false
	if f.Time == Text {
		ns, _, ok = parseText(cell)
	} else {
		ns, ok = parseTime(cell)
	}
	if !ok {
		return BadTime
	}
	p.TimeNS = ns
	p.Has |= trace.Time.Bit()
	return rowOK
}

// parseValue reads a length, a port or an address.
func parseValue(c trace.Column, cell []byte, p *trace.Packet) Reason {
	switch c {
	case trace.Len:
		v, ok := parseUint(cell, 1<<32-1)
		if !ok {
			return BadLength
		}
		p.Len = uint32(v)
	case trace.TCPSrcPort, trace.UDPSrcPort, trace.TCPDstPort, trace.UDPDstPort:
		v, ok := parseUint(cell, 1<<16-1)
		if !ok {
			return BadPort
		}
		p.SetPort(c, uint16(v))
	default:
		if !parseAddress(c, cell, p) {
			return BadAddress
		}
		return rowOK // it has set the bit of the column that fits the address
	}
	p.Has |= c.Bit()
	return rowOK
}
