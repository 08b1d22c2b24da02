package names

import (
	"net/netip"

	"tracelens/shared/decode"
)

// addTCP looks at what begins in a segment, or goes on in it. Most names are whole in one segment, and nothing is kept of those. A
// segment that begins like a ClientHello or a request is taken for one wherever it is in its connection: TLS may begin late, after STARTTLS.
func (f *Finder) addTCP(s *decode.Segment) {
	h := hash(s)
	kind, begin := TLS, false
	switch {
	case s.Src.Port() == portDNS:
		kind, begin = DNS, plausible(s.Data)
	case beginsHello(s.Data):
		begin = !f.early.isTunnel(h)
	case beginsRequest(s.Data):
		kind, begin = HTTP, true
	case begins(s.Data, "CONNECT "):
		f.early.tunnel(h)
		return
	}
	if st := f.tcp.find(h, s); st != nil {
		at := s.Seq - st.base
		if at < maxStream || -at < maxStream {
			f.goesOn(st, s)
			return
		}
		f.tcp.end(st) // what is missing of it will not come any more
	}
	if !begin {
		f.early.keep(h, s)
		return
	}
	used, v := f.read(kind, s.Dst.Addr(), s.Data)
	if v == done || s.Cut > 0 { // what was cut off does not come again
		return
	}
	st := f.tcp.begin(h, s, kind)
	st.base = s.Seq + uint32(used)
	st.add(0, s.Data[used:])
	if f.early.give(st) {
		f.reread(st)
	}
}

func (f *Finder) goesOn(st *stream, s *decode.Segment) {
	had := len(st.beginning())
	if st.put(s.Seq, s.Data); len(st.beginning()) > had {
		f.reread(st)
	}
}

// put puts a segment at its place. The numbers go round.
func (st *stream) put(seq uint32, b []byte) {
	at := int32(seq - st.base)
	if at < 0 && at > -maxStream && int(-at) < len(b) { // it was sent again with other bounds
		at, b = 0, b[-at:]
	}
	st.add(int(at), b)
}

func (f *Finder) reread(st *stream) {
	b := st.beginning()
	used, v := f.read(st.kind, st.dst.Addr(), b)
	if v == done || len(b) == maxStream && used == 0 {
		f.tcp.end(st)
		return
	}
	if used > 0 {
		st.drop(used)
		st.base += uint32(used)
	}
}

// read looks for names in the beginning of a stream.
func (f *Finder) read(kind Kind, server netip.Addr, b []byte) (used int, v verdict) {
	var name []byte
	switch kind {
	case DNS:
		return f.messages(b)
	case TLS:
		name, v = f.hello(b)
	case HTTP:
		name, v = host(b)
	}
	if len(name) > 0 {
		f.name(server, kind, name)
	}
	return 0, v
}
