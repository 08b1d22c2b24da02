package tracecsv

import (
	"math/bits"
	"unsafe"
)

// Eight bytes of text at a time, as one 64-bit number with the first byte lowest. WebAssembly has no registers to speak of and
// Go's loops are dear there: looking at each byte by itself took five times as long as this.

const (
	low  = 0x0101010101010101
	high = 0x8080808080808080
	zero = 0x30 * low // the digits 0
)

// load is the eight bytes from i on. The caller has made sure that b is as long, and every machine that we build for (amd64, arm64,
// wasm) loads the lowest byte first, from any address.
func load(b []byte, i int) uint64 {
	return *(*uint64)(unsafe.Add(unsafe.Pointer(unsafe.SliceData(b)), i))
}

// eightAt is the eight bytes at p + i.
func eightAt(p unsafe.Pointer, i int) uint64 { return *(*uint64)(unsafe.Add(p, i)) }

// firstNoDigit is the index of the first byte of w that is no digit, 8 if all are. digits is w with '0'..'9' made 0..9.
func firstNoDigit(w uint64) (i int, digits uint64) {
	digits = w ^ zero
	return bits.TrailingZeros64((digits+0x76*low|digits)&high) >> 3, digits // 10+0x76 is 0x80; carries go upwards only
}

// commasIn marks the commas of w: the lowest bit that is set is the highest of the first comma's byte. (The bits above that one mean
// nothing: borrows go upwards.)
func commasIn(w uint64) uint64 {
	w ^= ',' * low
	return (w - low) & ^w & high
}

// endsIn marks, in the same way, the bytes up to ',': what ends a cell, since an address has only digits, letters, colons and dots.
func endsIn(w uint64) uint64 { return ^((w | high) - (','+1)*low) &^ w & high }

// upTo keeps of w the bytes up to and including the one that the lowest bit of mark is in; all of it if mark is 0.
func upTo(w, mark uint64) uint64 { return w & (mark ^ (mark - 1)) }

// index is which byte the lowest bit of mark is in, 8 if mark is 0.
func index(mark uint64) int { return bits.TrailingZeros64(mark) >> 3 }

// number is the value of the first n bytes of digits, 1 <= n <= 8, most significant first.
func number(digits uint64, n int) uint64 { return eight(digits << (uint(64-8*n) & 63)) }

// eight is the value of eight digits, most significant in the lowest byte: pairs, then pairs of pairs, then both halves.
func eight(digits uint64) uint64 {
	digits = digits*10 + digits>>8
	return (digits&0x000000ff000000ff*(100+1000000<<32) + digits>>16&0x000000ff000000ff*(1+10000<<32)) >> 32
}

// digitsAtEnd is how many digits w ends with, in its highest bytes. digits is w with '0'..'9' made 0..9.
func digitsAtEnd(w uint64) (n int, digits uint64) {
	digits = w ^ zero
	return bits.LeadingZeros64((digits&^high+0x76*low|digits)&high) >> 3, digits
}

// noDigits is 0 if all bytes of digits are 0..9.
func noDigits(digits uint64) uint64 { return (digits + 0x76*low | digits) & high }

// lineEnds marks the newlines of w, as commasIn does the commas.
func lineEnds(w uint64) uint64 {
	w ^= '\n' * low
	return (w - low) & ^w & high
}
