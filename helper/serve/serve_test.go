package serve

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"github.com/gorilla/websocket"

	"tracelens/helper/hourly"
	"tracelens/shared/wire"
)

const token = "0123456789abcdef0123456789abcdef"

// A helper is a running server over a folder of its own.
type helper struct {
	t    *testing.T
	dir  string
	port int
	live atomic.Bool
	*Server
}

func start(t *testing.T) *helper {
	t.Helper()
	h := &helper{t: t, dir: t.TempDir()}
	folder, err := hourly.OpenFolder(h.dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { folder.Close() })
	h.live.Store(true)
	listeners, err := Listen("127.0.0.1:0", false)
	if err != nil {
		t.Fatal(err)
	}
	h.port = int(at(listeners[0]).Port())
	h.Server = New(Config{
		Folder: folder, Page: site, Build: "b1", Source: "eth7", Token: token, Origins: []string{"https://example.org"},
		Status: func() wire.Status {
			return wire.Status{Live: h.live.Load(), Captured: 7, DroppedKernel: 1, Problem: "none"}
		},
	}, listeners)
	go h.Serve(listeners)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		h.Shutdown(ctx)
	})
	return h
}

var site = fstest.MapFS{
	"index.html":      {Data: []byte("<!doctype html>")},
	"app.js":          {Data: []byte("plain")},
	"app.js.br":       {Data: []byte("brotli")},
	"web/app.wasm.gz": {Data: zipped("module")},
}

func (h *helper) put(name, text string) {
	h.t.Helper()
	f, err := os.OpenFile(filepath.Join(h.dir, name), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		h.t.Fatal(err)
	}
	defer f.Close()
	if _, err := f.WriteString(text); err != nil {
		h.t.Fatal(err)
	}
}

func (h *helper) host() string   { return fmt.Sprintf("127.0.0.1:%d", h.port) }
func (h *helper) origin() string { return "http://" + h.host() }

// dial opens the websocket as a page of the given origin would, by the given Host. It returns the HTTP status if refused.
func (h *helper) dial(host string, origin []string) (*websocket.Conn, int) {
	h.t.Helper()
	header := http.Header{"Host": {host}}
	if origin != nil {
		header["Origin"] = origin
	}
	conn, response, err := websocket.DefaultDialer.Dial("ws://"+h.host()+"/ws", header)
	if err != nil {
		if response == nil {
			h.t.Fatal(err)
		}
		return nil, response.StatusCode
	}
	h.t.Cleanup(func() { conn.Close() })
	conn.SetReadDeadline(time.Now().Add(20 * time.Second)) // so that no test hangs
	return conn, http.StatusSwitchingProtocols
}

// page is a connection that has shown the token and said what it has.
func (h *helper) page(have ...wire.Position) (*websocket.Conn, wire.Welcome) {
	h.t.Helper()
	conn, status := h.dial(h.host(), []string{h.origin()})
	if conn == nil {
		h.t.Fatalf("refused with %d", status)
	}
	tell(h.t, conn, wire.AppendHello(nil, wire.Hello{Version: wire.Version, Token: token}))
	welcome, err := wire.DecodeWelcome(receive(h.t, conn))
	if err != nil {
		h.t.Fatal(err)
	}
	tell(h.t, conn, wire.AppendResume(nil, wire.Resume{Files: have}))
	return conn, welcome
}

func tell(t *testing.T, conn *websocket.Conn, message []byte) {
	t.Helper()
	if err := conn.WriteMessage(websocket.BinaryMessage, message); err != nil {
		t.Fatal(err)
	}
}

func receive(t *testing.T, conn *websocket.Conn) []byte {
	t.Helper()
	kind, message, err := conn.ReadMessage()
	if err != nil || kind != websocket.BinaryMessage {
		t.Fatalf("message kind %d: %v", kind, err)
	}
	return message
}

func TestHost(t *testing.T) {
	h := start(t)
	p := fmt.Sprint(h.port)
	allowed := map[string]bool{"127.0.0.1:" + p: true, "localhost:" + p: true, "[::1]:" + p: true}
	hosts := []string{
		"evil.com", "evil.com:" + p, "localhost.evil.com:" + p, "127.0.0.1.nip.io:" + p, "[::ffff:127.0.0.1]:" + p, "127.0.0.1", "localhost",
		"127.0.0.1:1", "127.0.0.1.:" + p, "localhost.:" + p, "LOCALHOST:" + p, "127.0.0.2:" + p, "0.0.0.0:" + p, "127.1:" + p, "[::]:" + p, ":" + p, "",
	}
	for host := range allowed {
		hosts = append(hosts, host)
	}
	for _, host := range hosts {
		for _, path := range []string{"/", "/app.js", "/nothing", "/ws"} {
			status, _ := h.raw("GET "+path, "Host: "+host, "Origin: "+h.origin())
			if want := map[bool]string{false: "403", true: map[string]string{"/": "200", "/app.js": "200", "/nothing": "404", "/ws": "400"}[path]}[allowed[host]]; status != want && !(host == "" && status == "400") {
				t.Errorf("%s with Host %q: %s, want %s", path, host, status, want)
			}
		}
	}
	for _, headers := range [][]string{{}, {"Host: " + h.host(), "Host: evil.com"}} {
		if status, _ := h.raw("GET /", headers...); status == "200" {
			t.Errorf("served with the headers %q", headers)
		}
	}
}

// raw sends a request exactly as given, and returns the status and the header lines of the answer.
func (h *helper) raw(request string, headers ...string) (status, header string) {
	h.t.Helper()
	conn, err := net.Dial("tcp", h.host())
	if err != nil {
		h.t.Fatal(err)
	}
	defer conn.Close()
	conn.SetDeadline(time.Now().Add(10 * time.Second))
	fmt.Fprintf(conn, "%s HTTP/1.1\r\n%s\r\nConnection: close\r\n\r\n", request, strings.Join(headers, "\r\n"))
	var answer bytes.Buffer
	answer.ReadFrom(conn)
	head, _, _ := strings.Cut(answer.String(), "\r\n\r\n")
	if len(head) < 12 {
		return "", head
	}
	return head[9:12], head
}

func TestOrigin(t *testing.T) {
	h := start(t)
	p := fmt.Sprint(h.port)
	for _, c := range []struct {
		origin  []string
		allowed bool
	}{
		{[]string{"http://127.0.0.1:" + p}, true},
		{[]string{"http://localhost:" + p}, true},
		{[]string{"http://[::1]:" + p}, true},
		{[]string{"https://example.org"}, true},
		{nil, false},
		{[]string{""}, false},
		{[]string{"null"}, false},
		{[]string{"https://127.0.0.1:" + p}, false},
		{[]string{"http://127.0.0.1"}, false},
		{[]string{"http://127.0.0.1:1"}, false},
		{[]string{"http://192.0.2.1:" + p}, false},
		{[]string{"http://evil.com:" + p}, false},
		{[]string{"http://example.org"}, false},
		{[]string{"https://example.org.evil.com"}, false},
		{[]string{"https://example.org/"}, false},
		{[]string{"http://127.0.0.1:" + p, "http://evil.com"}, false},
	} {
		_, status := h.dial(h.host(), c.origin)
		if allowed := status == http.StatusSwitchingProtocols; allowed != c.allowed {
			t.Errorf("Origin %q: %d", c.origin, status)
		}
	}
	if _, status := h.dial("evil.com:"+p, []string{h.origin()}); status != http.StatusForbidden {
		t.Errorf("foreign Host with our Origin: %d", status)
	}
}

func TestToken(t *testing.T) {
	h := start(t)
	h.put("3600.csv", "secret\n")
	for name, hello := range map[string][]byte{
		"empty":       wire.AppendHello(nil, wire.Hello{Version: wire.Version}),
		"same length": wire.AppendHello(nil, wire.Hello{Version: wire.Version, Token: strings.Repeat("0", len(token))}),
		"longer":      wire.AppendHello(nil, wire.Hello{Version: wire.Version, Token: token + "0"}),
		"shorter":     wire.AppendHello(nil, wire.Hello{Version: wire.Version, Token: token[1:]}),
		"no hello":    wire.AppendResume(nil, wire.Resume{}),
	} {
		conn, _ := h.dial(h.host(), []string{h.origin()})
		tell(t, conn, hello)
		wantFault(t, name, conn, "token")
	}
	conn, _ := h.dial(h.host(), []string{h.origin()})
	tell(t, conn, wire.AppendHello(nil, wire.Hello{Version: wire.Version + 1, Token: token}))
	wantFault(t, "another version", conn, "version")
}

// TestSilence wants a connection that shows no token to be sent nothing, and to be closed in time.
func TestSilence(t *testing.T) {
	t.Parallel()
	h := start(t)
	conn, _ := h.dial(h.host(), []string{h.origin()})
	begin := time.Now()
	if _, message, err := conn.ReadMessage(); err == nil {
		t.Errorf("was sent %q", message)
	}
	if waited := time.Since(begin); waited > 5*time.Second {
		t.Errorf("closed after %v", waited)
	}
}

func TestLargeMessageIsRefused(t *testing.T) {
	h := start(t)
	conn, _ := h.dial(h.host(), []string{h.origin()})
	tell(t, conn, make([]byte, wire.MaxFromPage+1))
	if _, message, err := conn.ReadMessage(); !websocket.IsCloseError(err, websocket.CloseMessageTooBig) {
		t.Errorf("%q, %v", message, err)
	}
}

func wantFault(t *testing.T, name string, conn *websocket.Conn, code string) {
	t.Helper()
	fault, err := wire.DecodeFault(receive(t, conn))
	if err != nil || fault.Code != code || fault.Text == "" {
		t.Errorf("%s: %+v, %v", name, fault, err)
	}
	if _, message, err := conn.ReadMessage(); err == nil {
		t.Errorf("%s: went on with %q", name, message)
	}
}

func TestTooManyClients(t *testing.T) {
	h := start(t)
	for range maxClients {
		h.page()
	}
	conn, _ := h.dial(h.host(), []string{h.origin()})
	tell(t, conn, wire.AppendHello(nil, wire.Hello{Version: wire.Version, Token: token}))
	wantFault(t, "one too many", conn, "busy")
}

func TestListen(t *testing.T) {
	for _, address := range []string{"0.0.0.0:0", ":0", "[::]:0", "192.0.2.1:0", "example.org:0", "127.0.0.1", "127.0.0.1:x", "127.0.0.1:70000"} {
		if listeners, err := Listen(address, false); err == nil {
			t.Errorf("%s was listened on", address)
			listeners[0].Close()
		}
	}
	listeners, err := Listen("localhost:0", false)
	if err != nil {
		t.Fatal(err)
	}
	port := int(at(listeners[0]).Port())
	for _, l := range listeners {
		defer l.Close()
		if a := l.Addr().(*net.TCPAddr); !a.IP.IsLoopback() || a.Port != port {
			t.Errorf("listens on %v", a)
		}
	}
	if _, err := Listen(fmt.Sprintf("127.0.0.1:%d", port), false); err == nil || !strings.Contains(err.Error(), "is in use already") {
		t.Error(err)
	}
}

func TestParseOrigin(t *testing.T) {
	for text, want := range map[string]string{
		"https://example.org": "https://example.org", "https://Example.org/": "https://example.org", "http://a.b:81": "http://a.b:81",
		"example.org": "", "https://": "", "https://a.b/c": "", "ftp://a.b": "", "https://u@a.b": "", "*": "", "null": "", "": "", "https://a.b?x": "",
	} {
		if got, err := ParseOrigin(text); got != want || (err == nil) != (want != "") {
			t.Errorf("%q gives %q, %v", text, got, err)
		}
	}
}
