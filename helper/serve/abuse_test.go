package serve

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"runtime"
	"strings"
	"testing"
	"time"

	"tracelens/shared/wire"
)

// eventually waits for a condition.
func eventually(t testing.TB, what string, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(15 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("did not come: %s", what)
		}
	}
}

// working are the goroutines of every helper and its connections that there are, as their stacks.
func working() (stacks []string) {
	b := make([]byte, 8<<20)
	for stack := range strings.SplitSeq(string(b[:runtime.Stack(b, true)]), "\n\n") {
		ours := strings.Contains(stack, "tracelens/helper/") || strings.Contains(stack, "net/http.(*conn)")
		if ours && !strings.Contains(stack, "testing.tRunner") {
			stacks = append(stacks, stack)
		}
	}
	return stacks
}

// memory is what is in use by the heap, and by the stacks.
func memory() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}

// allocated is all that has ever been.
func allocated() int64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.TotalAlloc)
}

// The messages of a page in the order in which it sends them. Something may be wrong with any of them.
var (
	rightHello  = wire.AppendHello(nil, wire.Hello{Version: wire.Version, Token: token})
	rightResume = wire.AppendResume(nil, wire.Resume{Files: []wire.Position{{Hour: 3600, Offset: 7}, {Hour: 7200, Offset: 0}}})
	rightAck    = wire.AppendAck(nil, wire.Ack{})
)

// socket is a websocket on which the page has said its first so many messages, and has read the welcome if there was one.
func (h *helper) socket(said int) *socket {
	h.t.Helper()
	s := h.connect()
	if response := s.request("GET /ws HTTP/1.1", "Host: "+h.host(), "Origin: "+h.origin(), upgrade); response.StatusCode != 101 {
		h.t.Fatalf("refused with %d", response.StatusCode)
	}
	for n, message := range [][]byte{rightHello, rightResume}[:said] {
		if s.send(final|opBinary, message); n > 0 {
			break
		}
		if _, payload := s.next(); wire.KindOf(payload) != wire.KindWelcome {
			h.t.Fatalf("%q, no welcome", payload)
		}
	}
	return s
}

// skip reads the status of the capture, which comes by itself.
func (s *socket) skip() {
	for {
		if b, err := s.r.Peek(3); err != nil || b[0] != final|opBinary || b[1] < 126 && b[2] != byte(wire.KindStatus) {
			return
		}
		s.next()
	}
}

// TestFirstMessage wants anything but a Hello of this version to be told what it is, and no more.
func TestFirstMessage(t *testing.T) {
	h := start(t)
	for _, c := range []struct {
		name, fault string
		kind        byte
		message     []byte
	}{
		{"a text", wire.CodeToken, opText, rightHello},
		{"an empty message", wire.CodeToken, opBinary, nil},
		{"another message", wire.CodeToken, opBinary, rightResume},
		{"a hello and more", wire.CodeToken, opBinary, append(bytes.Clone(rightHello), 0)},
		{"a newer page", wire.CodeVersion, opBinary, wire.AppendHello(nil, wire.Hello{Version: wire.Version + 1, Token: token})},
		{"an older page", wire.CodeVersion, opBinary, wire.AppendHello(nil, wire.Hello{Version: wire.Version - 1, Token: token})},
		{"a newer page without the token", wire.CodeToken, opBinary, wire.AppendHello(nil, wire.Hello{Version: wire.Version + 1})},
	} {
		s := h.socket(0)
		s.send(final|c.kind, c.message)
		s.ends(c.name, c.fault)
	}
	s := h.socket(0)
	s.send(opBinary, rightHello[:5])
	s.send(final, rightHello[5:])
	if _, payload := s.next(); wire.KindOf(payload) != wire.KindWelcome {
		t.Errorf("a hello in two pieces: %q, no welcome", payload)
	}
}

// TestLargeMessages announces and sends more than is allowed, at each point of the conversation: none of it is kept, and most is not taken.
func TestLargeMessages(t *testing.T) {
	h := start(t)
	rest := make([]byte, 64<<10)
	for said, limit := range []uint64{wire.MaxFromPage, wire.MaxResume, wire.MaxFromPage} {
		for _, c := range []struct {
			name string
			say  func(*socket)
		}{
			{"a gigabyte", func(s *socket) { s.Write(header(final|opBinary, 1<<30)) }},
			{"all there is", func(s *socket) { s.Write(header(final|opBinary, 1<<63-1)) }},
			{"less than nothing", func(s *socket) { s.Write(header(final|opBinary, 1<<63)) }},
			{"a byte too many", func(s *socket) { s.Write(header(final|opBinary, limit+1)) }},
			{"a large ping", func(s *socket) { s.Write(header(final|opPing, 1<<30)) }},
			{"pieces", func(s *socket) {
				s.send(opBinary, rest[:512])
				for left := limit; left > 512; left -= 512 {
					s.send(0, rest[:512])
				}
				s.send(0, rest[:1])
			}},
		} {
			for _, most := range []int{0, 64 << 20} { // of what is announced, that is sent
				name := fmt.Sprintf("%s after %d messages, and %d bytes", c.name, said, most)
				s := h.socket(said)
				before, begin, taken := allocated(), time.Now(), 0
				c.say(s)
				for taken < most {
					n, err := s.Write(rest)
					if taken += n; err != nil {
						break
					}
				}
				s.skip()
				s.ends(name, "")
				if used, took := allocated()-before, time.Since(begin); used > 8<<20 || taken > 8<<20 || took > slack {
					t.Errorf("%s: %d bytes were taken, %d allocated, in %v", name, taken, used, took)
				}
			}
		}
	}
}

// TestResumes says what is wrong, too much, or cut short about what the page has.
func TestResumes(t *testing.T) {
	h := start(t)
	h.put("3600.csv", "header\na\n")
	at := func(hour, offset int64) []byte {
		return wire.AppendResume(nil, wire.Resume{Files: []wire.Position{{Hour: hour, Offset: offset}}})
	}
	wrong := map[string][]byte{
		"negative": at(3600, -1), "very negative": at(3600, -1<<63), "negative in another hour": at(1, -1), "no resume": rightAck, "empty": nil,
		"more positions than there are": {byte(wire.KindResume), 0, 0xfe, 0xff, 0xff, 0xff, 0x0f}, "fewer than none": {byte(wire.KindResume), 0, 1},
		"more behind it": append(bytes.Clone(rightResume), 0),
	}
	for n := range rightResume {
		wrong[fmt.Sprintf("%d bytes of %d", n, len(rightResume))] = rightResume[:n]
	}
	for name, message := range wrong {
		s := h.socket(1)
		s.send(final|opBinary, message)
		s.ends(name, wire.CodeProtocol)
	}

	many := wire.Resume{NewestFirst: true}
	for n := range int64(100_000) {
		many.Files = append(many.Files, wire.Position{Hour: 1_000_000 + n, Offset: n})
	}
	before := memory()
	s := h.socket(1)
	s.send(final|opBinary, wire.AppendResume(nil, many))
	s.skip()
	if _, payload := s.next(); wire.KindOf(payload) != wire.KindChunk || !bytes.HasSuffix(payload, []byte("header\na\n")) {
		t.Errorf("100 000 positions: %q", payload)
	}
	if more := memory() - before; more > 32<<20 {
		t.Errorf("100 000 positions take %d bytes", more)
	}
	s.Close()
}

// TestAcksThatCannotBe wants a page to be let go that takes back what it has said, or says what is no acknowledgement.
func TestAcksThatCannotBe(t *testing.T) {
	h := start(t)
	h.put("3600.csv", "header\na\n")
	for name, messages := range map[string][][]byte{
		"backwards": {wire.AppendAck(nil, wire.Ack{Bytes: 2}), wire.AppendAck(nil, wire.Ack{Bytes: 1})},
		"negative":  {wire.AppendAck(nil, wire.Ack{Bytes: -1})},
		"a hello":   {rightHello},
		"a resume":  {rightResume},
		"cut short": {rightAck[:1]},
		"nonsense":  {[]byte("\xff\xff\xff")},
	} {
		s := h.socket(2)
		s.skip()
		if _, payload := s.next(); !bytes.HasSuffix(payload, []byte("a\n")) {
			t.Errorf("%s: %q, not the rows", name, payload)
		}
		for _, message := range messages {
			s.send(final|opBinary, message)
		}
		s.skip()
		s.ends(name, "")
	}
}

// TestNothingIsLeft has pages and others of every kind, then ends: no goroutine of the helper and its connections remains.
func TestNothingIsLeft(t *testing.T) {
	eventually(t, "the end of earlier tests", func() bool { return len(working()) == 0 })
	h := start(t)
	h.put("3600.csv", strings.Repeat("0123456789abcde\n", 1<<16))
	for n := range 10 {
		h.connect()
		fmt.Fprintf(h.connect(), "GET / HT")
		h.connect().request("GET / HTTP/1.1", "Host: "+h.host())
		h.socket(n % 3)
	}
	if n := len(working()); n < 40 {
		t.Errorf("only %d goroutines are at work", n)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond) // nobody reads, so they are not waited for
	defer cancel()
	h.Shutdown(ctx)
	eventually(t, "the end of every goroutine", func() bool { return len(working()) == 0 })
	if conn, err := net.Dial("tcp", h.host()); err == nil {
		conn.Close()
		t.Error("it listens still")
	}
}
