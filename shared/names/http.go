package names

import (
	"bytes"
	"net/netip"
)

// beginsRequest reports whether b begins with an HTTP method. CONNECT is not among them: it names another host than the
// one that it is sent to.
func beginsRequest(b []byte) bool {
	if len(b) < 5 {
		return false
	}
	switch b[0] {
	case 'G':
		return string(b[:4]) == "GET "
	case 'P':
		return string(b[:5]) == "POST " || string(b[:4]) == "PUT " || begins(b, "PATCH ")
	case 'H':
		return string(b[:5]) == "HEAD "
	case 'D':
		return begins(b, "DELETE ")
	case 'O':
		return begins(b, "OPTIONS ")
	case 'T':
		return begins(b, "TRACE ")
	}
	return false
}

func begins(b []byte, text string) bool { return len(b) >= len(text) && string(b[:len(text)]) == text }

// host finds the Host of a request, as much of it as there is, without the port. An address gives none.
func host(b []byte) (name []byte, v verdict) {
	line, rest, whole := bytes.Cut(b, []byte{'\n'})
	if !whole {
		return nil, more
	}
	line = bytes.TrimSuffix(line, []byte{'\r'})
	_, target, _ := bytes.Cut(line, []byte{' '})
	at := bytes.LastIndexByte(target, ' ')
	if at < 1 || !begins(target[at+1:], "HTTP/1.") || target[0] != '/' && target[0] != '*' {
		return nil, done // no request, or one to a proxy, which is not the host that it names
	}
	for {
		line, rest, whole = bytes.Cut(rest, []byte{'\n'})
		if !whole {
			return nil, more
		}
		line = bytes.TrimSuffix(line, []byte{'\r'})
		if len(line) == 0 {
			return nil, done
		}
		const field = "host:"
		if len(line) > len(field) && bytes.EqualFold(line[:len(field)], []byte(field)) {
			return withoutPort(bytes.TrimSpace(line[len(field):])), done
		}
	}
}

func withoutPort(host []byte) []byte {
	if len(host) > 0 && host[0] == '[' {
		return nil
	}
	if at := bytes.LastIndexByte(host, ':'); at >= 0 {
		host = host[:at]
	}
	if n := len(host); n > 0 && host[n-1] <= '9' {
		if _, err := netip.ParseAddr(string(host)); err == nil {
			return nil
		}
	}
	return host
}
