package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tracelens/shared/tracetest"
)

func TestConvert(t *testing.T) {
	for _, path := range tracetest.Captures() {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), "new")
			out, stderr, code := finish(t, nil, "-r", path, "-w", dir)
			if code != 0 && !strings.Contains(stderr, "cut short") {
				t.Fatalf("exit code %d: %s", code, stderr)
			}
			n := len(hourRows(t, dir))
			if n == 0 || !strings.Contains(out, fmt.Sprintf("%d packets read\n%d rows written to %d files in", n, n, len(glob(t, dir)))) {
				t.Errorf("%d rows, and it says %q", n, out)
			}
		})
	}
}

// TestConvertOnce wants a second conversion into the same folder to change nothing.
func TestConvertOnce(t *testing.T) {
	path, dir := captureFile(t, "vxlan-first60.pcap"), t.TempDir()
	finish(t, nil, "-q", "-r", path, "-w", dir)
	before := hourRows(t, dir)
	if _, _, code := finish(t, nil, "-r", path, "-w", dir); code != 1 || len(hourRows(t, dir)) != len(before) {
		t.Errorf("exit code %d, %d rows of %d", code, len(hourRows(t, dir)), len(before))
	}
}

func TestConvertCutCapture(t *testing.T) {
	b, err := os.ReadFile(captureFile(t, "vxlan-first60.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	whole, cut := t.TempDir(), t.TempDir()
	path := filepath.Join(t.TempDir(), "cut.pcap")
	os.WriteFile(path, b[:len(b)-5], 0o600)
	finish(t, nil, "-r", captureFile(t, "vxlan-first60.pcap"), "-w", whole)
	_, stderr, code := finish(t, nil, "-r", path, "-w", cut)
	n := len(hourRows(t, whole))
	if got := len(hourRows(t, cut)); got != n-1 || code != 1 || stderr != fmt.Sprintf("tracelens: %s is cut short in the middle of packet %d\n", path, n) {
		t.Errorf("%d rows of %d, exit code %d, %q", got, n, code, stderr)
	}
}

func TestConvertSomePackets(t *testing.T) {
	for _, flags := range [][]string{{"-c", "3"}, {"-a", "packets:3"}} {
		dir := t.TempDir()
		out, stderr, code := finish(t, nil, append(flags, "-r", captureFile(t, "vxlan-first60.pcap"), "-w", dir)...)
		if n := len(hourRows(t, dir)); n != 3 || code != 0 || !strings.HasPrefix(out, "3 packets read") {
			t.Errorf("%d rows, exit code %d, %q %q", n, code, out, stderr)
		}
	}
}

// TestShow wants a file without -w to be served from a folder of its own, which is gone afterwards.
func TestShow(t *testing.T) {
	t.Parallel()
	temporary := t.TempDir()
	os.Chmod(temporary, 0o777|os.ModeSticky) // as /tmp is
	r := launch(t, func(c *exec.Cmd) { c.Env = append(os.Environ(), "TMPDIR="+temporary) }, "-q", "-r", captureFile(t, "vxlan-first60.pcap"))
	if got, _ := rows(t, r.connect(), 1); len(got) == 0 {
		t.Error("no rows")
	}
	if out, code := r.interrupt(); code != 0 || out != "Open http://"+r.address+"/#token="+r.token+"\n" {
		t.Errorf("exit code %d: %q", code, out)
	}
	if left, _ := os.ReadDir(temporary); len(left) != 0 {
		t.Errorf("%v is left", left)
	}
}

// TestSlowPipe feeds a capture through a pipe, a piece at a time, while a page reads the stream: each row arrives though the next
// one has not been sent, and all arrive.
func TestSlowPipe(t *testing.T) {
	t.Parallel()
	b, err := os.ReadFile(captureFile(t, "vxlan-first60.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "rows")
	r := launch(t, nil, "-r", "-", "-w", dir)
	conn := r.connect()
	var got []string
	packets := 0
	for at := 24; at < len(b); packets++ {
		length := 16 + int(b[at+8]) + int(b[at+9])<<8
		begin := at
		if at == 24 {
			begin = 0
		}
		at += length
		if _, err := r.stdin.Write(b[begin:at]); err != nil {
			t.Fatal(err)
		}
		if packets < 5 { // then faster than one by one
			more, _ := rows(t, conn, 1)
			got = append(got, more...)
		}
	}
	r.stdin.Close()
	more, status := rows(t, conn, packets-len(got))
	got = append(got, more...)
	for status.Live || status.Rows == 0 {
		status = nextStatus(t, conn)
	}
	if want := hourRows(t, dir); strings.Join(got, "") != strings.Join(want, "") || status.Rows != int64(packets) {
		t.Errorf("%d rows came, %d are in the files, the status is %+v", len(got), len(want), status)
	}
	if out, code := r.interrupt(); code != 0 || !strings.Contains(out, fmt.Sprintf("%d packets read", packets)) {
		t.Errorf("exit code %d: %s", code, out)
	}
}
