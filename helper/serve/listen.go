package serve

import (
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"syscall"
)

// Listen opens the address and, where there is IPv6, the same port of the other loopback address, because a browser may take
// either for "localhost". It refuses addresses that other machines could reach.
func Listen(address string) (listeners []net.Listener, port int, err error) {
	host, portText, err := net.SplitHostPort(address)
	if err != nil {
		return nil, 0, fmt.Errorf("-listen %s: give an address and a port, such as 127.0.0.1:8421", address)
	}
	if n, err := strconv.ParseUint(portText, 10, 16); err != nil {
		return nil, 0, fmt.Errorf("-listen %s: %q is not a port number", address, portText)
	} else {
		port = int(n)
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, 0, fmt.Errorf("-listen %s: tracelens serves this machine only; use 127.0.0.1:%d, and from another machine: ssh -L %[2]d:127.0.0.1:%[2]d HOST", address, or(port, 8421))
	}
	first, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(port)))
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, 0, fmt.Errorf("port %d is in use already, perhaps by another tracelens; choose another one with -listen 127.0.0.1:PORT (0 for any)", port)
	} else if err != nil {
		return nil, 0, fmt.Errorf("cannot listen on %s: %w", address, err)
	}
	port = first.Addr().(*net.TCPAddr).Port
	listeners = append(listeners, first)
	other := "::1"
	if host == "::1" {
		other = "127.0.0.1"
	}
	if l, err := net.Listen("tcp", net.JoinHostPort(other, strconv.Itoa(port))); err == nil {
		listeners = append(listeners, l)
	}
	return listeners, port, nil
}

func or(n, otherwise int) int {
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
