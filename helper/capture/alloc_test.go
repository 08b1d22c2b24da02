//go:build linux && !nopcap

package capture

import (
	"runtime"
	"testing"

	"tracelens/helper/internal/isolate"
	"tracelens/shared/frame"
)

// TestNoAllocationPerPacket reads packets that are waiting, and wants none of them to cost memory.
func TestNoAllocationPerPacket(t *testing.T) {
	isolate.Network(t)
	isolate.Pair(t, "in0", "out0")
	source, err := Open(Options{Interface: "in0", SnapLen: 256}, Events{})
	if err != nil {
		t.Fatal(err)
	}
	defer source.Close()
	const n = 50_000
	isolate.NewSender(t, "out0").Numbered(0, n, 0)
	var f frame.Frame
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for got := 0; got < n; {
		switch err := source.Next(&f); err {
		case nil:
			got++
		case ErrIdle:
		default:
			t.Fatal(err)
		}
	}
	runtime.ReadMemStats(&after)
	if allocated := after.Mallocs - before.Mallocs; allocated > n/500 { // looking at the interface and its counters, now and then, may
		t.Errorf("%d packets cost %d allocations", n, allocated)
	}
}
