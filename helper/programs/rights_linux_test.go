package programs

import (
	"encoding/json"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/landlock-lsm/go-landlock/landlock"
	ll "github.com/landlock-lsm/go-landlock/landlock/syscall"
	"golang.org/x/sys/unix"

	"tracelens/helper/internal/isolate"
	"tracelens/helper/privileges"
)

// somebody is a user without rights.
const somebody = 12345

func init() {
	acts["look"] = func() { report(nil) }
	acts["become"] = func() { open(); must(syscall.Setuid(somebody)); wait() }
	acts["drop"] = func() { report(drop) }
	acts["confine"] = func() { // to reading anything at all: it can be no less
		report(func() { must(landlock.V6.BestEffort().RestrictPaths(landlock.RODirs("/"))) })
	}
}

// A sight is what a process sees.
type sight struct {
	Program map[string]string
	Hidden  int
	Error   string
	Own     string            // a port of the process itself
	Aside   map[string]string // what the process sees that was started before it gave up its rights
	Ended   string
}

// drop gives up what the helper gives up.
func drop() {
	dir := try(os.MkdirTemp("", "drop"))
	must(os.Chown(dir, somebody, somebody))
	try(privileges.Drop(privileges.Needs{Folder: dir, Capture: true}))
}

// report says what this process sees.
func report(before func()) {
	l := try(net.Listen("tcp4", "127.0.0.1:0"))
	got, aside := newFound(), newFound()
	var helps *Aside
	told := make(chan Owner, 1000)
	if before != nil {
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), "ACT=serve")
		helps = try(Begin(cmd, func(w Owner) { told <- w }))
		before()
	}
	s := try(New(Options{Found: got.add}))
	err := s.Look()
	see := sight{Program: got.program, Hidden: s.Hidden(), Own: "tcp " + l.Addr().String()}
	if err != nil {
		see.Error = err.Error()
	}
	if helps != nil {
		helps.Soon()
		time.Sleep(300 * time.Millisecond)
		if err := helps.Close(); err != nil {
			see.Ended = err.Error()
		}
		close(told)
		for w := range told {
			aside.add(w)
		}
		see.Aside = aside.program
	}
	must(json.NewEncoder(os.Stdout).Encode(see))
}

func sees(t *testing.T, act string, credential *syscall.Credential, capabilities ...uintptr) (see sight) {
	t.Helper()
	cmd := exec.Command(copyAs(t, "viewer"))
	cmd.Env = append(os.Environ(), "ACT="+act, "SUDO_UID=", "SUDO_GID=")
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: credential, AmbientCaps: capabilities}
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(out, &see); err != nil {
		t.Fatal(err)
	}
	return see
}

// TestWithoutRights wants the programs of the same user, and the number of the other sockets.
func TestWithoutRights(t *testing.T) {
	isolate.NeedRoot(t)
	network(t)
	user := &syscall.Credential{Uid: somebody, Gid: somebody}
	cmd := exec.Command(copyAs(t, "own"))
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: user}
	own := begin(t, cmd, "sockets")
	own.ready()
	others := start(t, "others", "sockets")
	see := sees(t, "look", user)
	for _, is := range own.ports {
		if see.Program[is] != "own" {
			t.Errorf("%s is of %q", is, see.Program[is])
		}
	}
	for _, is := range others.ports {
		if see.Program[is] != "" {
			t.Errorf("%s is of %q", is, see.Program[is])
		}
	}
	if see.Program[see.Own] != "viewer" || see.Error != "" {
		t.Errorf("%q %s", see.Program[see.Own], see.Error)
	}
	if accepted := 4; see.Hidden != len(others.ports)+accepted {
		t.Errorf("%d are hidden, want %d", see.Hidden, len(others.ports)+accepted)
	}
}

// TestTwoCapabilities shows what a process needs to tell all programs: to list the files of others' processes, and to see what they are.
func TestTwoCapabilities(t *testing.T) {
	isolate.NeedRoot(t)
	network(t)
	var actors []*actor
	for _, act := range []string{"sockets", "become"} { // the latter's sockets are root's, and it is not
		actors = append(actors, start(t, act, act))
	}
	user := &syscall.Credential{Uid: somebody, Gid: somebody}
	for _, c := range []struct {
		name         string
		credential   *syscall.Credential
		capabilities []uintptr
		all          bool
	}{
		{"root", nil, nil, true},
		{"both", user, []uintptr{unix.CAP_DAC_READ_SEARCH, unix.CAP_SYS_PTRACE}, true},
		{"one", user, []uintptr{unix.CAP_SYS_PTRACE}, false},
		{"the other", user, []uintptr{unix.CAP_DAC_READ_SEARCH}, false},
	} {
		see := sees(t, "look", c.credential, c.capabilities...)
		if (see.Hidden == 0) != c.all {
			t.Errorf("%s: %d are hidden", c.name, see.Hidden)
		}
		for _, a := range actors {
			for _, is := range a.ports {
				if c.all && see.Program[is] != filepath.Base(a.cmd.Path) {
					t.Errorf("%s: %s is of %q", c.name, is, see.Program[is])
				}
			}
		}
	}
}

// TestAfterDrop shows that a process under Landlock sees no other, and that the one aside sees all.
func TestAfterDrop(t *testing.T) {
	isolate.NeedRoot(t)
	if v, err := ll.LandlockGetABIVersion(); err != nil || v < 1 {
		t.Skip("there is no Landlock")
	}
	network(t)
	a := start(t, "program", "sockets")
	for act, failure := range map[string]string{"drop": "cannot look into /proc", "confine": ""} {
		see := sees(t, act, nil)
		t.Logf("after %s: %d told, %d hidden; aside: %d told; %s", act, len(see.Program), see.Hidden, len(see.Aside), see.Error)
		for _, is := range a.ports {
			if see.Program[is] != "" {
				t.Errorf("%s is of %q", is, see.Program[is])
			}
			if see.Aside[is] != "program" {
				t.Errorf("aside: %s is of %q", is, see.Aside[is])
			}
		}
		if see.Aside[see.Own] != "viewer" || see.Ended != "" {
			t.Errorf("%q %s", see.Aside[see.Own], see.Ended)
		}
		if !strings.HasPrefix(see.Error, failure) || (failure == "") != (see.Error == "") || see.Hidden < len(a.ports) {
			t.Errorf("%d hidden, %q", see.Hidden, see.Error)
		}
	}
}
