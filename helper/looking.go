package main

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/netip"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"time"

	"tracelens/helper/privileges"
	"tracelens/helper/programs"
)

// lookCommand has this program be the process that looks whose ports are, for the one that captures; it is no flag, and for nobody else.
const lookCommand = "look-for-programs"

// localEvery is how often it is looked which addresses this machine has.
const localEvery = 2 * time.Second

// look is that process. It has given up all other rights before it does anything; folder is that of the hour files, whose owner it becomes.
func look(folder string, stdout, stderr io.Writer) int {
	wake, _ := programs.OpenWake() // without it, what is short is found less often
	err := privileges.OnlyLook(folder)
	if err == nil {
		err = programs.Serve(os.Stdin, stdout, programs.Options{Wake: wake, Failed: func(err error) { fmt.Fprintf(stderr, "tracelens: %v\n", err) }})
	}
	if err != nil && !errors.Is(err, os.ErrClosed) {
		fmt.Fprintf(stderr, "tracelens: %v\n", err)
		return exitError
	}
	return exitOK
}

// lookAside begins to look whose ports are, in a process of its own: what reads packets from strangers may not look at other processes. It must be
// begun when its folder is there, and before rights are given up. That it does not work is no reason not to capture.
func (s *session) lookAside() {
	path, err := os.Executable()
	if runtime.GOOS == "linux" {
		path, err = "/proc/self/exe", nil // this very file, whatever has its name by now
	}
	if err == nil {
		cmd := exec.Command(path, lookCommand, s.dir)
		cmd.Stderr = s.stderr
		var o *owners
		o = newOwners(func() { s.aside.Soon() })
		o.tellLocal(localAddresses())
		s.aside, err = programs.Begin(cmd, o.tell)
		if err == nil {
			s.owners, s.seesAll = o, privileges.SeesAll()
		}
	}
	if err != nil {
		s.warn("Nobody looks which programs there are: %v", err)
	}
}

// lookNoMore ends it.
func (s *session) lookNoMore() {
	if s.aside != nil {
		s.aside.Close()
	}
}

// tellPrograms says what keeps programs from being known, until done is closed, and which addresses there are.
func (s *session) tellPrograms(done <-chan struct{}) {
	if s.aside == nil {
		return
	}
	local := localAddresses()
	ticker := time.NewTicker(localEvery)
	defer ticker.Stop()
	ended, told := s.aside.Ended(), false
	for {
		select {
		case <-done:
			return
		case <-ended:
			ended = nil
			select {
			case <-done: // both at once
			default:
				s.warn("From now on no programs are known: %v", s.aside.Close())
				s.note("From now on no programs are known: who looked for them has ended")
			}
		case <-ticker.C:
			if now := localAddresses(); !slices.Equal(now, local) {
				local = now
				s.owners.tellLocal(local)
			}
			if n := s.aside.Hidden(); n > 0 && !s.seesAll && !told {
				told = true
				text := fmt.Sprintf("The programs of other users are not known: of %d sockets now. Started by root (sudo) it knows them", n)
				s.say("%s", text)
				s.note(text)
			}
		}
	}
}

// localAddresses are those of this machine's interfaces, in order.
func localAddresses() (list []netip.Addr) {
	all, err := net.InterfaceAddrs()
	if err != nil {
		return nil
	}
	for _, a := range all {
		if n, ok := a.(*net.IPNet); ok {
			if ip, ok := netip.AddrFromSlice(n.IP); ok {
				list = append(list, ip.Unmap())
			}
		}
	}
	slices.SortFunc(list, netip.Addr.Compare)
	return list
}
