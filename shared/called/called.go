// Package called is what hosts are called: a name, who it is of and when it was, as a line of the files of names that lie beside hour files.
//
// A name is what somebody said at a time, not what is true: a client may ask any address for any name, and many names may share one.
package called

import "net/netip"

// A Kind is where a name was found: the protocol that said it, as a rule.
type Kind uint8

const (
	DNS Kind = iota
	MDNS
	TLS
	QUIC
	HTTP
	DHCP
	Hosts // the helper's machine has it in its file of hosts
)

var kinds = [...]string{DNS: "dns", MDNS: "mdns", TLS: "tls", QUIC: "quic", HTTP: "http", DHCP: "dhcp", Hosts: "hosts"}

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
