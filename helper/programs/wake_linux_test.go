package programs

import (
	"net"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestWake: it tells of each connection that begins, over either family, and of nothing else; and what it has open can be made to tell no more.
func TestWake(t *testing.T) {
	ownNetwork(t)
	w, err := OpenWake()
	if err != nil {
		t.Fatal(err)
	}
	begun := make(chan bool, 100)
	over := make(chan bool)
	go func() { w.Run(func() { begun <- true }); close(over) }()
	told := func(what string, want bool) {
		t.Helper()
		wait := 100 * time.Millisecond // what should not come
		if want {
			wait = 10 * time.Second
		}
		select {
		case <-begun:
			if !want {
				t.Errorf("%s is told", what)
			}
		case <-time.After(wait):
			if want {
				t.Errorf("%s is not told", what)
			}
		}
		for time.Sleep(2 * looksApart); len(begun) > 0; {
			<-begun // a connection has two packets that begin it
		}
	}
	told("nothing", false)
	for _, address := range []string{"127.0.0.1:0", "[::1]:0"} {
		var lc net.ListenConfig
		l, err := lc.Listen(t.Context(), "tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer l.Close()
		c, err := net.Dial("tcp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		told("a connection", true)
		if _, err := c.Write(make([]byte, 1000)); err != nil {
			t.Fatal(err)
		}
		told("what is sent", false)
		c.Close()
		told("its end", false)
		u, err := net.Dial("udp", l.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		u.Write(make([]byte, 100))
		told("a datagram", false)
		u.Close()
	}
	raw, err := w.socket.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	raw.Control(func(fd uintptr) {
		if err := unix.SetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_DETACH_FILTER, 0); err != unix.EPERM {
			t.Errorf("its filter can be taken away: %v", err)
		}
	})
	w.Close()
	select {
	case <-over:
	case <-time.After(10 * time.Second):
		t.Error("it does not end")
	}
}
