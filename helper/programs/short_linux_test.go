package programs

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A seen connection is one of a program whose connections are short.
type seen struct {
	begin time.Time
	port  string
}

// shortly starts such a program, and tells each of each connection as soon as it is there. It returns all.
func shortly(t *testing.T, times int, each func(seen)) []seen {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			defer c.Close()
		}
	}()
	a := begin(t, exec.Command(copyAs(t, "shortly")), "short", "TO="+l.Addr().String(), fmt.Sprint("TIMES=", times))
	var all []seen
	for a.lines.Scan() {
		var ns int64
		var s seen
		if _, err := fmt.Sscan(a.lines.Text(), &ns, &s.port); err != nil {
			t.Fatal(err)
		}
		s.begin, s.port = time.Unix(0, ns), "tcp "+s.port
		all = append(all, s)
		each(s)
	}
	return all
}

// TestShortConnections says what share of connections of 50 ms is caught.
func TestShortConnections(t *testing.T) {
	times := 50
	if testing.Short() {
		times = 10
	}
	for _, c := range []struct {
		name  string
		asks  bool // for a look, as the capture does at a SYN
		least float64
	}{{"by the period alone", false, 0.05}, {"when each is asked for", true, 0.6}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got := newFound()
			s := sampler(t, Options{Found: got.add})
			ctx, end := context.WithCancel(t.Context())
			over := make(chan struct{})
			go func() { s.Run(ctx); close(over) }()
			all := shortly(t, times, func(seen) {
				if c.asks {
					s.Soon()
				}
			})
			end()
			<-over
			caught := 0
			for _, one := range all {
				if got.program[one.port] == "shortly" {
					caught++
				}
			}
			t.Logf("%d of %d connections of %v were caught", caught, len(all), life)
			if share := float64(caught) / float64(len(all)); len(all) != times || share < c.least {
				t.Errorf("%.2f, want %.2f at least", share, c.least)
			}
		})
	}
	t.Run("by looking", func(t *testing.T) {
		t.Parallel()
		got := newFound()
		s := sampler(t, Options{Found: got.add})
		late := 0
		all := shortly(t, times, func(one seen) {
			look(t, s)
			if got.program[one.port] != "shortly" {
				if time.Since(one.begin) < life {
					t.Errorf("%s was there, and is not told", one.port)
				}
				late++
			}
		})
		t.Logf("%d of %d connections of %v were caught", len(all)-late, len(all), life)
		if len(all) != times || late > times/5 { // with a machine that does something else
			t.Errorf("%d looks were too late", late)
		}
	})
}

// TestFlood asks all the time, and wants that to cost a small part of a core.
func TestFlood(t *testing.T) {
	s := sampler(t, Options{Found: func(Owner) {}})
	ctx, end := context.WithTimeout(t.Context(), time.Second)
	defer end()
	over := make(chan struct{})
	go func() { s.Run(ctx); close(over) }()
	before := processorTime()
	for ctx.Err() == nil {
		for range 1000 {
			s.Soon()
		}
		time.Sleep(time.Millisecond)
	}
	<-over
	cost := processorTime() - before
	t.Logf("%d looks in a second, %.1f %% of a core", s.machine.table.looks, 100*cost.Seconds())
	if s.machine.table.looks > uint32(time.Second/looksApart)+1 || cost > time.Second/5 {
		t.Error("too many")
	}
}

// TestIdleCost says what looking costs while nothing happens.
func TestIdleCost(t *testing.T) {
	for range 4 {
		start(t, strings.Repeat("idle", 4), "sockets")
	}
	s := sampler(t, Options{Found: func(Owner) {}})
	look(t, s)
	long := time.Second
	if v, err := time.ParseDuration(os.Getenv("IDLE")); err == nil {
		long = v
	}
	ctx, end := context.WithTimeout(t.Context(), long)
	defer end()
	before := processorTime()
	s.Run(ctx)
	cost := processorTime() - before
	t.Logf("%d sockets, %d looks in %v: %.2f %% of a core", len(s.machine.table.sockets), s.machine.table.looks-1, long, 100*cost.Seconds()/long.Seconds())
	if cost > long/20 {
		t.Error("too much")
	}
}

// processorTime is what this process has used so far.
func processorTime() time.Duration {
	var r syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &r)
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
