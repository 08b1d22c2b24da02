// Package called is what hosts are called: a name, who it is of and when it was, as a line of the files of names that lie beside hour files.
//
// A name is what somebody said at a time, not what is true: a client may ask any address for any name, and many names may share one.
package called

import "net/netip"

// A Kind is the protocol that a name was found in.
type Kind uint8

const (
	DNS Kind = iota
	MDNS
	TLS
	QUIC
	HTTP
	DHCP
)

var kinds = [...]string{DNS: "dns", MDNS: "mdns", TLS: "tls", QUIC: "quic", HTTP: "http", DHCP: "dhcp"}

func (k Kind) String() string {
	if int(k) < len(kinds) {
		return kinds[k]
	}
	return "unknown"
}

// A Name is what an address was called at a time.
type Name struct {
	TimeNS  int64
	Address netip.Addr
	Kind    Kind
	Text    string // as Clean gives it
}
