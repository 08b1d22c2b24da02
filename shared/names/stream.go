package names

import (
	"encoding/binary"
	"net/netip"

	"tracelens/shared/decode"
)

// maxStreams is how many streams may be under way in each of TCP and UDP. With maxStream it bounds the memory of a Finder, whatever it is
// sent: some 5 MiB each. The oldest one is forgotten.
const maxStreams = 256

// streams are those whose beginning is not whole yet.
type streams struct {
	open  map[uint64]*stream // by hash
	clock uint64
	spare []*stream
}

// A stream is one direction of a connection.
type stream struct {
	pieces
	hash     uint64
	src, dst netip.AddrPort
	begun    uint64 // by the streams' clock
	kind     Kind
	base     uint32 // TCP's number of the first byte
	keys     *keys  // QUIC's
	told     bool   // QUIC's: its name is known
}

func (t *streams) find(hash uint64, s *decode.Segment) *stream {
	if len(t.open) == 0 {
		return nil
	}
	if st := t.open[hash]; st != nil && st.src == s.Src && st.dst == s.Dst {
		return st
	}
	return nil
}

// begin makes a stream in the place of any that has the same hash.
func (t *streams) begin(hash uint64, s *decode.Segment, kind Kind) *stream {
	if t.open == nil {
		t.open = make(map[uint64]*stream)
	}
	if old := t.open[hash]; old != nil {
		t.end(old)
	}
	if len(t.open) == maxStreams {
		oldest := (*stream)(nil)
		for _, st := range t.open {
			if oldest == nil || st.begun < oldest.begun {
				oldest = st
			}
		}
		t.end(oldest)
	}
	st := &stream{}
	if n := len(t.spare); n > 0 {
		st, t.spare = t.spare[n-1], t.spare[:n-1]
	}
	t.clock++
	*st = stream{pieces: st.pieces, hash: hash, src: s.Src, dst: s.Dst, begun: t.clock, kind: kind}
	st.clear()
	t.open[hash] = st
	return st
}

func (t *streams) end(st *stream) {
	delete(t.open, st.hash)
	st.keys = nil
	t.spare = append(t.spare, st)
}

// hash tells connections apart. Who makes two collide loses the name of one.
func hash(s *decode.Segment) uint64 {
	const k = 0x9e3779b97f4a7c15
	src, dst := s.Src.Addr().As16(), s.Dst.Addr().As16()
	le := binary.LittleEndian
	h := uint64(s.Src.Port())<<16 | uint64(s.Dst.Port())
	h = (h ^ le.Uint64(src[:])) * k
	h = (h ^ h>>29 ^ le.Uint64(src[8:])) * k
	h = (h ^ h>>29 ^ le.Uint64(dst[:])) * k
	h = (h ^ h>>29 ^ le.Uint64(dst[8:])) * k
	return h ^ h>>32
}
