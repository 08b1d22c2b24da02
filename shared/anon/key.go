package anon

import (
	"crypto/rand"
	"errors"
	"strings"
)

// A Key decides the whole mapping: of Crypto-PAn it is an AES-128 key and 16 bytes of which the padding is made, of ipcrypt-pfx two AES-128 keys,
// of keyed numbers and of the shift of times one of HMAC-SHA-256. Whoever has the key can undo the mapping, so it is kept apart from what was
// anonymised with it.
type Key [32]byte

// ErrKey is returned by ParseKey. The text is for the user.
var ErrKey = errors.New("the key must be 64 hexadecimal digits (0-9, a-f), as 32 bytes are written")

// ErrHalves is returned by New. The text is for the user.
var ErrHalves = errors.New("the two halves of a key for ipcrypt-pfx must differ")

func (k *Key) twoHalves() bool { return [16]byte(k[:16]) != [16]byte(k[16:]) }

// NewKey is a key from the system's random source.
func NewKey() (k Key) {
	rand.Read(k[:]) // never fails: without a random source the program ends
	return k
}

// ParseKey reads a key from its 64 hexadecimal digits, of either case. Spaces and newlines around them are ignored, since keys
// are pasted. Any other text gives ErrKey.
func ParseKey(text string) (k Key, err error) {
	text = strings.TrimSpace(text)
	if len(text) != 2*len(k) {
		return Key{}, ErrKey
	}
	for i := range text {
		digit := strings.IndexByte(hexDigits, text[i]|' ') // |' ' makes a letter lower case and leaves a digit alone
		if digit < 0 || text[i] < '0' {
			return Key{}, ErrKey
		}
		k[i/2] = k[i/2]<<4 | byte(digit)
	}
	return k, nil
}

// String is the key's 64 lower-case hexadecimal digits: what ParseKey reads.
func (k Key) String() string {
	text := make([]byte, 0, 2*len(k))
	for _, b := range k {
		text = append(text, hexDigits[b>>4], hexDigits[b&15])
	}
	return string(text)
}

const hexDigits = "0123456789abcdef" // encoding/hex would bring fmt into the worker
