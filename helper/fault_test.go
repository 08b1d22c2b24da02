//go:build linux

package main

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"tracelens/helper/hourly"
	"tracelens/helper/internal/isolate"
	"tracelens/shared/wire"
)

// TestFullDisk has the disk of a capture become full, and have room again: packets are counted on, the gap is told, shown to the page and
// written down, and what comes later is written, all by itself. The exit status says that something is missing.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	isolate.Disk(t, disk, 64)
	isolate.Network(t)
	isolate.Pair(t, "in0", "out0")
	os.Chmod(filepath.Dir(disk), 0o755)
	filler := filepath.Join(disk, "filler")
	if err := os.WriteFile(filler, make([]byte, 40<<10), 0o600); err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(disk, "rows")
	r := launch(t, nil, "-i", "in0", "-w", dir)
	conn := r.connect()
	sender := isolate.NewSender(t, "out0")
	sender.Numbered(0, 1000, 10_000) // some 50 kB of rows
	said := func(text string) {
		t.Helper()
		defer func() {
			if t.Failed() {
				t.Log(r.output())
			}
		}()
		eventually(t, text, func() bool { return strings.Contains(r.output(), text) })
	}
	said("no space left on device")
	var full wire.Status
	eventuallyStatus(t, conn, func(s wire.Status) bool {
		full = s
		return s.Lost > 0 && s.Captured == 1000 && strings.Contains(s.Problem, "Packets cannot be written since")
	})
	if full.Rows+full.Lost != 1000 || full.Rows == 0 {
		t.Errorf("%+v", full)
	}
	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	sent := 1000
	for ; !strings.Contains(r.output(), "packets are written again"); sent += 10 {
		if sent > 3000 {
			t.Fatal("writing does not go on: ", r.output())
		}
		sender.Numbered(sent, 10, 0)
		time.Sleep(20 * time.Millisecond)
	}
	eventuallyStatus(t, conn, func(s wire.Status) bool {
		return s.Problem == "" && len(s.Notes) == 1 && strings.Contains(s.Notes[0], "could not be written: no space left on device")
	})
	out, code := r.interrupt()
	got := exitFigures(t, out)
	rows := numbers(t, dir)
	if code != 1 || got.captured != sent || got.rows != len(rows) || len(rows)+got.notWritten != sent || got.dropped != 0 {
		t.Errorf("%d sent, %d rows, exit code %d: %s", sent, len(rows), code, out)
	}
	if !slices.IsSorted(rows) || len(slices.Compact(slices.Clone(rows))) != len(rows) || rows[len(rows)-1] != sent-1 {
		t.Error("rows are out of order, twice there, or the last is missing")
	}
	if log, _ := os.ReadFile(filepath.Join(dir, hourly.GapsFile)); !strings.HasSuffix(string(log), "\tno space left on device\n") {
		t.Errorf("the log of gaps is %q", log)
	}
}

// TestKilledWhileAPageReads kills the program at random moments: every row that the page has been sent is in the files, and the next
// start goes on in them.
func TestKilledWhileAPageReads(t *testing.T) {
	isolate.Network(t)
	isolate.Pair(t, "in0", "out0")
	sender := isolate.NewSender(t, "out0")
	dir := filepath.Join(folderOf(t, 65534), "rows")
	first := 0
	var shown []string
	for range 12 {
		r := launch(t, nil, "-i", "in0", "-w", dir)
		conn := r.connect()
		const n = 4000
		stop := time.AfterFunc(time.Duration(50+rand.IntN(400))*time.Millisecond, func() { r.Process.Signal(syscall.SIGKILL) })
		sender.Numbered(first, n, 10_000)
		first += n
		var sent []string // of all hours, oldest first, since it is a new page
		for {
			_, message, err := conn.ReadMessage()
			if err != nil {
				break
			}
			if c, err := wire.DecodeChunk(message); err == nil {
				sent = append(sent, string(c.Lines))
			}
		}
		stop.Stop()
		r.wait()
		page := strings.Join(sent, "")
		for _, before := range shown {
			if !strings.HasPrefix(page, before) && !strings.HasPrefix(before, page) {
				t.Fatal("what a page was shown is not what the next one was")
			}
		}
		shown = append(shown, page)
		onDisk := allText(t, dir)
		if !strings.HasPrefix(onDisk, page) {
			t.Fatalf("the page was sent %d bytes that are not on the disk", len(page))
		}
	}
	launch(t, nil, "-i", "in0", "-w", dir).interrupt() // heals
	all := numbers(t, dir)
	if !slices.IsSorted(all) || len(slices.Compact(slices.Clone(all))) != len(all) {
		t.Error("rows are out of order, or twice there")
	}
	t.Logf("%d rows of %d sent survive", len(all), first)
}

// allText is every hour file of dir, oldest first.
func allText(t *testing.T, dir string) string {
	t.Helper()
	paths, _ := filepath.Glob(filepath.Join(dir, "*[0-9].csv")) // none, if it was killed before the first row
	var all []byte
	for _, path := range paths { // names of the same length, in order
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, b...)
	}
	return string(all)
}
