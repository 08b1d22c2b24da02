package programs

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

func init() {
	acts["babble"] = func() { fmt.Println(strings.Repeat("x", 2*maxLine)); time.Sleep(time.Hour) }
	acts["gone"] = func() { os.Exit(3) }
}

func aside(t *testing.T, act string, found func(Owner)) *Aside {
	t.Helper()
	cmd := exec.Command(copyAs(t, "aside"))
	cmd.Env = append(os.Environ(), "ACT="+act)
	a, err := Begin(cmd, found)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestAside wants what a process of its own sees, a wish to be heard, and nothing to be left of it.
func TestAside(t *testing.T) {
	files, goroutines := openFiles(t), runtime.NumGoroutine()
	told := make(chan Owner, 1000)
	a := aside(t, "serve", func(w Owner) { told <- w })
	for i := range 3 {
		name := fmt.Sprintf("seen aside, %d", i)
		actor := start(t, name, "listen", "ON=127.0.0.1:0")
		begin := time.Now()
		a.Soon()
		for w := range told {
			if "tcp "+fmt.Sprintf("%v:%d", w.Address, w.Port) == actor.ports[0] {
				if w.Program != Clean(name) || w.PID != int32(actor.cmd.Process.Pid) {
					t.Errorf("%+v", w)
				}
				break
			}
		}
		t.Logf("told after %v", time.Since(begin))
		actor.end()
	}
	a.cmd.Process.Signal(os.Interrupt) // as Ctrl-C does
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	if err := a.Close(); err != nil {
		t.Error(err)
	}
	a.Soon()
	settles(t, "goroutines", goroutines, runtime.NumGoroutine)
	settles(t, "files", files, func() int { return openFiles(t) })
}

// TestAsideFails wants it to be said when nobody looks any more.
func TestAsideFails(t *testing.T) {
	for act, want := range map[string]string{"babble": "token too long", "gone": "exit status 3", "serve": "signal: killed"} {
		a := aside(t, act, func(Owner) {})
		if act == "serve" {
			a.cmd.Process.Signal(syscall.SIGKILL)
		}
		select {
		case <-a.Ended():
		case <-time.After(10 * time.Second):
			t.Errorf("%s: it goes on", act)
		}
		if err := a.Close(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %s", act, err, want)
		}
	}
}
