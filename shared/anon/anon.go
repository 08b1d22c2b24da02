// Package anon replaces what names somebody in packets: addresses by pseudonyms, and, if that is wished, ports and times by coarser ones.
//
//	Recipe, Key -> Anonymiser -> Packet, Addr
//
// The schemes for addresses are ipcrypt-pfx and Crypto-PAn, which keep prefixes: two addresses that share their first k bits, and no more,
// still do so afterwards; keyed numbers, which keep nothing; and truncation, which leaves networks only. The same key gives the same
// pseudonyms, over files and days; another key gives others.
//
// Whatever the scheme, an address that means something by itself (broadcast, multicast, loopback, link-local) stays what it is; private ones
// may. Crypto-PAn and ipcrypt-pfx are used as they are published, so that others' programs give the same pseudonyms with the same key. These
// know nothing of special addresses, so that one in seven pseudonyms of IPv4 looks like one. A Recipe's Classes keeps everything in its class,
// which has a price where prefixes are kept: the leading bits that an address shares with a special range, and the one after, stay as they
// are (see frozen); of most addresses of the internet these are the first three.
//
// Crypto-PAn has a weakness that its paper does not tell of: what decides on a bit is, wherever the address and the padding agree, what decided
// on the bit before. So one address in 15 000 is its own pseudonym, where chance would be one in four billion; with Classes, one in some
// thousand of those near a special range. It is there for those who have to compare with what others' programs gave; ipcrypt-pfx is the usual
// one.
//
// It gives pseudonyms, not anonymity. Who can inject packets into the trace recognises them by their lengths, and knows the pseudonyms of
// their ends; where prefixes are kept, he learns about their neighbours too (Fan et al. 2004; Ribeiro et al. 2008; Burkhart et al. 2010).
package anon

import (
	"net/netip"

	"tracelens/shared/trace"
)

// An Anonymiser does what a Recipe says with one key. It remembers what it has mapped, so that a trace costs little more than looking up for
// all but the first packet of an address. It is not safe for concurrent use.
type Anonymiser struct {
	recipe    Recipe
	flipper   flipper    // of schemes that keep prefixes
	numbering *numbering // of Numbers
	v4, v6    int        // bits that Truncate keeps
	shiftNS   int64

	known4 map[uint32]uint32
	known6 map[[16]byte][16]byte
	// Those of the last packets: a map costs five times as much as a comparison, and most packets are of few hosts.
	last4 [256]struct{ address, pseudonym uint32 }
	has4  [256]bool
}

// maxKnown bounds each map, in addresses. A trace of a scan may hold millions: the map then starts anew, which costs time but changes no
// result.
const maxKnown = 1 << 18

// New is an Anonymiser. A recipe that is not Keyed takes no notice of the key. The errors are those of Check.
func New(r Recipe, key Key) (*Anonymiser, error) {
	if err := r.checkWidths(); err != nil {
		return nil, err
	}
	a := &Anonymiser{recipe: r, known4: map[uint32]uint32{}, known6: map[[16]byte][16]byte{}}
	switch r.Scheme {
	case CryptoPAn:
		a.flipper = newCryptoPAn(key)
	case Pfx:
		if !key.twoHalves() {
			return nil, ErrHalves
		}
		a.flipper = newPfx(key)
	case Numbers:
		a.numbering = newNumbering(key)
	}
	a.v4, a.v6 = r.widths()
	if r.Shift {
		a.shiftNS = shiftDays(key) * 24 * trace.Hour
	}
	return a, nil
}

// Packet replaces in p what the recipe says. dated says that its time counts from 1970, and not from an unknown start. If ok is false the
// packet has an address that has no pseudonym of its kind: it must not be shown to anybody.
func (a *Anonymiser) Packet(p *trace.Packet, dated bool) (ok bool) {
	ok = true
	for _, f := range [...]struct {
		has     trace.Column
		address *uint32
	}{{trace.IPSrc, &p.IPv4SrcAddr}, {trace.IPDst, &p.IPv4DstAddr}} {
		if p.Has.Has(f.has) {
			*f.address = a.IPv4(*f.address)
		} else {
			*f.address = 0
		}
	}
	for _, f := range [...]struct {
		has     trace.Column
		address *[16]byte
	}{{trace.IPv6Src, &p.IPv6SrcAddr}, {trace.IPv6Dst, &p.IPv6DstAddr}} {
		if p.Has.Has(f.has) {
			mapped, is := a.IPv6(*f.address)
			*f.address, ok = mapped, ok && is
		} else {
			*f.address = [16]byte{}
		}
	}
	a.ports(p)
	step, shift := a.Time()
	p.TimeNS = trace.Floor(p.TimeNS, step)
	if dated {
		p.TimeNS += shift
	}
	return ok
}

// Hour is what becomes of an hour, unix seconds: it names a file.
func (a *Anonymiser) Hour(hour int64) int64 { return hour + a.shiftNS/trace.Second }

// Addr is the pseudonym of an address, the zero Addr if it has none of its kind. A zone names an interface of the machine that wrote it, and
// such an address has none, either.
func (a *Anonymiser) Addr(address netip.Addr) netip.Addr {
	switch {
	case address.Is4():
		b := address.As4()
		return trace.IPv4(a.IPv4(uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])))
	case address.Is6() && address.Zone() == "":
		if mapped, ok := a.IPv6(address.As16()); ok {
			return netip.AddrFrom16(mapped)
		}
	}
	return netip.Addr{}
}

// IPv4 is the pseudonym of an IPv4 address, given and returned as its big-endian value: 192.0.2.1 is 0xC0000201.
func (a *Anonymiser) IPv4(address uint32) uint32 {
	at := address & 255
	if last := &a.last4[at]; a.has4[at] && last.address == address {
		return last.pseudonym
	}
	pseudonym, ok := a.known4[address]
	if !ok {
		b := [4]byte{byte(address >> 24), byte(address >> 16), byte(address >> 8), byte(address)}
		a.replace(b[:]) // there is always one
		pseudonym = uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
		if len(a.known4) >= maxKnown {
			clear(a.known4)
		}
		a.known4[address] = pseudonym
	}
	a.last4[at].address, a.last4[at].pseudonym, a.has4[at] = address, pseudonym, true
	return pseudonym
}

// IPv6 is the pseudonym of an IPv6 address in network order. An IPv4 address in IPv6's spelling (::ffff:192.0.2.1) gets the one that it has
// as itself. ok is false if truncation would make it mean something else.
func (a *Anonymiser) IPv6(address [16]byte) (pseudonym [16]byte, ok bool) {
	if pseudonym, ok = a.known6[address]; ok {
		return pseudonym, true
	}
	pseudonym = address
	if !a.replace(pseudonym[:]) {
		return [16]byte{}, false
	}
	if len(a.known6) >= maxKnown {
		clear(a.known6)
	}
	a.known6[address] = pseudonym
	return pseudonym, true
}

// replace makes an address of four or sixteen bytes its pseudonym.
func (a *Anonymiser) replace(address []byte) (ok bool) {
	c := find(address)
	switch {
	case c.treatment == embedded:
		return a.replace(address[12:])
	case c.treatment == kept, c.treatment == private && a.recipe.KeepPrivate:
		return true
	}
	switch a.recipe.Scheme {
	case Numbers:
		for a.numbering.permute(address, c); find(address) != c; { // it is one of another class
			a.numbering.permute(address, c)
		}
	case Truncate:
		bits := a.v6
		if len(address) == 4 {
			bits = a.v4
		}
		truncate(address, max(bits, c.bits))
		return find(address) == c
	default:
		from := 0
		if a.recipe.Classes {
			from = frozen(address)
		} else if c.treatment == within {
			from = c.bits
		}
		a.flipper.flip(address, from)
	}
	return true
}

// truncate leaves the first bits of an address.
func truncate(address []byte, bits int) {
	for i := range address {
		address[i] &^= byte(0xff >> min(8, max(0, bits-8*i)))
	}
}
