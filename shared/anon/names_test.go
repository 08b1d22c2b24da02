package anon

import (
	"math/rand/v2"
	"testing"
)

// TestNumbersPermute: keyed numbers are a permutation of every width, not only of those that classes have.
func TestNumbersPermute(t *testing.T) {
	n := newNumbering(NewKey())
	for bits := 16; bits <= 32; bits++ {
		c := &class{bits: bits}
		seen := map[[4]byte]bool{}
		for i := range uint32(1) << (32 - bits) {
			b := [4]byte{0, 0, byte(i >> 8), byte(i)}
			if bits < 32 {
				n.permute(b[:], c)
			}
			if common(b[:], make([]byte, 4)) < bits {
				t.Fatalf("/%d: %v has left it", bits, b)
			}
			seen[b] = true
		}
		if len(seen) != 1<<(32-bits) {
			t.Errorf("/%d: %d numbers for %d", bits, len(seen), 1<<(32-bits))
		}
	}
	r := rand.New(rand.NewPCG(3, 3))
	for bits := range 100 { // what is too wide to try all of: the bits before stay, and every one after depends on each
		c, changed := &class{bits: bits}, [16]byte{}
		var first [16]byte
		for i := range first {
			first[i] = byte(r.Uint32())
		}
		image := first
		n.permute(image[:], c)
		if common(image[:], first[:]) < bits {
			t.Fatalf("/%d: a bit before has changed", bits)
		}
		for range 64 {
			other := first
			at := bits + r.IntN(128-bits)
			other[at/8] ^= 0x80 >> (at % 8)
			n.permute(other[:], c)
			for i := range changed {
				changed[i] |= other[i] ^ image[i]
			}
		}
		for i := bits; i < 128; i++ {
			if changed[i/8]&(0x80>>(i%8)) == 0 {
				t.Errorf("/%d: bit %d never changed", bits, i)
			}
		}
	}
}
