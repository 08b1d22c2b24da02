package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"tracelens/helper/internal/isolate"
	"tracelens/shared/decode"
	"tracelens/shared/frame"
	"tracelens/shared/names"
	"tracelens/shared/trace"
	"tracelens/shared/tracetest"
)

// TestNamesOfANetwork puts the frames of every Ethernet capture on a network, captures them with as few bytes of a packet as usual, and wants the
// names that are in the whole frames: the kernel leaves more of those that carry some.
func TestNamesOfANetwork(t *testing.T) {
	isolate.Network(t)
	isolate.Pair(t, "in0", "out0")
	for _, end := range []string{"in0", "out0"} {
		isolate.IP(t, "link set "+end+" mtu 65535")
	}
	sender := isolate.NewSender(t, "out0")
	r := launch(t, nil, "-i", "in0", "-w", "rows")
	is := func(n names.Name) string { return fmt.Sprint(n.Address, " ", n.Kind, " ", n.Text) }
	d, finder := decode.New(), names.New()
	d.Watch(true)
	var want []string
	rows, long := 0, 0
	for _, path := range tracetest.Captures() {
		if strings.HasPrefix(filepath.Base(path), "vxlan") {
			continue // in tunnels there may be names in any packet: of those no more is captured than of others
		}
		for i, data := range ethernetFrames(t, path) {
			if len(data) == 0 || len(data) > 60_000 {
				continue
			}
			sender.Send(data)
			rows++
			var p trace.Packet
			d.Decode(&p, &frame.Frame{TimeNS: int64(i), Len: uint32(len(data)), Link: frame.Ethernet, Data: data})
			if s, carries := d.Segment(); carries {
				finder.Add(int64(i), s, func(n names.Name) {
					want = append(want, is(n))
					if len(data) > 256 {
						long++
					}
				})
			}
		}
	}
	slices.Sort(want)
	want = slices.Compact(want)
	if len(want) < 20 || long < 10 {
		t.Fatalf("%d names, %d of them in packets of which not all is captured as a rule: that shows nothing", len(want), long)
	}
	dir := filepath.Join(r.Dir, "rows")
	eventually(t, "every row", func() bool { return len(hourRows(t, dir)) >= rows })
	r.interrupt()
	var got []string
	for _, n := range namesIn(t, dir) {
		got = append(got, is(n))
	}
	slices.Sort(got)
	if got = slices.Compact(got); !slices.Equal(got, want) {
		t.Errorf("%d names, want %d:\n%s\nwant\n%s", len(got), len(want), strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	t.Logf("%d names in %d frames, %d times in one of more than 256 bytes", len(want), rows, long)
}
