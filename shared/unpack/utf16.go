package unpack

import (
	"encoding/binary"
	"io"
	"unicode/utf16"
	"unicode/utf8"
)

// A utf16Reader gives UTF-16 text as UTF-8.
type utf16Reader struct {
	r     io.Reader
	order binary.ByteOrder
	in    []byte // read, of a character that has not been read to its end
	out   []byte // not given yet
	space []byte // of out
	err   error
}

// newUTF16 reads from r, which begins with a byte order mark.
func newUTF16(r io.Reader, big bool) *utf16Reader {
	u := &utf16Reader{r: r, order: binary.LittleEndian, in: make([]byte, 0, 32<<10)}
	if big {
		u.order = binary.BigEndian
	}
	_, u.err = io.ReadFull(r, make([]byte, 2))
	return u
}

func (u *utf16Reader) Read(b []byte) (int, error) {
	for len(u.out) == 0 {
		if u.err != nil {
			return 0, u.err
		}
		n, err := u.r.Read(u.in[len(u.in):cap(u.in)])
		u.in = u.in[:len(u.in)+n]
		u.decode()
		if u.err = err; err == io.EOF && len(u.in) > 0 {
			u.err = problem("the UTF-16 text ends within a character: the file was not copied or written to its end. Get all of it, and choose it again")
		}
	}
	n := copy(b, u.out)
	u.out = u.out[n:]
	return n, nil
}

// decode turns what is in into what is out, but for the beginning of a character.
func (u *utf16Reader) decode() {
	u.space = u.space[:0]
	i := 0
	for ; i+2 <= len(u.in); i += 2 {
		c := rune(u.order.Uint16(u.in[i:]))
		if utf16.IsSurrogate(c) {
			if c < 0xdc00 { // the first half of a pair
				if i+4 > len(u.in) {
					break
				}
				if pair := utf16.DecodeRune(c, rune(u.order.Uint16(u.in[i+2:]))); pair != utf8.RuneError {
					u.space = utf8.AppendRune(u.space, pair)
					i += 2
					continue
				}
			}
			c = utf8.RuneError
		}
		u.space = utf8.AppendRune(u.space, c)
	}
	u.in = u.in[:copy(u.in, u.in[i:])]
	u.out = u.space
}
