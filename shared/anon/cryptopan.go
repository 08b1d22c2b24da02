// Package anon replaces addresses by pseudonyms that keep prefixes: two addresses that share their first k bits, and no more,
// still do so afterwards. Hosts cannot be named without the key, yet networks still show.
//
// The scheme is Crypto-PAn: J. Xu, J. Fan, M. Ammar, S. Moon, "Prefix-preserving IP address anonymization", ICNP 2002. The paper
// defines IPv4; IPv6 is the same with 128 rounds, as other implementations do it.
//
// It gives pseudonyms, not anonymity: who can inject packets into the trace, or knows some of its hosts, learns about their
// neighbours too, because prefixes are kept.
package anon

import (
	"crypto/aes"
	"crypto/cipher"
)

// CryptoPAn maps addresses under one key. It remembers what it has mapped, so that a trace costs AES only once for each distinct
// address: 32 blocks for IPv4, 128 for IPv6. It is not safe for concurrent use; the same key gives the same mapping anywhere.
type CryptoPAn struct {
	cipher     cipher.Block
	pad        [aes.BlockSize]byte
	plain, out [aes.BlockSize]byte // scratch: local arrays would escape to the heap through the interface

	v4 map[uint32]uint32
	v6 map[[16]byte][16]byte
}

// maxCached bounds each cache, in addresses. A trace of a scan may hold millions: the cache then starts anew, which costs time
// but changes no result.
const maxCached = 1 << 18

// New is the mapping of key.
func New(key Key) *CryptoPAn {
	block, err := aes.NewCipher(key[:16])
	if err != nil {
		panic(err) // the only error is a key of the wrong size
	}
	c := &CryptoPAn{cipher: block, v4: map[uint32]uint32{}, v6: map[[16]byte][16]byte{}}
	copy(c.plain[:], key[16:])
	c.cipher.Encrypt(c.pad[:], c.plain[:])
	return c
}

// IPv4 maps an IPv4 address, given and returned as its big-endian value: 192.0.2.1 is 0xC0000201.
func (c *CryptoPAn) IPv4(address uint32) uint32 {
	if mapped, ok := c.v4[address]; ok {
		return mapped
	}
	b := [4]byte{byte(address >> 24), byte(address >> 16), byte(address >> 8), byte(address)}
	c.flip(b[:])
	mapped := bigEndian(b)
	if len(c.v4) >= maxCached {
		clear(c.v4)
	}
	c.v4[address] = mapped
	return mapped
}

// IPv6 maps an IPv6 address, in network order. IPv4-mapped addresses (::ffff:192.0.2.1) are IPv6 addresses here.
func (c *CryptoPAn) IPv6(address [16]byte) [16]byte {
	if mapped, ok := c.v6[address]; ok {
		return mapped
	}
	mapped := address
	c.flip(mapped[:])
	if len(c.v6) >= maxCached {
		clear(c.v6)
	}
	c.v6[address] = mapped
	return mapped
}

// flip is the scheme: bit i is flipped or not, as a function of the key and of the i original bits before it, and of nothing
// else. That alone makes the mapping keep prefixes and be one to one. The function is the first bit of an AES block whose
// plaintext is those i bits followed by the rest of the padding.
func (c *CryptoPAn) flip(address []byte) {
	c.plain = c.pad
	for i := range address {
		original, mapped := address[i], byte(0)
		for bit := byte(0x80); bit != 0; bit >>= 1 {
			c.cipher.Encrypt(c.out[:], c.plain[:])
			mapped |= original & bit
			if c.out[0]&0x80 != 0 {
				mapped ^= bit
			}
			c.plain[i] = c.plain[i]&^bit | original&bit // now the plaintext holds one original bit more
		}
		address[i] = mapped
	}
}

func bigEndian(b [4]byte) uint32 {
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}
