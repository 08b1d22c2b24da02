//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"

	"tracelens/helper/internal/isolate"
)

// A contender captures from in0.
type contender struct {
	name string
	args func(dir string) []string
	// ready is what it prints when it captures.
	ready string
	// captured finds what it has captured in what it has printed or written.
	captured func(output, dir string) (int, error)
	page     bool // reads the stream meanwhile, as a page does
}

var fields = strings.Fields("frame.time_epoch ip.src tcp.srcport udp.srcport ip.dst tcp.dstport udp.dstport frame.len ipv6.src ipv6.dst")

var contenders = []contender{
	{name: "Tracelens", args: tracelens, ready: "Open http://", captured: printed(`(\d+) rows written`)},
	{name: "with a page", args: tracelens, ready: "Open http://", captured: printed(`(\d+) rows written`), page: true},
	{name: "tcpdump -w", args: func(dir string) []string {
		return []string{"tcpdump", "-n", "-i", "in0", "-w", filepath.Join(dir, "x.pcap")}
	}, ready: "listening on", captured: printed(`(\d+) packets captured`)},
	{name: "dumpcap", args: func(dir string) []string {
		return []string{"dumpcap", "-q", "-i", "in0", "-w", filepath.Join(dir, "x.pcapng")}
	}, ready: "File:", captured: printed(`Packets captured: (\d+)`)},
	{name: "tshark to CSV", args: func(string) []string {
		args := []string{"tshark", "-n", "-l", "-i", "in0", "-T", "fields", "-E", "separator=,", "-E", "occurrence=f"}
		for _, f := range fields {
			args = append(args, "-e", f)
		}
		return args
	}, ready: "Capturing on", captured: lines},
}

func tracelens(dir string) []string {
	return []string{*program, "-i", "in0", "-w", filepath.Join(dir, "traces"), "-listen", "127.0.0.1:0"}
}

func names() (all []string) {
	for _, c := range contenders {
		all = append(all, c.name)
	}
	return all
}

func printed(pattern string) func(output, dir string) (int, error) {
	r := regexp.MustCompile(pattern)
	return func(output, _ string) (int, error) {
		m := r.FindStringSubmatch(output)
		if m == nil {
			return 0, fmt.Errorf("it does not say how many it has captured: %s", output)
		}
		return strconv.Atoi(m[1])
	}
}

func lines(_, dir string) (int, error) {
	text, err := os.ReadFile(filepath.Join(dir, "stdout"))
	return bytes.Count(text, []byte{'\n'}), err
}

// A result is what came of a race.
type result struct {
	sent, captured int
	perSecond      float64
}

func (r result) text() string {
	if lost := r.sent - r.captured; lost != 0 {
		return fmt.Sprintf("%.2g %%", 100*float64(lost)/float64(r.sent))
	}
	return "0"
}

// race sends at a rate while c captures.
func race(t *run, c contender, rate string) result {
	dir := t.dir()
	defer os.RemoveAll(dir)
	stdout, err := os.Create(filepath.Join(dir, "stdout"))
	if err != nil {
		t.Fatal(err)
	}
	defer stdout.Close()
	said := t.write(filepath.Join(dir, "stderr"), "")
	stderr, err := os.OpenFile(said, os.O_RDWR|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer stderr.Close()
	args := c.args(dir)
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	output := func() string {
		out, _ := os.ReadFile(stdout.Name())
		errs, _ := os.ReadFile(said)
		return string(out[:min(len(out), 4096)]) + string(errs)
	}
	for begin := time.Now(); !strings.Contains(output(), c.ready); time.Sleep(10 * time.Millisecond) {
		if time.Since(begin) > 10*time.Second {
			cmd.Process.Kill()
			t.Fatal(c.name, "does not begin:", output())
		}
	}
	time.Sleep(500 * time.Millisecond) // tshark says so before it is true
	if c.page {
		stop := page(t, output())
		defer stop()
	}
	before, _ := isolate.Received(t, "in0")
	took := send(t, dir, rate)
	after, _ := isolate.Received(t, "in0")
	settle(output, filepath.Join(dir, "stdout"))
	cmd.Process.Signal(os.Interrupt)
	cmd.Wait()
	r := result{sent: int(after - before), perSecond: float64(after-before) / took.Seconds()}
	if c.name == "tshark to CSV" {
		r.captured, err = c.captured("", dir)
	} else {
		whole, _ := os.ReadFile(stdout.Name())
		errs, _ := os.ReadFile(said)
		r.captured, err = c.captured(string(whole)+string(errs), dir)
	}
	if err != nil {
		t.Fatal(c.name, err)
	}
	return r
}

// settle waits until whoever writes rows has come to the end of what it holds.
func settle(output func() string, path string) {
	time.Sleep(time.Second)
	for last, begin := int64(-1), time.Now(); time.Since(begin) < time.Minute; time.Sleep(time.Second) {
		info, err := os.Stat(path)
		if err != nil || info.Size() == last {
			return
		}
		last = info.Size()
	}
}

const frames = `{ 0x02,0,0,0,0,1, 0x02,0,0,0,0,2, 0x08,0x00, 0x45,0,0,46, 0,0,0,0, 64,17,0,0, 10,drnd(3), 192,0,2,1, 0x13,0x88,0,9, 0,26,0,0, fill(0,18) }
`

// busySuffix on a rate has two programs compute while it is sent.
const busySuffix = "+busy"

// compute runs two programs that do nothing but compute, until stop.
func compute(t *run) (stop func()) {
	var all []*exec.Cmd
	for range 2 {
		cmd := exec.Command("sh", "-c", "while :; do :; done")
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		all = append(all, cmd)
	}
	return func() {
		for _, cmd := range all {
			cmd.Process.Kill()
			cmd.Wait()
		}
	}
}

// send sends with trafgen, and tells how long it took.
func send(t *run, dir, rate string) time.Duration {
	rate, busy := strings.CutSuffix(rate, busySuffix)
	if busy {
		defer compute(t)()
	}
	config := t.write(filepath.Join(dir, "frames.cfg"), frames)
	n, processes := *packets, "1"
	args := []string{"-i", config, "-o", "out0"}
	if more, found := strings.CutPrefix(rate, "max"); found {
		if more != "" {
			processes = more
		}
	} else {
		perSecond, err := strconv.Atoi(rate)
		if err != nil {
			t.Fatal(err)
		}
		n = min(n, 4*perSecond)
		args = append(args, "-b", rate+"pps")
	}
	begin := time.Now()
	out, err := exec.Command("trafgen", append(args, "-P", processes, "-n", strconv.Itoa(n))...).CombinedOutput()
	if err != nil {
		t.Fatal("trafgen:", err, string(out))
	}
	return time.Since(begin)
}

func thousands(perSecond float64) string { return fmt.Sprintf("%.0f 000", perSecond/1000) }
