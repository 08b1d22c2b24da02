package serve

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
)

// Listen opens the address and, where there is IPv6, the same port of the other loopback address, because a browser may take
// either for "localhost". Addresses that other machines can reach are refused unless they are to be exposed; then the loopback addresses
// are listened on as well, and an address that stands for all of them is refused still: the Host that is answered to must be exact.
func Listen(address string, expose bool) (listeners []net.Listener, err error) {
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("-listen %s: give an address and a port, such as 127.0.0.1:8421", address)
	}
	port, err := strconv.ParseUint(portText, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("-listen %s: %q is not a port number", address, portText)
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	ip, err := netip.ParseAddr(host)
	switch loopback := err == nil && (ip == loopback4 || ip == loopback6); {
	case !loopback && !expose:
		return nil, fmt.Errorf("-listen %s: tracelens serves this machine only; use 127.0.0.1:%d, and from another machine: ssh -L %[2]d:127.0.0.1:%[2]d HOST; -expose allows it", address, or(port, 8421))
	case loopback && expose:
		return nil, fmt.Errorf("-expose: give the address that other machines may use, such as -listen 192.0.2.1:%d", or(port, 8421))
	case err != nil || ip.IsUnspecified() || ip.IsMulticast() || ip.Is4In6() || ip.Zone() != "":
		return nil, fmt.Errorf("-listen %s: give one address of this machine in numbers, such as 192.0.2.1:%d", address, or(port, 8421))
	}
	first, err := net.Listen("tcp", netip.AddrPortFrom(ip, uint16(port)).String())
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("port %d is in use already, perhaps by another tracelens; choose another one with -listen 127.0.0.1:PORT (0 for any)", port)
	} else if err != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", address, err)
	}
	listeners = append(listeners, first)
	for _, other := range []netip.Addr{loopback4, loopback6} {
		if other == ip {
			continue
		}
		if l, err := net.Listen("tcp", netip.AddrPortFrom(other, at(first).Port()).String()); err == nil {
			listeners = append(listeners, l)
		}
	}
	return listeners, nil
}

var loopback4, loopback6 = netip.MustParseAddr("127.0.0.1"), netip.IPv6Loopback()

// at is where a listener listens.
func at(l net.Listener) netip.AddrPort {
	a := l.Addr().(*net.TCPAddr).AddrPort()
	return netip.AddrPortFrom(a.Addr().Unmap(), a.Port())
}

// Link is the address of the page, by the first listener.
func Link(listeners []net.Listener, token string) string {
	return "http://" + at(listeners[0]).String() + "/#token=" + token
}

func or(n, otherwise uint64) uint64 {
	if n == 0 {
		return otherwise
	}
	return n
}

// ParseOrigin checks the origin of a page that may connect: scheme, host and port, nothing else.
func ParseOrigin(text string) (string, error) {
	u, err := url.Parse(strings.TrimSuffix(text, "/"))
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil || u.Path != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("%q is not an origin; give scheme and host only, such as https://example.org", text)
	}
	return u.Scheme + "://" + strings.ToLower(u.Host), nil
}
