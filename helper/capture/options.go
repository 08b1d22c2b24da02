package capture

import (
	"errors"
	"fmt"
	"os"
	"strings"
)

// Options say what to capture live, and how.
type Options struct {
	Interface     string
	Filter        string // in libpcap's language; empty for everything
	SnapLen       int    // bytes kept of a packet, 0 for all; headers need no more than 256
	Names         bool   // more of those that may carry names
	NoPromiscuous bool
	Monitor       bool
}

// An Interface can be captured from.
type Interface struct {
	Name        string
	Description string
	Up          bool
	Loopback    bool
}

// A PermissionError says that this process may not capture, and how to allow it.
type PermissionError struct {
	Interface string
	Err       error
}

func (e *PermissionError) Error() string {
	program, err := os.Executable()
	if err != nil {
		program = "PATH-TO/tracelens"
	}
	return fmt.Sprintf("no rights to capture on %s. Either start tracelens with sudo, or allow it once and for all: sudo setcap cap_net_raw+ep %s",
		e.Interface, program)
}

func (e *PermissionError) Unwrap() error { return e.Err }

// ErrNoPcap says that this build cannot capture.
var ErrNoPcap = errors.New("this tracelens was built without libpcap and cannot capture; it reads files (-r), and make build builds one that can")

// explain turns libpcap's words for the two mistakes that users make into ours.
func explain(name string, err error) error {
	text := strings.ToLower(err.Error())
	switch {
	case strings.Contains(text, "permission") || strings.Contains(text, "not permitted"):
		return &PermissionError{name, err}
	case strings.Contains(text, "no such device") || strings.Contains(text, "doesn't exist"):
		return fmt.Errorf("there is no interface %q; tracelens -D lists those there are", name)
	}
	return fmt.Errorf("cannot capture on %s: %w", name, err)
}

// Choose finds the interface that the user means: a name, a number of the list, or "" for the first that is up and no loopback.
func Choose(all []Interface, wanted string) (string, error) {
	if wanted == "" {
		for _, i := range all {
			if i.Up && !i.Loopback && i.Name != "any" {
				return i.Name, nil
			}
		}
		return "", fmt.Errorf("no interface is up; name one with -i, tracelens -D lists those there are")
	}
	for _, i := range all {
		if i.Name == wanted {
			return wanted, nil
		}
	}
	if n := 0; len(wanted) < 6 && strings.Trim(wanted, "0123456789") == "" {
		fmt.Sscan(wanted, &n)
		if n >= 1 && n <= len(all) {
			return all[n-1].Name, nil
		}
		return "", fmt.Errorf("there is no interface number %s; tracelens -D lists those there are", wanted)
	}
	return wanted, nil // libpcap opens more than it lists
}

// wrapping makes a growing total of a 32-bit counter.
type wrapping struct{ last uint32 }

// advance returns by how much the counter has grown since the last call.
func (w *wrapping) advance(now uint32) int64 {
	grown := now - w.last
	w.last = now
	return int64(grown)
}
