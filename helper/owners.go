package main

import (
	"encoding/binary"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"

	"tracelens/helper/hourly"
	"tracelens/helper/programs"
	"tracelens/shared/called"
	"tracelens/shared/trace"
)

const (
	// maxEnds bounds the ends that are remembered; then they are forgotten, and some are written twice.
	maxEnds = 1 << 16
	// linger is how long a port whose sockets are gone stays its program's while nothing is sent: the kernel sends what was left behind, and
	// answers whoever has not heard of the end.
	linger = 10 * time.Second
	// askAgain is how often one end of which a packet comes, though its sockets are gone, has the machine looked at.
	askAgain = time.Second
)

// owners find out which programs have the ports of this machine that packets are from and to, and since when. tell may be called by anybody, all
// else belongs to the goroutine that reads packets.
//
// A program is found some milliseconds after its first packet: its port counts from that packet on, unless it was somebody else's at a look after
// it. So what is written may be of a time that is past, but never of one before the look that did not find the program yet.
type owners struct {
	soon func() // has somebody look; it never waits

	mu    sync.Mutex
	news  []programs.Owner
	local map[[16]byte]bool // this machine's addresses
	fresh atomic.Bool       // there are news, or other addresses

	mine   map[[16]byte]bool // local, as the reader knows it
	have   map[end]holding   // sockets, by what they are bound to
	most   int               // so many may be in it before those are left out that are gone
	ends   map[end]*owned    // of packets, on this machine
	byPort map[portOf][]*owned
	lately [1 << 10]pair // by flow.hash
}

// An end is an address, an IPv4 one as in IPv6, and a port.
type end struct {
	address [16]byte
	portOf
}

type portOf struct {
	number uint16
	udp    bool
}

// A holding is a program that has sockets, or had: packets come later than what is told of sockets.
type holding struct {
	program string
	sinceNS int64
	goneNS  int64 // 0 while it has
}

// An owned is an end that packets are from or to.
type owned struct {
	end
	program   string // "" while nobody is known
	gone      bool   // its sockets are
	unknownNS int64  // the first packet of which nobody is known, if program is ""
	lastNS    int64  // the last packet
	askedNS   int64
	hour      int64 // that what is known was written for; noHour for none
}

const (
	noHour      = -1 << 62
	minHoldings = 1 << 10
)

// A pair is the ends of a flow that are on this machine; nil for those that are not.
type pair struct {
	flow flow
	ends [2]*owned
}

// A flow is what packets have in common that have the same ends; addresses of one family.
type flow struct {
	ports    uint32 // source << 16 | destination
	bits     trace.PortBits
	six      bool
	src, dst uint32   // of IPv4
	a, b     [16]byte // of IPv6
}

func (f *flow) hash() uint32 {
	src, dst := f.src, f.dst
	if f.six {
		src, dst = binary.BigEndian.Uint32(f.a[12:]), binary.BigEndian.Uint32(f.b[12:])
	}
	h := ((f.ports^src)*0x9E3779B1 ^ dst) * 0x9E3779B1
	return h ^ h>>16
}

func newOwners(soon func()) *owners {
	o := &owners{soon: soon, have: map[end]holding{}, most: minHoldings, mine: map[[16]byte]bool{}}
	o.forget()
	return o
}

// forget forgets all ends, not the sockets.
func (o *owners) forget() {
	o.ends, o.byPort = map[end]*owned{}, map[portOf][]*owned{}
	clear(o.lately[:])
}

// tell is told of a program that has a port, or that nobody has it any more.
func (o *owners) tell(w programs.Owner) {
	o.mu.Lock()
	o.news = append(o.news, w)
	o.mu.Unlock()
	o.fresh.Store(true)
}

// tellLocal is told which addresses this machine has.
func (o *owners) tellLocal(list []netip.Addr) {
	local := map[[16]byte]bool{}
	for _, a := range list {
		local[a.As16()] = true
	}
	o.mu.Lock()
	o.local = local
	o.mu.Unlock()
	o.fresh.Store(true)
}

// see appends what a packet makes known.
func (o *owners) see(list []called.Name, p *trace.Packet) []called.Name {
	if o.fresh.Load() {
		list = o.hear(list)
	}
	srcPort, dstPort, bits := p.Ports()
	if bits == 0 {
		return list
	}
	f := flow{ports: uint32(srcPort)<<16 | uint32(dstPort), bits: bits, src: p.IPv4SrcAddr, dst: p.IPv4DstAddr}
	if !p.Has.Has(trace.IPSrc) {
		f = flow{ports: f.ports, bits: bits, six: true, a: p.IPv6SrcAddr, b: p.IPv6DstAddr}
	}
	known := &o.lately[f.hash()%uint32(len(o.lately))]
	if known.flow != f {
		*known = pair{f, [2]*owned{o.end(p.Source(), srcPort, bits, 0), o.end(p.Destination(), dstPort, bits, 1)}}
	}
	for _, w := range known.ends {
		if w != nil {
			list = o.touch(list, w, p.TimeNS)
		}
	}
	return list
}

// end is what is remembered of an end of a packet, nil if it is not on this machine; which is 0 for its source and 1 for its destination.
func (o *owners) end(a netip.Addr, port uint16, bits trace.PortBits, which int) *owned {
	tcp := bits&trace.HasTCP != 0
	has := trace.HasUDPSrc
	if tcp {
		has = trace.HasTCPSrc
	}
	if bits&(has<<which) == 0 || !a.IsValid() {
		return nil
	}
	e := end{a.As16(), portOf{port, !tcp}}
	if !o.mine[e.address] {
		return nil
	}
	w := o.ends[e]
	if w == nil {
		if len(o.ends) >= maxEnds {
			o.forget()
		}
		w = &owned{end: e, hour: noHour}
		o.ends[e] = w
		o.byPort[e.portOf] = append(o.byPort[e.portOf], w)
	}
	return w
}

// holder is who has sockets that an end's packets go to; or who had some last, if nobody has.
func (o *owners) holder(e end) (h holding, ok bool) {
	for _, bound := range [...][16]byte{e.address, netip.IPv4Unspecified().As16(), netip.IPv6Unspecified().As16()} {
		if bound == netip.IPv4Unspecified().As16() && !netip.AddrFrom16(e.address).Is4In6() {
			continue
		}
		next, known := o.have[end{bound, e.portOf}]
		if known && (!ok || h.goneNS != 0 && (next.goneNS == 0 || next.goneNS > h.goneNS)) {
			h, ok = next, true
		}
	}
	return h, ok
}

// sweep leaves out what is gone for so long that no packets of it will come.
func (o *owners) sweep(nowNS int64) {
	for e, h := range o.have {
		if h.goneNS != 0 && nowNS-h.goneNS > int64(linger) {
			delete(o.have, e)
		}
	}
	o.most = max(minHoldings, 2*len(o.have))
}

// line appends whose an end is from a time on.
func (w *owned) line(list []called.Name, timeNS int64) []called.Name {
	n := called.Name{TimeNS: timeNS, Address: netip.AddrFrom16(w.address).Unmap(), Kind: called.TCP, Port: w.number, Text: w.program}
	if w.udp {
		n.Kind = called.UDP
	}
	if n.Text == "" {
		n.Text = called.Nobody
	}
	w.hour = hourly.HourOf(timeNS)
	return append(list, n)
}
