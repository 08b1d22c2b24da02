package anon

import (
	"crypto/aes"
	"crypto/cipher"
)

// A flipper is a scheme that keeps prefixes: bit i of an address is flipped or not, as a function of the key and of the i bits before it, and
// of nothing else. That alone makes the mapping keep prefixes, and be one to one.
type flipper interface {
	// flip flips the bits of an address from bit from on.
	flip(address []byte, from int)
}

// cryptoPAn is J. Xu, J. Fan, M. Ammar, S. Moon, "Prefix-preserving IP address anonymization", ICNP 2002. The paper defines IPv4; IPv6 is the
// same with 128 bits, as other implementations do it.
type cryptoPAn struct {
	cipher     cipher.Block
	pad        [aes.BlockSize]byte
	plain, out [aes.BlockSize]byte // scratch: local arrays would escape to the heap through the interface
}

// newCryptoPAn takes 16 bytes of AES key, then 16 bytes of which the padding is made.
func newCryptoPAn(key Key) *cryptoPAn {
	c := &cryptoPAn{cipher: newAES(key[:16])}
	copy(c.plain[:], key[16:])
	c.cipher.Encrypt(c.pad[:], c.plain[:])
	return c
}

// flip decides by the first bit of an AES block, whose plaintext is the bits before, followed by the rest of the padding.
func (c *cryptoPAn) flip(address []byte, from int) {
	c.plain = c.pad
	for i := range 8 * len(address) {
		at, bit := i/8, byte(0x80)>>(i%8)
		original := address[at]
		if i >= from {
			c.cipher.Encrypt(c.out[:], c.plain[:])
			address[at] ^= c.out[0] >> 7 << (7 - i%8)
		}
		c.plain[at] = c.plain[at]&^bit | original&bit
	}
}

// pfx is ipcrypt-pfx of draft-denis-ipcrypt-13, section 6.
type pfx struct {
	first, second cipher.Block
	plain         [aes.BlockSize]byte
	one, two      [aes.BlockSize]byte
}

func newPfx(key Key) *pfx { return &pfx{first: newAES(key[:16]), second: newAES(key[16:])} }

// flip decides by the last bit of the sum of two AES blocks, whose plaintext is a one and then the bits before, at the right end. Those of an
// IPv4 address are preceded by the 96 of ::ffff:0:0.
func (x *pfx) flip(address []byte, from int) {
	x.plain = [aes.BlockSize]byte{15: 1}
	if len(address) == 4 {
		x.plain = [aes.BlockSize]byte{3: 1, 14: 0xff, 15: 0xff}
	}
	for i := range 8 * len(address) {
		at, shift := i/8, 7-i%8
		original := address[at] >> shift & 1
		if i >= from {
			x.first.Encrypt(x.one[:], x.plain[:])
			x.second.Encrypt(x.two[:], x.plain[:])
			address[at] ^= (x.one[15] ^ x.two[15]) & 1 << shift
		}
		for k := range x.plain[:15] {
			x.plain[k] = x.plain[k]<<1 | x.plain[k+1]>>7
		}
		x.plain[15] = x.plain[15]<<1 | original
	}
}

func newAES(key []byte) cipher.Block {
	block, err := aes.NewCipher(key)
	if err != nil {
		panic(err) // the only error is a key of the wrong size
	}
	return block
}
