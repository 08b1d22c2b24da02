package anon

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"hash"
)

// rounds of the network: as many as FF1 has (NIST SP 800-38G), which is of the same build with AES for HMAC.
const rounds = 10

// A numbering gives the addresses of a class keyed numbers: a permutation of all the numbers that its free bits can have, so that no two
// addresses get the same, however many there are, and no list of the given ones is needed. The number is written as an address of the class,
// for every tool to read. Of prefixes nothing is left.
//
// It is a Feistel network over the free bits, in halves, with HMAC-SHA-256 as the function of its rounds.
type numbering struct {
	mac     hash.Hash
	message [2 + 16 + 8]byte // family and round, prefix of the class, half
	sum     [sha256.Size]byte
}

func newNumbering(key Key) *numbering { return &numbering{mac: hmac.New(sha256.New, key[:])} }

// permute replaces the bits of an address that follow its class's prefix.
func (n *numbering) permute(address []byte, c *class) {
	var whole [16]byte
	copy(whole[16-len(address):], address)
	high, low := binary.BigEndian.Uint64(whole[:8]), binary.BigEndian.Uint64(whole[8:])
	free := 8*len(address) - c.bits
	right := (free + 1) / 2 // bits of the half
	a, b := high<<(64-right)|low>>right, low&ones(right)
	widthA, widthB := free-right, right
	a &= ones(widthA)
	n.message[0] = byte(len(address))
	copy(n.message[2:], c.address[:])
	for round := range rounds {
		n.message[1] = byte(round)
		binary.BigEndian.PutUint64(n.message[18:], b)
		n.mac.Reset()
		n.mac.Write(n.message[:])
		a ^= binary.BigEndian.Uint64(n.mac.Sum(n.sum[:0])) & ones(widthA)
		a, b = b, a
		widthA, widthB = widthB, widthA
	}
	// The halves are as wide as before, since the rounds are even in number.
	high = high&^ones(max(0, free-64)) | a>>(64-right)
	low = low&^ones(min(64, free)) | a<<right | b
	binary.BigEndian.PutUint64(whole[:8], high)
	binary.BigEndian.PutUint64(whole[8:], low)
	copy(address, whole[16-len(address):])
}

// ones is a number of n ones, up to 64.
func ones(n int) uint64 { return 1<<n - 1 }
