package serve

import (
	"bufio"
	"context"
	"encoding/binary"
	"fmt"
	"io"
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
	t    testing.TB
	dir  string
	port int
	live atomic.Bool
	*Server
}

func start(t testing.TB) *helper {
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

// page is a connection that has shown the token and said what it has.
func (h *helper) page(have ...wire.Position) (*websocket.Conn, wire.Welcome) {
	h.t.Helper()
	return h.resumed(wire.Resume{Files: have})
}

// resumed is a page that begins with a resume.
func (h *helper) resumed(resume wire.Resume) (*websocket.Conn, wire.Welcome) {
	h.t.Helper()
	conn, _, err := websocket.DefaultDialer.Dial("ws://"+h.host()+"/ws", http.Header{"Origin": {h.origin()}})
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { conn.Close() })
	conn.SetReadDeadline(time.Now().Add(20 * time.Second)) // so that no test hangs
	tell(h.t, conn, wire.AppendHello(nil, wire.Hello{Version: wire.Version, Token: token}))
	welcome, err := wire.DecodeWelcome(receive(h.t, conn))
	if err != nil {
		h.t.Fatal(err)
	}
	tell(h.t, conn, wire.AppendResume(nil, resume))
	return conn, welcome
}

func tell(t testing.TB, conn *websocket.Conn, message []byte) {
	t.Helper()
	if err := conn.WriteMessage(websocket.BinaryMessage, message); err != nil {
		t.Fatal(err)
	}
}

func receive(t testing.TB, conn *websocket.Conn) []byte {
	t.Helper()
	kind, message, err := conn.ReadMessage()
	if err != nil || kind != websocket.BinaryMessage {
		t.Fatalf("message kind %d: %v", kind, err)
	}
	return message
}

// A socket is a connection of which the test says every byte.
type socket struct {
	net.Conn
	t testing.TB
	r *bufio.Reader
}

func (h *helper) connect() *socket {
	h.t.Helper()
	conn, err := net.Dial("tcp", h.host())
	if err != nil {
		h.t.Fatal(err)
	}
	h.t.Cleanup(func() { conn.Close() })
	s := &socket{conn, h.t, bufio.NewReader(conn)}
	s.soon()
	return s
}

// soon bounds how long the test waits from now on.
func (s *socket) soon() { s.SetDeadline(time.Now().Add(20 * time.Second)) }

const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="

// request sends a request whose first line is given, and reads the answer to it.
func (s *socket) request(line string, headers ...string) *http.Response {
	s.t.Helper()
	s.soon()
	fmt.Fprintf(s, "%s\r\n\r\n", strings.Join(append([]string{line}, headers...), "\r\n"))
	method, _, _ := strings.Cut(line, " ")
	response, err := http.ReadResponse(s.r, &http.Request{Method: method})
	if err != nil {
		s.t.Fatalf("%q %q: %v", line, headers, err)
	}
	return response
}

// raw sends one request, and returns the status of the answer and the whole of it.
func (h *helper) raw(request string, headers ...string) (status, answer string) {
	h.t.Helper()
	s := h.connect()
	defer s.Close()
	fmt.Fprintf(s, "%s HTTP/1.1\r\n%s\r\nConnection: close\r\n\r\n", request, strings.Join(headers, "\r\n"))
	text, _ := io.ReadAll(s)
	return string(text[min(9, len(text)):min(12, len(text))]), string(text)
}

// Kinds of frames, and the bit of the last one of a message.
const opText, opBinary, opClose, opPing, final = 1, 2, 8, 9, 0x80

// header is that of a frame of n bytes, masked with zeros: they stay what they are.
func header(first byte, n uint64) []byte {
	return append(binary.BigEndian.AppendUint64([]byte{first, 0x80 | 127}, n), 0, 0, 0, 0)
}

func (s *socket) send(first byte, payload []byte) error {
	_, err := s.Write(append(header(first, uint64(len(payload))), payload...))
	return err
}

// next reads a frame. Its kind is 0 when there is none any more.
func (s *socket) next() (kind byte, payload []byte) {
	var b [8]byte
	if _, err := io.ReadFull(s.r, b[:2]); err != nil {
		return 0, nil
	}
	kind, n := b[0]&^final, uint64(b[1])
	if more := map[uint64]int{126: 2, 127: 8}[n]; more > 0 {
		b = [8]byte{}
		io.ReadFull(s.r, b[8-more:])
		n = binary.BigEndian.Uint64(b[:])
	}
	payload = make([]byte, n)
	if _, err := io.ReadFull(s.r, payload); err != nil {
		return 0, nil
	}
	return kind, payload
}

// ends wants the socket to be sent nothing but a fault (none if that is empty), a good-bye, and its end.
func (s *socket) ends(name, fault string) {
	s.t.Helper()
	kind, payload := s.next()
	if fault != "" {
		if f, err := wire.DecodeFault(payload); kind != opBinary || err != nil || f.Code != fault || f.Text == "" {
			s.t.Errorf("%s: a frame of kind %d, %q, no fault of the kind %s", name, kind, payload, fault)
			return
		}
		kind, payload = s.next()
	}
	if kind != opClose && kind != 0 {
		s.t.Errorf("%s: then a frame of kind %d, %q", name, kind, payload)
	}
	if rest, _ := io.ReadAll(s.r); len(rest) > 0 {
		s.t.Errorf("%s: then %q", name, rest)
	}
}

func TestTooManyClients(t *testing.T) {
	h := start(t)
	for range maxClients {
		h.page()
	}
	s := h.socket(0)
	s.send(final|opBinary, rightHello)
	s.ends("one too many", wire.CodeBusy)
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
