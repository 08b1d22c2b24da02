package dict

import (
	"encoding/binary"
	"math/bits"
	"net/netip"
)

// MaxLongText is the longest text that LongText takes: an IPv6 address of eight groups of four digits.
const MaxLongText = 39

// longTexts are the texts of IPv6 addresses and their numbers, as shortText is for IPv4. The zero value is ready.
type longTexts struct {
	slots []longText // at most half full
	used  int
}

type longText struct {
	text   [5]uint64
	number uint32
}

// LongText is the number of the IPv6 address that text spells; 0 if it spells none, has a zone or is longer than MaxLongText.
func (e *Endpoints) LongText(text []byte) uint32 {
	if len(text) > MaxLongText {
		return 0
	}
	var bytes [40]byte
	copy(bytes[:], text)
	var words [5]uint64
	for i := range words {
		words[i] = binary.LittleEndian.Uint64(bytes[8*i:])
	}
	return e.LongWords(&words, len(text))
}

// LongWords is LongText for a text that is in words already: little-endian, with zeros after its size, which is at most
// MaxLongText.
func (e *Endpoints) LongWords(words *[5]uint64, size int) uint32 {
	words[4] |= uint64(size) << 56 // tells a text from one with zero bytes after it
	l := &e.long
	if l.used*2 >= len(l.slots) {
		l.grow()
	}
	s := l.find(words)
	if s.number == 0 {
		if s.number = e.newLong(words, size); s.number != 0 {
			s.text = *words
			l.used++
		}
	}
	return s.number
}

func (e *Endpoints) newLong(words *[5]uint64, size int) uint32 {
	var bytes [40]byte
	for i, w := range words {
		binary.LittleEndian.PutUint64(bytes[8*i:], w)
	}
	a, err := netip.ParseAddr(string(bytes[:size]))
	if err != nil || !a.Is6() || a.Zone() != "" {
		return 0
	}
	return e.Number(a)
}

// find is the slot of a text, or the free one where it belongs.
func (l *longTexts) find(text *[5]uint64) *longText {
	mask := len(l.slots) - 1
	h := hash(hash(text[0], text[1])^bits.RotateLeft64(hash(text[2], text[3]), 31), text[4])
	for i := int(h >> (64 - bits.TrailingZeros(uint(len(l.slots))))); ; i++ {
		if s := &l.slots[i&mask]; s.number == 0 || s.text == *text {
			return s
		}
	}
}

func (l *longTexts) grow() {
	old := l.slots
	l.slots = make([]longText, max(64, 2*len(old)))
	for i := range old {
		if old[i].number != 0 {
			*l.find(&old[i].text) = old[i]
		}
	}
}
