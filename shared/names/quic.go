package names

import (
	"bytes"

	"tracelens/shared/decode"
)

// The versions whose Initials can be read.
const (
	version1  = 0x00000001 // RFC 9000
	version2  = 0x6b3343cf // RFC 9369
	version29 = 0xff00001d // draft 29, which was spoken for long
)

const maxID = 20 // bytes of a connection's id

// An initial is the header of an Initial packet, and the packet.
type initial struct {
	version uint32
	dcid    []byte // what the client calls the server
	number  int    // where the packet's number begins, encrypted as all after it
	packet  []byte
}

// addQUIC looks for the ClientHello in the Initials of a datagram. Their keys can be known by everybody who sees the first one.
func (f *Finder) addQUIC(s *decode.Segment) {
	b := s.Data
	const long, header = 0xc0, 7
	if len(b) < header || b[0]&long != long || !known(be.Uint32(b[1:])) {
		return
	}
	for len(b) > 0 {
		p, isInitial, rest := split(b)
		if isInitial {
			f.addInitial(s, &p)
		}
		b = rest
	}
}

func known(version uint32) bool {
	return version == version1 || version == version2 || version == version29
}

// split takes the first packet off a datagram. rest is nil if nobody can tell where it ends.
func split(b []byte) (p initial, isInitial bool, rest []byte) {
	const long = 0xc0
	if len(b) < 7 || b[0]&long != long {
		return p, false, nil
	}
	p.version = be.Uint32(b[1:])
	if !known(p.version) {
		return p, false, nil
	}
	typ := b[0] >> 4 & 3
	if p.version == version2 {
		typ = (typ - 1) & 3
	}
	const (
		typeInitial = 0
		typeRetry   = 3
	)
	if typ == typeRetry {
		return p, false, nil
	}
	c := cursor{b[5:]}
	n := c.uint8()
	if n > maxID || n > len(c.b) {
		return p, false, nil
	}
	p.dcid = c.b[:n]
	c.skip(n)
	c.skip(c.uint8())
	if typ == typeInitial {
		c.skip(c.varint()) // a token
	}
	n = c.varint()
	if n == 0 || n > len(c.b) {
		return p, false, nil // or it was not captured whole, and cannot be decrypted
	}
	p.number = len(b) - len(c.b)
	p.packet = b[:p.number+n]
	return p, typ == typeInitial, c.b[n:]
}

// addInitial decrypts an Initial and adds what it has of the ClientHello. Its keys are those of the first Initial of its connection, which
// had another id of the server; or its own if it is the first.
func (f *Finder) addInitial(s *decode.Segment, p *initial) {
	h := hash(s)
	st := f.udp.find(h, s)
	var plain []byte
	if st != nil && st.keys.version == p.version {
		if st.told && bytes.Equal(st.keys.dcid, p.dcid) {
			return
		}
		plain = f.quic.open(st.keys, p)
	}
	if plain == nil {
		k := newKeys(p.version, p.dcid)
		if plain = f.quic.open(k, p); plain == nil {
			return // the server's, or of a connection whose beginning was missed, or damaged
		}
		st = f.udp.begin(h, s, QUIC)
		st.keys = k
	}
	if st.told {
		return
	}
	had := len(st.beginning())
	cryptoFrames(plain, &st.pieces)
	b := st.beginning()
	if len(b) == had {
		return
	}
	name, v := serverName(b)
	if v == more && len(b) < maxStream {
		return
	}
	st.told = true
	st.clear()
	if len(name) > 0 {
		f.name(s.Dst.Addr(), QUIC, name)
	}
}

// cryptoFrames adds a packet's pieces of the handshake.
func cryptoFrames(b []byte, to *pieces) {
	const padding, ping, ack, ackECN, crypto = 0, 1, 2, 3, 6
	c := cursor{b}
	for len(c.b) > 0 {
		switch typ := c.uint8(); typ {
		case padding, ping:
		case ack, ackECN:
			c.varint() // the largest number
			c.varint() // a delay
			ranges := c.varint()
			c.varint()
			for ; ranges > 0 && len(c.b) > 0; ranges-- {
				c.varint()
				c.varint()
			}
			if typ == ackECN {
				c.varint()
				c.varint()
				c.varint()
			}
		case crypto:
			at, n := c.varint(), c.varint()
			if n > len(c.b) {
				return
			}
			to.add(at, c.b[:n])
			c.skip(n)
		default:
			return // others do not go with a ClientHello
		}
	}
}

// varint reads one of QUIC's numbers. One that no packet can hold is the largest that none can, which is more than there is of anything.
func (c *cursor) varint() int {
	const largest = 1 << 30
	if len(c.b) == 0 {
		return 0
	}
	size := 1 << (c.b[0] >> 6)
	n := uint64(c.uint8() & 0x3f)
	for ; size > 1; size-- {
		n = n<<8 | uint64(c.uint8())
	}
	return int(min(n, largest))
}
