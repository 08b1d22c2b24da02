// Package names finds what hosts are called, in the packets that say it: answers of DNS and mDNS, the server names that TLS and QUIC clients
// ask for, HTTP's Host, and DHCP.
//
//	decode.Segment -> Add: by port or first bytes -> one file for each protocol -> called.Clean: is it a name? -> found
//	                        a part of something   -> stream.go: until it is whole, or forgotten
//
// Names are found in what a client sends to a server, or in what a DNS server at its port answers. What other servers send is not looked at.
package names

import (
	"encoding/binary"
	"net/netip"

	"tracelens/shared/called"
	"tracelens/shared/decode"
)

// What a name is stands in package called, which knows nothing of packets.
type (
	Kind = called.Kind
	Name = called.Name
)

const (
	DNS  = called.DNS
	MDNS = called.MDNS
	TLS  = called.TLS
	QUIC = called.QUIC
	HTTP = called.HTTP
	DHCP = called.DHCP
)

// A Finder finds names in one packet after the other; it belongs to one goroutine. Its memory is bounded: see stream.go.
type Finder struct {
	Refused int64 // what stood where a name should, and is none

	timeNS int64  // of the packet
	found  []Name // in it

	tcp, udp streams
	early    early
	dns      answers
	quic     opener
	scratch  []byte // of handshakes in several records
}

// New makes a Finder.
func New() *Finder { return &Finder{} }

const (
	portDNS      = 53
	portDHCP     = 67
	portDHCPUser = 68
	portMDNS     = 5353

	wellKnown = 1024 // ports below it are servers'
)

var be = binary.BigEndian

// Promising reports cheaply whether a packet between these ports could carry a name at all, so that callers can capture it whole. It says
// no to what servers at well-known ports send, but for DNS and DHCP: that is most of the bytes of most networks. TLS, QUIC and HTTP may be at
// any port, so that it says yes to all that clients send. Add finds nothing where it says no.
func Promising(tcp bool, src, dst uint16) bool {
	switch {
	case src >= wellKnown, src == portDNS:
		return true
	case tcp:
		return dst < wellKnown // who of the two is the server?
	}
	return src == portDHCP || src == portDHCPUser
}

// Add looks at a packet's payload and calls found with each name in it. Packets without names, which are nearly all, take some nanoseconds and
// no memory. It keeps nothing of s.
func (f *Finder) Add(timeNS int64, s *decode.Segment, found func(Name)) {
	src, dst := s.Src.Port(), s.Dst.Port()
	if !Promising(s.TCP, src, dst) || len(s.Data) == 0 {
		return
	}
	f.timeNS = timeNS
	switch {
	case s.TCP:
		f.addTCP(s)
	case src == portDNS:
		f.addDNS(s.Data, DNS)
	case src == portMDNS || dst == portMDNS:
		f.addDNS(s.Data, MDNS)
	case src == portDHCP || src == portDHCPUser:
		f.addDHCP(s.Data)
	default:
		f.addQUIC(s)
	}
	if len(f.found) == 0 {
		return
	}
	for _, n := range f.found { // only here, so that the caller's function needs no memory, either
		found(n)
	}
	clear(f.found)
	f.found = f.found[:0]
}

// name notes text for the caller, if it is a name.
func (f *Finder) name(address netip.Addr, kind Kind, text []byte) {
	if !address.IsValid() {
		return
	}
	clean, ok := called.Clean(text, kind)
	if !ok {
		f.Refused++
		return
	}
	f.found = append(f.found, Name{TimeNS: f.timeNS, Address: address, Kind: kind, Text: clean})
}

// answer is name for an address that the packet tells, rather than goes to: a server may answer with addresses that are nobody's.
func (f *Finder) answer(address netip.Addr, kind Kind, text []byte) {
	if address.IsUnspecified() || address.IsLoopback() || address.IsMulticast() {
		return
	}
	f.name(address, kind, text)
}
