package stats

import "math/bits"

// A table maps 64-bit keys to numbers, by open addressing with linear probing: one multiplication and usually one cache line a
// look-up, where a Go map costs several times that in WebAssembly. The zero table is empty and ready.
type table struct {
	slots []slot
	used  int
	shift int
}

// A slot is free while its number is 0; numbers are stored plus one.
type slot struct {
	key    uint64
	number uint32
}

// index numbers keys 0, 1, 2 ... in the order of first sight.
func (t *table) index(key uint64) (i uint32, isNew bool) { return t.indexOr(key, uint32(t.used)) }

// indexOr gives a key's number, and gives a new key the number next.
func (t *table) indexOr(key uint64, next uint32) (i uint32, isNew bool) {
	if t.used*2 >= len(t.slots) {
		t.grow()
	}
	s := t.find(key)
	if s.number != 0 {
		return s.number - 1, false
	}
	*s = slot{key, next + 1}
	t.used++
	return next, true
}

func (t *table) find(key uint64) *slot {
	mask := len(t.slots) - 1
	for i := int(key * 0x9e3779b97f4a7c15 >> t.shift); ; i++ {
		if s := &t.slots[i&mask]; s.number == 0 || s.key == key {
			return s
		}
	}
}

func (t *table) grow() {
	old := t.slots
	t.slots = make([]slot, max(64, 2*len(old)))
	t.shift = 64 - bits.TrailingZeros(uint(len(t.slots)))
	for _, s := range old {
		if s.number != 0 {
			*t.find(s.key) = s
		}
	}
}

// each calls f for every key, in no particular order.
func (t *table) each(f func(key uint64, i uint32)) {
	for _, s := range t.slots {
		if s.number != 0 {
			f(s.key, s.number-1)
		}
	}
}
