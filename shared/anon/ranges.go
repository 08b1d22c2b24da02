package anon

import (
	"math/bits"
	"net/netip"
)

// A treatment is what becomes of the addresses of a range.
type treatment uint8

const (
	ordinary treatment = iota // what the scheme makes of it
	private                   // the same, or the address itself, as is wished
	within                    // another address of the range
	kept                      // the address itself
	embedded                  // an IPv4 address is in the last four bytes, and is treated as that
)

// A class is addresses that mean the same. Those that are in none of the lists' ranges are the ordinary addresses of their family, and a
// class too.
type class struct {
	address   [16]byte // of IPv4, the first four bytes
	bits      int      // of the prefix
	treatment treatment
}

func classOf(prefix string, t treatment) *class {
	p := netip.MustParsePrefix(prefix)
	c := &class{bits: p.Bits(), treatment: t}
	copy(c.address[:], p.Addr().AsSlice())
	return c
}

// The addresses that mean something by themselves: RFC 6890 and IANA's registries of special-purpose and multicast addresses. Ranges that
// only say who has them (documentation, benchmarks, 6to4, Teredo) are ordinary: that they are near others shows as it does of any network.
//
// Multicast and what concerns one machine only names no host, and stays. Link-local addresses name one, and of IPv6 often its card's number:
// they become others of their kind. So do multicast groups that end in a host's last 24 bits (RFC 4291, solicited-node).
var (
	special4 = []*class{
		classOf("0.0.0.0/8", kept), // this network: unspecified
		classOf("10.0.0.0/8", private),
		classOf("100.64.0.0/10", private), // shared by a carrier's customers
		classOf("127.0.0.0/8", kept),      // loopback
		classOf("169.254.0.0/16", within), // link-local
		classOf("172.16.0.0/12", private),
		classOf("192.168.0.0/16", private),
		classOf("224.0.0.0/4", kept),        // multicast
		classOf("240.0.0.0/4", kept),        // reserved
		classOf("255.255.255.255/32", kept), // broadcast
	}
	special6 = []*class{
		classOf("::/128", kept),  // unspecified
		classOf("::1/128", kept), // loopback
		classOf("::/96", embedded),
		classOf("::ffff:0:0/96", embedded), // an IPv4 address, in IPv6's spelling
		classOf("64:ff9b::/96", embedded),  // the same, behind NAT64
		classOf("2000::/3", ordinary),      // of the internet
		classOf("fc00::/7", private),
		classOf("fe80::/10", within), // link-local
		classOf("ff00::/8", kept),    // multicast
		classOf("ff02::1:ff00:0/104", within),
	}
	ordinary4, ordinary6 = &class{}, &class{}
)

// find is the class of an address of four or sixteen bytes: of the ranges that it is in, the smallest.
func find(address []byte) *class {
	list, found := special6, ordinary6
	if len(address) == 4 {
		list, found = special4, ordinary4
	}
	for _, c := range list {
		if c.bits > found.bits && common(address, c.address[:]) >= c.bits {
			found = c
		}
	}
	return found
}

// common is how many bits two addresses have in common before the first that differs.
func common(a, b []byte) (n int) {
	for i := range a {
		if d := a[i] ^ b[i]; d != 0 {
			return n + bits.LeadingZeros8(d)
		}
		n += 8
	}
	return n
}

// frozen is how many bits of an address a mapping that keeps prefixes has to leave as they are, so that every class stays where it is: up to
// and with the first bit in which the address differs from a class's prefix. No mapping that keeps prefixes and classes can do with fewer:
// an address that leaves a class's prefix at the twelfth bit has the first eleven in common with it, and must have them afterwards, and not
// the twelfth.
func frozen(address []byte) (n int) {
	list := special6
	if len(address) == 4 {
		list = special4
	}
	for _, c := range list {
		n = max(n, min(common(address, c.address[:])+1, c.bits))
	}
	return n
}
