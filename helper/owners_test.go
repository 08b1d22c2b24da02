package main

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"tracelens/helper/programs"
	"tracelens/shared/called"
	"tracelens/shared/cause"
	"tracelens/shared/trace"
)

const ms = trace.Second / 1000

var ownAddress, farAddress = netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("198.51.100.7")

// between is a packet from one port to another one.
func between(timeNS int64, src netip.Addr, srcPort uint16, dst netip.Addr, dstPort uint16, bits trace.PortBits) *trace.Packet {
	p := &trace.Packet{TimeNS: timeNS}
	p.SetSource(src)
	p.SetDestination(dst)
	p.SetPorts(bits, srcPort, dstPort)
	return p
}

// TestOwners tells of sockets and shows packets in many orders; times are in milliseconds.
func TestOwners(t *testing.T) {
	const minute = 60_000
	type event struct {
		at      int64 // of a packet, or when the rest is told
		program string
		since   int64
		bound   string
	}
	packet := func(at int64) event { return event{at: at} }
	told := func(at int64, program string, since int64) event { return event{at, program, since, "192.0.2.1"} }
	for _, c := range []struct {
		name   string
		events []event
		want   string // lines: time and program
		asks   int
	}{
		{"known before", []event{told(100, "a", 0), packet(150), packet(160)}, "150 a", 0},
		{"found after its first packet", []event{packet(100), packet(101), told(110, "a", 50), packet(120)}, "100 a", 1},
		{"found, and no packet comes any more", []event{packet(100), told(110, "a", 50)}, "100 a", 1},
		{"nobody's before", []event{packet(100), packet(300), told(400, "a", 200), packet(500)}, "200 a", 1},
		{"no packet since", []event{packet(100), told(400, "a", 200), packet(500)}, "500 a", 1},
		{"never found", []event{packet(100), packet(200), packet(300)}, "", 1},
		{"another program", []event{told(0, "a", 0), packet(100), told(200, "", 100), told(300, "b", 200), packet(301)}, "100 a, 301 b", 0},
		{"another program of which a packet has come", []event{told(0, "a", 0), packet(100), packet(290), told(300, "b", 200), packet(301)}, "100 a, 200 b", 0},
		{"the same again", []event{told(0, "a", 0), packet(100), told(200, "", 100), packet(210), told(300, "a", 200), packet(310)}, "100 a", 0},
		{"gone when its packets come", []event{told(0, "a", 0), told(100, "", 90), packet(50), packet(99)}, "50 a", 0},
		{"what is left behind", []event{told(0, "a", 0), packet(90), told(100, "", 90), packet(150), packet(9000), packet(18000)}, "90 a", 2},
		{"nobody's after a while", []event{told(0, "a", 0), packet(90), told(100, "", 90), packet(12000), packet(12001)}, "90 a, 12000 -", 1},
		{"somebody's after a while", []event{told(0, "a", 0), packet(90), told(100, "", 90), packet(12000), told(12010, "b", 11800), packet(12020)}, "90 a, 12000 -, 12000 b", 1},
		{"gone long ago", []event{told(0, "a", 0), told(100, "", 90), packet(12000)}, "", 1},
		{"each hour anew", []event{told(0, "a", 0), packet(100), packet(59 * minute), packet(60 * minute), packet(61 * minute)}, "100 a, 3600000 a", 0},
		{"found in the next hour", []event{packet(60*minute - 5), packet(60*minute + 5), told(60*minute+10, "a", 60*minute-200)}, "3599995 a, 3600000 a", 1},
		{"bound to no address", []event{{100, "a", 0, "0.0.0.0"}, packet(150)}, "150 a", 0},
		{"bound to none, for both families", []event{{100, "a", 0, "::"}, packet(150)}, "150 a", 0},
		{"bound to another address", []event{{100, "a", 0, "192.0.2.9"}, packet(150)}, "", 1},
		{"its own address before none", []event{{100, "a", 0, "0.0.0.0"}, told(110, "b", 0), packet(150)}, "150 b", 0},
		{"none where its own is gone", []event{{100, "a", 0, "0.0.0.0"}, told(110, "b", 0), told(120, "", 110), packet(150)}, "150 a", 0},
	} {
		asks := 0
		o := newOwners(func() { asks++ })
		o.tellLocal([]netip.Addr{ownAddress})
		var list []called.Name
		for _, e := range c.events {
			if e.bound == "" {
				list = o.see(list, between(e.at*ms, ownAddress, 40000, farAddress, 443, trace.HasTCP))
				continue
			}
			o.tell(programs.Owner{TimeNS: e.at * ms, SinceNS: e.since * ms, TCP: true, Address: netip.MustParseAddr(e.bound), Port: 40000, Program: e.program})
			list = o.hear(list)
		}
		var got []string
		for _, n := range list {
			if n.Address != ownAddress || n.Port != 40000 || n.Kind != called.TCP {
				t.Errorf("%s: %+v", c.name, n)
			}
			got = append(got, fmt.Sprint(n.TimeNS/ms, " ", n.Text))
		}
		if text := strings.Join(got, ", "); text != c.want || asks != c.asks {
			t.Errorf("%s: %q, asked %d times; want %q, %d times", c.name, text, asks, c.want, c.asks)
		}
	}
}

// TestOwnersOfOthers: ports of other machines, other protocols and other families are not this machine's.
func TestOwnersOfOthers(t *testing.T) {
	six := netip.MustParseAddr("2001:db8::1")
	o := newOwners(func() {})
	o.tellLocal([]netip.Addr{ownAddress, six})
	o.tell(programs.Owner{TCP: true, Address: netip.IPv4Unspecified(), Port: 53, Program: "resolver"})
	for name, p := range map[string]*trace.Packet{
		"the other end's":  between(1, ownAddress, 40000, farAddress, 53, trace.HasTCP),
		"others'":          between(1, farAddress, 53, netip.MustParseAddr("192.0.2.2"), 53, trace.HasTCP),
		"UDP":              between(1, ownAddress, 53, farAddress, 40000, trace.HasUDP),
		"IPv6":             between(1, six, 53, farAddress, 40000, trace.HasTCP),
		"without ports":    {TimeNS: 1},
		"without its port": between(1, ownAddress, 53, farAddress, 53, trace.HasTCPDst),
	} {
		if list := o.see(nil, p); len(list) > 0 {
			t.Errorf("%s: %v", name, list)
		}
	}
	if list := o.see(nil, between(1, farAddress, 40000, ownAddress, 53, trace.HasTCP)); len(list) != 1 || list[0].Text != "resolver" {
		t.Errorf("of what is sent here: %v", list)
	}
	// Another address: what was known of the old one stays with it.
	o.tellLocal([]netip.Addr{farAddress})
	if list := o.see(nil, between(2, farAddress, 53, ownAddress, 40000, trace.HasTCP)); len(list) != 1 || list[0].Address != farAddress {
		t.Errorf("of another address: %v", list)
	}
}

// TestOwnersBounds: what is remembered of ends and sockets that are gone is bounded.
func TestOwnersBounds(t *testing.T) {
	o := newOwners(func() {})
	o.tellLocal([]netip.Addr{ownAddress})
	most := 0
	for i := range 3 * maxEnds {
		now := int64(i) * 10 * ms
		w := programs.Owner{TimeNS: now, TCP: i%2 == 0, Address: ownAddress, Port: uint16(i / 2), Program: "a"}
		o.tell(w)
		list := o.see(nil, between(now, ownAddress, w.Port, farAddress, 443, []trace.PortBits{trace.HasTCP, trace.HasUDP}[i%2]))
		if len(list) != 1 {
			t.Fatalf("%d: %v", i, list)
		}
		w.Program = ""
		o.tell(w)
		most = max(most, len(o.have))
	}
	if len(o.ends) > maxEnds || most > 4*minHoldings {
		t.Errorf("%d ends and %d sockets are remembered", len(o.ends), most)
	}
}

// TestOwnersOfManyPorts has sockets come and go at random, looked at each 200 ms, and packets that are shown later than what is told of sockets. No
// packet may be given to another program than its own; of sockets that a look has seen, all must be.
func TestOwnersOfManyPorts(t *testing.T) {
	const look = 200 * ms
	r := rand.New(rand.NewPCG(1, 2))
	type socket struct {
		program          string
		port             uint16
		openNS, closedNS int64
	}
	for range 40 {
		var sockets []socket
		for port := range uint16(8) {
			at := r.Int64N(5 * trace.Second)
			for range 12 {
				s := socket{fmt.Sprint("p", r.IntN(4)), port, at, at + look/10 + r.Int64N([]int64{look, 20 * look, 3000 * trace.Second}[r.IntN(3)])}
				sockets = append(sockets, s)
				at = s.closedNS + int64(linger) + 2*look + r.Int64N(100*trace.Second)
			}
		}
		type packet struct {
			*trace.Packet
			of *socket
		}
		var packets []packet
		for i := range sockets {
			s := &sockets[i]
			for range 1 + r.IntN(30) {
				at := s.openNS + r.Int64N(s.closedNS-s.openNS+look/2) // or a little later
				packets = append(packets, packet{between(at, farAddress, 443, ownAddress, s.port, trace.HasUDP), s})
			}
		}
		slices.SortFunc(packets, func(a, b packet) int { return int(a.TimeNS - b.TimeNS) })
		var book called.Book
		o := newOwners(func() {})
		o.tellLocal([]netip.Addr{ownAddress})
		seen, held, shown := map[*socket]bool{}, map[uint16]string{}, 0
		show := func(untilNS int64) {
			for shown < len(packets) && packets[shown].TimeNS < untilNS {
				for _, n := range o.see(nil, packets[shown].Packet) {
					book.Add(n)
				}
				shown++
			}
		}
		for now := int64(0); shown < len(packets); now += look {
			for port := range uint16(8) {
				is := ""
				for i := range sockets {
					if s := &sockets[i]; s.port == port && s.openNS <= now && now < s.closedNS {
						is, seen[s] = s.program, true
					}
				}
				if is != held[port] {
					o.tell(programs.Owner{TimeNS: now, SinceNS: max(now-look, 0), Address: netip.IPv4Unspecified(), Port: port, Program: is})
					held[port] = is
				}
			}
			show(now - r.Int64N(look))
		}
		for _, n := range o.hear(nil) {
			book.Add(n)
		}
		finder := cause.New(&book, nil)
		for _, p := range packets {
			switch got := finder.Of(p.Packet).Program; {
			case got != "" && got != p.of.program:
				t.Fatalf("a packet at %d of %+v is given to %s", p.TimeNS/ms, *p.of, got)
			case got == "" && seen[p.of]:
				t.Fatalf("a packet at %d of %+v is nobody's", p.TimeNS/ms, *p.of)
			}
		}
	}
}

// BenchmarkOwners is of packets of known ports, between some hundred ends.
func BenchmarkOwners(b *testing.B) {
	o := newOwners(func() {})
	o.tellLocal([]netip.Addr{ownAddress})
	var packets []*trace.Packet
	for port := range uint16(500) {
		o.tell(programs.Owner{TCP: true, Address: ownAddress, Port: port, Program: "a"})
		packets = append(packets, between(1, ownAddress, port, farAddress, 443, trace.HasTCP), between(1, farAddress, 443, ownAddress, port, trace.HasTCP))
	}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		o.see(nil, packets[i%len(packets)])
	}
}
