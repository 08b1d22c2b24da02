package programs

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/shirou/gopsutil/v4/net"
	system "github.com/shirou/gopsutil/v4/process"

	"tracelens/helper/internal/isolate"
)

func ownNetwork(t *testing.T) {
	t.Helper()
	isolate.Network(t)
	os.WriteFile("/proc/sys/net/ipv6/conf/lo/disable_ipv6", []byte("0"), 0)
	for range 100 { // until the address is there to be used
		if strings.Contains(isolate.IP(t, "-6 addr show dev lo"), "::1") {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
}

// TestEveryPortIsAttributed starts several programs with sockets of every kind.
func TestEveryPortIsAttributed(t *testing.T) {
	network(t)
	names := []string{"firefox", "curl", "a-name-that-is-longer-than-the-kernel-keeps", "Web Content"}
	var actors []*actor
	for _, name := range names {
		actors = append(actors, start(t, name, "sockets"))
	}
	got := newFound()
	s := sampler(t, Options{Found: got.add})
	for range 3 {
		look(t, s)
	}
	ports := 0
	for i, a := range actors {
		got.wants(a, names[i])
		ports += len(a.ports)
	}
	if os.Geteuid() == 0 && s.Hidden() != 0 {
		t.Errorf("%d hidden sockets", s.Hidden())
	}
	// One that comes later, and one that is gone.
	actors[0].end()
	late := start(t, "late", "sockets")
	look(t, s)
	got.wants(late, "late")
	if m := &s.machine; os.Geteuid() == 0 && (len(m.table.ports) != ports || len(m.processes) != len(names)) {
		t.Errorf("%d ports and %d processes are remembered, want %d and %d", len(m.table.ports), len(m.processes), ports, len(names))
	}
	t.Logf("%d ports of %d programs", ports, len(names))
}

// TestHostileNames wants names of any bytes to be harmless text.
func TestHostileNames(t *testing.T) {
	network(t)
	for _, c := range []struct{ comm, want string }{
		{"<b>\x1b[31m\n,\"x\"", "_b__[31m___x_"},
		{") R 1 2 (", ") R 1 2 ("},
		{"=cmd\xff\x80", "_cmd__"},
		{" \t ", "_"},
		{"\u202egnp.exe", "_gnp.exe"},
	} {
		a := start(t, "harmless", "named", "NAME="+c.comm)
		got := newFound()
		look(t, sampler(t, Options{Found: got.add}))
		got.wants(a, c.want)
		a.end()
	}
	a := start(t, "<script>alert(1)<\r\n'&`\u2028\x01, a file of a name that is longer than any should be", "sockets")
	got := newFound()
	look(t, sampler(t, Options{Found: got.add}))
	got.wants(a, "_script_alert(1)_________ a file of a name that is longer than a")
}

// TestAnotherProgram reuses a port.
func TestAnotherProgram(t *testing.T) {
	network(t)
	got := newFound()
	s := sampler(t, Options{Found: got.add})
	first := start(t, "first", "listen", "ON=127.0.0.1:0")
	port := first.ports[0]
	look(t, s)
	if w := got.last[port]; w.SinceNS != 0 || w.TimeNS == 0 {
		t.Errorf("at the first look: %+v", w)
	}
	first.end()
	for i, gap := range []bool{false, true} { // whether a look sees that it is free
		before := s.machine.table.now
		if gap {
			look(t, s)
			if w := got.last[port]; w.Program != "" || w.SinceNS != before || w.TimeNS != s.machine.table.now {
				t.Errorf("when it is free: %+v", w)
			}
			before = s.machine.table.now
		}
		name := "next" + strconv.Itoa(i)
		next := start(t, name, "listen", "ON="+strings.TrimPrefix(port, "tcp "))
		look(t, s)
		if w := got.last[port]; w.SinceNS != before || w.TimeNS != s.machine.table.now {
			t.Errorf("of the next one: %+v, want it since %d", w, before)
		}
		look(t, s)
		if got.program[port] != name || got.times[port] != i+2 || got.pid[port] != int32(next.cmd.Process.Pid) {
			t.Errorf("%s is of %q, told %d times", port, got.program[port], got.times[port])
		}
		next.end()
	}
}

// TestInheritedSocket wants the one who opened it, until he lets it go.
func TestInheritedSocket(t *testing.T) {
	network(t)
	for _, ends := range []bool{false, true} { // or only closes the socket
		got := newFound()
		s := sampler(t, Options{Found: got.add})
		a := start(t, "opener", "inherit", "HEIR="+copyAs(t, "heir"))
		look(t, s)
		look(t, s)
		got.wants(a, "opener")
		if ends {
			if err := a.cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
			a.cmd.Wait()
			s.machine.checked = time.Time{}
		} else {
			a.in.Write([]byte("release\n"))
			a.lines.Scan()
			s.machine.settled.next = time.Time{}
		}
		look(t, s)
		if is := a.ports[0]; got.program[is] != "heir" || got.times[is] != 2 {
			t.Errorf("%s is of %q, told %d times", is, got.program[is], got.times[is])
		}
		a.end()
	}
}

// TestExec wants a program that becomes another one to be told anew.
func TestExec(t *testing.T) {
	network(t)
	sh, err := exec.LookPath("bash")
	if err != nil {
		t.Fatal(err)
	}
	server := start(t, "server", "listen", "ON=127.0.0.1:0")
	_, number, _ := strings.Cut(server.ports[0], ":")
	cmd := exec.Command(sh, "-c", "exec 3<>/dev/tcp/127.0.0.1/"+number+"; echo ready; read; exec "+copyAs(t, "become"))
	a := begin(t, cmd, "heir")
	a.ready()
	got := newFound()
	s := sampler(t, Options{Found: got.add})
	look(t, s)
	has := func(program string) bool {
		for is, p := range got.program {
			if p == program && got.pid[is] == int32(cmd.Process.Pid) {
				return true
			}
		}
		return false
	}
	if !has("bash") {
		t.Fatalf("bash is not told: %v", got.program)
	}
	a.in.Write([]byte("\n"))
	a.ready()
	s.machine.checked = time.Time{}
	if look(t, s); !has("become") {
		t.Errorf("what it has become is not told: %v", got.program)
	}
}

// TestAgreesWithGopsutil compares with what reads all of /proc each time.
func TestAgreesWithGopsutil(t *testing.T) {
	for _, name := range []string{"some", "other"} {
		start(t, name, "sockets")
	}
	got := newFound()
	s := sampler(t, Options{Found: got.add})
	look(t, s)
	all, err := net.Connections("inet")
	if err != nil {
		t.Fatal(err)
	}
	compared := 0
	for _, c := range all {
		if c.Pid <= 1 || c.Laddr.Port == 0 {
			continue
		}
		p, err := system.NewProcess(c.Pid)
		if err != nil {
			continue
		}
		name, _ := p.Name()
		is := map[uint32]string{1: "tcp ", 2: "udp "}[c.Type] + strings.TrimPrefix(join(c.Laddr), "::ffff:")
		if got.program[is] == "" {
			continue // it came after the look
		}
		if compared++; got.program[is] != Clean(name) {
			t.Errorf("%s is of %q, gopsutil says %q", is, got.program[is], name)
		}
	}
	if compared < 32 {
		t.Errorf("only %d of %d were compared", compared, len(all))
	}
	t.Logf("%d of %d sockets compared", compared, len(all))
}

func join(a net.Addr) string {
	if strings.Contains(a.IP, ":") {
		return "[" + a.IP + "]:" + strconv.Itoa(int(a.Port))
	}
	return a.IP + ":" + strconv.Itoa(int(a.Port))
}

// TestNothingLeaks looks often, while programs come and go and from several goroutines at once.
func TestNothingLeaks(t *testing.T) {
	got := newFound()
	s := sampler(t, Options{Found: got.add})
	look(t, s)
	files, goroutines := openFiles(t), runtime.NumGoroutine()
	path := copyAs(t, "coming")
	for i := range 1000 {
		if i%200 == 0 {
			a := begin(t, exec.Command(path), "sockets")
			a.ready()
			a.end()
		}
		if err := s.machine.look(); err != nil {
			t.Fatal(err)
		}
		if i%100 == 0 {
			s.machine.settled.next, s.machine.checked = time.Time{}, time.Time{}
		}
	}
	if n := openFiles(t); n != files {
		t.Errorf("%d files are open, there were %d", n, files)
	}
	var all sync.WaitGroup
	before := s.machine.table.looks
	for range 50 {
		all.Go(func() { s.Look(); s.Soon(); s.Hidden() })
	}
	all.Wait()
	if n := s.machine.table.looks - before; n > 3 {
		t.Errorf("%d looks for 50 who asked at once", n)
	}
	settles(t, "goroutines", goroutines, runtime.NumGoroutine)
}

// settles wants a number to be no greater than it was, soon.
func settles(t *testing.T, what string, was int, count func() int) {
	t.Helper()
	for range 100 {
		if count() <= was {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d %s, there were %d", count(), what, was)
}

func openFiles(t testing.TB) int {
	t.Helper()
	list, err := filepath.Glob("/proc/self/fd/*")
	if err != nil {
		t.Fatal(err)
	}
	return len(list)
}
