//go:build nopcap

package capture

import "errors"

var errNoPcap = errors.New("this tracelens was built without libpcap and cannot capture; it reads files (-r), and make build builds one that can")

// Open says that this build cannot capture.
func Open(Options) (Source, error) { return nil, errNoPcap }

// Interfaces says that this build cannot capture.
func Interfaces() ([]Interface, error) { return nil, errNoPcap }
