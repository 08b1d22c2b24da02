package names

import (
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"

	"tracelens/shared/decode"
)

// A reply is a DNS response for tests: records are "owner A 192.0.2.1", "owner AAAA ::1" or "owner CNAME other", those of additional after "+".
type reply struct {
	header    dnsmessage.Header
	questions []string
	records   string
	class     dnsmessage.Class
}

func (m reply) pack(t testing.TB) []byte {
	t.Helper()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	m.header.Response = true
	b := dnsmessage.NewBuilder(nil, m.header)
	b.EnableCompression()
	must(b.StartQuestions())
	for _, q := range m.questions {
		must(b.Question(dnsmessage.Question{Name: dnsmessage.MustNewName(q + "."), Type: dnsmessage.TypeA, Class: dnsmessage.ClassINET}))
	}
	must(b.StartAnswers())
	for record := range strings.SplitSeq(m.records, "; ") {
		if record == "" {
			continue
		}
		if record == "+" {
			must(b.StartAdditionals())
			continue
		}
		f := strings.Fields(record)
		h := dnsmessage.ResourceHeader{Name: dnsmessage.MustNewName(f[0] + "."), Class: m.class | dnsmessage.ClassINET, TTL: 60}
		switch f[1] {
		case "A":
			must(b.AResource(h, dnsmessage.AResource{A: netip.MustParseAddr(f[2]).As4()}))
		case "AAAA":
			must(b.AAAAResource(h, dnsmessage.AAAAResource{AAAA: netip.MustParseAddr(f[2]).As16()}))
		case "CNAME":
			must(b.CNAMEResource(h, dnsmessage.CNAMEResource{CNAME: dnsmessage.MustNewName(f[2] + ".")}))
		}
	}
	out, err := b.Finish()
	must(err)
	return out
}

func TestDNS(t *testing.T) {
	ok := func(m reply, want string) {
		t.Helper()
		expect(t, add(New(), udp(53, 50000, m.pack(t))), want)
	}
	one := []string{"WWW.Example.org"}
	ok(reply{questions: one, records: "www.example.ORG A 192.0.2.1; www.example.org A 192.0.2.2"}, "dns 192.0.2.1 www.example.org, dns 192.0.2.2 www.example.org")
	ok(reply{questions: one, records: "www.example.org AAAA 2001:db8::1; www.example.org AAAA ::ffff:192.0.2.1"}, "dns 2001:db8::1 www.example.org, dns 192.0.2.1 www.example.org")
	// The chain, in any order, and what is not of it.
	ok(reply{questions: one, records: "www.example.org CNAME A.cdn.test; a.cdn.test CNAME B.cdn.test; b.cdn.test A 192.0.2.1"}, "dns 192.0.2.1 www.example.org")
	ok(reply{questions: one, records: "b.cdn.test A 192.0.2.1; a.cdn.test CNAME b.cdn.test; www.example.org CNAME a.cdn.test"}, "dns 192.0.2.1 www.example.org")
	ok(reply{questions: one, records: "www.example.org CNAME a.cdn.test; other.cdn.test A 192.0.2.1"}, "dns 192.0.2.1 other.cdn.test")
	ok(reply{questions: one, records: "www.example.org A 192.0.2.1; +; ns.example.org A 192.0.2.53; www.example.org A 192.0.2.2"},
		"dns 192.0.2.1 www.example.org, dns 192.0.2.53 ns.example.org, dns 192.0.2.2 www.example.org")
	ok(reply{questions: []string{"x.test", "y.test"}, records: "y.test CNAME z.test; z.test A 192.0.2.1; x.test A 192.0.2.2"}, "dns 192.0.2.1 y.test, dns 192.0.2.2 x.test")
	ok(reply{questions: []string{"a.test"}, records: "a.test CNAME b.test; b.test CNAME a.test; b.test A 192.0.2.1"}, "dns 192.0.2.1 a.test") // a loop
	// Addresses that are nobody's, errors, queries, other classes.
	ok(reply{questions: one, records: "www.example.org A 0.0.0.0; www.example.org A 127.0.0.1; www.example.org AAAA ::; www.example.org AAAA ::1; www.example.org A 224.0.0.1; www.example.org AAAA ff02::1"}, "")
	ok(reply{header: dnsmessage.Header{RCode: dnsmessage.RCodeNameError}, questions: one, records: "www.example.org A 192.0.2.1"}, "")
	ok(reply{class: 2, questions: one, records: "www.example.org A 192.0.2.1"}, "")
	query := reply{questions: one, records: "www.example.org A 192.0.2.1"}.pack(t)
	query[2] &^= 0x80
	expect(t, add(New(), udp(53, 50000, query)), "")

	// Names that are none are counted.
	f := New()
	expect(t, add(f, udp(53, 50000, reply{questions: []string{"printer"}, records: "printer A 192.0.2.1; a'b.test A 192.0.2.1"}.pack(t))), "")
	if f.Refused != 2 {
		t.Errorf("%d names were refused", f.Refused)
	}

	// mDNS: names of records, whatever is asked; and the bit in the class.
	m := reply{class: 1 << 15, questions: one, records: "Printer.local A 192.0.2.9; host A 192.0.2.8; +; printer.local AAAA fe80::9"}.pack(t)
	expect(t, add(New(), udp(5353, 5353, m)), "mdns 192.0.2.9 printer.local, mdns 192.0.2.8 host, mdns fe80::9 printer.local")

	m = reply{questions: []string{"a.local"}, records: "a.local CNAME b.local; b.local A 192.0.2.9"}.pack(t)
	expect(t, add(New(), udp(5353, 5353, m)), "mdns 192.0.2.9 b.local")

	// What was cut off does not hide what is there.
	whole := reply{questions: one, records: "www.example.org A 192.0.2.1; www.example.org A 192.0.2.2"}.pack(t)
	for n := range whole {
		got := add(New(), udp(53, 50000, whole[:n]))
		if want := n >= len(whole)-16; (len(got) == 1) != want {
			t.Errorf("%d of %d bytes give %q", n, len(whole), got)
		}
	}
}

// TestDNSInTCP sends messages after their lengths, in segments of any size.
func TestDNSInTCP(t *testing.T) {
	var stream []byte
	var records []string
	for range 300 {
		records = append(records, "www.example.org A 192.0.2.1")
	}
	for _, m := range []reply{
		{questions: []string{"a.test"}, records: "a.test A 192.0.2.1"},
		{questions: []string{"www.example.org"}, records: strings.Join(records, "; ")},
		{questions: []string{"b.test"}, records: "b.test CNAME c.test; c.test A 192.0.2.2"},
	} {
		b := m.pack(t)
		stream = append(append(stream, byte(len(b)>>8), byte(len(b))), b...)
	}
	r := rand.New(rand.NewPCG(9, 10))
	for run := range 300 {
		f, seq := New(), uint32(r.Uint64())
		var got []string
		for _, piece := range cut(r, stream, 1+r.IntN(12)) {
			s := &decode.Segment{TCP: true, Src: netip.AddrPortFrom(server, 53), Dst: netip.AddrPortFrom(client, 50000), Seq: seq, Data: piece}
			got = append(got, add(f, s)...)
			if r.IntN(3) == 0 && len(f.tcp.open) > 0 {
				got = append(got, add(f, s)...) // again
			}
			seq += uint32(len(piece))
		}
		if len(got) != 302 || got[0] != "dns 192.0.2.1 a.test" || got[301] != "dns 192.0.2.2 b.test" {
			t.Fatalf("run %d: %d names", run, len(got))
		}
		if len(f.tcp.open) > 0 {
			t.Fatalf("run %d: a stream is kept that is whole", run)
		}
	}
}

// TestDNSInTCPAgain: what is sent again may have other bounds; a message may be longer than what is kept of it; and what begins in the middle
// of one is no message.
func TestDNSInTCPAgain(t *testing.T) {
	segment := func(seq int, data []byte) *decode.Segment {
		return &decode.Segment{TCP: true, Src: netip.AddrPortFrom(server, 53), Dst: netip.AddrPortFrom(client, 50000), Seq: uint32(seq), Data: data}
	}
	inTCP := func(m reply) []byte {
		b := m.pack(t)
		return append([]byte{byte(len(b) >> 8), byte(len(b))}, b...)
	}
	a := inTCP(reply{questions: []string{"a.test"}, records: "a.test A 192.0.2.1"})
	both := append(a, inTCP(reply{questions: []string{"b.test"}, records: "b.test A 192.0.2.2"})...)
	expect(t, add(New(), segment(9, both[:len(a)+20]), segment(9, both)), "dns 192.0.2.1 a.test, dns 192.0.2.2 b.test")

	expect(t, add(New(), segment(9+len(a)-16, both[len(a)-16:]), segment(9, both[:len(a)-16])), "dns 192.0.2.1 a.test, dns 192.0.2.2 b.test")

	f := New()
	expect(t, add(f, segment(9, append(a[:len(a):len(a)], "what is no message"...))), "dns 192.0.2.1 a.test")
	if len(f.tcp.open) > 0 {
		t.Error("what follows a message and is none is kept")
	}

	long := inTCP(reply{questions: []string{"a.test"}, records: strings.TrimSuffix(strings.Repeat("a.test A 192.0.2.1; ", 2000), "; ")})
	for _, size := range []int{1000, 20000, len(long)} {
		f, names := New(), 0
		for at := 0; at < len(long); at += size {
			names += len(add(f, segment(at, long[at:min(len(long), at+size)])))
		}
		if want := 1000; names < want || len(f.tcp.open) > 0 {
			t.Errorf("in segments of %d bytes: %d names, %d streams are kept", size, names, len(f.tcp.open))
		}
	}

	for _, b := range []string{"\x00\x0b\x00\x00\x80", "\x01\x00\x00\x00\x00", "\x01\x00\x00\x00\x80\x00\x00\x05", "\x00"} {
		f := New()
		add(f, segment(7, []byte(b)))
		if kept := len(f.tcp.open) > 0; kept != (len(b) == 1) {
			t.Errorf("%q is kept: %v", b, kept)
		}
	}
}

// TestHostileDNS wants messages that are made to take long to take no longer than others.
func TestHostileDNS(t *testing.T) {
	loop := []byte{0, 0, 0x80, 0, 0xff, 0xff, 0xff, 0xff, 0, 0, 0xff, 0xff}
	for len(loop) < 65000 {
		loop = append(loop, 0xc0, byte(len(loop))) // each points to itself
	}
	// As many records as there is room for, all of names that are compared to the very end.
	long := strings.Repeat(strings.Repeat("a", 62)+".", 3)
	many := reply{questions: []string{long + "1", long + "2", long + "3", long + "4"}}
	var records []string
	for i := range maxAliases {
		records = append(records, long+"x"+string(rune('a'+i))+" CNAME "+long+"x"+string(rune('b'+i)))
	}
	for i := range 1800 {
		records = append(records, []string{long + "y A 192.0.2.1", long + "z A 192.0.2.1"}[i%2])
	}
	many.records = strings.Join(records, "; ")
	for _, b := range [][]byte{loop, many.pack(t)} {
		start := time.Now()
		names := len(add(New(), udp(53, 50000, b)))
		if took := time.Since(start); took > time.Second {
			t.Errorf("%d bytes with %d names take %v", len(b), names, took)
		}
	}
}
