package selection

import "net/netip"

// A field word begins a comparison, or is followed by a colon and values.
type fieldWord struct {
	word, what string
	field      Field
	family     Family // of ports
	layer      string // of addresses: "ip", "ipv6", or "" for either
	short      bool   // values may follow without an operator
	example    string
}

// Examples are from the blocks that are kept for documentation, so that nobody's address is in them.
const (
	v4Example, v6Example = "192.0.2.1", "2001:db8::1"
)

var fieldWords = []fieldWord{
	{"host", "source or destination address or prefix", Either, 0, "", true, "host:192.0.2.1"},
	{"src", "source address or prefix", Source, 0, "", true, "src:192.0.2.1"},
	{"dst", "destination address or prefix", Destination, 0, "", true, "dst:192.0.2.1"},
	{"net", "the same as host", Either, 0, "", true, "net:192.0.2.0/24"},
	{"port", "TCP or UDP port at either end", Port, AnyFamily, "", true, "port:443"},
	{"sport", "TCP or UDP source port", SourcePort, AnyFamily, "", true, "sport:443"},
	{"dport", "TCP or UDP destination port", DestinationPort, AnyFamily, "", true, "dport:443"},
	{"proto", "protocol, as in the list of protocols", Protocol, 0, "", true, "proto:udp"},
	{"len", "length in bytes", Length, 0, "", true, "len:>1000"},
	{"ip.addr", "source or destination IPv4 address", Either, 0, "ip", false, "ip.addr == 192.0.2.1"},
	{"ip.src", "source IPv4 address", Source, 0, "ip", false, "ip.src == 192.0.2.1"},
	{"ip.dst", "destination IPv4 address", Destination, 0, "ip", false, "ip.dst == 192.0.2.1"},
	{"ipv6.addr", "source or destination IPv6 address", Either, 0, "ipv6", false, "ipv6.addr == 2001:db8::1"},
	{"ipv6.src", "source IPv6 address", Source, 0, "ipv6", false, "ipv6.src == 2001:db8::1"},
	{"ipv6.dst", "destination IPv6 address", Destination, 0, "ipv6", false, "ipv6.dst == 2001:db8::1"},
	{"tcp.port", "TCP port at either end", Port, TCP, "", false, "tcp.port == 443"},
	{"tcp.srcport", "TCP source port", SourcePort, TCP, "", false, "tcp.srcport == 443"},
	{"tcp.dstport", "TCP destination port", DestinationPort, TCP, "", false, "tcp.dstport == 443"},
	{"udp.port", "UDP port at either end", Port, UDP, "", false, "udp.port == 443"},
	{"udp.srcport", "UDP source port", SourcePort, UDP, "", false, "udp.srcport == 443"},
	{"udp.dstport", "UDP destination port", DestinationPort, UDP, "", false, "udp.dstport == 443"},
	{"frame.len", "length in bytes", Length, 0, "", false, "frame.len > 1000"},
}

// A bare word is a condition by itself.
type bareWord struct {
	word, what string
	family     Family // that there are ports of it; otherwise, that there are addresses
}

var bareWords = [...]bareWord{
	{"tcp", "packets with TCP ports", TCP}, {"udp", "packets with UDP ports", UDP},
	{"ip", "packets with an IPv4 address", 0}, {"ipv6", "packets with an IPv6 address", 0},
}

func (b *bareWord) expr() *Expr {
	if b.family != AnyFamily {
		return &Expr{Filter: Filter{Field: Layer, Family: b.family}}
	}
	a := netip.IPv6Unspecified()
	if b.word == "ip" {
		a = netip.IPv4Unspecified()
	}
	return &Expr{Filter: Filter{Field: Either, Address: netip.PrefixFrom(a, 0)}}
}

// protocolWords are indexed by trace.Protocol.
var protocolWords = [...]Suggestion{
	{"tcp", "TCP only, no tunnels"}, {"udp", "UDP only, no tunnels"}, {"tcp+udp", "tunnels with TCP and UDP ports"},
	{"other", "IP without TCP and UDP, such as ICMP"}, {"none", "no IP, such as ARP"},
}

// fieldOf is the field with a name in small letters.
func fieldOf(name string) *fieldWord {
	for i := range fieldWords {
		if fieldWords[i].word == name {
			return &fieldWords[i]
		}
	}
	return nil
}
