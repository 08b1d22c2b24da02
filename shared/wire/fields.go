package wire

import "encoding/binary"

func appendText(b []byte, s string) []byte {
	return append(binary.AppendVarint(b, int64(len(s))), s...)
}

func appendBool(b []byte, v bool) []byte {
	if v {
		return append(b, 1)
	}
	return append(b, 0)
}

func appendPositions(b []byte, ps []Position) []byte {
	b = binary.AppendVarint(b, int64(len(ps)))
	for _, p := range ps {
		b = binary.AppendVarint(binary.AppendVarint(b, p.Hour), p.Offset)
	}
	return b
}

// A reader takes fields off a message. After the first failure it gives zero values, and close reports it.
type reader struct {
	rest   []byte
	failed bool
}

func open(b []byte, k Kind) *reader {
	if KindOf(b) != k {
		return &reader{failed: true}
	}
	return &reader{rest: b[1:]}
}

func (r *reader) fail() { r.rest, r.failed = nil, true }

func (r *reader) int() int64 {
	v, n := binary.Varint(r.rest)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.rest = r.rest[n:]
	return v
}

func (r *reader) bool() bool {
	if len(r.rest) == 0 {
		r.fail()
		return false
	}
	v := r.rest[0] != 0
	r.rest = r.rest[1:]
	return v
}

func (r *reader) text() string {
	n := r.int()
	if n < 0 || n > int64(len(r.rest)) {
		r.fail()
		return ""
	}
	s := string(r.rest[:n])
	r.rest = r.rest[n:]
	return s
}

func (r *reader) positions() []Position {
	n := r.int()
	if n < 0 || n > int64(len(r.rest))/2 { // each takes two bytes at least, so a lie about n costs no memory
		r.fail()
		return nil
	}
	ps := make([]Position, 0, n)
	for range n {
		ps = append(ps, Position{r.int(), r.int()})
	}
	return ps
}

// close reports whether every field was there and nothing was left over.
func (r *reader) close() error {
	if r.failed || len(r.rest) != 0 {
		return ErrShort
	}
	return nil
}
