package lineblock

import (
	"bytes"
	"io"
	"math"
)

// Size is how many bytes a Reader reads at once, at most. WebAssembly runs a function's optimised code from its next call on, so many
// short calls of a parser are faster than a long one.
const Size = 256 << 10

// A Reader gives the whole lines of an input, or of a slice of one, a block at a time.
type Reader struct {
	r      io.Reader
	buffer Buffer
	at, to int64 // offset in the input of the next byte to be read; lines that begin from to on are not the slice's
	inside bool  // inside a line that began before the slice
	done   bool

	before, after bool // of the last block: see Dropped
}

// NewReader reads lines from r.
func NewReader(r io.Reader) *Reader { return &Reader{r: r, to: math.MaxInt64} }

// NewSliceReader reads the lines that begin in the bytes from..to of an input, whole, so that slices which meet give every line once.
// r begins at Before(from) and goes on past to, to After(to) at least or the end of the input.
func NewSliceReader(r io.Reader, from, to int64) *Reader {
	return &Reader{r: r, at: Before(from), to: to, inside: from > 0, done: from >= to}
}

// Before is where a slice's reader must begin: one byte earlier, if there is one, which tells whether a line begins at from.
func Before(from int64) int64 { return max(0, from-1) }

// After is where a slice's reader may end, if the input does not before: whatever line begins before to has ended there, or is too long.
func After(to int64) int64 { return to + MaxLine }

// Next returns whole lines, valid until the next call; only the last line of the input may lack its newline. n is the number of
// bytes read for it. A block may be empty before the end, since a line may be longer than a block. After the last one comes
// io.EOF; another error says why reading stopped, and the lines before it have been given out.
func (l *Reader) Next() (lines []byte, n int, err error) {
	if l.done {
		return nil, 0, io.EOF
	}
	l.before, l.after = false, false
	space := l.buffer.Space(Size)
	n, err = l.r.Read(space) // as much as there is: waiting for more would leave a processor idle
	ended := err == io.EOF
	if ended {
		err = nil
	}
	at, own := l.at, space[:n]
	l.at += int64(n)
	if l.inside {
		newline := bytes.IndexByte(own, '\n')
		at += int64(newline + 1)
		if newline < 0 || at >= l.to { // no line has begun, or none of ours will
			l.done = ended || newline >= 0 || l.at >= l.to
			return nil, n, err
		}
		l.inside = false
		own = own[:copy(own, own[newline+1:])]
	}
	if past := l.to - 1 - at; past < int64(len(own)) { // our last line ends with the first newline from here on
		first := int(max(0, past))
		if newline := bytes.IndexByte(own[first:], '\n'); newline >= 0 {
			l.done = true
			return l.lines(first + newline + 1), n, err
		}
	}
	lines = l.lines(len(own))
	if ended || l.at-l.to > MaxLine { // in the latter case the last line is too long, wherever it ends
		l.done = true
		dropped := l.buffer.TooLong
		rest := l.buffer.Rest()
		l.after = l.buffer.TooLong > dropped
		if len(rest) > 0 {
			lines = append(append(make([]byte, 0, len(lines)+len(rest)), lines...), rest...)
		}
	}
	return lines, n, err
}

func (l *Reader) lines(n int) []byte {
	dropped := l.buffer.TooLong
	lines := l.buffer.Lines(n)
	l.before = l.buffer.TooLong > dropped
	return lines
}

// Dropped reports whether a line that was longer than MaxLine ended before the lines that Next has given last, and whether one came after
// them: with the lines given, these are all there are.
func (l *Reader) Dropped() (before, after bool) { return l.before, l.after }

// At is where in the input the first line begins that has not been given out yet. It is beyond a slice of which every line has been.
func (l *Reader) At() int64 { return l.at - int64(l.buffer.tail) }

// TooLong is the number of lines dropped so far because they were longer than MaxLine.
func (l *Reader) TooLong() int64 { return l.buffer.TooLong }
