package serve

import (
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tracelens/shared/wire"
)

// -stall 60s is the long run.
var stallFor = flag.Duration("stall", 3*time.Second, "how long a page does not read")

// slack is what a machine that is busy with other tests may be late by.
const slack = 1500 * time.Millisecond

// crowd opens n connections, each of which says the same and then keeps silent.
func (h *helper) crowd(n int, say string) (leave func()) {
	h.t.Helper()
	var all []net.Conn
	for range n {
		conn, err := net.Dial("tcp", h.host())
		if err != nil {
			h.t.Fatal(err)
		}
		io.WriteString(conn, say)
		all = append(all, conn)
	}
	leave = func() {
		for _, conn := range all {
			conn.Close()
		}
	}
	h.t.Cleanup(leave)
	return leave
}

// An ask takes a place.
type ask struct {
	name, say string
	keeps     time.Duration // the place
}

func (h *helper) asks() []ask {
	request := func(lines ...string) string { return strings.Join(lines, "\r\n") + "\r\n\r\n" }
	return []ask{
		{"of a foreign Host", request("GET / HTTP/1.1", "Host: evil.com"), 0},
		{"of a foreign origin", request("GET /ws HTTP/1.1", "Host: "+h.host(), "Origin: http://evil.com", upgrade), 0},
		{"without a hello", request("GET /ws HTTP/1.1", "Host: "+h.host(), "Origin: "+h.origin(), upgrade), helloTimeout},
		{"without a request", "", requestTimeout},
		{"with half a request", "GET / HTTP/1.1\r\nHost: ", requestTimeout},
	}
}

// welcome tries to be a page. It is one when there is a place.
func (h *helper) welcome() bool {
	conn, _, err := websocket.DefaultDialer.Dial("ws://"+h.host()+"/ws", http.Header{"Origin": {h.origin()}})
	if err != nil {
		return false
	}
	defer conn.Close()
	conn.WriteMessage(websocket.BinaryMessage, rightHello)
	_, message, _ := conn.ReadMessage()
	return wire.KindOf(message) == wire.KindWelcome
}

// TestCrowdThatLeaves has a thousand connections at once, of each kind that shows no token. They take little while they are there, a page gets
// its welcome when they have gone, and then nothing is left of them.
func TestCrowdThatLeaves(t *testing.T) {
	for n := range (&helper{}).asks() {
		h := start(t)
		ask := h.asks()[n]
		const own = 4 // goroutines: one looks at the folder, one waits for two that listen
		eventually(t, "the end of what was before", func() bool { return len(working()) <= own })
		before := memory()
		leave := h.crowd(1000, ask.say)
		eventually(t, "as many as may be", func() bool { return len(working()) >= own+maxSockets || ask.keeps == 0 })
		during, most := memory(), len(working())
		leave()
		begin := time.Now()
		eventually(t, "a page's turn", h.welcome)
		took := time.Since(begin)
		eventually(t, "the end of all", func() bool { return len(working()) <= own })
		after := memory()
		t.Logf("%s: %d goroutines and %d kB more; a page is welcome after %v; then %d kB more", ask.name, most-own, (during-before)>>10, took, (after-before)>>10)
		if took > slack || most > own+maxConnections || during > before+32<<20 || after > before+4<<20 {
			t.Errorf("%s: too much", ask.name)
		}
		h.Shutdown(t.Context())
	}
}

// TestCrowdThatStays has as many connections as there may be, which keep silent: none keeps its place for longer than it has to say who it
// is, one that was refused not at all, and then a page has its turn.
func TestCrowdThatStays(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	for n, ask := range (&helper{}).asks() {
		h := start(t)
		h.crowd(maxConnections, h.asks()[n].say)
		begin := time.Now()
		all.Go(func() {
			for !h.welcome() && time.Since(begin) < time.Minute {
				time.Sleep(5 * time.Millisecond)
			}
			if took := time.Since(begin); took > ask.keeps+slack {
				t.Errorf("%s: a page is welcome after %v, and not %v", ask.name, took, ask.keeps)
			}
		})
	}
	all.Wait()
}

// drip sends a text slower than is allowed, a byte at a time, until the helper closes. It returns when that was, and what it has said.
func (s *socket) drip(text string) (took time.Duration, said string) {
	begin := time.Now()
	ticker := time.NewTicker(helloTimeout / 25)
	defer ticker.Stop()
	ended := make(chan string)
	go func() {
		b, _ := io.ReadAll(s.r)
		ended <- string(b)
	}()
	for {
		select {
		case said = <-ended:
			return time.Since(begin), said
		case <-ticker.C:
			n := min(1, len(text))
			io.WriteString(s, text[:n])
			text = text[n:]
		}
	}
}

// TestSlowly has a page say nothing, or its Hello or its request a byte at a time: it is cut at the deadline, and has been told nothing.
func TestSlowly(t *testing.T) {
	t.Parallel()
	h := start(t)
	var all sync.WaitGroup
	for _, c := range []struct {
		name  string
		s     *socket
		text  string
		after time.Duration
	}{
		{"silence", h.socket(0), "", helloTimeout},
		{"hello", h.socket(0), string(header(final|opBinary, uint64(len(rightHello)))) + string(rightHello), helloTimeout},
		{"nothing but frames", h.socket(0), strings.Repeat("\x8a\x80\x00\x00\x00\x00", 9), helloTimeout},
		{"pieces without an end", h.socket(0), string(header(opBinary, 0)) + strings.Repeat(string(header(0, 0)), 9), helloTimeout},
		{"no request", h.connect(), "", requestTimeout},
		{"request", h.connect(), "GET / HTTP/1.1\r\nX: " + strings.Repeat("x", 4096), requestTimeout},
	} {
		all.Go(func() {
			took, said := c.s.drip(c.text)
			if took < c.after-slack/10 || took > c.after+slack || said != "" {
				t.Errorf("%s: after %v %q", c.name, took, said)
			}
		})
	}
	all.Wait()
}

// chunks reads until done says that it has enough, or the end.
func (s *socket) chunks(done func(lines string) bool) (lines string) {
	for !done(lines) {
		kind, payload := s.next()
		if kind == 0 {
			break
		}
		if c, err := wire.DecodeChunk(payload); err == nil {
			lines += string(c.Lines)
		}
	}
	return lines
}

// TestAPageThatDoesNotRead has two pages that do not read, while another one does, which gets everything at once. The one that there is much
// for is sent no more than it may be, and let go when that does not get through. The one that there is little for may read on later; but not
// when it has answered no ping for too long.
func TestAPageThatDoesNotRead(t *testing.T) {
	t.Parallel()
	h := start(t)
	text := strings.Repeat(strings.Repeat("x", 1023)+"\n", 3*wire.MaxInFlight/1024)
	h.put("3600.csv", text)
	much, little := h.socket(1), h.socket(1)
	much.send(final|opBinary, wire.AppendResume(nil, wire.Resume{}))
	little.send(final|opBinary, wire.AppendResume(nil, wire.Resume{Files: []wire.Position{{Hour: 3600, Offset: int64(len(text))}}}))
	begin := time.Now()

	conn, _ := h.page()
	conn.SetReadDeadline(begin.Add(*stallFor + time.Minute))
	r := newReader(t, conn, true)
	for n := 0; time.Since(begin) < *stallFor; n++ {
		line, said := fmt.Sprintf("line %d\n", n), time.Now()
		h.put("7200.csv", line)
		for !strings.HasSuffix(r.files[7200], line) {
			r.step()
		}
		if waited := time.Since(said); len(r.files[3600]) == len(text) && waited > slack+time.Second { // it looks for what others write once a second
			t.Errorf("line %d came after %v", n, waited)
		}
	}
	if len(r.files[3600]) != len(text) {
		t.Errorf("%d bytes of %d reach the page that reads", len(r.files[3600]), len(text))
	}
	conn.Close()

	eventually(t, "the end of the page that there is much for", func() bool { return len(h.clients) <= 1 })
	if took := time.Since(begin); *stallFor < writeTimeout && (took < writeTimeout || took > writeTimeout+slack+time.Second) {
		t.Errorf("the page that there is much for is let go after %v", took)
	}
	for _, s := range []*socket{much, little} {
		s.SetDeadline(time.Now().Add(5 * time.Second))
	}
	if sent := len(much.chunks(func(string) bool { return false })); sent == 0 || sent > wire.MaxInFlight {
		t.Errorf("the page that there is much for was sent %d bytes", sent)
	}
	got := little.chunks(func(lines string) bool { return lines == r.files[7200] && *stallFor < pongTimeout })
	if !strings.HasPrefix(r.files[7200], got) || *stallFor < pongTimeout && got != r.files[7200] {
		t.Errorf("the page that there is little for was sent %q of %q", got, r.files[7200])
	}
	if left := len(h.clients); left != map[bool]int{true: 1, false: 0}[*stallFor < pongTimeout] {
		t.Errorf("after %v %d pages that do not read are connected", *stallFor, left)
	}
}
