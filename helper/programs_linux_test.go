package main

import (
	"bufio"
	"fmt"
	"net/netip"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"tracelens/helper/internal/isolate"
	"tracelens/shared/called"
	"tracelens/shared/cause"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// period is how often sockets are looked at where nobody asks for it.
const period = 200 * time.Millisecond

// A used port is one of an actor's, as it has said.
type used struct {
	program string
	long    bool // for longer than a period
}

// TestPrograms has several programs at once move bytes over a network, some in connections of 50 ms, to which the helper captures at the one end. The
// names beside the rows must say whose each row is: of the bytes of connections that are longer than a period at least 99 in 100; nothing may be
// given to somebody else, and the rest is nobody's.
func TestPrograms(t *testing.T) {
	isolate.Network(t)
	isolate.Pair(t, "in0", "out0")
	// The other end is another machine's, as far as sockets tell.
	server, lines := act(t, "server", "serve", func(c *exec.Cmd) { c.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET} })
	ready(t, lines)
	there := fmt.Sprint(server.Process.Pid)
	isolate.IP(t, "addr add 192.0.2.1/24 dev in0")
	isolate.IP(t, "link set out0 netns "+there)
	inside(t, there, "ip link set lo up")
	inside(t, there, "ip link set out0 up")
	inside(t, there, "ip addr add 192.0.2.2/24 dev out0")

	r := launch(t, nil, "-i", "in0", "-w", "rows")
	truth := map[string]used{}
	const to = "TO=192.0.2.2:8080"
	_, listener := act(t, "listener", "listen", nil)
	ready(t, listener)
	var doing []*bufio.Scanner
	var programs []string
	for _, a := range []struct{ name, what, times string }{
		{"fetcher", "fetch", "4 2"}, {"Web Content", "fetch", "2 2"}, {"a-name-that-is-longer-than-the-kernel-keeps", "fetch", "1 2"},
		{"talker", "talk", "2 3"}, {"brief", "brief", "1 20"},
	} {
		_, lines := act(t, a.name, a.what, nil, to, "TIMES="+a.times)
		doing, programs = append(doing, lines), append(programs, a.name)
	}
	act(t, "reacher", "reach", func(c *exec.Cmd) {
		c.Path, c.Args = "/usr/bin/nsenter", append([]string{"nsenter", "-t", there, "-n"}, c.Path)
	}, "TO=192.0.2.1:9000")
	doing, programs = append(doing, listener), append(programs, "listener")
	for i, lines := range doing {
		for lines.Scan() {
			var protocol, port string
			var took time.Duration
			if _, err := fmt.Sscan(lines.Text(), &protocol, &port, &took); err != nil {
				t.Fatal(err)
			}
			is := protocol + port
			if before, again := truth[is]; again && before.program != programs[i] {
				t.Fatalf("%s is of %s and of %s", is, before.program, programs[i])
			}
			truth[is] = used{programs[i], took > period}
		}
	}
	if len(truth) < 37 {
		t.Fatalf("%d ports", len(truth))
	}
	time.Sleep(2 * period) // what is late would be seen by then
	out, code := r.interrupt()
	if code != 0 {
		t.Fatal(out)
	}
	dir := filepath.Join(r.Dir, "rows")
	var right, wrong, nobody, brief, briefRight int64
	eachCause(t, dir, func(p *trace.Packet, c trace.Cause) {
		is := portOn(p, netip.MustParseAddr("192.0.2.1"))
		of, known := truth[is]
		switch {
		case is == "":
		case !known:
			t.Errorf("%s was nobody's", is)
		case c.Program != of.program && c.Program != "":
			wrong += int64(p.Len)
		case !of.long:
			brief += int64(p.Len)
			if c.Program != "" {
				briefRight += int64(p.Len)
			}
		case c.Program == of.program:
			right += int64(p.Len)
		default:
			nobody += int64(p.Len)
		}
	})
	t.Logf("%d ports, %d bytes in connections longer than %v: %.2f %% told, %d bytes nobody's, %d of somebody else; of %d bytes in shorter ones %.1f %%",
		len(truth), right+nobody, period, 100*float64(right)/float64(right+nobody), nobody, wrong, brief, 100*float64(briefRight)/float64(brief))
	if right < 2_500_000 || brief < 400_000 || wrong > 0 || right*100 < 99*(right+nobody) {
		t.Error("that is not enough")
	}
}

// inside runs a command in the network of a process.
func inside(t *testing.T, pid, command string) {
	t.Helper()
	if out, err := exec.Command("nsenter", "-t", pid, "-n", "sh", "-c", command).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v: %s", command, err, out)
	}
}

// portOn is the port that a packet has on a machine, "" if it has none.
func portOn(p *trace.Packet, machine netip.Addr) string {
	src, dst, bits := p.Ports()
	protocol := "udp"
	if bits&trace.HasTCP != 0 {
		protocol = "tcp"
	}
	switch {
	case bits == 0:
		return ""
	case p.Source() == machine:
		return fmt.Sprint(protocol, src)
	case p.Destination() == machine:
		return fmt.Sprint(protocol, dst)
	}
	return ""
}

// eachCause reads the hour files of a folder, and what lies beside them, and tells the cause of each packet.
func eachCause(t *testing.T, dir string, each func(*trace.Packet, trace.Cause)) {
	t.Helper()
	var book called.Book
	for _, n := range namesIn(t, dir) {
		book.Add(n)
	}
	finder := cause.New(&book, nil)
	for name, text := range contents(t, dir) {
		hour, ok := trace.StartOf(name)
		if !ok {
			continue
		}
		format, skip, err := tracecsv.Detect([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		var skips tracecsv.Skips
		for rows := []byte(text)[skip:]; len(rows) > 0; {
			var p trace.Packet
			n, row := format.ParseRow(rows, hour, &p, &skips)
			if rows = rows[n:]; row {
				each(&p, finder.Of(&p))
			}
		}
	}
}
