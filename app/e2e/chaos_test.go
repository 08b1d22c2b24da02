package e2e

import (
	"bufio"
	"flag"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tracelens/shared/tracetest"
)

var cuts = flag.Int("cuts", 40, "how often TestChaos breaks the connection to the helper, in each order of the hours")

// A bridge is what stands between a page and a helper: it passes bytes on as it likes, in pieces of any size, and breaks off in the middle
// of a frame, of the handshake, or without a word. It alters nothing but the request's Host, which the helper would not answer to.
type bridge struct {
	t       *testing.T
	to      string // the helper's host
	host    string // its own
	cuts    atomic.Int64
	first   sync.Once // connection: one that never came about is not made again
	made    atomic.Int64
	mostLet int64 // bytes that a connection lasts for

	mu    sync.Mutex
	down  chan struct{} // not nil and open: no connection is answered
	pages []*net.TCPConn
}

func newBridge(t *testing.T, to string, cuts, mostLet int) *bridge {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	b := &bridge{t: t, to: to, host: l.Addr().String(), mostLet: int64(mostLet)}
	b.cuts.Store(int64(cuts))
	go func() {
		for {
			page, err := l.Accept()
			if err != nil {
				return
			}
			go b.pass(page.(*net.TCPConn))
		}
	}()
	return b
}

// fall breaks every connection, and leaves new ones without an answer until rise.
func (b *bridge) fall() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.down = make(chan struct{})
	for _, page := range b.pages {
		page.Close()
	}
}

func (b *bridge) rise() { close(b.down) }

// enter waits for as long as the bridge is down.
func (b *bridge) enter(page *net.TCPConn) {
	b.mu.Lock()
	b.pages = append(b.pages, page)
	down := b.down
	b.mu.Unlock()
	if down != nil {
		<-down
	}
}

// pass carries one connection.
func (b *bridge) pass(page *net.TCPConn) {
	defer page.Close()
	b.enter(page)
	first := false
	b.first.Do(func() { first = true })
	let := int64(1 << 62) // bytes of the helper's that the page is to have
	if left := b.cuts.Add(-1); left >= 0 {
		switch let = rand.Int64N(b.mostLet); {
		case first:
			let += 10_000 // the welcome
		case left%7 == 0:
			let = rand.Int64N(300) // in the handshake, or in the welcome
		}
	}
	b.made.Add(1)
	request := bufio.NewReader(page)
	helper, err := net.Dial("tcp", b.to)
	if err != nil {
		return
	}
	defer helper.Close()
	for { // the head of the request
		line, err := request.ReadString('\n')
		if err != nil {
			return
		}
		if strings.HasPrefix(line, "Host: ") {
			line = "Host: " + b.to + "\r\n"
		}
		io.WriteString(helper, line)
		if line == "\r\n" {
			break
		}
	}
	go func() {
		io.Copy(helper, request)
		helper.(*net.TCPConn).CloseWrite()
	}()
	piece := make([]byte, 64<<10)
	for let > 0 {
		n, err := helper.Read(piece[:min(int64(1+rand.IntN(len(piece))), let)])
		if err != nil {
			return
		}
		if _, err := page.Write(piece[:n]); err != nil {
			return
		}
		if let -= int64(n); rand.IntN(50) == 0 {
			time.Sleep(time.Duration(rand.IntN(5)) * time.Millisecond)
		}
	}
	switch rand.IntN(8) {
	case 0:
		page.SetLinger(0) // a reset
	case 1:
		if b.cuts.Load()%40 == 0 { // nothing comes any more, and nobody says so: the page has to notice
			io.Copy(io.Discard, page)
		}
	}
}

// TestChaos: however often and wherever the connection breaks, while a capture goes on, the page has in the end every row of the hour files
// once, whichever hours come first.
func TestChaos(t *testing.T) {
	t.Parallel()
	for _, order := range []string{"Newest first", "Oldest first"} {
		t.Run(order, func(t *testing.T) {
			dir := t.TempDir()
			big, _ := bigFile(t, 24<<20)
			if err := os.Rename(big, filepath.Join(dir, filepath.Base(big))); err != nil {
				t.Fatal(err)
			}
			static := newHost(t)
			h, w := feed(t, "-w", dir, "-allow-origin", static.origin)
			b := newBridge(t, h.host, *cuts, 2*(24<<20) / *cuts)
			p := open(t, static.link, desktop)
			p.mayAsk(b.host)
			p.choose("What comes first", order)
			p.fill("connect-url", strings.Replace(h.link, h.host, b.host, 1))
			p.click("connect")
			cut, _ := pieces(t, filepath.Join(filepath.Dir(tracetest.Captures()[0]), "android-first120.pcap"), 12)
			for i, piece := range cut { // the capture goes on while the connection breaks
				p.until("document.querySelector('[data-testid=status]').dataset.state !== 'error'")
				for b.cuts.Load() > int64(*cuts*(len(cut)-1-i)/len(cut)) {
					time.Sleep(10 * time.Millisecond)
					if p.ctx.Err() != nil {
						t.Fatalf("%d cuts left, the page says: %s", b.cuts.Load(), p.says())
					}
				}
				if _, err := w.Write(piece); err != nil {
					t.Fatal(err)
				}
			}
			w.Close()
			p.until("!document.querySelector('[data-testid=status] .pulse') && document.querySelector('[data-testid=status]').textContent.startsWith('helper')")
			want := native(t, hourFiles(t, dir)...)
			p.packets(int(want.Packets))
			p.calm()
			sameReport(t, p.report(), want)
			t.Logf("%d connections for %d packets", b.made.Load(), want.Packets)
			if n := b.made.Load(); n <= int64(*cuts) {
				t.Errorf("only %s connections were made", strconv.FormatInt(n, 10))
			}
		})
	}
}
