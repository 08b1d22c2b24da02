package trace

// BatchRows is how many packets a Batch holds: few enough that its columns stay in a processor's nearest cache between the parser
// that fills it and the store that takes it.
const BatchRows = 1024

// PortBits says which ports a packet has.
type PortBits uint8

const (
	HasTCPSrc PortBits = 1 << iota
	HasTCPDst
	HasUDPSrc
	HasUDPDst
	HasTCP = HasTCPSrc | HasTCPDst
	HasUDP = HasUDPSrc | HasUDPDst
)

// LongLen stands in a column of lengths for those that do not fit.
const LongLen = 1<<16 - 1

// A Batch is packets as columns: what the figures need of them, with all that a flow's packets have in common as the number that a
// dictionary of flows gave it. Row i of every column belongs to the same packet; rows from N on are undefined.
type Batch struct {
	N      int
	TimeNS [BatchRows]int64  // as in Packet
	Len    [BatchRows]uint16 // 0 for a packet without a length, LongLen for those in Long
	Flow   [BatchRows]uint16
	Long   []LongRow     // in the order of rows
	Second []SecondPorts // in the order of rows
	Odd    []uint32      // rows that have an IPv6 address beside an IPv4 one: a tunnel, of which only the latter counts
}

// A LongRow is the length of a packet that a column of lengths has no room for: LongLen or more.
type LongRow struct {
	Row uint32
	Len uint32
}

// SecondPorts are the UDP ports of a packet that has TCP ports too: a tunnel.
type SecondPorts struct {
	Row      uint32
	Src, Dst uint16
	Ports    PortBits // those of UDP
}

// Clear empties the batch and keeps its memory.
func (b *Batch) Clear() { b.N, b.Long, b.Second, b.Odd = 0, b.Long[:0], b.Second[:0], b.Odd[:0] }

// Full reports whether there is no room for another packet.
func (b *Batch) Full() bool { return b.N == BatchRows }

// Add appends a packet of the flow with the given number.
func (b *Batch) Add(p *Packet, flow uint16) {
	i := b.N
	b.TimeNS[i], b.Flow[i], b.Len[i] = p.TimeNS, flow, 0
	if p.Has.Has(Len) {
		b.Len[i] = uint16(min(p.Len, LongLen))
		if p.Len >= LongLen {
			b.Long = append(b.Long, LongRow{uint32(i), p.Len})
		}
	}
	if p.Has.Has(UDPSrcPort) || p.Has.Has(UDPDstPort) {
		if bits := portBits(p.Has); bits&HasTCP != 0 {
			two := SecondPorts{Row: uint32(i), Ports: bits & HasUDP}
			two.Src, two.Dst = p.pair(two.Ports, p.UDPSrc, p.UDPDst)
			b.Second = append(b.Second, two)
		}
	}
	if p.Has.Has(IPSrc) && p.Has.Has(IPv6Src) || p.Has.Has(IPDst) && p.Has.Has(IPv6Dst) {
		b.Odd = append(b.Odd, uint32(i))
	}
	b.N++
}

// Ports are the ports of a packet that its flow goes by: those of TCP if it has any, otherwise of UDP, 0 for none.
func (p *Packet) Ports() (src, dst uint16, bits PortBits) {
	bits = portBits(p.Has)
	src, dst = p.pair(bits&HasUDP, p.UDPSrc, p.UDPDst)
	if bits&HasTCP != 0 {
		src, dst = p.pair(bits&HasTCP, p.TCPSrc, p.TCPDst)
	}
	return src, dst, bits
}

// SetPorts sets the ports that bits names, of TCP or of UDP, and their bits.
func (p *Packet) SetPorts(bits PortBits, src, dst uint16) {
	if bits&HasTCPSrc != 0 {
		p.SetPort(TCPSrcPort, src)
	}
	if bits&HasTCPDst != 0 {
		p.SetPort(TCPDstPort, dst)
	}
	if bits&HasUDPSrc != 0 {
		p.SetPort(UDPSrcPort, src)
	}
	if bits&HasUDPDst != 0 {
		p.SetPort(UDPDstPort, dst)
	}
}

// pair is the ports that bits names, 0 for the others.
func (p *Packet) pair(bits PortBits, src, dst uint16) (uint16, uint16) {
	if bits&(HasTCPSrc|HasUDPSrc) == 0 {
		src = 0
	}
	if bits&(HasTCPDst|HasUDPDst) == 0 {
		dst = 0
	}
	return src, dst
}

func portBits(f Fields) (bits PortBits) {
	for _, c := range [...]struct {
		column Column
		bit    PortBits
	}{{TCPSrcPort, HasTCPSrc}, {TCPDstPort, HasTCPDst}, {UDPSrcPort, HasUDPSrc}, {UDPDstPort, HasUDPDst}} {
		if f.Has(c.column) {
			bits |= c.bit
		}
	}
	return bits
}
