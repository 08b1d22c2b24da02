package engine

import (
	"encoding/binary"
	"strings"

	"tracelens/shared/trace"
)

// A Packet is a packet of the open trace as a row of an hour file. Of its addresses it has the pair that the figures count, so of a tunnel
// of IPv6 through IPv4 the outer one.
type Packet struct {
	TimeNS int64                 // as in trace.Packet
	Cells  [trace.Columns]string // by trace.Column; the time is seconds since the hour, or since the beginning if that is unknown
	Called [2]string             // what its source and its destination were called then, as far as somebody had said it
}

// Line is the packet as a line of an hour file, without its newline.
func (p *Packet) Line() string { return strings.Join(p.Cells[:], ",") }

// Ends are the packet's addresses, in one text.
func (p *Packet) Ends() string {
	return p.Cells[trace.IPSrc] + " " + p.Cells[trace.IPDst] + " " + p.Cells[trace.IPv6Src] + " " + p.Cells[trace.IPv6Dst]
}

// InFile is the line with the name of the hour file that it is in, unless nobody knows the hour.
func (p *Packet) InFile(relative bool) string {
	if relative {
		return p.Line()
	}
	return trace.HourFileName(trace.Floor(p.TimeNS, trace.Hour)/trace.Second) + ": " + p.Line()
}

// Protocol is the packet's protocol.
func (p *Packet) Protocol() trace.Protocol {
	var ports trace.PortBits
	for _, c := range [...]struct {
		column trace.Column
		bit    trace.PortBits
	}{
		{trace.TCPSrcPort, trace.HasTCPSrc}, {trace.TCPDstPort, trace.HasTCPDst}, {trace.UDPSrcPort, trace.HasUDPSrc}, {trace.UDPDstPort, trace.HasUDPDst},
	} {
		if p.Cells[c.column] != "" {
			ports |= c.bit
		}
	}
	return trace.ProtocolOf(ports, p.Cells[trace.IPSrc]+p.Cells[trace.IPDst]+p.Cells[trace.IPv6Src]+p.Cells[trace.IPv6Dst] != "")
}

// packets unpacks rows: the time of each in eight bytes, their lines, of which all cells are parts, and two names for each, or none at all.
func packets(times, lines []byte, names []string) []Packet {
	list, text := make([]Packet, len(times)/8), string(lines)
	for i := range list {
		p := &list[i]
		p.TimeNS = int64(binary.LittleEndian.Uint64(times[8*i:]))
		if len(names) > 2*i+1 {
			p.Called = [2]string{names[2*i], names[2*i+1]}
		}
		var line string
		line, text, _ = strings.Cut(text, "\n")
		for c := range p.Cells {
			p.Cells[c], line, _ = strings.Cut(line, ",")
		}
	}
	return list
}
