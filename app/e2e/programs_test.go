//go:build linux

package e2e

import (
	"fmt"
	"io"
	"net"
	"path/filepath"
	"testing"
)

// TestProgramsLive: while the helper captures, the page says which program is behind the packets: the test itself, which fetches from itself. The
// port that asks counts.
func TestProgramsLive(t *testing.T) {
	needRoot(t)
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() { // what comes goes back
				io.Copy(c, c)
				c.Close()
			}()
		}
	}()
	_, port, _ := net.SplitHostPort(l.Addr().String())
	h := startHelper(t, nil, "-i", "lo", "-f", "tcp port "+port, "-w", filepath.Join(t.TempDir(), "rows"))
	p := open(t, h.link, desktop)
	p.opened("ready", func() { p.click("connect") })
	c, err := net.Dial("tcp4", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	sent := 0
	fetch := func() {
		t.Helper()
		block := make([]byte, 10_000)
		if _, err := c.Write(block); err != nil {
			t.Fatal(err)
		}
		if _, err := io.ReadFull(c, block); err != nil {
			t.Fatal(err)
		}
		sent += 2 * len(block)
	}
	fetch()
	p.until("document.querySelector('[data-chart=stack] canvas:not([hidden])')") // it is known
	for range 20 {
		fetch()
	}
	p.choose("Top list of", "programs")
	p.until("[...document.querySelectorAll('[data-testid=top] tbody tr')].some(tr => tr.cells[0].textContent === 'e2e.test')")
	p.until(fmt.Sprintf("Number(document.querySelector('[data-testid=tile-volume]').textContent.match(/([\\d\\s]+) bytes/)?.[1].replace(/\\D/g, '')) >= %d", sent))
	p.calm()
	r := p.report()
	if r.Causes == nil || len(r.Causes.Program) != 1 || r.Causes.Program[0].Key != "e2e.test" || r.Causes.NoProgram.Packets > 0 || r.Causes.Program[0].Bytes < int64(sent) {
		t.Errorf("%+v, of %d bytes in %d packets; %d were sent", r.Causes, r.Bytes, r.Packets, sent)
	}
	p.enter("process:e2e.test")
	if of := p.report(); of.Packets != r.Packets {
		t.Errorf("%d packets of the program, want %d", of.Packets, r.Packets)
	}
	p.shoot("programs-live")
}
