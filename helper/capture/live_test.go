//go:build !nopcap && !js

package capture

import (
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"tracelens/shared/frame"
)

// TestLoopback captures 100 datagrams on the loopback interface: each once, though the kernel shows each twice.
func TestLoopback(t *testing.T) {
	all, err := Interfaces()
	if err != nil {
		t.Fatal(err)
	}
	name := ""
	for _, i := range all {
		if i.Loopback {
			name = i.Name
		}
	}
	receiver, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer receiver.Close()
	port := receiver.LocalAddr().(*net.UDPAddr).Port
	live, err := Open(Options{Interface: name, Filter: fmt.Sprintf("udp dst port %d", port), SnapLen: 64}, Events{})
	if permission := (*PermissionError)(nil); errors.As(err, &permission) {
		if os.Getenv("CI") == "true" {
			t.Fatalf("this test captures, so it needs root or CAP_NET_RAW: %v", err)
		}
		t.Skipf("this test captures, so it needs root or CAP_NET_RAW: %v", err)
	} else if err != nil {
		t.Fatal(err)
	}
	defer live.Close()
	sender, err := net.Dial("udp4", receiver.LocalAddr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer sender.Close()
	begin := time.Now()
	for range 100 {
		if _, err := sender.Write(make([]byte, 500)); err != nil {
			t.Fatal(err)
		}
	}
	var f frame.Frame
	got, idle := 0, 0
	for deadline := begin.Add(10 * time.Second); idle < 3 && time.Now().Before(deadline); {
		switch err := live.Next(&f); err {
		case nil:
			got, idle = got+1, 0
			if f.Link != frame.Ethernet && f.Link != frame.Null || len(f.Data) > 64 || f.Len < 528 {
				t.Fatalf("link type %d, %d of %d bytes", f.Link, len(f.Data), f.Len)
			}
			if at := time.Unix(0, f.TimeNS); at.Before(begin.Add(-time.Second)) || at.After(time.Now().Add(time.Second)) {
				t.Fatalf("captured at %v", at)
			}
		case ErrIdle:
			if got == 100 {
				idle++ // to see a second copy, if there were one
			}
		default:
			t.Fatal(err)
		}
	}
	if s := live.Stats(); got != 100 || s.Captured != 100 || s.DroppedKernel != 0 {
		t.Errorf("%d packets, %+v", got, s)
	}
}

func TestUnknownInterface(t *testing.T) {
	_, err := Open(Options{Interface: "nosuch0"}, Events{})
	if permission := (*PermissionError)(nil); errors.As(err, &permission) {
		t.Skip("without rights, there is no telling what exists")
	}
	if err == nil || !strings.Contains(err.Error(), `there is no interface "nosuch0"`) {
		t.Error(err)
	}
}
