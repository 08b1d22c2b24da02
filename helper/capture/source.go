// Package capture reads packets from a network interface, or from a pcap or pcapng file.
package capture

import (
	"tracelens/shared/capfile"
	"tracelens/shared/frame"
)

// A Source yields packets, one after the other. It belongs to one goroutine.
type Source interface {
	// Next reads the next packet into f; f.Data is valid until the next call. It returns io.EOF after the last packet, and
	// ErrIdle when no packet is at hand: nothing has gone wrong, but the next call may wait for one, so this is the moment
	// to pass on what was read so far.
	Next(f *frame.Frame) error

	// Stats is safe to call from other goroutines.
	Stats() Stats

	Close() error
}

// ErrIdle says that no packet is at hand right now.
var ErrIdle = capfile.ErrIdle

// Stats are totals since the source was opened; they never go back.
type Stats struct {
	Captured         int64 // packets that Next has returned
	DroppedKernel    int64 // packets lost because they were not read fast enough
	DroppedInterface int64 // packets lost by the network card or its driver
}
