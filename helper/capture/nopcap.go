//go:build nopcap || js

package capture

// Open says that this build cannot capture.
func Open(Options, Events) (Source, error) { return nil, ErrNoPcap }

// Interfaces says that this build cannot capture.
func Interfaces() ([]Interface, error) { return nil, ErrNoPcap }
