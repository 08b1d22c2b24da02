//go:build linux

package main

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tracelens/helper/internal/isolate"
	"tracelens/shared/capfile"
	"tracelens/shared/frame"
	"tracelens/shared/tracetest"
)

// TestReplay puts the frames of every Ethernet capture on a network, captures them, and wants the rows that tshark makes of the captures.
// Only the time is another one.
func TestReplay(t *testing.T) {
	sender := wideNetwork(t)
	r := launch(t, nil, "-i", "in0", "-w", "rows", "-s", "0")
	var want []string
	captures := 0
	for _, path := range tracetest.Captures() {
		frames := ethernetFrames(t, path)
		if len(frames) == 0 {
			continue
		}
		captures++
		golden, err := tracetest.GoldenRows(path)
		if err != nil || len(golden) != len(frames) {
			t.Fatalf("%s: %d frames, %d golden rows, %v", path, len(frames), len(golden), err)
		}
		for i, f := range frames {
			if len(f) == 0 { // more of it was on the wire than is in the capture
				continue
			}
			sender.Send(f)
			want = append(want, filepath.Base(path)+": "+golden[i])
		}
	}
	if captures < 10 {
		t.Fatalf("%d captures of Ethernet", captures)
	}
	dir := filepath.Join(r.Dir, "rows")
	eventually(t, "every row", func() bool {
		n := 0
		paths, _ := filepath.Glob(filepath.Join(dir, "*[0-9].csv"))
		for _, path := range paths {
			text, _ := os.ReadFile(path)
			n += strings.Count(string(text), "\n") - 1
		}
		return n >= len(want)
	})
	r.interrupt()
	got := hourRows(t, dir)
	if len(got) != len(want) {
		t.Fatalf("%d rows of %d frames", len(got), len(want))
	}
	different := 0
	for i, row := range got {
		_, ours, _ := strings.Cut(strings.TrimSuffix(row, "\n"), ",")
		capture, theirs, _ := strings.Cut(want[i], ": ")
		if _, theirs, _ = strings.Cut(theirs, ","); ours == theirs {
			continue
		}
		if different++; capture != "dns_fragmented.pcap" { // see package decode
			t.Errorf("%s:\n   ours %s\n tshark %s", capture, ours, theirs)
		}
	}
	if different > 14 {
		t.Errorf("%d rows differ", different)
	}
	t.Logf("%d frames of %d captures", len(want), captures)
}

// wideNetwork is a network of the test's own, for frames of any size, which come in at in0.
func wideNetwork(t *testing.T) *isolate.Sender {
	t.Helper()
	isolate.Network(t)
	isolate.Pair(t, "in0", "out0")
	for _, end := range []string{"in0", "out0"} {
		isolate.IP(t, "link set "+end+" mtu 65535")
	}
	return isolate.NewSender(t, "out0")
}

// ethernetFrames are those of a capture, empty where the capture has not all of one. There are none if it is not of Ethernet.
func ethernetFrames(t *testing.T, path string) (frames [][]byte) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	source := capfile.New(path, file)
	defer source.Close()
	var f frame.Frame
	for {
		switch err := source.Next(&f); err {
		case nil:
			if f.Link != frame.Ethernet {
				return nil
			}
			whole := []byte{}
			if int(f.Len) == len(f.Data) {
				whole = append(whole, f.Data...)
			}
			frames = append(frames, whole)
		case capfile.ErrIdle:
		case io.EOF:
			return frames
		default:
			t.Fatal(err)
		}
	}
}
