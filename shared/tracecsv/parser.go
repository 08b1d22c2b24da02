package tracecsv

import (
	"bytes"

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
	usual := f.usual && start < trace.MaxSecond-maxUsualSeconds // times that the fast path takes are in range then
	var p trace.Packet
	for used < len(block) && !batch.Full() {
		if usual {
			n := batch.N
			used += f.usualRows(block[used:], startNS, batch, flows)
			skips.Row(batch.N - n)
			if used == len(block) || batch.Full() {
				break
			}
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
	if f.Epoch {
		return 0
	}
	return start * trace.Second
}

// next reads one line by the slow path.
func (f *Format) next(block []byte, startNS int64, p *trace.Packet) (used int, reason Reason) {
	line := block
	if end := bytes.IndexByte(line, '\n'); end >= 0 {
		line = line[:end]
		used++
	}
	used += len(line)
	return used, f.parseLine(bytes.TrimSuffix(line, []byte("\r")), startNS, p)
}

// maxTime bounds a time cell, in seconds either way, so that start + time stays within an int64 of nanoseconds.
const maxTime = uint64(trace.MaxSecond)

// parseLine is the slow path: one line, any column order, quoted or not, with the reason if it is no row.
func (f *Format) parseLine(line []byte, startNS int64, p *trace.Packet) Reason {
	switch {
	case len(line) == 0:
		return EmptyLine
	case len(line) > lineblock.MaxLine:
		return LongLine
	case bytes.Count(line, []byte(","))+1 != len(f.columns):
		return BadFields
	}
	p.Has, p.Len, p.TimeNS = 0, 0, 0
	whole := line
	for _, c := range f.columns {
		var cell []byte
		cell, line, _ = bytes.Cut(line, []byte(","))
		cell = unquote(cell)
		if c == ignored || len(cell) == 0 && c != int8(trace.Time) {
			continue
		}
		if reason := parseCell(trace.Column(c), cell, p); reason != rowOK {
			if _, header, _ := fromHeader(whole); header {
				return RepeatedHeader
			}
			return reason
		}
	}
	p.TimeNS += startNS
	if s := p.TimeNS / trace.Second; s > trace.MaxSecond || s < -trace.MaxSecond {
		return BadTime
	}
	return rowOK
}

func parseCell(c trace.Column, cell []byte, p *trace.Packet) Reason {
	switch c {
	case trace.Time:
		ns, ok := parseTime(cell)
		if !ok {
			return BadTime
		}
		p.TimeNS = ns
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
