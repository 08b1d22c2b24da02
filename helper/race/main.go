//go:build linux

// Command race measures what the helper loses of a fast network, beside tcpdump, dumpcap and tshark, and how fast it converts a capture,
// beside tshark. It prints tables for README. It needs root, and netsniff-ng's trafgen, which sends through a ring of the kernel's.
//
// The network is a pair of interfaces of its own. Sender and receiver share the machine's processors, so the receiver has what the sender
// leaves; what is lost is by the interface's own count of what it has received.
package main

import (
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"tracelens/helper/internal/isolate"
)

var (
	program = flag.String("program", "bin/tracelens", "the helper")
	packets = flag.Int("packets", 5_000_000, "packets sent in each race, at most four seconds of them")
	rates   = flag.String("rates", "100000,200000,400000,800000,max,max2,max4,max+busy,max4+busy", "packets a second; max is as fast as one process sends, max4 four; +busy is beside two programs that compute")
	convert = flag.Int("convert", 4_000_000, "packets of the capture to convert, 0 for no conversion")
)

func main() {
	flag.Parse()
	t := &run{}
	defer t.clean()
	if *convert > 0 {
		conversions(t, *convert)
	}
	if *rates != "" {
		live(t)
	}
}

func live(t *run) {
	isolate.Network(t)
	isolate.Pair(t, "in0", "out0")
	for _, tool := range []string{"trafgen", "tcpdump", "dumpcap", "tshark"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Fatal(err)
		}
	}
	fmt.Printf("\n| sent a second | %s |\n|---|%s\n", strings.Join(names(), " | "), strings.Repeat("---|", len(contenders)))
	for _, rate := range strings.Split(*rates, ",") {
		var cells []string
		fastest := 0.0
		for _, c := range contenders {
			r := race(t, c, rate)
			fastest = max(fastest, r.perSecond)
			cells = append(cells, r.text())
		}
		label := thousands(fastest)
		if strings.HasSuffix(rate, busySuffix) {
			label += ", busy"
		}
		fmt.Printf("| %s | %s |\n", label, strings.Join(cells, " | "))
	}
}

// A run is the program itself where isolate wants a test.
type run struct{ cleanups []func() }

func (*run) Helper()            {}
func (*run) Skip(why ...any)    { (*run)(nil).Fatal(why...) }
func (r *run) Cleanup(f func()) { r.cleanups = append(r.cleanups, f) }
func (r *run) Fatalf(format string, args ...any) {
	r.Fatal(fmt.Sprintf(format, args...))
}

func (r *run) Fatal(why ...any) {
	if r != nil {
		r.clean()
	}
	fmt.Fprintln(os.Stderr, append([]any{"race:"}, why...)...)
	os.Exit(1)
}

func (r *run) clean() {
	for i := len(r.cleanups) - 1; i >= 0; i-- {
		r.cleanups[i]()
	}
	r.cleanups = nil
}

// dir is a new folder into which anybody may write, since most of the contenders give up being root.
func (r *run) dir() string {
	dir, err := os.MkdirTemp("", "tracelens-race-")
	if err != nil {
		r.Fatal(err)
	}
	r.Cleanup(func() { os.RemoveAll(dir) })
	os.Chmod(dir, 0o777)
	return dir
}

func (r *run) write(path, text string) string {
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		r.Fatal(err)
	}
	return filepath.Clean(path)
}
