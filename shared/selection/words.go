package selection

import (
	"net/netip"
	"strings"
)

// A field word begins a comparison, or is followed by a colon and values.
type fieldWord struct {
	word   string
	field  Field
	family Family // of ports
	layer  string // of addresses: "ip", "ipv6", or "" for either
}

var fieldWords = [...]fieldWord{
	{"host", Either, 0, ""},
	{"src", Source, 0, ""},
	{"dst", Destination, 0, ""},
	{"net", Either, 0, ""},
	{"port", Port, AnyFamily, ""},
	{"sport", SourcePort, AnyFamily, ""},
	{"dport", DestinationPort, AnyFamily, ""},
	{"proto", Protocol, 0, ""},
	{"len", Length, 0, ""},
	{"ip.addr", Either, 0, "ip"},
	{"ip.src", Source, 0, "ip"},
	{"ip.dst", Destination, 0, "ip"},
	{"ipv6.addr", Either, 0, "ipv6"},
	{"ipv6.src", Source, 0, "ipv6"},
	{"ipv6.dst", Destination, 0, "ipv6"},
	{"tcp.port", Port, TCP, ""},
	{"tcp.srcport", SourcePort, TCP, ""},
	{"tcp.dstport", DestinationPort, TCP, ""},
	{"udp.port", Port, UDP, ""},
	{"udp.srcport", SourcePort, UDP, ""},
	{"udp.dstport", DestinationPort, UDP, ""},
	{"frame.len", Length, 0, ""},
	{"process", Process, 0, ""},
	{"program", Process, 0, ""},
	{"site", Site, 0, ""},
}

// isShort reports whether f is one of the short words, after which values may follow without an operator.
func (f *fieldWord) isShort() bool { return strings.IndexByte(f.word, '.') < 0 }

// A bare word is a condition by itself.
type bareWord struct {
	word   string
	family Family // that there are ports of it; otherwise, that there are addresses
}

var bareWords = [...]bareWord{
	{"tcp", TCP}, {"udp", UDP},
	{"ip", 0}, {"ipv6", 0},
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
var protocolWords = [...]string{"tcp", "udp", "tcp+udp", "other", "none"}

// fieldOf is the field with a name in small letters.
func fieldOf(name string) *fieldWord {
	for i := range fieldWords {
		if fieldWords[i].word == name {
			return &fieldWords[i]
		}
	}
	return nil
}
