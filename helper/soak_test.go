//go:build linux

package main

import (
	"bufio"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"tracelens/helper/internal/isolate"
)

// -soak 30m is the long run.
var (
	soakFor  = flag.Duration("soak", 20*time.Second, "how long the soak test captures")
	soakHour = flag.Int("soak-hour", 2, "how many seconds an hour of it has")
)

// A health is what a process uses.
type health struct {
	at                       time.Duration
	residentKB, descriptors  int
	threads, goroutines, csv int
}

// TestSoak captures for a while with short hours, while pages come and go and traffic rises and falls: memory, descriptors and goroutines
// stay what they are, no packet is missing, and there is a file for every hour.
func TestSoak(t *testing.T) {
	isolate.Network(t)
	isolate.Pair(t, "in0", "out0")
	short := filepath.Join(t.TempDir(), "tracelens")
	build := exec.Command("go", "build", "-ldflags", fmt.Sprintf("-X tracelens/helper/hourly.hourSeconds=%d", *soakHour), "-o", short, ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	os.Chmod(filepath.Dir(short), 0o755)
	r := launch(t, func(c *exec.Cmd) {
		c.Path = short
		c.Env = append(os.Environ(), "GODEBUG=schedtrace=1000,scheddetail=1") // tells of every goroutine each second
	}, "-i", "in0", "-w", "rows")
	dir := filepath.Join(r.Dir, "rows")
	sender := isolate.NewSender(t, "out0")
	begin, sent := time.Now(), 0
	var seen []health
	for round := 0; time.Since(begin) < *soakFor; round++ {
		conn := r.connect()
		n := []int{2_000, 20_000, 200, 60_000}[round%4]
		sender.Numbered(sent, n, n)
		sent += n
		if round%2 == 0 {
			rows(t, conn, 100)
		}
		conn.Close()
		if round >= 4 { // what is made when first needed is there
			seen = append(seen, r.health(dir, time.Since(begin)))
		}
	}
	out, code := r.interrupt()
	took := time.Since(begin)
	got := exitFigures(t, out)
	all := numbers(t, dir)
	if code != 0 || got.rows != sent || len(all) != sent || got.dropped != 0 {
		t.Errorf("%d sent, %d rows in the files, exit code %d: %+v", sent, len(all), code, got)
	}
	for i, number := range all {
		if number != i&0xffffff { // an address has room for 24 bits
			t.Fatalf("row %d is of packet %d", i, number)
		}
	}
	files := len(glob(t, dir))
	if want := int(took.Seconds()) / *soakHour; files < want-1 || files > want+2 {
		t.Errorf("%d files in %v", files, took)
	}
	report(t, seen)
	t.Logf("%d packets in %d files", sent, files)
}

// report prints what was used, and wants it to be flat.
func report(t *testing.T, seen []health) {
	t.Helper()
	for i := 0; i < len(seen); i += max(1, len(seen)/30) {
		h := seen[i]
		t.Logf("%8v %6d kB, %3d descriptors, %3d threads, %3d goroutines, %4d files", h.at.Round(time.Second), h.residentKB, h.descriptors, h.threads, h.goroutines, h.csv)
	}
	first, second := seen[:len(seen)/2], seen[len(seen)/2:]
	for what, of := range map[string]func(health) int{
		"descriptors": func(h health) int { return h.descriptors },
		"goroutines":  func(h health) int { return h.goroutines },
		"threads":     func(h health) int { return h.threads },
	} {
		if before, after := most(first, of), most(second, of); after > before+3 {
			t.Errorf("%d %s, then %d", before, what, after)
		}
	}
	resident := func(h health) int { return h.residentKB }
	const ring, allowed = 64 << 10, 64 << 10
	noise := 2 << 10
	if *soakFor < 2*time.Minute {
		noise = 20 << 10 // the heap is still finding its size
	}
	if before, after := most(first, resident), most(second, resident); after > before+noise || after > ring+allowed {
		t.Errorf("%d kB of memory, then %d", before, after)
	}
}

func most(all []health, of func(health) int) (n int) {
	for _, h := range all {
		n = max(n, of(h))
	}
	return n
}

var aliveGoroutine = regexp.MustCompile(`^  G\d+: status=[^06]`)

func (r *running) health(dir string, at time.Duration) health {
	r.t.Helper()
	h := health{at: at}
	proc := fmt.Sprintf("/proc/%d/", r.Process.Pid)
	status, err := os.Open(proc + "status")
	if err != nil {
		r.t.Fatal(err)
	}
	defer status.Close()
	for lines := bufio.NewScanner(status); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ":")
		n, _ := strconv.Atoi(strings.TrimSuffix(strings.TrimSpace(value), " kB"))
		switch name {
		case "VmRSS":
			h.residentKB = n
		case "Threads":
			h.threads = n
		}
	}
	descriptors, _ := os.ReadDir(proc + "fd")
	h.descriptors = len(descriptors)
	files, _ := filepath.Glob(filepath.Join(dir, "*[0-9].csv"))
	h.csv = len(files)
	traces := strings.Split(r.output(), "\nSCHED ")
	if len(traces) < 2 {
		return h
	}
	for line := range strings.Lines(traces[len(traces)-2]) {
		if aliveGoroutine.MatchString(line) {
			h.goroutines++
		}
	}
	return h
}
