// Package dict numbers what repeats in a trace, so that a packet can be kept in a few bytes and counted by adding to an array:
// its addresses (endpoints), the conversations that they have, and, for a stretch of the trace at a time, the flows of these.
//
// Of endpoints and conversations, numbers are given at first sight, from 1 on; 0 means none. Dictionaries only grow, so what was said of a number stays true, and
// a copy elsewhere follows by hearing what was added (AppendSince, Apply).
package dict

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"math/rand/v2"
	"net/netip"
)

// Endpoints numbers addresses. The zero value is not ready: use NewEndpoints.
//
// An address is looked up by the bytes of its text: a cell of a file is then one or two loads, a multiplication and a comparison,
// where reading its digits and looking up their value takes several times that. Only a text not seen before is read as an address.
type Endpoints struct {
	addrs [][16]byte // by number; IPv4 addresses as ::ffff:a.b.c.d
	is4   []bool     // by number
	byKey map[key]uint32
	short []shortText // IPv4 texts, at most half full
	shift int         // of a hash, to an index of short
	used  int         // of short
	long  longTexts
}

// A shortText is a slot for a text of up to 16 bytes. It is free while its number is 0.
type shortText struct {
	lo, hi uint64
	number uint32
}

type key struct {
	addr [16]byte
	is4  bool
}

// The seeds make the tables' order unknown to whoever made a file, so that no file can have all its addresses collide.
var seedA, seedB = rand.Uint64() | 1, rand.Uint64() | 1

// NewEndpoints is a dictionary without addresses.
func NewEndpoints() *Endpoints {
	e := &Endpoints{addrs: make([][16]byte, 1), is4: make([]bool, 1), byKey: map[key]uint32{}}
	e.grow(256)
	return e
}

// Len is one more than the highest number given.
func (e *Endpoints) Len() int { return len(e.addrs) }

// Bytes is about how much memory the dictionary takes.
func (e *Endpoints) Bytes() int64 {
	return int64(cap(e.addrs))*17 + int64(len(e.byKey))*40 + int64(len(e.short))*24 + int64(len(e.long.slots))*48
}

// Addr is the address with the number n, which must have been given.
func (e *Endpoints) Addr(n uint32) netip.Addr {
	a := netip.AddrFrom16(e.addrs[n])
	if e.is4[n] {
		return a.Unmap()
	}
	return a
}

// Number is the number of a, 0 for the zero Addr. An IPv4 address and the IPv6 address that maps it are two.
func (e *Endpoints) Number(a netip.Addr) uint32 {
	if !a.IsValid() {
		return 0
	}
	k := key{a.As16(), a.Is4()}
	n := e.byKey[k]
	if n == 0 {
		n = uint32(len(e.addrs))
		e.addrs, e.is4 = append(e.addrs, k.addr), append(e.is4, k.is4)
		e.byKey[k] = n
	}
	return n
}

// Guess is ShortText where that takes a single look, otherwise 0. It is for inlining: a call costs as much as the look.
func (e *Endpoints) Guess(lo, hi uint64) uint32 {
	if s := &e.short[hash(lo, hi)>>(e.shift&63)]; s.lo == lo && s.hi == hi {
		return s.number
	}
	return 0
}

// ShortText is the number of the IPv4 address whose text and the comma after it are the bytes of lo and then of hi, little-endian,
// followed by zeros. It is 0 if they spell none. (The comma tells a text from one with zero bytes after it.)
func (e *Endpoints) ShortText(lo, hi uint64) uint32 {
	mask := len(e.short) - 1
	i := int(hash(lo, hi) >> (e.shift & 63))
	for ; ; i++ {
		s := &e.short[i&mask]
		if s.lo == lo && s.hi == hi {
			return s.number // also of a free slot, for no text at all
		}
		if s.number == 0 {
			return e.newShort(i&mask, lo, hi)
		}
	}
}

// hash mixes two words; its upper bits are the good ones.
func hash(lo, hi uint64) uint64 { return (lo ^ bits.RotateLeft64(hi*seedA, 32)) * seedB }

func (e *Endpoints) newShort(slot int, lo, hi uint64) uint32 {
	var text [16]byte
	binary.LittleEndian.PutUint64(text[:8], lo)
	binary.LittleEndian.PutUint64(text[8:], hi)
	cell, ended := bytes.CutSuffix(bytes.TrimRight(text[:], "\x00"), []byte(","))
	a, err := netip.ParseAddr(string(cell))
	if err != nil || !a.Is4() || !ended {
		return 0
	}
	number := e.Number(a)
	e.short[slot] = shortText{lo, hi, number}
	if e.used++; e.used*4 > len(e.short)*3 {
		e.grow(2 * len(e.short))
	}
	return number
}

// grow puts the texts into more slots in the order of first sight: what is frequent comes early, and so into the slot where Guess
// looks.
func (e *Endpoints) grow(size int) {
	byNumber := make([]shortText, len(e.addrs)) // an IPv4 address has one spelling only
	for _, s := range e.short {
		byNumber[s.number] = s
	}
	e.short = make([]shortText, size)
	e.shift = 64 - bits.TrailingZeros(uint(size))
	for _, s := range byNumber {
		if s.number == 0 {
			continue
		}
		i := int(hash(s.lo, s.hi) >> e.shift)
		for e.short[i&(size-1)].number != 0 {
			i++
		}
		e.short[i&(size-1)] = s
	}
}

// Lookup is the number of a, if it has been given one.
func (e *Endpoints) Lookup(a netip.Addr) (number uint32, ok bool) {
	number, ok = e.byKey[key{a.As16(), a.Is4()}]
	return number, ok
}
