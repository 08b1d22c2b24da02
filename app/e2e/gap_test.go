//go:build linux

package e2e

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"
)

func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() == 0 {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("this test captures, so it needs root")
	}
	t.Skip("this test captures, so it needs root")
}

// loopback is a sender of datagrams on this machine, and the port that they go to.
func loopback(t *testing.T) (sender net.Conn, port int) {
	t.Helper()
	receiver, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { receiver.Close() })
	if sender, err = net.Dial("udp4", receiver.LocalAddr().String()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { sender.Close() })
	return sender, receiver.LocalAddr().(*net.UDPAddr).Port
}

// TestGap captures on every interface while the disk is full for a moment. The page says how to read the lengths, that packets are not
// written while they are not, and afterwards which are missing; and it counts them.
func TestGap(t *testing.T) {
	needRoot(t)
	dir := t.TempDir()
	tinyDisk(t, dir, 64)
	filler := write(t, dir, "filler", string(make([]byte, 40<<10)))
	sender, port := loopback(t)
	send := func(n int) {
		for range n {
			sender.Write([]byte("x"))
		}
	}
	h := startHelper(t, nil, "-i", "any", "-f", fmt.Sprintf("udp dst port %d", port), "-w", filepath.Join(dir, "rows"))
	p := open(t, h.link, desktop)
	p.click("connect")
	send(1000)
	says := func(text string) {
		t.Helper()
		p.until("document.querySelector('.notices').textContent.includes(" + quote(text) + ")")
	}
	says("lengths count the header that the system puts before each packet instead of the link's own (16 bytes)")
	says("Packets cannot be written since")
	says("no space left on device")
	p.shoot("gap-now")
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	for range 500 { // until writing has gone well for a while
		send(1)
		time.Sleep(20 * time.Millisecond)
		if eval[bool](p, "document.querySelector('.notices').textContent.includes('are missing: they could not be written: no space left on device')") {
			break
		}
	}
	says("are missing: they could not be written: no space left on device")
	p.until("!document.querySelector('.notices').textContent.includes('Packets cannot be written since')")
	p.until("/[1-9][0-9]* dropped/.test(document.querySelector('[data-testid=live]').textContent)")
	p.shoot("gap-over")
	h.kill() // it would end with exit status 1, since packets are missing
}

// tinyDisk mounts a disk of so many kilobytes at dir, for the test's goroutine and what it starts.
func tinyDisk(t *testing.T, dir string, kilobytes int) {
	t.Helper()
	runtime.LockOSThread() // for good: the mount ends with the thread
	for _, err := range []error{
		syscall.Unshare(syscall.CLONE_NEWNS),
		syscall.Mount("none", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""),
		syscall.Mount("tmpfs", dir, "tmpfs", 0, fmt.Sprintf("size=%dk", kilobytes)),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	t.Cleanup(func() { syscall.Unmount(dir, syscall.MNT_DETACH) })
}
