package trace

// Protocol is what the columns of an hour file tell of a packet's protocol.
type Protocol uint8

const (
	TCP Protocol = iota
	UDP
	TCPAndUDP // a tunnel: the outer packet is one, the inner the other
	OtherIP
	NotIP
	Protocols int = iota
)

var protocolNames = [Protocols]string{"tcp", "udp", "tcp+udp", "other ip", "not ip"}

func (p Protocol) String() string { return protocolNames[p] }

// ProtocolOf is the protocol of a packet with these ports, and with or without an address.
func ProtocolOf(ports PortBits, hasAddress bool) Protocol {
	switch isTCP, isUDP := ports&HasTCP != 0, ports&HasUDP != 0; {
	case isTCP && isUDP:
		return TCPAndUDP
	case isTCP:
		return TCP
	case isUDP:
		return UDP
	case hasAddress:
		return OtherIP
	}
	return NotIP
}
