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

// A Batch is packets as columns: what the figures need of them, with addresses as the numbers that an endpoint dictionary gave
// them. Row i of every column belongs to the same packet; rows from N on are undefined.
type Batch struct {
	N        int
	TimeNS   [BatchRows]int64  // as in Packet
	Len      [BatchRows]uint32 // 0 for a packet without a length
	Src, Dst [BatchRows]uint32 // the numbers of Source and Destination, 0 for none
	SrcPort  [BatchRows]uint16 // of TCP if the packet has a TCP port, otherwise of UDP; 0 for none
	DstPort  [BatchRows]uint16
	Ports    [BatchRows]PortBits
	Second   []SecondPorts // in the order of rows
}

// SecondPorts are the UDP ports of a packet that has TCP ports too: a tunnel.
type SecondPorts struct {
	Row      uint32
	Src, Dst uint16
	Ports    PortBits // those of UDP
}

// Clear empties the batch and keeps its memory.
func (b *Batch) Clear() { b.N, b.Second = 0, b.Second[:0] }

// Full reports whether there is no room for another packet.
func (b *Batch) Full() bool { return b.N == BatchRows }

// Add appends a packet whose Source and Destination have the numbers src and dst.
func (b *Batch) Add(p *Packet, src, dst uint32) {
	i := b.N
	b.TimeNS[i], b.Src[i], b.Dst[i] = p.TimeNS, src, dst
	b.Len[i] = 0
	if p.Has.Has(Len) {
		b.Len[i] = p.Len
	}
	bits := portBits(p.Has)
	b.Ports[i] = bits
	b.SrcPort[i], b.DstPort[i] = p.pair(bits&HasUDP, p.UDPSrc, p.UDPDst)
	if bits&HasTCP != 0 {
		if bits&HasUDP != 0 {
			b.Second = append(b.Second, SecondPorts{uint32(i), b.SrcPort[i], b.DstPort[i], bits & HasUDP})
		}
		b.SrcPort[i], b.DstPort[i] = p.pair(bits&HasTCP, p.TCPSrc, p.TCPDst)
	}
	b.N++
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
