//go:build linux

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"tracelens/shared/tracetest"
)

// conversions converts one capture of so many packets, of which a real one is repeated, by tshark once and by the helper three times.
func conversions(t *run, n int) {
	const of, fileHeader = 251, 24 // packets, and bytes
	one, err := os.ReadFile(filepath.Join(filepath.Dir(tracetest.Captures()[0]), "tplink_shp.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	dir := t.dir()
	path := filepath.Join(dir, "big.pcap")
	copies := n / of
	if err := os.WriteFile(path, append(one[:fileHeader:fileHeader], bytes.Repeat(one[fileHeader:], copies)...), 0o644); err != nil {
		t.Fatal(err)
	}
	var ours []time.Duration
	for i := range 3 {
		out := filepath.Join(dir, fmt.Sprint("out", i))
		ours = append(ours, timed(t, *program, "-r", path, "-w", out))
	}
	slices.Sort(ours)
	args := []string{"-r", path, "-n", "-T", "fields", "-E", "separator=,", "-E", "occurrence=f"}
	for _, f := range fields {
		args = append(args, "-e", f)
	}
	theirs := timed(t, "tshark", args...)
	perSecond := func(d time.Duration) float64 { return float64(copies*of) / d.Seconds() / 1e6 }
	fmt.Printf("%d packets (%d MB): tracelens -r %.2f s (%.1f million a second), tshark -T fields %.1f s (%.3f): %.0f times\n", copies*of,
		(len(one)-fileHeader)*copies/1e6, ours[1].Seconds(), perSecond(ours[1]), theirs.Seconds(), perSecond(theirs), theirs.Seconds()/ours[1].Seconds())
}

func timed(t *run, program string, args ...string) time.Duration {
	cmd := exec.Command(program, args...)
	begin := time.Now()
	if err := cmd.Run(); err != nil {
		t.Fatal(program, err)
	}
	return time.Since(begin)
}
