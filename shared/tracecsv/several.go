package tracecsv

import (
	"net/netip"
	"unsafe"

	"tracelens/shared/trace"
)

// parseMore reads a line of more cells than there are columns: a date with a comma in it, quotes inside quoted cells, or, of a tunnel,
// several values of a column, if what parts them parts the cells too.
func (f *Format) parseMore(text []byte, p *trace.Packet) (reason Reason) {
	var room [maxCells][]byte
	cells, fits := f.split(text, room[:0])
	if !fits {
		if len(cells) < len(f.Columns) || len(cells) == maxCells {
			return BadFields
		}
		d := divider{f: f, cells: cells}
		for i, cell := range cells {
			d.kinds[i] = f.kinds(cell)
		}
		d.divide(0, 0)
		switch {
		case d.ambiguous || d.steps >= maxSteps:
			return Ambiguous
		case !d.found:
			return BadFields
		}
		*p = d.row
		return rowOK
	}
	p.Has, p.Len, p.TimeNS = 0, 0, 0
	for i, m := range f.Columns {
		if reason = f.parseCell(m, cells[i], p); reason != rowOK {
			return reason
		}
	}
	return rowOK
}

// maxSteps bounds the work for one line.
const maxSteps = 5000

// What a cell can be, by its shape.
const (
	isEmpty = 1 << iota
	isTime
	isLength
	isPort
	isAddress
)

// kinds is what a cell can be.
func (f *Format) kinds(cell []byte) (kinds uint8) {
	if len(cell) == 0 {
		return isEmpty
	}
	var p trace.Packet
	if f.parseTime(cell, &p) == rowOK && (f.Time == Text || !isDigits(cell)) { // tshark's times have decimals
		kinds |= isTime
	}
	if _, ok := parseUint(cell, 1<<32-1); ok {
		kinds |= isLength
	}
	if _, ok := parseUint(cell, 1<<16-1); ok {
		kinds |= isPort
	}
	if _, err := netip.ParseAddr(unsafe.String(unsafe.SliceData(cell), len(cell))); err == nil {
		kinds |= isAddress
	}
	return kinds
}

func isDigits(cell []byte) bool {
	for _, c := range cell {
		if c-'0' > 9 {
			return false
		}
	}
	return true
}

// A divider finds out which cells of a line are whose, where columns have several values each. It tries every way in which
//
//   - there is one time, and one length,
//   - every other column has one empty cell, or one value or more of its kind,
//   - as many source addresses as destination addresses, and as many source ports of a protocol as destination ports, or one more: the last
//     header may be cut off behind it,
//   - a column that is not read has any cells, one at least.
//
// If two of them give different rows nobody can tell which is right. The row is of the first values: those of the outermost packet.
type divider struct {
	f         *Format
	cells     [][]byte
	kinds     [maxCells]uint8
	first     [maxColumns]uint8    // of a column: the first of its cells
	values    [trace.Columns]uint8 // of a column that is read: how many
	row       trace.Packet
	found     bool
	ambiguous bool
	steps     int
}

// divide gives the cells from one on to the columns from one on.
func (d *divider) divide(column, cell int) {
	if d.steps++; d.ambiguous || d.steps >= maxSteps {
		return
	}
	if column == len(d.f.Columns) {
		if cell == len(d.cells) {
			d.take()
		}
		return
	}
	most := len(d.cells) - cell - (len(d.f.Columns) - column - 1)
	if most < 1 {
		return
	}
	d.first[column] = uint8(cell)
	m := d.f.Columns[column]
	var kind uint8
	switch m {
	case Ignored:
		for n := 1; n <= most; n++ {
			d.divide(column+1, cell+n)
		}
		return
	case SourceOrName, DestinationOrName:
		d.divide(column+1, cell+1)
		return
	case Meaning(trace.Time):
		if d.kinds[cell]&isTime != 0 {
			d.divide(column+1, cell+1)
		}
		return
	case Meaning(trace.Len):
		if d.kinds[cell]&isLength != 0 {
			d.divide(column+1, cell+1)
		}
		return
	case Meaning(trace.IPSrc), Meaning(trace.IPDst), Meaning(trace.IPv6Src), Meaning(trace.IPv6Dst):
		kind = isAddress
	default:
		kind = isPort
	}
	if d.kinds[cell] == isEmpty {
		if d.values[m] = 0; d.pairs(column) {
			d.divide(column+1, cell+1)
		}
		return
	}
	for n := 1; n <= most && d.kinds[cell+n-1]&kind != 0; n++ {
		if d.values[m] = uint8(n); d.pairs(column) {
			d.divide(column+1, cell+n)
		}
	}
}

// others are the counterparts of columns, with which they come in pairs.
var others = [trace.Columns]trace.Column{
	trace.IPSrc: trace.IPDst, trace.IPDst: trace.IPSrc, trace.IPv6Src: trace.IPv6Dst, trace.IPv6Dst: trace.IPv6Src,
	trace.TCPSrcPort: trace.TCPDstPort, trace.TCPDstPort: trace.TCPSrcPort, trace.UDPSrcPort: trace.UDPDstPort, trace.UDPDstPort: trace.UDPSrcPort,
}

// pairs reports whether the values of a column are as many as those of its counterpart, if that has been before.
func (d *divider) pairs(column int) bool {
	c := trace.Column(d.f.Columns[column])
	other := others[c]
	if at := d.f.index(Meaning(other)); at < 0 || at > column {
		return true
	}
	n, before := int(d.values[c]), int(d.values[other])
	switch c {
	case trace.TCPDstPort, trace.UDPDstPort:
		return before == n || before == n+1
	case trace.TCPSrcPort, trace.UDPSrcPort:
		return n == before || n == before+1
	}
	return n == before
}

// take notes the row, or that there is another one.
func (d *divider) take() {
	var p trace.Packet
	for i, m := range d.f.Columns {
		if d.f.parseCell(m, d.cells[d.first[i]], &p) != rowOK {
			return
		}
	}
	d.ambiguous = d.found && p != d.row
	d.row, d.found = p, true
}
