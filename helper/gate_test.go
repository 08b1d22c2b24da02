//go:build linux

package main

import (
	"bufio"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"

	"tracelens/helper/internal/isolate"
	"tracelens/shared/wire"
)

const here, there = "192.0.2.1", "192.0.2.2" // the machine's address in the network of in0, and its neighbour's

// machine gives the test a machine with a loopback interface that has both kinds of addresses, and a neighbour at in0, from which dial dials.
func machine(t *testing.T) (dial func(address string) (net.Conn, error)) {
	t.Helper()
	isolate.Network(t)
	os.WriteFile("/proc/sys/net/ipv6/conf/lo/disable_ipv6", []byte("0"), 0)
	isolate.Pair(t, "in0", "out0")
	isolate.IP(t, "addr add "+here+"/24 dev in0")
	thread, arrived, addresses := make(chan string), make(chan bool), make(chan string)
	type dialled struct {
		conn net.Conn
		err  error
	}
	conns := make(chan dialled)
	go func() { // a goroutine that is the neighbour, until the test ends
		isolate.Network(t)
		thread <- isolate.Here()
		<-arrived
		isolate.IP(t, "addr add "+there+"/24 dev out0")
		isolate.IP(t, "link set out0 up")
		arrived <- true
		for address := range addresses {
			conn, err := net.DialTimeout("tcp", address, patience)
			conns <- dialled{conn, err}
		}
	}()
	isolate.IP(t, "link set out0 netns "+<-thread)
	arrived <- true
	<-arrived
	t.Cleanup(func() { close(addresses) })
	return func(address string) (net.Conn, error) {
		addresses <- address
		d := <-conns
		if d.err == nil {
			t.Cleanup(func() { d.conn.Close() })
		}
		return d.conn, d.err
	}
}

// listening is where the process has sockets that others may talk to: TCP ones that listen, and all UDP ones.
func listening(t *testing.T, pid int) (all []netip.AddrPort) {
	t.Helper()
	own := map[string]bool{}
	proc := fmt.Sprintf("/proc/%d/", pid)
	descriptors, _ := filepath.Glob(proc + "fd/*")
	for _, d := range descriptors {
		if to, _ := os.Readlink(d); strings.HasPrefix(to, "socket:[") {
			own[strings.Trim(to, "socket:[]")] = true
		}
	}
	for _, table := range []string{"tcp", "tcp6", "udp", "udp6"} {
		text, err := os.ReadFile(proc + "net/" + table)
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n")[1:] {
			fields := strings.Fields(line)
			if !own[fields[9]] || strings.HasPrefix(table, "tcp") && fields[3] != "0A" {
				continue
			}
			b, err := hex.DecodeString(strings.Replace(fields[1], ":", "", 1))
			if err != nil {
				t.Fatal(err)
			}
			address, port := b[:len(b)-2], b[len(b)-2:]
			for word := range slices.Chunk(address, 4) {
				slices.Reverse(word) // they are written as the numbers of a little-endian machine
			}
			ip, _ := netip.AddrFromSlice(address)
			all = append(all, netip.AddrPortFrom(ip, uint16(port[0])<<8|uint16(port[1])))
		}
	}
	slices.SortFunc(all, netip.AddrPort.Compare)
	return all
}

// with replaces the arguments that a program is launched with.
func with(args ...string) func(*exec.Cmd) {
	return func(c *exec.Cmd) { c.Args = append([]string{program}, args...) }
}

// TestOnlyThisMachineCanConnect looks at every socket that the program listens on, whatever its flags are, and has a neighbour try.
func TestOnlyThisMachineCanConnect(t *testing.T) {
	isolate.NeedRoot(t)
	dial := machine(t)
	file := captureFile(t, "vxlan-first60.pcap")
	for _, args := range [][]string{
		{"-i", "in0"},
		{},
		{"-i", "in0", "-listen", "127.0.0.1:0"},
		{"-i", "in0", "-listen", "localhost:0", "-allow-origin", "https://example.org"},
		{"-i", "in0", "-listen", "[::1]:0"},
		{"-i", "any", "-listen", "localhost:8421"},
		{"-r", file},
		{"-r", file, "-w", "rows", "-listen", "[::1]:8421"},
	} {
		r := launch(t, with(args...))
		port := netip.MustParseAddrPort(r.address).Port()
		want := []netip.AddrPort{netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), port), netip.AddrPortFrom(netip.IPv6Loopback(), port)}
		if got := listening(t, r.Process.Pid); !slices.Equal(got, want) {
			t.Errorf("%q: listens on %v, not %v", args, got, want)
		}
		outside := net.JoinHostPort(here, fmt.Sprint(port))
		if _, err := dial(outside); !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("%q: a neighbour can connect: %v", args, err)
		}
		if conn, err := net.Dial("tcp", outside); err == nil {
			conn.Close()
			t.Errorf("%q: it listens on %s", args, outside)
		}
		r.connect().Close()
		if out, code := r.interrupt(); code != 0 {
			t.Errorf("%q: exit code %d: %s", args, code, out)
		}
	}
}

// A talk is a program of which stdout and stderr are kept apart.
type talk struct {
	*exec.Cmd
	t *testing.T
}

func spawn(t *testing.T, args ...string) *talk {
	t.Helper()
	p := &talk{exec.Command(program, args...), t}
	p.Dir = t.TempDir()
	os.Chmod(p.Dir, 0o755)
	for name, to := range map[string]*io.Writer{"stdout": &p.Stdout, "stderr": &p.Stderr} {
		file, err := os.Create(filepath.Join(p.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		*to = file
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.Process.Kill() })
	return p
}

// said is what stands in stdout, stderr, or another file of the program's folder.
func (p *talk) said(name string) string {
	text, _ := os.ReadFile(filepath.Join(p.Dir, name))
	return string(text)
}

// link waits for the link in a file of the program's folder, behind a word, and takes it apart.
func (p *talk) link(name, word string) (address, token string) {
	p.t.Helper()
	eventually(p.t, "the link", func() (ok bool) {
		_, rest, _ := strings.Cut(p.said(name), word+"http://")
		address, token, ok = strings.Cut(rest, "/#token=")
		token, ok = strings.CutSuffix(token, "\n")
		return ok
	})
	return address, token
}

// end ends the program; wait is for one that ends by itself.
func (p *talk) end(signal os.Signal) (code int) {
	p.t.Helper()
	p.Process.Signal(signal)
	return p.wait()
}

func (p *talk) wait() (code int) {
	p.t.Helper()
	defer time.AfterFunc(patience, func() { p.Process.Kill() }).Stop()
	p.Wait()
	return p.ProcessState.ExitCode()
}

// status is the answer to a request over a connection that is there.
func status(t *testing.T, conn net.Conn, lines ...string) int {
	t.Helper()
	fmt.Fprintf(conn, "%s\r\n\r\n", strings.Join(lines, "\r\n"))
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	if err != nil {
		t.Fatalf("%q: %v", lines, err)
	}
	return response.StatusCode
}

// TestExpose has a neighbour read the trace, which the user has allowed, and been told of. It must know the exact address and the token.
func TestExpose(t *testing.T) {
	isolate.NeedRoot(t)
	dial := machine(t)
	p := spawn(t, "-i", "in0", "-expose", "-listen", here+":0")
	address, token := p.link("stdout", "Open ")
	at := netip.MustParseAddrPort(address)
	port := fmt.Sprint(":", at.Port())
	want := []netip.AddrPort{netip.MustParseAddrPort("127.0.0.1" + port), at, netip.MustParseAddrPort("[::1]" + port)}
	if got := listening(t, p.Process.Pid); !slices.Equal(got, want) || at.Addr().String() != here {
		t.Errorf("listens on %v, not %v", got, want)
	}
	if text := p.said("stderr"); !strings.Contains(text, "Whoever can reach "+here) || !strings.Contains(text, "not encrypted") || !strings.Contains(text, "ssh -L") {
		t.Errorf("stderr is %q", text)
	}
	connect := func() net.Conn {
		t.Helper()
		conn, err := dial(address)
		if err != nil {
			t.Fatal(err)
		}
		conn.SetDeadline(time.Now().Add(patience))
		return conn
	}
	for _, host := range []string{address, here, here + ":80", there + port, "tracelens" + port, "evil.com", "0.0.0.0" + port} {
		want := map[bool]int{true: 200, false: 403}[host == address]
		if got := status(t, connect(), "GET / HTTP/1.1", "Host: "+host); got != want {
			t.Errorf("Host %s from the neighbour: %d, not %d", host, got, want)
		}
	}
	for said, kind := range map[string]wire.Kind{token: wire.KindWelcome, strings.Repeat("0", 32): wire.KindFault} {
		for origin, allowed := range map[string]bool{"http://" + address: true, "http://evil.com": false, "http://" + there: false} {
			conn, _, err := websocket.NewClient(connect(), &url.URL{Scheme: "ws", Host: address, Path: "/ws"}, http.Header{"Origin": {origin}}, 4096, 4096)
			if (err == nil) != allowed {
				t.Errorf("a page of %s: %v", origin, err)
			} else if allowed {
				conn.WriteMessage(websocket.BinaryMessage, wire.AppendHello(nil, wire.Hello{Version: wire.Version, Token: said}))
				if _, message, err := conn.ReadMessage(); wire.KindOf(message) != kind {
					t.Errorf("to the token %s the neighbour is said %q, %v", said, message, err)
				}
			}
		}
	}
	if code := p.end(os.Interrupt); code != 0 {
		t.Errorf("exit code %d: %s", code, p.said("stderr"))
	}
}

// TestExposeNeedsAnAddress wants what cannot be checked, or is not meant, to be refused with what to say instead.
func TestExposeNeedsAnAddress(t *testing.T) {
	const such = "-expose: give the address that other machines may use, such as -listen 192.0.2.1:"
	const inNumbers = "give one address of this machine in numbers, such as 192.0.2.1:"
	const only = "tracelens serves this machine only; use 127.0.0.1:8421, and from another machine: ssh -L 8421:127.0.0.1:8421 HOST; -expose allows it"
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"-expose"}, such + "8421"},
		{[]string{"-expose", "-listen", "127.0.0.1:0"}, such + "8421"},
		{[]string{"-expose", "-listen", "localhost:99"}, such + "99"},
		{[]string{"-expose", "-listen", "[::1]:0"}, such},
		{[]string{"-expose", "-listen", "0.0.0.0:0"}, inNumbers + "8421"},
		{[]string{"-expose", "-listen", "[::]:0"}, inNumbers},
		{[]string{"-expose", "-listen", ":0"}, inNumbers},
		{[]string{"-expose", "-listen", "example.org:99"}, inNumbers + "99"},
		{[]string{"-expose", "-listen", "[::ffff:192.0.2.1]:0"}, inNumbers},
		{[]string{"-expose", "-listen", "[fe80::1%lo]:0"}, inNumbers},
		{[]string{"-expose", "-listen", "224.0.0.1:0"}, inNumbers},
		{[]string{"-expose", "-listen", "192.0.2.77:0"}, "cannot listen on 192.0.2.77:0"},
		{[]string{"-listen", "[::]:0"}, only},
		{[]string{"-listen", ":0"}, only},
		{[]string{"-listen", "192.0.2.1:0"}, only},
		{[]string{"-listen", "127.0.0.2:0"}, only},
		{[]string{"-listen", "[::ffff:127.0.0.1]:0"}, only},
		{[]string{"-listen", "example.org:0"}, only},
	} {
		_, stderr, code := finish(t, nil, c.args...)
		if code != 1 || !strings.HasPrefix(stderr, "tracelens: ") || !strings.Contains(stderr, c.want) || strings.Count(stderr, "\n") != 1 {
			t.Errorf("%q: exit code %d, %q", c.args, code, stderr)
		}
	}
}
