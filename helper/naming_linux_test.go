package main

import (
	"errors"
	"flag"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"tracelens/helper/internal/isolate"
	"tracelens/shared/called"
	"tracelens/shared/decode"
	"tracelens/shared/frame"
	"tracelens/shared/names"
	"tracelens/shared/trace"
	"tracelens/shared/tracetest"
)

// TestNamesOfANetwork puts the frames of every Ethernet capture on a network, captures them with as few bytes of a packet as usual, and wants the
// names that are in the whole frames: the kernel leaves more of those that carry some.
func TestNamesOfANetwork(t *testing.T) {
	sender := wideNetwork(t)
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
		if n.Kind != called.Hosts { // which the machine of the test has, or not
			got = append(got, is(n))
		}
	}
	slices.Sort(got)
	if got = slices.Compact(got); !slices.Equal(got, want) {
		t.Errorf("%d names, want %d:\n%s\nwant\n%s", len(got), len(want), strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	t.Logf("%d names in %d frames, %d times in one of more than 256 bytes", len(want), rows, long)
}

var namesCost = flag.Duration("names-cost", time.Second, "for how long TestNamesCost sends")

// TestNamesCost sends real packets, 100 000 a second, to a helper that looks for names and programs and to one that does not: neither loses any. It
// says what processor time each takes. A tenth of the packets are to this machine's own addresses.
func TestNamesCost(t *testing.T) {
	sender := wideNetwork(t)
	var frames [][]byte
	own := map[netip.Addr]bool{}
	d := decode.New()
	for _, path := range tracetest.Captures() {
		for _, data := range ethernetFrames(t, path) {
			if len(data) == 0 || len(data) >= 2000 {
				continue
			}
			frames = append(frames, data)
			var p trace.Packet
			if d.Decode(&p, &frame.Frame{Len: uint32(len(data)), Link: frame.Ethernet, Data: data}); p.Source().IsPrivate() {
				own[p.Source()] = true
			}
		}
	}
	if len(own) < 5 {
		t.Fatalf("%d addresses", len(own))
	}
	isolate.IP(t, "link add quiet0 type veth peer name quiet1") // which is never up, so the machine has addresses from which it does not answer
	for a := range own {
		isolate.IP(t, fmt.Sprint("addr add ", a, " dev quiet0"))
	}
	const perSecond = 100_000
	n := int(namesCost.Seconds() * perSecond)
	for _, flags := range [][]string{{"-no-names"}, {}} {
		r := launch(t, nil, append(flags, "-i", "in0", "-w", "rows")...)
		processes := append(childrenOf(t, r.Process.Pid), r.Process.Pid)
		used := func() (sum time.Duration) {
			for _, pid := range processes {
				sum += processorTime(t, pid)
			}
			return sum
		}
		before := used()
		begin := time.Now()
		for i := range n {
			if i%16 == 0 {
				if early := time.Duration(i)*time.Second/perSecond - time.Since(begin); early > 50*time.Microsecond {
					time.Sleep(early)
				}
			}
			sender.Send(frames[i%len(frames)])
		}
		took := time.Since(begin)
		dir := filepath.Join(r.Dir, "rows")
		eventually(t, "every row", func() bool { return len(hourRows(t, dir)) >= n })
		cost := used() - before
		r.interrupt()
		if rows := len(hourRows(t, dir)); rows != n {
			t.Errorf("%q: %d rows of %d packets", flags, rows, n)
		}
		t.Logf("%q: %d packets in %.2f s, %d names; %.2f s of processor time, %.1f %% of a core", flags, n, took.Seconds(), len(namesIn(t, dir)), cost.Seconds(), 100*cost.Seconds()/took.Seconds())
	}
}

// processorTime is what a process has used so far.
func processorTime(t *testing.T, pid int) time.Duration {
	t.Helper()
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(b), ") ")
	fields := strings.Fields(after) // from the third field on
	user, err1 := strconv.Atoi(fields[11])
	system, err2 := strconv.Atoi(fields[12])
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	const perSecond = 100 // USER_HZ, which Linux promises
	return time.Duration(user+system) * time.Second / perSecond
}
