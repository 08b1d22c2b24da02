//go:build linux

package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tracelens/shared/wire"
)

// pester says what has to be refused, with the token everywhere that one can think of, and waits for each answer.
func pester(t *testing.T, address, token string) {
	t.Helper()
	const upgrade = "\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
	own := "\r\nHost: " + address + "\r\nOrigin: http://" + address
	for _, request := range []string{
		"GET /?token=" + token + " HTTP/1.1\r\nHost: evil.com",
		"GET / HTTP/1.1\r\nHost: evil.com\r\nReferer: http://" + address + "/#token=" + token,
		"GET / HTTP/1.1\r\nHost: " + token,
		"GET /" + token + " HTTP/1.1" + own + "\r\nReferer: http://" + address + "/?token=" + token,
		"POST /?token=" + token + " HTTP/1.1" + own + "\r\nCookie: token=" + token + "\r\nAuthorization: Bearer " + token,
		"GET /ws?token=" + token + " HTTP/1.1\r\nHost: " + address + upgrade,
		"GET /ws?token=" + token + " HTTP/1.1\r\nHost: " + address + "\r\nOrigin: http://evil.com/" + token + upgrade,
		"GET /ws?token=" + token + " HTTP/1.1" + own,
		"GET /#token=" + token + " HTTP/9.9" + own,
		"GET / HTTP/1.1\r\n" + token + own,
		"GET / HTTP/1.1" + own + "\r\nX: " + strings.Repeat(token, 1000),
		token,
		"",
	} {
		conn, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		conn.SetDeadline(time.Now().Add(patience))
		fmt.Fprintf(conn, "%s\r\nConnection: close\r\n\r\n", request)
		if answer, err := io.ReadAll(conn); strings.Contains(string(answer), token) {
			t.Errorf("%q is answered with %q, %v", request, answer, err)
		}
		conn.Close()
	}
	for _, hello := range []wire.Hello{{Version: wire.Version, Token: token + "0"}, {Version: wire.Version}, {Version: wire.Version + 1, Token: token}} {
		conn, _, err := websocket.DefaultDialer.Dial("ws://"+address+"/ws?token="+token, map[string][]string{"Origin": {"http://" + address}})
		if err != nil {
			t.Fatal(err)
		}
		conn.WriteMessage(websocket.BinaryMessage, wire.AppendHello(nil, hello))
		if _, message, err := conn.ReadMessage(); wire.KindOf(message) != wire.KindFault || strings.Contains(string(message), token) {
			t.Errorf("%+v is answered with %q, %v", hello, message, err)
		}
		conn.Close()
	}
}

// TestTheTokenIsPrintedOnce wants the link to be the only place where the token ever stands, whatever is asked of the program.
func TestTheTokenIsPrintedOnce(t *testing.T) {
	t.Parallel()
	for _, flags := range [][]string{{}, {"-q"}} {
		r := launch(t, nil, append(flags, "-r", captureFile(t, "vxlan-first60.pcap"), "-w", "rows")...)
		conn := r.connect()
		eventuallyStatus(t, conn, func(s wire.Status) bool { return !s.Live })
		before := r.output()
		pester(t, r.address, r.token)
		nextStatus(t, conn)
		if after := r.output(); after != before {
			t.Errorf("%q: who is refused can have it print %q", flags, strings.TrimPrefix(after, before))
		}
		out, code := r.interrupt()
		for line := range strings.Lines(out) {
			if strings.Contains(line, r.token) && line != "Open http://"+r.address+"/#token="+r.token+"\n" {
				t.Errorf("%q: the token is in %q", flags, line)
			}
		}
		if code != 0 || strings.Count(out, r.token) != 1 {
			t.Errorf("%q: exit code %d, and the token %d times in %s", flags, code, strings.Count(out, r.token), out)
		}
	}
}

// TestLink has the link written to its file, which only its owner may read, and which is gone afterwards. The token is nowhere else.
func TestLink(t *testing.T) {
	t.Parallel()
	file := captureFile(t, "vxlan-first60.pcap")
	for name, signal := range map[string]os.Signal{"Ctrl-C": os.Interrupt, "SIGTERM": syscall.SIGTERM} {
		p := spawn(t, "-r", file, "-w", "rows", "-link", "-listen", "127.0.0.1:0")
		address, token := p.link("rows/link", "")
		if info, err := os.Lstat(filepath.Join(p.Dir, "rows/link")); err != nil || info.Mode() != 0o600 {
			t.Errorf("%s: the file is %v, %v", name, info, err)
		}
		if text := p.said("stdout"); !strings.Contains(text, "Open the link in rows/link\n") {
			t.Errorf("%s: stdout is %q", name, text)
		}
		if len(token) != 32 {
			t.Errorf("%s: the token is %q", name, token)
		}
		pester(t, address, token)
		rows(t, (&running{t: t, address: address, token: token}).connect(), 60)
		if code := p.end(signal); code != 0 {
			t.Errorf("%s: exit code %d", name, code)
		}
		if _, err := os.Lstat(filepath.Join(p.Dir, "rows/link")); !os.IsNotExist(err) {
			t.Errorf("%s: the file is there still: %v", name, err)
		}
		text := p.said("stdout") + p.said("stderr")
		if strings.Contains(text, token) || strings.Contains(text, "#token") || !strings.Contains(text, "60 rows written") {
			t.Errorf("%s: it prints %s", name, text)
		}
	}
}

// TestLinkAmongOthers finds something in the link's place: what a program that was killed has left, what others may read, and what leads
// elsewhere. Either the link is in a file that only its owner may read, or the program says why it is not.
func TestLinkAmongOthers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	elsewhere := filepath.Join(dir, "elsewhere")
	for name, put := range map[string]func(path string) error{
		"left":     func(path string) error { return os.WriteFile(path, []byte("http://127.0.0.1:1/#token=old\n"), 0o600) },
		"readable": func(path string) error { return os.WriteFile(path, nil, 0o644) },
		"leads":    func(path string) error { return os.Symlink("../elsewhere", path) },
		"a folder": func(path string) error { return os.MkdirAll(filepath.Join(path, "full"), 0o700) },
	} {
		if err := os.WriteFile(elsewhere, []byte("precious\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		rows := filepath.Join(dir, name)
		os.Mkdir(rows, 0o700)
		if err := put(filepath.Join(rows, "link")); err != nil {
			t.Fatal(err)
		}
		p := spawn(t, "-r", captureFile(t, "vxlan-first60.pcap"), "-w", rows, "-link", "-listen", "127.0.0.1:0")
		written, refused := false, false
		eventually(t, name, func() bool {
			written, refused = strings.Contains(p.said("stdout"), "Open the link in "), strings.Contains(p.said("stderr"), "cannot write the link to "+rows)
			return written || refused
		})
		info, err := os.Lstat(filepath.Join(rows, "link"))
		text, _ := os.ReadFile(filepath.Join(rows, "link"))
		if written && (err != nil || info.Mode() != 0o600 || !strings.HasPrefix(string(text), "http://127.0.0.1:") || strings.Contains(string(text), "old")) {
			t.Errorf("%s: the file is %v, and holds %q", name, info.Mode(), text)
		}
		if code := p.end(os.Interrupt); refused && code != 1 || name == "left" && refused {
			t.Errorf("%s: exit code %d, %s", name, code, p.said("stderr"))
		}
		if text, _ := os.ReadFile(elsewhere); string(text) != "precious\n" {
			t.Errorf("%s: elsewhere is %q", name, text)
		}
	}
}
