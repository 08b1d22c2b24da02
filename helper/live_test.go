//go:build linux

package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"tracelens/helper/internal/isolate"
)

// traffic is a pair of sockets on the loopback interface, and the filter that sees only its datagrams.
func traffic(t *testing.T) (send func(n int), filter string) {
	t.Helper()
	receiver, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	sender, err := net.Dial("udp4", receiver.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { receiver.Close(); sender.Close() })
	send = func(n int) {
		for range n {
			sender.Write([]byte("x"))
		}
	}
	return send, fmt.Sprintf("udp dst port %d", receiver.LocalAddr().(*net.UDPAddr).Port)
}

// TestCapture wants 100 datagrams to be 100 rows, on the disk and in the page, and the counts at the end to say so.
func TestCapture(t *testing.T) {
	isolate.NeedRoot(t)
	t.Parallel()
	send, filter := traffic(t)
	r := launch(t, nil, "-i", "lo", "-f", filter, "-w", "rows")
	conn := r.connect()
	if _, stderr, code := finish(t, nil, "-i", "lo", "-w", filepath.Join(r.Dir, "rows"), "-listen", "127.0.0.1:0"); code != 1 || !strings.Contains(stderr, fmt.Sprintf("another tracelens (process %d) is writing to", r.Process.Pid)) {
		t.Errorf("a second one on the same folder: %d %s", code, stderr)
	}
	send(100)
	got, _ := rows(t, conn, 100)
	if !strings.Contains(got[0], ",127.0.0.1,,") || !strings.HasSuffix(got[0], ",43,,\n") {
		t.Errorf("row %q", got[0])
	}
	out, code := r.interrupt()
	if code != 0 || !strings.Contains(out, "100 packets captured, 0 dropped by the kernel, 0 dropped by the interface, 0 not written\n100 rows written to ") {
		t.Errorf("exit code %d: %s", code, out)
	}
	if n := len(hourRows(t, filepath.Join(r.Dir, "rows"))); n != 100 {
		t.Errorf("%d rows on the disk", n)
	}
}

// TestCaptureEndsByItself wants the page to be sent every row before the program ends.
func TestCaptureEndsByItself(t *testing.T) {
	isolate.NeedRoot(t)
	t.Parallel()
	send, filter := traffic(t)
	r := launch(t, nil, "-i", "lo", "-f", filter, "-a", "packets:7", "-w", "rows")
	conn := r.connect()
	nextStatus(t, conn)
	send(7)
	if got, status := rows(t, conn, -1); len(got) != 7 || status.Live || status.Rows != 7 {
		t.Errorf("%d rows, %+v", len(got), status)
	}
	if out, code := r.wait(); code != 0 || !strings.Contains(out, "7 packets captured") {
		t.Errorf("exit code %d: %s", code, out)
	}
	_, filter = traffic(t)
	timed := launch(t, nil, "-i", "lo", "-f", filter, "-a", "duration:1", "-w", "rows")
	if out, code := timed.wait(); code != 0 || !strings.Contains(out, "0 packets captured") {
		t.Errorf("exit code %d: %s", code, out)
	}
}

func TestCaptureMistakes(t *testing.T) {
	isolate.NeedRoot(t)
	for want, args := range map[string][]string{
		`there is no interface "nosuch0"; tracelens -D lists`: {"-i", "nosuch0"},
		"there is no interface number 999":                    {"-i", "999"},
		`the capture filter "tcp port" is not valid`:          {"-i", "lo", "-f", "tcp port"},
	} {
		if _, stderr, code := finish(t, nil, append(args, "-listen", "127.0.0.1:0")...); code != 1 || !strings.Contains(stderr, want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%v: exit code %d, %q", args, code, stderr)
		}
	}
}

// TestWithoutRights runs as nobody: the ways to grant rights are named, and the page and the files are served all the same.
func TestWithoutRights(t *testing.T) {
	isolate.NeedRoot(t) // to become somebody who has none
	t.Parallel()
	dir, err := os.MkdirTemp("", "tracelens-test-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	const nobody = 65534
	if out, _, code := finish(t, nil, "-q", "-r", captureFile(t, "vxlan-first60.pcap"), "-w", dir); code != 0 {
		t.Fatal(out)
	}
	for _, path := range append(glob(t, dir), dir) {
		os.Chown(path, nobody, nobody)
	}
	r := launch(t, func(c *exec.Cmd) {
		c.Dir = dir
		c.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	}, "-i", "lo", "-w", dir)
	eventually(t, "the message", func() bool { return strings.Contains(r.output(), "no rights to capture on lo") })
	for _, remedy := range []string{"with sudo", "sudo setcap cap_net_raw+ep " + program} {
		if !strings.Contains(r.output(), remedy) {
			t.Errorf("%q is not in %s", remedy, r.output())
		}
	}
	if response, err := http.Get("http://" + r.address + "/"); err != nil {
		t.Error(err)
	} else {
		response.Body.Close()
	}
	conn := r.connect()
	if got, _ := rows(t, conn, 1); len(got) == 0 {
		t.Error("the files are not served")
	}
	if status := nextStatus(t, conn); status.Live || !strings.Contains(status.Problem, "setcap") {
		t.Errorf("%+v", status)
	}
	if out, code := r.interrupt(); code != 1 {
		t.Errorf("exit code %d: %s", code, out)
	}
}
