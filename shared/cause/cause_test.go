package cause

import (
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"

	"golang.org/x/net/publicsuffix"

	"tracelens/shared/called"
	"tracelens/shared/trace"
)

var mine, theirs = netip.MustParseAddr("192.0.2.1"), netip.MustParseAddr("198.51.100.7")

func packet(timeNS int64, src, dst netip.Addr, srcPort, dstPort uint16, bits trace.PortBits) *trace.Packet {
	p := &trace.Packet{TimeNS: timeNS}
	if src.IsValid() {
		p.SetSource(src)
	}
	if dst.IsValid() {
		p.SetDestination(dst)
	}
	p.SetPorts(bits, srcPort, dstPort)
	return p
}

// TestRules: what the package says of who is behind a packet.
func TestRules(t *testing.T) {
	var b called.Book
	for _, line := range strings.Split("10.000000000,tcp,192.0.2.1:40000,curl\n20.000000000,tcp,192.0.2.1:40000,wget\n30.000000000,tcp,192.0.2.1:40000,-\n"+
		"10.000000000,tcp,192.0.2.1:8080,proxy\n10.000000000,udp,192.0.2.1:53,resolver\n10.000000000,tcp,192.0.2.1:40001,browser\n"+
		"10.000000000,dns,198.51.100.7,www.shop.example.co.uk\n20.000000000,tls,198.51.100.7,cdn.example.net\n10.000000000,mdns,192.0.2.1,laptop.local\n"+
		"10.000000000,mdns,192.0.2.9,nas.local\n10.000000000,dhcp,192.0.2.8,printer\n10.000000000,dns,192.0.2.7,peer.example.org", "\n") {
		n, ok := called.ParseLine([]byte(line), 0)
		if !ok {
			t.Fatal(line)
		}
		b.Add(n)
	}
	address := netip.MustParseAddr
	for _, c := range []struct {
		name string
		p    *trace.Packet
		want trace.Cause
	}{
		{"sent", packet(11e9, mine, theirs, 40000, 443, trace.HasTCP), trace.Cause{Program: "curl", Site: "example.co.uk"}},
		{"received", packet(11e9, theirs, mine, 443, 40000, trace.HasTCP), trace.Cause{Program: "curl", Site: "example.co.uk"}},
		{"at the very time", packet(20e9, mine, theirs, 40000, 443, trace.HasTCP), trace.Cause{Program: "wget", Site: "example.net"}},
		{"just before", packet(20e9-1, mine, theirs, 40000, 443, trace.HasTCP), trace.Cause{Program: "curl", Site: "example.co.uk"}},
		{"before anybody had the port", packet(9e9, mine, theirs, 40000, 443, trace.HasTCP), trace.Cause{Site: "example.co.uk"}},
		{"nobody has it any more", packet(31e9, mine, theirs, 40000, 443, trace.HasTCP), trace.Cause{Site: "example.net"}},
		{"another protocol", packet(11e9, mine, theirs, 40000, 443, trace.HasUDP), trace.Cause{Site: "example.co.uk"}},
		{"another's port of that number", packet(11e9, address("192.0.2.2"), theirs, 40000, 443, trace.HasTCP), trace.Cause{Site: "example.co.uk"}},
		{"two programs: who asks", packet(11e9, mine, mine, 40001, 8080, trace.HasTCP), trace.Cause{Program: "browser", Site: "laptop.local"}},
		{"two programs: who answers", packet(11e9, mine, mine, 8080, 40001, trace.HasTCP), trace.Cause{Program: "browser", Site: "laptop.local"}},
		{"UDP", packet(11e9, theirs, mine, 5353, 53, trace.HasUDP), trace.Cause{Program: "resolver", Site: "laptop.local"}},
		{"a name at home that is asked", packet(11e9, mine, address("192.0.2.9"), 40001, 445, trace.HasTCP), trace.Cause{Program: "browser", Site: "nas.local"}},
		{"a name at home that asks", packet(11e9, mine, address("203.0.113.1"), 40001, 443, trace.HasTCP), trace.Cause{Program: "browser"}},
		{"a public name that asks", packet(11e9, address("192.0.2.7"), address("203.0.113.1"), 40001, 443, trace.HasTCP), trace.Cause{Site: "example.org"}},
		{"a name without a dot", packet(11e9, mine, address("192.0.2.8"), 40001, 631, trace.HasTCP), trace.Cause{Program: "browser"}},
		{"no ports", packet(11e9, mine, theirs, 0, 0, 0), trace.Cause{Site: "example.co.uk"}},
		{"no ports, from there", packet(11e9, theirs, address("192.0.2.2"), 0, 0, 0), trace.Cause{Site: "example.co.uk"}},
		{"one port", packet(11e9, mine, theirs, 40000, 0, trace.HasTCPSrc), trace.Cause{Program: "curl", Site: "example.co.uk"}},
		{"a tunnel: TCP's ports", packet(11e9, mine, theirs, 40000, 443, trace.HasTCP|trace.HasUDP), trace.Cause{Program: "curl", Site: "example.co.uk"}},
		{"no addresses", packet(11e9, netip.Addr{}, netip.Addr{}, 0, 0, 0), trace.Cause{}},
	} {
		if got := New(&b, nil).Of(c.p); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// TestTurns: turns say of every time what a packet of that time says by itself, each another cause than the one before, and causes keep their
// numbers from one Finder to the next.
func TestTurns(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	addresses := []netip.Addr{mine, theirs, netip.MustParseAddr("2001:db8::1"), netip.MustParseAddr("203.0.113.9")}
	var causes []trace.Cause
	for range 300 {
		var b called.Book
		for range r.IntN(40) {
			n := called.Name{TimeNS: r.Int64N(100), Address: addresses[r.IntN(3)], Kind: []called.Kind{called.DNS, called.TCP, called.UDP}[r.IntN(3)]}
			if n.Text = fmt.Sprintf("www.site%d.example", r.IntN(4)); n.Kind.OfPort() {
				n.Port, n.Text = uint16(r.IntN(3)), []string{"a", "b", called.Nobody}[r.IntN(3)]
			}
			b.Add(n)
		}
		f := New(&b, causes)
		for n, c := range causes {
			if f.Causes()[n] != c {
				t.Fatalf("%d is %+v, and was %+v", n, f.Causes()[n], c)
			}
		}
		for range 20 {
			src, dst := addresses[r.IntN(4)], addresses[r.IntN(4)]
			srcPort, dstPort, bits := uint16(r.IntN(3)), uint16(r.IntN(3)), trace.PortBits(r.IntN(16))
			turns := append([]Turn(nil), f.Turns(f.Host(src), f.Host(dst), srcPort, dstPort, bits)...)
			for i, turn := range turns {
				if i > 0 && (turn.FromNS <= turns[i-1].FromNS || turn.Cause == turns[i-1].Cause) {
					t.Fatalf("%v", turns)
				}
			}
			for at := int64(-1); at <= 100; at++ {
				one := New(&b, nil).watchAt(src, dst, srcPort, dstPort, bits, at)
				if got := f.Causes()[At(turns, at)]; got != one {
					t.Fatalf("at %d it is %+v, want %+v", at, got, one)
				}
			}
		}
		causes = append([]trace.Cause(nil), f.Causes()...)
	}
}

// watchAt asks the histories at one time.
func (f *Finder) watchAt(src, dst netip.Addr, srcPort, dstPort uint16, bits trace.PortBits, at int64) trace.Cause {
	w := f.watch(f.Host(src), f.Host(dst), srcPort, dstPort, bits)
	return trace.Cause{Program: w.program(at), Site: w.site(f, at)}
}

// TestOrder: it does not matter in which order things were said.
func TestOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 5))
	for range 100 {
		var list []called.Name
		for range 30 {
			n := called.Name{TimeNS: r.Int64N(20), Address: []netip.Addr{mine, theirs}[r.IntN(2)], Kind: []called.Kind{called.DNS, called.TCP}[r.IntN(2)], Text: fmt.Sprintf("s%d.example", r.IntN(5))}
			if n.Kind.OfPort() {
				n.Port, n.Text = 7, []string{"a", "b", called.Nobody}[r.IntN(3)]
			}
			list = append(list, n)
		}
		var first, second called.Book
		for _, i := range r.Perm(len(list)) {
			first.Add(list[i])
		}
		for _, i := range r.Perm(len(list)) {
			second.Add(list[i])
		}
		if second.AddLines(first.AppendLines(nil), 0) != 0 { // and once more
			t.Fatal("a book's own lines are not understood")
		}
		for at := range int64(22) {
			p := packet(at, mine, theirs, 7, 443, trace.HasTCP)
			if a, b := New(&first, nil).Of(p), New(&second, nil).Of(p); a != b {
				t.Fatalf("at %d it is %+v and %+v", at, a, b)
			}
		}
	}
}

// TestSiteOf: a site is what golang.org/x/net/publicsuffix says.
func TestSiteOf(t *testing.T) {
	for _, name := range []string{"com", "example.com", "www.example.com", "a.b.c.example.co.uk", "co.uk", "github.io", "me.github.io", "x.me.github.io", "printer", "nas.local", "a.nas.local",
		"xn--bcher-kva.example", "www.xn--85x722f.com.cn", "s3.amazonaws.com", "bucket.s3.amazonaws.com", "city.kawasaki.jp", "www.city.kawasaki.jp", "a.b.kawasaki.jp", "www.ck", "a.ck", "a.b.ck",
		"e1234.dscx.akamaiedge.net", "r3---sn-4g5e6nsz.googlevideo.com", "_ldap._tcp.corp.internal", "fritz.box", "www.fritz.box", "1e100.net", "a.in-addr.arpa"} {
		want, err := publicsuffix.EffectiveTLDPlusOne(name)
		if err != nil {
			want = ""
		}
		if got, _ := SiteOf(name); got != want {
			t.Errorf("%s is of %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]bool{"www.example.com": true, "me.github.io": true, "nas.local": false, "pc.fritz.box": true, "pc.home.lan": false, "a.corp.internal": false} {
		if _, listed := SiteOf(name); listed != want {
			t.Errorf("%s is of the public DNS: %v", name, listed)
		}
	}
}
