package selection

// What people are told of the words of the language. Workers do without.

// fieldAbout is of the field words, in their order: what they mean, and an example. Examples are from the blocks that are kept for
// documentation, so that nobody's address is in them.
var fieldAbout = [len(fieldWords)]struct{ what, example string }{
	{"source or destination address or prefix", "host:192.0.2.1"},      // host
	{"source address or prefix", "src:192.0.2.1"},                      // src
	{"destination address or prefix", "dst:192.0.2.1"},                 // dst
	{"the same as host", "net:192.0.2.0/24"},                           // net
	{"TCP or UDP port at either end", "port:443"},                      // port
	{"TCP or UDP source port", "sport:443"},                            // sport
	{"TCP or UDP destination port", "dport:443"},                       // dport
	{"protocol, as in the list of protocols", "proto:udp"},             // proto
	{"length in bytes", "len:>1000"},                                   // len
	{"source or destination IPv4 address", "ip.addr == 192.0.2.1"},     // ip.addr
	{"source IPv4 address", "ip.src == 192.0.2.1"},                     // ip.src
	{"destination IPv4 address", "ip.dst == 192.0.2.1"},                // ip.dst
	{"source or destination IPv6 address", "ipv6.addr == 2001:db8::1"}, // ipv6.addr
	{"source IPv6 address", "ipv6.src == 2001:db8::1"},                 // ipv6.src
	{"destination IPv6 address", "ipv6.dst == 2001:db8::1"},            // ipv6.dst
	{"TCP port at either end", "tcp.port == 443"},                      // tcp.port
	{"TCP source port", "tcp.srcport == 443"},                          // tcp.srcport
	{"TCP destination port", "tcp.dstport == 443"},                     // tcp.dstport
	{"UDP port at either end", "udp.port == 443"},                      // udp.port
	{"UDP source port", "udp.srcport == 443"},                          // udp.srcport
	{"UDP destination port", "udp.dstport == 443"},                     // udp.dstport
	{"length in bytes", "frame.len > 1000"},                            // frame.len
	{"program that has the port of one end", "process:curl"},           // process
	{"the same as process", "program:curl"},                            // program
	{"site at one end, as it was registered", "site:example.org"},      // site
}

// example is a comparison with f.
func (f *fieldWord) example() string {
	for i := range fieldWords {
		if &fieldWords[i] == f {
			return fieldAbout[i].example
		}
	}
	return ""
}

var bareAbout = [len(bareWords)]string{
	"packets with TCP ports", "packets with UDP ports", "packets with an IPv4 address", "packets with an IPv6 address",
}

var protocolAbout = [len(protocolWords)]string{
	"TCP only, no tunnels", "UDP only, no tunnels", "tunnels with TCP and UDP ports", "IP without TCP and UDP, such as ICMP", "no IP, such as ARP",
}
