package names

// A verdict is what a reader says of the beginning of a stream.
type verdict uint8

const (
	done verdict = iota // whatever it has to tell has been told
	more                // nothing can be said before there is more of it
)

const (
	recordHandshake = 0x16
	recordHeader    = 5
	maxRecord       = 1<<14 + 256
	clientHello     = 1
	handshakeHeader = 4
)

// changeCipher is the record before a second ClientHello, which a server of TLS 1.3 may ask for.
const changeCipher = "\x14\x03\x03\x00\x01\x01"

// beginsHello reports whether b may be the beginning of a TLS ClientHello: as much of it as there is. It is asked of every packet.
func beginsHello(b []byte) bool {
	if b[0] == changeCipher[0] && len(b) > len(changeCipher) && begins(b, changeCipher) {
		b = b[len(changeCipher):]
	}
	if b[0] != recordHandshake || len(b) > 1 && b[1] != 3 {
		return false
	}
	if len(b) > recordHeader && b[recordHeader] != clientHello {
		return false
	}
	return len(b) <= recordHeader+1 || b[recordHeader+1] == 0 // its length has three bytes
}

// hello finds the server's name in a ClientHello in TLS records. The name's bytes are valid until the next call.
func (f *Finder) hello(b []byte) (name []byte, v verdict) {
	if !beginsHello(b) {
		return nil, done
	}
	if begins(b, changeCipher) {
		b = b[len(changeCipher):]
	}
	if len(b) < recordHeader {
		return nil, more
	}
	if n := recordHeader + int(be.Uint16(b[3:])); len(b) <= n {
		return serverName(b[recordHeader:]) // nearly always: one record
	}
	message := f.scratch[:0]
	for len(b) >= recordHeader {
		n := int(be.Uint16(b[3:]))
		if b[0] != recordHandshake || b[1] != 3 || n == 0 || n > maxRecord {
			break // of what follows the ClientHello, if it is whole; else it is none
		}
		b = b[recordHeader:]
		n = min(n, len(b))
		message = append(message, b[:n]...)
		b = b[n:]
	}
	f.scratch = message
	name, v = serverName(message)
	if len(b) >= recordHeader {
		v = done
	}
	return name, v
}

// serverName finds the server_name extension in a ClientHello, as much of it as there is: the name may come before the end.
func serverName(b []byte) (name []byte, v verdict) {
	if len(b) < handshakeHeader {
		return nil, more
	}
	if b[0] != clientHello || b[1] != 0 {
		return nil, done
	}
	v = more // until the message is whole
	if n := handshakeHeader + int(be.Uint16(b[2:])); len(b) >= n {
		b, v = b[:n], done
	}
	c := cursor{b[handshakeHeader:]}
	c.skip(2 + 32) // version, random
	c.skip(c.uint8())
	c.skip(c.uint16()) // ciphers
	c.skip(c.uint8())  // compressions
	c.uint16()         // length of the extensions
	const extensionHeader = 4
	for len(c.b) >= extensionHeader {
		typ, n := c.uint16(), c.uint16()
		if typ != 0 || len(c.b) < n {
			c.skip(n)
			continue
		}
		c.b = c.b[:n]
		c.uint16() // length of the list
		for len(c.b) > 0 {
			typ, n := c.uint8(), c.uint16()
			if typ == 0 && n > 0 && n <= len(c.b) {
				return c.b[:n], done
			}
			c.skip(n)
		}
		return nil, done
	}
	return nil, v
}

// A cursor reads numbers. At the end of what there is it reads zeros, and has nothing left.
type cursor struct{ b []byte }

func (c *cursor) skip(n int) { c.b = c.b[min(n, len(c.b)):] }

func (c *cursor) uint8() (n int) {
	if len(c.b) > 0 {
		n = int(c.b[0])
	}
	c.skip(1)
	return n
}

func (c *cursor) uint16() int { return c.uint8()<<8 | c.uint8() }
