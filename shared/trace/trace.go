// Package trace is the vocabulary that every other package speaks: a packet, its columns, and the hour it belongs to.
//
// Units are in the names: NS is nanoseconds, lengths are bytes on the wire. Times are unix time, UTC, so neither time zones
// nor daylight saving can move a packet from one hour file to another.
package trace

import "net/netip"

// A Column is one column of an hour file, in the file's order. The first eight are tshark's fields in the order that scripts
// written for tshark expect; the IPv6 pair follows them.
type Column uint8

const (
	Time Column = iota
	IPSrc
	TCPSrcPort
	UDPSrcPort
	IPDst
	TCPDstPort
	UDPDstPort
	Len
	IPv6Src
	IPv6Dst
	Columns int = iota
)

// Names are the columns' names: tshark's field names, as in the header of an hour file.
var Names = [Columns]string{
	"frame.time_relative", "ip.src", "tcp.srcport", "udp.srcport", "ip.dst", "tcp.dstport", "udp.dstport", "frame.len", "ipv6.src", "ipv6.dst",
}

// Fields is a set of columns.
type Fields uint16

// Bit is the set that holds only c.
func (c Column) Bit() Fields { return 1 << c }

// Has reports whether the set holds c.
func (f Fields) Has(c Column) bool { return f&c.Bit() != 0 }

// Without is the set without c.
func (f Fields) Without(c Column) Fields { return f &^ c.Bit() }

// A Packet is one row of an hour file. A column whose bit is not in Has is empty in the file, and its value here is undefined.
//
// Tunnels fill more than one pair: 6in4 has both the outer IPv4 and the inner IPv6 addresses, VXLAN the outer UDP and the
// inner TCP ports. Source and Destination say which pair the figures use.
type Packet struct {
	TimeNS                         int64 // since 1970 where the start is known, otherwise since the unknown start
	Len                            uint32
	Has                            Fields
	TCPSrc, TCPDst, UDPSrc, UDPDst uint16
	IPv4SrcAddr, IPv4DstAddr       uint32 // big-endian value: 192.0.2.1 is 0xC0000201
	IPv6SrcAddr, IPv6DstAddr       [16]byte
}

// Source is the address the figures count as the packet's source: the IPv4 one if the row has it, otherwise the IPv6 one.
// It is the zero Addr for a row without an address, such as ARP.
func (p *Packet) Source() netip.Addr {
	switch {
	case p.Has.Has(IPSrc):
		return IPv4(p.IPv4SrcAddr)
	case p.Has.Has(IPv6Src):
		return netip.AddrFrom16(p.IPv6SrcAddr)
	}
	return netip.Addr{}
}

// Destination is the counterpart of Source.
func (p *Packet) Destination() netip.Addr {
	switch {
	case p.Has.Has(IPDst):
		return IPv4(p.IPv4DstAddr)
	case p.Has.Has(IPv6Dst):
		return netip.AddrFrom16(p.IPv6DstAddr)
	}
	return netip.Addr{}
}

// SetSource sets the source address, of either family, and its bit.
func (p *Packet) SetSource(a netip.Addr) {
	if a.Is4() {
		p.IPv4SrcAddr = bigEndian(a.As4())
		p.Has |= IPSrc.Bit()
		return
	}
	p.IPv6SrcAddr = a.As16()
	p.Has |= IPv6Src.Bit()
}

// SetDestination is the counterpart of SetSource.
func (p *Packet) SetDestination(a netip.Addr) {
	if a.Is4() {
		p.IPv4DstAddr = bigEndian(a.As4())
		p.Has |= IPDst.Bit()
		return
	}
	p.IPv6DstAddr = a.As16()
	p.Has |= IPv6Dst.Bit()
}

func bigEndian(b [4]byte) uint32 {
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}

// SetPort sets the port of column c and its bit. c must be one of the four port columns.
func (p *Packet) SetPort(c Column, port uint16) {
	switch c {
	case TCPSrcPort:
		p.TCPSrc = port
	case UDPSrcPort:
		p.UDPSrc = port
	case TCPDstPort:
		p.TCPDst = port
	case UDPDstPort:
		p.UDPDst = port
	}
	p.Has |= c.Bit()
}

// IPv4 is the address with the big-endian value v.
func IPv4(v uint32) netip.Addr {
	return netip.AddrFrom4([4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)})
}

// Second and the other lengths of time, in nanoseconds; HourS in seconds.
const (
	Second = int64(1e9)
	Minute = 60 * Second
	Hour   = 3600 * Second
	HourS  = int64(3600)
)

// Floor is the multiple of width at or below t, also for times before 1970.
func Floor(t, width int64) int64 {
	if r := t % width; r < 0 {
		return t - r - width
	} else {
		return t - r
	}
}
