package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"
)

// Actors are the test's own program under another name, which has connections and says of each which port of this machine it had, how many bytes of
// its own went over it, and when it began and ended. ACT says what one does.
func init() {
	acts = map[string]func(){
		"serve": func() { // sends what is asked for, and reads the rest
			l := try(net.Listen("tcp", ":8080"))
			u := try(net.ListenPacket("udp", ":8080"))
			fmt.Println("ready")
			go func() {
				buf := make([]byte, 2000)
				for {
					n, from, err := u.ReadFrom(buf)
					if err != nil {
						return
					}
					u.WriteTo(buf[:n], from)
				}
			}()
			for {
				go answer(try(l.Accept()))
			}
		},
		"fetch": func() { each(func() { fetch(200_000, 20*time.Millisecond, 20) }) },                                  // 0.4 s each
		"brief": func() { each(func() { fetch(20_000, 50*time.Millisecond, 1); time.Sleep(11 * time.Millisecond) }) }, // one after the other
		"talk":  func() { each(chatter) },                                                                             // UDP, bound to no address
		"listen": func() {
			l := try(net.Listen("tcp", ":9000"))
			fmt.Println("ready")
			answer(try(l.Accept()))
			say("tcp", l.Addr(), time.Time{})
		},
		"reach": func() {
			c := try(net.Dial("tcp4", os.Getenv("TO")))
			for range 10 {
				try(c.Write([]byte("100000\n")))
				try(io.CopyN(io.Discard, c, 100_000))
				time.Sleep(30 * time.Millisecond)
			}
			c.Close()
		},
	}
}

// each does something as often as AT ONCE and AFTER EACH OTHER say.
func each(do func()) {
	var all sync.WaitGroup
	var at, after int
	fmt.Sscan(os.Getenv("TIMES"), &at, &after)
	for range at {
		all.Go(func() {
			for range after {
				do()
			}
		})
	}
	all.Wait()
}

// answer sends as many bytes as each line asks for.
func answer(c net.Conn) {
	defer c.Close()
	lines := bufio.NewScanner(c)
	for lines.Scan() {
		var n int
		fmt.Sscan(lines.Text(), &n)
		c.Write(make([]byte, n))
	}
}

func fetch(n int, pause time.Duration, times int) {
	begin := time.Now()
	c := try(net.Dial("tcp4", os.Getenv("TO")))
	for range times {
		fmt.Fprintf(c, "%d\n", n/times)
		try(io.CopyN(io.Discard, c, int64(n/times)))
		time.Sleep(pause)
	}
	c.Close()
	say("tcp", c.LocalAddr(), begin)
}

func chatter() {
	begin := time.Now()
	u := try(net.ListenPacket("udp4", ":0"))
	to := try(net.ResolveUDPAddr("udp4", os.Getenv("TO")))
	for range 30 {
		try(u.WriteTo(make([]byte, 1000), to))
		n, _, err := u.ReadFrom(make([]byte, 1000))
		if err != nil || n != 1000 {
			must(fmt.Errorf("%d, %v", n, err))
		}
		time.Sleep(10 * time.Millisecond)
	}
	u.Close()
	say("udp", u.LocalAddr(), begin)
}

var out sync.Mutex

func say(protocol string, a net.Addr, begin time.Time) {
	_, port, _ := net.SplitHostPort(a.String())
	out.Lock()
	defer out.Unlock()
	fmt.Println(protocol, port, time.Since(begin).Nanoseconds())
}

func try[T any](v T, err error) T { must(err); return v }

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// act starts an actor as a program of a name. prepare may change how.
func act(t *testing.T, name, what string, prepare func(*exec.Cmd), env ...string) (cmd *exec.Cmd, lines *bufio.Scanner) {
	t.Helper()
	dir, err := os.MkdirTemp("", "acts")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	path := filepath.Join(dir, name)
	self, err := os.Executable()
	if err == nil {
		err = os.Link(self, path)
	}
	if err != nil {
		t.Fatal(err)
	}
	cmd = exec.Command(path)
	cmd.Env = append(append(os.Environ(), "ACT="+what), env...)
	cmd.Stderr = os.Stderr
	if prepare != nil {
		prepare(cmd)
	}
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	return cmd, bufio.NewScanner(out)
}

// ready waits until an actor is.
func ready(t *testing.T, lines *bufio.Scanner) {
	t.Helper()
	for lines.Scan() {
		if strings.TrimSpace(lines.Text()) == "ready" {
			return
		}
	}
	t.Fatal("an actor is not ready")
}
