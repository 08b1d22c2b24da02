package capture

import "testing"

func TestWrappingCounter(t *testing.T) {
	var w wrapping
	total := int64(0)
	for _, now := range []uint32{5, 4294967295, 3, 3} {
		total += w.advance(now)
	}
	if total != 1<<32+3 {
		t.Errorf("total %d", total)
	}
}

func TestChoose(t *testing.T) {
	all := []Interface{{Name: "any", Up: true}, {Name: "lo", Up: true, Loopback: true}, {Name: "eth0"}, {Name: "eth1", Up: true}}
	for wanted, want := range map[string]string{"": "eth1", "2": "lo", "eth0": "eth0", "tap7": "tap7", "5": "!", "0": "!"} {
		got, err := Choose(all, wanted)
		if err != nil {
			got = "!"
		}
		if got != want {
			t.Errorf("%q gives %q, %v; want %q", wanted, got, err, want)
		}
	}
}
