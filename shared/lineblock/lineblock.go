// Package lineblock cuts a stream of bytes into blocks of whole lines. It is the one place where input is cut, whether it comes
// from a file, a slice of a dropped file or the websocket.
package lineblock

import "bytes"

// MaxLine is the longest line, in bytes, that is kept: more than any dialect of ours needs, and a bound on what a file without
// newlines can make us hold. Longer lines are dropped and counted.
const MaxLine = 64 << 10

// A Buffer takes bytes in and gives whole lines out, without copying more than the unfinished line between two reads.
//
//	for {
//		n := read(b.Space(size))
//		use(b.Lines(n))
//	}
//	use(b.Rest())
type Buffer struct {
	buf     []byte
	spare   []byte
	tail    int  // buf[:tail] is the unfinished line
	drop    bool // inside a line that is too long
	TooLong int64
}

// Space is room for the next n bytes, to be filled from its beginning. It invalidates what Lines gave before.
func (b *Buffer) Space(n int) []byte {
	if need := b.tail + n; need > len(b.buf) {
		grown := make([]byte, n+max(b.tail, MaxLine)) // with room for any tail to come, so that it grows once
		copy(grown, b.buf[:b.tail])
		b.buf = grown
	}
	return b.buf[b.tail : b.tail+n]
}

// Lines accepts the first n bytes written to Space and returns every whole line, newlines included; the slice is valid until
// the next call of Space. What follows the last newline is kept for the next call.
func (b *Buffer) Lines(n int) []byte {
	end := b.tail + n
	cut := bytes.LastIndexByte(b.buf[b.tail:end], '\n') + 1
	if cut == 0 {
		b.tail = end
		if b.tail > MaxLine {
			b.drop, b.tail = true, 0
		}
		return nil
	}
	lines := b.buf[:b.tail+cut]
	if b.drop { // the first of them is the end of the line that was dropped
		b.drop = false
		b.TooLong++
		lines = lines[bytes.IndexByte(lines, '\n')+1:]
	}
	rest := b.buf[b.tail+cut : end]
	if len(rest) > MaxLine {
		b.drop, rest = true, nil
	}
	// The lines stay in use until Space is called, so the rest moves to the other buffer; the two take turns.
	b.buf, b.spare = b.spare, b.buf
	if len(b.buf) < len(b.spare) {
		b.buf = make([]byte, len(b.spare))
	}
	b.tail = copy(b.buf, rest)
	return lines
}

// Rest is the last line when the input did not end with a newline. The buffer is empty after it.
func (b *Buffer) Rest() []byte {
	rest := b.buf[:b.tail]
	if b.drop {
		b.TooLong++
		rest = nil
	}
	b.tail, b.drop = 0, false
	return rest
}
