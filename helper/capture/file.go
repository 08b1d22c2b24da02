package capture

import (
	"fmt"
	"io"
	"os"

	"tracelens/shared/capfile"
)

// A file is a capture file as a Source. It drops no packets.
type file struct{ *capfile.File }

func (f file) Stats() Stats { return Stats{Captured: f.Captured()} }

// OpenFile opens the capture at path; "-" is standard input.
func OpenFile(path string) (Source, error) {
	if path == "-" {
		return NewFile("standard input", os.Stdin), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		return nil, fmt.Errorf("%s is a folder, not a capture file", path)
	}
	return NewFile(path, f), nil
}

// NewFile reads the capture in r, which it closes at the end; name is for messages.
func NewFile(name string, r io.ReadCloser) Source { return file{capfile.New(name, r)} }
