package serve

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tracelens/shared/wire"
	"tracelens/web/csp"
)

// What may be said to a helper, port being where it listens. Everything that is not among ours is refused.
const port = "8421"

var (
	ourHosts   = []string{"127.0.0.1:" + port, "localhost:" + port, "[::1]:" + port}
	otherHosts = []string{
		"evil.com", "evil.com:" + port, "localhost.evil.com:" + port, "127.0.0.1.nip.io:" + port, "[::ffff:127.0.0.1]:" + port, "127.0.0.1.:" + port,
		"localhost.:" + port, "LOCALHOST:" + port, "127.0.0.1:1", "127.0.0.1", "localhost", "[::1]", "",
		":" + port, "0.0.0.0:" + port, "[::]:" + port, "127.0.0.2:" + port, "127.1:" + port, "2130706433:" + port,
		"[0:0:0:0:0:0:0:1]:" + port, "127.0.0.1:0" + port, "127.0.0.1:" + port + ",evil.com", "127.0.0.1:" + port + ":" + port,
	}
	ourOrigins   = []string{"http://127.0.0.1:" + port, "http://localhost:" + port, "http://[::1]:" + port, "https://example.org"}
	otherOrigins = []string{
		"", "null", "https://127.0.0.1:" + port, "http://127.0.0.1", "http://127.0.0.1:1", "http://192.0.2.1:" + port,
		"http://evil.com:" + port, "http://example.org", "https://example.org:443", "https://example.org/",
		"https://example.org.evil.com", "https://Example.org", "HTTP://127.0.0.1:" + port, "ws://127.0.0.1:" + port, "127.0.0.1:" + port, "*",
	}
)

// on puts the helper's own port in the place of port.
func (h *helper) on(text string) string { return strings.ReplaceAll(text, port, fmt.Sprint(h.port)) }

// guarded wants an answer to open no door, and to say what browsers may do with it.
func guarded(t *testing.T, name string, response *http.Response) {
	t.Helper()
	h := response.Header
	for field := range h {
		if strings.HasPrefix(field, "Access-Control-") || field == "Sec-Websocket-Extensions" {
			t.Errorf("%s: %d with %s: %s", name, response.StatusCode, field, h.Get(field))
		}
	}
	document := response.StatusCode != http.StatusSwitchingProtocols
	if document && (h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "no-referrer" || h.Get("Content-Security-Policy") != csp.Header) {
		t.Errorf("%s: %d with %v", name, response.StatusCode, h)
	}
}

// TestGate says every Host with every Origin, every token and every route, and wants what these lists alone say.
func TestGate(t *testing.T) {
	h := start(t)
	h.put("3600.csv", "secret\n")
	hello := func(token string) []byte {
		return wire.AppendHello(nil, wire.Hello{Version: wire.Version, Token: token})
	}
	tokens := []struct {
		name, address string
		hello         []byte
	}{
		{"right", token, hello(token)},
		{"none", "", hello("")[:2]},
		{"in the address only", token, hello("")},
		{"empty", "", hello("")},
		{"same length", token[:31] + "0", hello(token[:31] + "0")},
		{"longer", token + "0", hello(token + "0")},
		{"shorter", token[1:], hello(token[1:])},
	}
	origins := [][]string{nil, {ourOrigins[0], "http://evil.com"}, {"http://evil.com", ourOrigins[0]}, {ourOrigins[0], ourOrigins[0]}}
	for _, o := range append(slices.Clone(ourOrigins), otherOrigins...) {
		origins = append(origins, []string{o})
	}
	asked := 0
	s := h.connect() // goes on until it is a websocket or closed: nothing carries over from one request to the next
	for _, host := range append(slices.Clone(ourHosts), otherHosts...) {
		for _, origin := range origins {
			for _, route := range []string{"/", "/app.js", "/nothing", "/ws"} {
				for _, token := range tokens {
					asked++
					name := fmt.Sprintf("%s, Host %q, Origin %q, token %s", route, host, origin, token.name)
					headers := []string{"Host: " + h.on(host)}
					for _, o := range origin {
						headers = append(headers, "Origin: "+h.on(o))
					}
					want := map[string]int{"/": 200, "/app.js": 200, "/nothing": 404, "/ws": 101}[route]
					if !slices.Contains(ourHosts, host) || route == "/ws" && (len(origin) != 1 || !slices.Contains(ourOrigins, origin[0])) {
						want = 403
					}
					if route == "/ws" {
						headers = append(headers, upgrade)
					}
					response := s.request("GET "+route+"?token="+token.address+" HTTP/1.1", headers...)
					guarded(t, name, response)
					if response.StatusCode != want {
						t.Errorf("%s: %d, not %d", name, response.StatusCode, want)
					} else if want == 101 {
						s.send(final|opBinary, token.hello)
						if token.name != "right" {
							s.ends(name, wire.CodeToken)
						} else if kind, payload := s.next(); kind != opBinary || wire.KindOf(payload) != wire.KindWelcome {
							t.Errorf("%s: a frame of kind %d, %q, no welcome", name, kind, payload)
						}
					}
					if response.StatusCode == 101 || response.Close {
						s.Close()
						s = h.connect()
					} else {
						io.Copy(io.Discard, response.Body)
					}
				}
			}
		}
	}
	t.Logf("%d requests", asked)
}

// TestOddRequests sends what no browser would: whatever the answer is, it is no file, and leads nowhere else.
func TestOddRequests(t *testing.T) {
	h := start(t)
	ours := "Host: " + h.host()
	for _, c := range []struct {
		line    string
		headers []string
		status  string
	}{
		{"GET / HTTP/1.1", nil, "400"},
		{"GET / HTTP/1.1", []string{ours, "Host: evil.com"}, "400"},
		{"GET / HTTP/1.1", []string{ours, ours}, "400"},
		{"GET / HTTP/1.1", []string{"Host: http://" + h.host()}, "400"},
		{"GET / HTTP/1.1", []string{"Host: evil.com@" + h.host()}, "400"},
		{"GET / HTTP/1.1", []string{"Host : " + h.host()}, "400"},
		{"GET / HTTP/1.1", []string{"X-Forwarded-Host: " + h.host(), "Host: evil.com"}, "403"},
		{"GET / HTTP/1.1", []string{"Forwarded: host=" + h.host(), "Host: evil.com"}, "403"},
		{"GET / HTTP/1.0", nil, "403"},
		{"GET / HTTP/1.0", []string{"Host: evil.com"}, "403"},
		{"GET http://evil.com/ HTTP/1.1", []string{ours}, "403"},
		{"GET //evil.com/ HTTP/1.1", []string{"Host: evil.com"}, "403"},
		{"GET //evil.com/%2e%2e/ HTTP/1.1", []string{ours}, "307"}, // to /evil.com/ of this helper
		{"GET /\\evil.com/ HTTP/1.1", []string{ours}, "404"},
		{"OPTIONS * HTTP/1.1", []string{ours}, "400"},
		{"OPTIONS * HTTP/1.1", []string{"Host: evil.com"}, "403"},
		{"PRI * HTTP/2.0", []string{ours}, "400"},
	} {
		name := fmt.Sprintf("%s %q", c.line, c.headers)
		s := h.connect()
		response := s.request(c.line, c.headers...)
		body, _ := io.ReadAll(response.Body)
		if got := fmt.Sprint(response.StatusCode); got != c.status || strings.Contains(string(body), "doctype") {
			t.Errorf("%s: %s, not %s: %q", name, got, c.status, body)
		}
		if to := response.Header.Get("Location"); to != "" && (to[0] != '/' || strings.HasPrefix(to, "//")) {
			t.Errorf("%s leads to %s", name, to)
		}
		if plain := response.StatusCode == 400 && len(response.Header) <= 2; !plain { // those net/http says when it cannot tell what is asked for
			guarded(t, name, response)
		}
		s.Close()
	}
}

// TestNothingCanBeChanged tries every other method on every route, as a page of ours and as another, and as a browser that asks first.
func TestNothingCanBeChanged(t *testing.T) {
	h := start(t)
	h.put("3600.csv", "header\na\n")
	for _, method := range []string{"POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE", "CONNECT", "MKCOL", "get"} {
		for _, route := range []string{"/", "/app.js", "/3600.csv", "/nothing", "/ws"} {
			for _, origin := range []string{h.origin(), "https://example.org", "http://evil.com"} {
				name := fmt.Sprintf("%s %s of %s", method, route, origin)
				s := h.connect()
				response := s.request(method+" "+route+"?token="+token+" HTTP/1.1", "Host: "+h.host(), "Origin: "+origin, upgrade,
					"Access-Control-Request-Method: "+method, "Access-Control-Request-Private-Network: true", "Content-Type: text/plain", "Content-Length: 0")
				want := 405
				if route == "/ws" && origin == "http://evil.com" {
					want = 403
				}
				if response.StatusCode != want {
					t.Errorf("%s: %d, not %d", name, response.StatusCode, want)
				}
				guarded(t, name, response)
				s.Close()
			}
		}
	}
	response := h.connect().request("GET /ws HTTP/1.1", "Host: "+h.host(), "Origin: "+h.origin())
	if guarded(t, "no upgrade", response); response.StatusCode != 400 {
		t.Errorf("GET /ws without an upgrade: %d", response.StatusCode)
	}
	names, _ := filepath.Glob(filepath.Join(h.dir, "*"))
	if text, err := os.ReadFile(filepath.Join(h.dir, "3600.csv")); len(names) != 1 || string(text) != "header\na\n" {
		t.Errorf("the folder holds %q, the file %q, %v", names, text, err)
	}
	if _, body := h.get("/", "", ""); body != "<!doctype html>" {
		t.Errorf("the page is %q", body)
	}
}

// TestNoCompression offers to compress, which makes small messages large, and wants that to be neither taken up nor let through.
func TestNoCompression(t *testing.T) {
	h := start(t)
	s := h.connect()
	response := s.request("GET /ws HTTP/1.1", "Host: "+h.host(), "Origin: "+h.origin(), upgrade, "Sec-WebSocket-Protocol: chat",
		"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits, x-webkit-deflate-frame")
	if guarded(t, "an offer", response); response.StatusCode != 101 || response.Header["Sec-Websocket-Protocol"] != nil {
		t.Errorf("%d %v", response.StatusCode, response.Header)
	}
	const compressed = 0x40
	s.send(final|compressed|opBinary, wire.AppendHello(nil, wire.Hello{Version: wire.Version, Token: token}))
	s.ends("a compressed message", "")
}
