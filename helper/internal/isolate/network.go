//go:build linux

// Package isolate gives a test a network or a disk of its own: interfaces and file systems that nobody else sees, and that are gone when
// the test has ended, however it ends.
package isolate

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"runtime"
	"strconv"
	"strings"
	"syscall"
)

// T is a test, or a program that measures.
type T interface {
	Helper()
	Skip(...any)
	Fatal(...any)
	Fatalf(format string, args ...any)
	Cleanup(func())
}

// Network moves the test's goroutine, and whatever it starts from now on, to a new network in which there is only the loopback interface.
// Other goroutines of the test stay where they were. The network ends with the goroutine and the programs that it has started.
func Network(t T) {
	t.Helper()
	own(t, syscall.CLONE_NEWNET)
	for _, which := range []string{"all", "default"} { // or the interfaces would talk by themselves
		os.WriteFile("/proc/sys/net/ipv6/conf/"+which+"/disable_ipv6", []byte("1"), 0)
	}
	IP(t, "link set lo up")
}

// NeedRoot skips a test that captures, or gives up rights, where there are none. Under CI it fails instead.
func NeedRoot(t T) {
	t.Helper()
	if os.Geteuid() == 0 {
		return
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("this test needs root")
	}
	t.Skip("this test needs root")
}

// own gives the test's goroutine a namespace of its own.
func own(t T, what int) {
	t.Helper()
	NeedRoot(t)
	runtime.LockOSThread() // and never unlocked: the thread dies with the goroutine
	if err := syscall.Unshare(what); err != nil {
		t.Fatalf("cannot have a namespace of its own: %v", err)
	}
}

// IP runs ip(8) with arguments that are separated by spaces.
func IP(t T, args string) string {
	t.Helper()
	var out, errs bytes.Buffer
	cmd := exec.Command("ip", strings.Fields(args)...)
	cmd.Stdout, cmd.Stderr = &out, &errs
	if err := cmd.Run(); err != nil {
		t.Fatalf("ip %s: %v: %s", args, err, errs.String())
	}
	return out.String()
}

// Pair makes two interfaces of which each receives what the other sends.
func Pair(t T, a, b string) {
	t.Helper()
	IP(t, "link add "+a+" type veth peer name "+b)
	IP(t, "link set "+a+" up")
	IP(t, "link set "+b+" up")
}

// Received is how many packets and bytes an interface has received.
func Received(t T, name string) (packets, bytes int64) {
	t.Helper()
	var links []struct {
		Stats struct {
			RX struct{ Packets, Bytes int64 }
		} `json:"stats64"`
	}
	if err := json.Unmarshal([]byte(IP(t, "-s -j link show "+name)), &links); err != nil || len(links) != 1 {
		t.Fatalf("cannot read the counters of %s: %v", name, err)
	}
	return links[0].Stats.RX.Packets, links[0].Stats.RX.Bytes
}

// Here names the network of the test's goroutine, for ip link set … netns.
func Here() string { return strconv.Itoa(syscall.Gettid()) }
