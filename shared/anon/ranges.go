package anon

import (
	"math/bits"
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

// The addresses that mean something by themselves: RFC 6890 and IANA's registries of special-purpose and multicast addresses. Ranges that
// only say who has them (documentation, benchmarks, 6to4, Teredo) are ordinary: that they are near others shows as it does of any network.
//
// Multicast and what concerns one machine only names no host, and stays. Link-local addresses name one, and of IPv6 often its card's number:
// they become others of their kind. So do multicast groups that end in a host's last 24 bits (RFC 4291, solicited-node).
var (
	special4 = []class{
		{[16]byte{}, 8, kept}, // this network: unspecified
		{[16]byte{10}, 8, private},
		{[16]byte{100, 64}, 10, private}, // shared by a carrier's customers
		{[16]byte{127}, 8, kept},         // loopback
		{[16]byte{169, 254}, 16, within}, // link-local
		{[16]byte{172, 16}, 12, private},
		{[16]byte{192, 168}, 16, private},
		{[16]byte{224}, 4, kept},                 // multicast
		{[16]byte{240}, 4, kept},                 // reserved
		{[16]byte{255, 255, 255, 255}, 32, kept}, // broadcast
	}
	special6 = []class{
		{[16]byte{}, 128, kept},                           // ::, unspecified
		{[16]byte{15: 1}, 128, kept},                      // ::1, loopback
		{[16]byte{}, 96, embedded},                        // ::192.0.2.1
		{[16]byte{10: 0xff, 11: 0xff}, 96, embedded},      // ::ffff:192.0.2.1, an IPv4 address in IPv6's spelling
		{[16]byte{0, 0x64, 0xff, 0x9b}, 96, embedded},     // 64:ff9b::192.0.2.1, the same behind NAT64
		{[16]byte{0x20}, 3, ordinary},                     // 2000::, the internet's
		{[16]byte{0xfc}, 7, private},                      // fc00::
		{[16]byte{0xfe, 0x80}, 10, within},                // fe80::, link-local
		{[16]byte{0xff}, 8, kept},                         // ff00::, multicast
		{[16]byte{0xff, 2, 11: 1, 12: 0xff}, 104, within}, // ff02::1:ff00:0, a host's
	}
	ordinary4, ordinary6 = class{}, class{}
)

// find is the class of an address of four or sixteen bytes: of the ranges that it is in, the smallest.
func find(address []byte) *class {
	list, found := special6, &ordinary6
	if len(address) == 4 {
		list, found = special4, &ordinary4
	}
	for i := range list {
		if c := &list[i]; c.bits > found.bits && common(address, c.address[:]) >= c.bits {
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
	for i := range list {
		c := &list[i]
		n = max(n, min(common(address, c.address[:])+1, c.bits))
	}
	return n
}
