// Package called is what hosts are called, and which programs have ports: a name, who it is of and when it was, as a line of the files of names
// that lie beside hour files.
//
// A name of a host is what somebody said at a time, not what is true: a client may ask any address for any name, and many names may share one.
// That of a program is what the machine of the helper said, of its own ports.
package called

import "net/netip"

// A Kind is where a name was found: the protocol that said it, as a rule. Those of programs say of which protocol the port is.
type Kind uint8

const (
	DNS Kind = iota
	MDNS
	TLS
	QUIC
	HTTP
	DHCP
	Hosts // the helper's machine has it in its file of hosts
	TCP   // a program has the port
	UDP
)

var kinds = [...]string{DNS: "dns", MDNS: "mdns", TLS: "tls", QUIC: "quic", HTTP: "http", DHCP: "dhcp", Hosts: "hosts", TCP: "tcp", UDP: "udp"}

// OfPort reports whether names of a kind are those of programs that have a port.
func (k Kind) OfPort() bool { return k == TCP || k == UDP }

func (k Kind) String() string {
	if int(k) < len(kinds) {
		return kinds[k]
	}
	return "unknown"
}

// A Name is what an address was called at a time, or which program had one of its ports from then on.
type Name struct {
	TimeNS  int64
	Address netip.Addr
	Kind    Kind
	Port    uint16 // of a program
	Text    string // as Clean gives it; of a program as IsProgram wants it, or Nobody
}
