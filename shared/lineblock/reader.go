package lineblock

import "io"

// Size is how many bytes a Reader reads at once. WebAssembly runs a function's optimised code from its next call on, so many
// short calls of a parser are faster than a long one.
const Size = 256 << 10

// A Reader gives the whole lines of an input, a block at a time.
type Reader struct {
	r      io.Reader
	buffer Buffer
	done   bool
}

// NewReader reads lines from r.
func NewReader(r io.Reader) *Reader { return &Reader{r: r} }

// Next returns whole lines, valid until the next call; only the last line of the input may lack its newline. n is the number of
// bytes read for it. A block may be empty before the end, since a line may be longer than a block. After the last one comes
// io.EOF; another error says why reading stopped, and the lines before it have been given out.
func (l *Reader) Next() (lines []byte, n int, err error) {
	if l.done {
		return nil, 0, io.EOF
	}
	n, err = io.ReadFull(l.r, l.buffer.Space(Size))
	lines = l.buffer.Lines(n)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		l.done = true
		if rest := l.buffer.Rest(); len(rest) > 0 {
			lines = append(append(make([]byte, 0, len(lines)+len(rest)), lines...), rest...)
		}
		err = nil
	}
	return lines, n, err
}

// TooLong is the number of lines dropped so far because they were longer than MaxLine.
func (l *Reader) TooLong() int64 { return l.buffer.TooLong }
