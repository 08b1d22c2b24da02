// Package cause tells who is behind a packet: which program of the helper's machine, and which site, by what a Book says of its ports and its
// addresses at the time. Of either it may know nothing; that is a cause of its own, whose Program or Site is empty.
//
//   - A packet's program is the one that has the port of one of its ends. Where both ends are programs', as on the loopback interface, it is that of
//     the higher port, or of the source if they are the same: who asked, as a rule, rather than who answers.
//   - Its site is that of the name of the end with the lower port, the one that is asked; or else of the other end, if its name is one of the
//     public DNS, and not one that the user's own machine has in its network. Of packets without ports it is the destination's, or else
//     the source's.
//
// Of tunnels the ports are those within, where there are any of TCP, since they are the figures' as well.
package cause

import (
	"math"
	"net/netip"
	"slices"

	"tracelens/shared/called"
	"tracelens/shared/trace"
)

// A Finder numbers causes and finds those of packets, by a Book as it was when the Finder was made. One goroutine at a time may use it.
type Finder struct {
	book    *called.Book
	hosts   map[netip.Addr]*Host
	causes  []trace.Cause // by number
	numbers map[trace.Cause]uint32
	sites   map[string]site // by name of a host
	turns   []Turn
	times   []int64
}

// New returns a Finder that knows the causes of a list by their places in it, of which the first is the empty one; nil for only that.
func New(book *called.Book, causes []trace.Cause) *Finder {
	f := &Finder{book: book, hosts: map[netip.Addr]*Host{}, numbers: map[trace.Cause]uint32{}, sites: map[string]site{}}
	for _, c := range append([]trace.Cause{{}}, causes[min(1, len(causes)):]...) {
		f.number(c)
	}
	return f
}

// Causes are those that have numbers, by number. The first is nobody.
func (f *Finder) Causes() []trace.Cause { return f.causes }

func (f *Finder) number(c trace.Cause) uint32 {
	n, known := f.numbers[c]
	if !known {
		n = uint32(len(f.causes))
		f.numbers[c] = n
		f.causes = append(f.causes, c)
	}
	return n
}

// A Host is what there is to know of an address.
type Host struct {
	addr  netip.Addr
	names called.History
	ports bool // programs had some of it
}

// Host is the host with an address; nil if nothing is known of it.
func (f *Finder) Host(a netip.Addr) *Host {
	h, known := f.hosts[a]
	if known {
		return h
	}
	if names, ports := f.book.Host(a), f.book.HasPorts(a); len(names) > 0 || ports {
		h = &Host{a, names, ports}
	}
	f.hosts[a] = h
	return h
}

// Forget has what is known of an address looked up again. A Host that was given before must not be used any more.
func (f *Finder) Forget(a netip.Addr) { delete(f.hosts, a) }

// Of is the cause of a packet.
func (f *Finder) Of(p *trace.Packet) trace.Cause {
	src, dst, has := p.Ports()
	turns := f.Turns(f.Host(p.Source()), f.Host(p.Destination()), src, dst, has)
	return f.causes[At(turns, p.TimeNS)]
}

// A Turn is a time from which on a flow's packets have another cause, by number.
type Turn struct {
	FromNS int64
	Cause  uint32
}

// Index is which of the turns of a flow a packet is in.
func Index(turns []Turn, timeNS int64) int {
	i := len(turns) - 1
	for i > 0 && turns[i].FromNS > timeNS {
		i--
	}
	return i
}

// At is the cause of a packet of a flow with turns.
func At(turns []Turn, timeNS int64) uint32 { return turns[Index(turns, timeNS)].Cause }

// Turns are those of the packets between two hosts, either of which may be nil, and ports. The first is from the beginning of time on, and each has
// another cause than the one before it. The list is valid until the next call.
func (f *Finder) Turns(src, dst *Host, srcPort, dstPort uint16, has trace.PortBits) []Turn {
	w := f.watch(src, dst, srcPort, dstPort, has)
	f.turns = f.turns[:0]
	f.times = append(f.times[:0], math.MinInt64)
	for _, h := range w.histories() {
		for _, s := range h {
			f.times = append(f.times, s.TimeNS)
		}
	}
	if len(f.times) > 2 {
		slices.Sort(f.times)
	}
	for _, t := range f.times {
		c := f.number(trace.Cause{Program: w.program(t), Site: w.site(f, t)})
		if n := len(f.turns); n == 0 || f.turns[n-1].Cause != c {
			f.turns = append(f.turns, Turn{t, c})
		}
	}
	return f.turns
}
