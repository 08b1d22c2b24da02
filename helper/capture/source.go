// Package capture reads packets from a network interface, or from a pcap or pcapng file.
//
// Of an interface:
//
//   - A packet's length is what was on the wire, however little of it is kept (-s). A VLAN tag that the kernel has taken off counts; libpcap
//     puts it back.
//   - On the loopback interface each packet is seen once, though the kernel shows it going out and coming in.
//   - On "any" the system puts a header of its own before each packet instead of the link's, which lengths count, and a packet that passes
//     several interfaces is seen on each. That is said at the start.
//   - Where the card or the system joins packets (GRO) or has yet to split them (GSO, TSO), they are seen joined: bytes lack the headers in
//     between, packets are fewer. That is said when the first one comes, with the command that switches it off; it is never done unasked.
//   - An interface may go down, away, come back and be renamed. The capture goes on, and whoever reads is told from when to when nothing
//     could come.
//   - What the kernel and the card have dropped is counted, and never goes back, though the kernel's own counters start anew with each
//     question and have 32 bits.
package capture

import (
	"time"

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

	// Close ends the capture. That of an interface belongs to the goroutine that reads.
	Close() error
}

// Events are told to whoever captures from an interface, by the goroutine that reads.
type Events struct {
	Note func(text string) // what the user should know, once
	Down func(Outage)      // no packets can come from now on; End is not known yet
	Up   func(Outage)      // they can again
}

// An Outage is a time in which an interface was down, or not there.
type Outage struct {
	Begin, End time.Time
	Why        string // in words
}

// ErrIdle says that no packet is at hand right now.
var ErrIdle = capfile.ErrIdle

// Stats are totals since the source was opened; they never go back.
type Stats struct {
	Captured         int64 // packets that Next has returned
	DroppedKernel    int64 // packets lost because they were not read fast enough
	DroppedInterface int64 // packets lost by the network card or its driver
}

func (s Stats) plus(t Stats) Stats {
	return Stats{s.Captured + t.Captured, s.DroppedKernel + t.DroppedKernel, s.DroppedInterface + t.DroppedInterface}
}
