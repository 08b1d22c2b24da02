package names

import "slices"

const (
	maxStream = 16 << 10 // bytes of a stream that are looked at, from the beginning of what may have a name
	maxHoles  = 32       // Chrome cuts its ClientHello into some dozen pieces and shuffles them
)

// pieces is the beginning of a stream as it comes, in any order, and more than once.
type pieces struct {
	buf   []byte // with holes
	spans []span // what is there of it: in order, apart
}

type span struct{ from, to int }

// add puts b at its place. What lies beyond the limits is dropped.
func (p *pieces) add(at int, b []byte) {
	if at < 0 || at >= maxStream || len(b) == 0 {
		return
	}
	b = b[:min(len(b), maxStream-at)]
	s := span{at, at + len(b)}
	i := 0
	for i < len(p.spans) && p.spans[i].to < s.from {
		i++
	}
	k := i
	for k < len(p.spans) && p.spans[k].from <= s.to {
		k++
	}
	if i == k && len(p.spans) == maxHoles {
		return
	}
	if n := s.to - len(p.buf); n > 0 {
		p.buf = slices.Grow(p.buf, n)[:s.to]
	}
	copy(p.buf[at:], b)
	if i < k {
		s.from, s.to = min(s.from, p.spans[i].from), max(s.to, p.spans[k-1].to)
	}
	p.spans = slices.Replace(p.spans, i, k, s)
}

// beginning is what there is without a hole.
func (p *pieces) beginning() []byte {
	if len(p.spans) == 0 || p.spans[0].from > 0 {
		return nil
	}
	return p.buf[:p.spans[0].to]
}

// drop drops n bytes of the beginning.
func (p *pieces) drop(n int) {
	p.buf = p.buf[:copy(p.buf, p.buf[n:])]
	for i := range p.spans {
		p.spans[i].from, p.spans[i].to = p.spans[i].from-n, p.spans[i].to-n
	}
	if len(p.spans) > 0 {
		if p.spans[0].from = max(0, p.spans[0].from); p.spans[0].to <= 0 {
			p.spans = slices.Delete(p.spans, 0, 1)
		}
	}
}

func (p *pieces) clear() { p.buf, p.spans = p.buf[:0], p.spans[:0] }
