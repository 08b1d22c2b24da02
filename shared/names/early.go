package names

import "tracelens/shared/decode"

const (
	earlyFlows    = 512
	earlySegments = 32
	earlyEach     = 4       // segments of one connection
	earlyBytes    = 2 << 10 // of a segment
)

// early keeps the first few segments of connections, if they do not begin like anything: the beginning may come after them. Only the first
// few: copying every segment would take longer than all else.
type early struct {
	flows    [earlyFlows]flow
	segments []earlySegment // a ring
	next     int
}

// A flow is what is known of the connection that was last here.
type flow struct {
	tag    uint32 // of it
	kept   uint16 // how many of its segments
	tunnel bool   // it goes through a proxy
}

type earlySegment struct {
	hash uint64
	seq  uint32
	data []byte
}

func (e *early) flow(hash uint64) *flow {
	f := &e.flows[hash%earlyFlows]
	if tag := uint32(hash >> 32); f.tag != tag {
		*f = flow{tag: tag}
	}
	return f
}

// tunnel notes that a connection goes on to another host, whose name is not the proxy's. It may be forgotten among many connections.
func (e *early) tunnel(hash uint64) { e.flow(hash).tunnel = true }

func (e *early) isTunnel(hash uint64) bool { return e.flow(hash).tunnel }

func (e *early) keep(hash uint64, s *decode.Segment) {
	flow := e.flow(hash)
	if flow.kept == earlyEach || len(s.Data) > earlyBytes {
		return
	}
	flow.kept++
	if len(e.segments) < earlySegments {
		e.segments = append(e.segments, earlySegment{})
	}
	kept := &e.segments[e.next]
	e.next = (e.next + 1) % earlySegments
	kept.hash, kept.seq, kept.data = hash, s.Seq, append(kept.data[:0], s.Data...)
}

// give gives a stream that has begun what had come before its beginning.
func (e *early) give(st *stream) (any bool) {
	for i := range e.segments {
		if kept := &e.segments[i]; kept.hash == st.hash && kept.seq-st.base < maxStream {
			st.put(kept.seq, kept.data)
			any = true
		}
	}
	return any
}
