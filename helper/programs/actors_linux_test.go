package programs

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
	"time"
)

// Actors are the test's own program under another name: ACT says what one does. An actor prints a line for each socket that it has,
// "tcp 127.0.0.1:4711", then "ready", and lives until its standard input ends.
var acts = map[string]func(){}

// The main thread is kept out of the tests: its network is what /proc/net is of, and it could not end with a test that changes it.
func init() { runtime.LockOSThread() }

func TestMain(m *testing.M) {
	if act := acts[os.Getenv("ACT")]; act != nil {
		act()
		return
	}
	os.Exit(m.Run())
}

func init() {
	acts["sockets"] = func() { open(); wait() }
	acts["named"] = func() { // the kernel's name of a process is that of its first thread
		must(os.WriteFile("/proc/self/comm", []byte(os.Getenv("NAME")), 0))
		open()
		wait()
	}
	acts["listen"] = func() {
		c := try(net.Listen("tcp", os.Getenv("ON")))
		say("tcp", c.Addr())
		wait()
	}
	acts["inherit"] = inherit
	acts["heir"] = func() { wait(); time.Sleep(time.Second) } // it outlives who has started it
	acts["short"] = short
	acts["serve"] = func() { must(Serve(os.Stdin, os.Stdout, Options{})) }
}

// open opens sockets of every kind.
func open() {
	for _, ip := range []string{"127.0.0.1", "[::1]"} {
		for _, multipath := range []bool{false, true} {
			var lc net.ListenConfig
			lc.SetMultipathTCP(multipath)
			l := try(lc.Listen(nil, "tcp", ip+":0"))
			go func() {
				for {
					c, err := l.Accept()
					if err != nil {
						return
					}
					defer c.Close()
				}
			}()
			var d net.Dialer
			d.SetMultipathTCP(multipath)
			c := try(d.Dial("tcp", l.Addr().String()))
			say("tcp", l.Addr())
			say("tcp", c.LocalAddr())
			keep = append(keep, l, c)
		}
		u := try(net.ListenPacket("udp", ip+":0"))
		c := try(net.Dial("udp", u.LocalAddr().String()))
		say("udp", u.LocalAddr())
		say("udp", c.LocalAddr())
		keep = append(keep, u, c)
	}
	for _, network := range []string{"udp4", "udp6", "tcp4", "tcp6"} { // bound to no address
		if network[:3] == "udp" {
			u := try(net.ListenPacket(network, ":0"))
			say("udp", u.LocalAddr())
			keep = append(keep, u)
			continue
		}
		l := try(net.Listen(network, ":0"))
		say("tcp", l.Addr())
		keep = append(keep, l)
	}
}

// inherit opens a socket, hands it to a child of another name, and lets its own one go when it is told to.
func inherit() {
	l := try(net.Listen("tcp4", "127.0.0.1:0")).(*net.TCPListener)
	file := try(l.File())
	heir := exec.Command(os.Getenv("HEIR"))
	heir.Env = append(os.Environ(), "ACT=heir")
	heir.ExtraFiles = []*os.File{file, file, file}
	in := try(heir.StdinPipe())
	out := try(heir.StdoutPipe())
	must(heir.Start())
	try(bufio.NewReader(out).ReadString('\n'))
	say("tcp", l.Addr())
	fmt.Println("ready")
	commands := bufio.NewScanner(os.Stdin)
	for commands.Scan() {
		l.Close()
		file.Close()
		fmt.Println("released")
	}
	in.Close()
	heir.Wait()
}

// life is of a short connection.
const life = 50 * time.Millisecond

// short has connections that live for a moment, one after the other, and says when each began.
func short() {
	for range try(strconv.Atoi(os.Getenv("TIMES"))) {
		c := try(net.Dial("tcp4", os.Getenv("TO"))).(*net.TCPConn)
		fmt.Println(time.Now().UnixNano(), c.LocalAddr())
		time.Sleep(life)
		c.SetLinger(0)
		c.Close()
		time.Sleep(11 * time.Millisecond) // not in step with the looks
	}
}

var keep []io.Closer

func say(protocol string, a net.Addr) { fmt.Println(protocol, a) }

func wait() {
	fmt.Println("ready")
	io.Copy(io.Discard, os.Stdin)
	for _, c := range keep {
		c.Close()
	}
}

func try[T any](v T, err error) T { must(err); return v }

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// copyAs is the test's program under another name, which any user may start.
func copyAs(t *testing.T, name string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "programs")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	os.Chmod(dir, 0o755)
	path := filepath.Join(dir, name)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if os.Link(self, path) != nil {
		b, err := os.ReadFile(self)
		if err == nil {
			err = os.WriteFile(path, b, 0o755)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return path
}

// An actor runs.
type actor struct {
	t     *testing.T
	cmd   *exec.Cmd
	in    io.WriteCloser
	lines *bufio.Scanner
	ports []string
}

// start starts an actor as a program of a name, and waits until it is ready.
func start(t *testing.T, name, act string, env ...string) *actor {
	t.Helper()
	a := begin(t, exec.Command(copyAs(t, name)), act, env...)
	a.ready()
	return a
}

func begin(t *testing.T, cmd *exec.Cmd, act string, env ...string) *actor {
	t.Helper()
	a := &actor{t: t, cmd: cmd}
	cmd.Env = append(append(os.Environ(), "ACT="+act), env...)
	cmd.Stderr = os.Stderr
	a.in, _ = cmd.StdinPipe()
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	a.lines = bufio.NewScanner(out)
	t.Cleanup(a.end)
	return a
}

func (a *actor) ready() {
	a.t.Helper()
	for a.lines.Scan() {
		if a.lines.Text() == "ready" {
			return
		}
		a.ports = append(a.ports, a.lines.Text())
	}
	a.t.Fatalf("%s is not ready", a.cmd.Path)
}

func (a *actor) end() {
	a.in.Close()
	a.cmd.Wait()
}

// found is which programs were told, the last of each port and how often.
type found struct {
	program map[string]string
	pid     map[string]int32
	times   map[string]int
	last    map[string]Owner // the last thing of each port, also that it is nobody's
}

func newFound() *found {
	return &found{map[string]string{}, map[string]int32{}, map[string]int{}, map[string]Owner{}}
}

func (f *found) add(w Owner) {
	protocol := "udp"
	if w.TCP {
		protocol = "tcp"
	}
	is := protocol + " " + netip.AddrPortFrom(w.Address, w.Port).String()
	f.last[is] = w
	if w.Program == "" {
		return
	}
	f.program[is] = w.Program
	f.pid[is] = w.PID
	f.times[is]++
}

// wants checks that all ports of an actor are told to be of a program, once.
func (f *found) wants(a *actor, program string) {
	a.t.Helper()
	for _, is := range a.ports {
		if f.program[is] != program || f.pid[is] != int32(a.cmd.Process.Pid) || f.times[is] != 1 {
			a.t.Errorf("%s is of %q (%d), told %d times; want %q (%d)", is, f.program[is], f.pid[is], f.times[is], program, a.cmd.Process.Pid)
		}
	}
}

func sampler(t testing.TB, o Options) *Sampler {
	t.Helper()
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func look(t testing.TB, s *Sampler) {
	t.Helper()
	if err := s.Look(); err != nil {
		t.Fatal(err)
	}
}

// network is one of the test's own where there are the rights, with IPv6.
func network(t *testing.T) {
	t.Helper()
	if os.Geteuid() == 0 {
		ownNetwork(t)
	}
	if c, err := net.ListenPacket("udp", "[::1]:0"); err != nil {
		t.Skip("there is no IPv6 here")
	} else {
		c.Close()
	}
}
