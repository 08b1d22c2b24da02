package selection

import (
	"math/rand/v2"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"tracelens/shared/trace"
)

func is(f Filter) *Expr { return &Expr{Filter: f} }

func TestCode(t *testing.T) {
	s := Selection{FromNS: -5, ToNS: 1483873200_123456789, Where: All(
		is(Filter{Field: Source, Address: netip.MustParsePrefix("192.0.2.1/32")}),
		is(Filter{Field: Destination, Address: netip.MustParsePrefix("10.0.0.0/8")}).Negated(),
		is(Filter{Field: Either, Address: netip.MustParsePrefix("2001:db8::1/128")}),
		is(Filter{Field: Port, Port: 443}).Negated(),
		is(Filter{Field: Port, Port: 53, Family: UDP}),
		is(Filter{Field: Protocol, Protocol: trace.OtherIP}),
		is(Filter{Field: Protocol, Protocol: trace.NotIP}).Negated(),
		is(Filter{Field: Length, Min: 60, Max: 100}),
	)}
	want := "-5 1483873200123456789\nip.src == 192.0.2.1 && !(ip.dst == 10.0.0.0/8) && ipv6.addr == 2001:db8::1 && !(tcp.port == 443 || udp.port == 443) && udp.port == 53" +
		" && ((ip || ipv6) && !tcp && !udp) && !(!(ip || ipv6 || tcp || udp)) && frame.len in {60..100}"
	if got := s.Code(); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if back, err := Parse(s.Code()); err != nil || !reflect.DeepEqual(back, s) {
		t.Errorf("%q became %+v, %v", s.Code(), back, err)
	}
	if s, err := Parse("0 0\n"); err != nil || !s.Everything() || s.Text() != "" || s.Check() != nil {
		t.Errorf("%+v, %v", s, err)
	}
	for _, code := range []string{"", "1", "1\n", "0 0", "x 2\n", "1 x\n", "5 5\n", "0 0\nx", "0 0\ntcp.port == 65536"} {
		if s, err := Parse(code); err == nil {
			t.Errorf("%q became %+v", code, s)
		}
	}
}

func TestCheck(t *testing.T) {
	tcp := is(Filter{Field: Layer, Family: TCP})
	deep := tcp
	for range MaxDepth {
		deep = &Expr{Op: Not, Args: []*Expr{deep}}
	}
	many := []*Expr{}
	for range MaxFilters + 1 {
		many = append(many, is(Filter{Field: Port, Port: 1}))
	}
	for words, e := range map[string]*Expr{
		"parentheses":                    deep,
		"255":                            {Op: Or, Args: many},
		"an address":                     is(Filter{Field: Source}),
		"below its beginning":            is(Filter{Field: Length, Min: 2, Max: 1}),
		"end is below":                   is(Filter{Field: SourcePort, Port: 2, LastPort: 1}),
		"unknown kind":                   is(Filter{Field: fields}),
		"filter of an unknown kind":      is(Filter{Field: Protocol, Protocol: trace.Protocol(trace.Protocols)}),
		"a filter of an unknown kind":    is(Filter{Field: Layer}),
		"a filter of an unknown":         is(Filter{Field: Port, Family: families}),
		"of an unknown kind":             {Op: ops, Args: []*Expr{tcp, tcp}},
		"kind":                           {Op: Not},
		"the page and its workers":       {Op: And, Args: []*Expr{tcp}},
		"are of different versions":      {Op: Or, Args: []*Expr{tcp, nil}},
		"63 ports in more than 8 places": places(9, 8, func(i int) Filter { return Filter{Field: Port, Port: uint16(2 * i)} }),
		"31 lengths in more than 6":      places(7, 5, func(i int) Filter { return Filter{Field: Length, Min: uint32(2 * i), Max: uint32(2 * i)} }),
	} {
		s := Selection{Where: e}
		if err := s.Check(); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%v, want something of %s", err, words)
		}
	}
	for _, e := range []*Expr{
		deep.Args[0],
		{Op: Or, Args: many[1:]},
		places(8, 30, func(i int) Filter { return Filter{Field: Port, Port: uint16(2 * i)} }),
		places(63, 1, func(i int) Filter { return Filter{Field: DestinationPort, Port: uint16(2 * i)} }),
		places(6, 41, func(i int) Filter { return Filter{Field: Length, Min: uint32(2 * i), Max: uint32(2 * i)} }),
		places(31, 1, func(i int) Filter { return Filter{Field: Length, Min: uint32(2 * i), Max: uint32(2 * i)} }),
	} {
		if err := e.Check(); err != nil {
			t.Error(err)
		}
	}
	if (&Selection{FromNS: 5, ToNS: 5}).Check() == nil {
		t.Error("a selection of no time passes")
	}
}

// places is n conditions that are not alike, each on one of some filters that are.
func places(n, filters int, filter func(i int) Filter) *Expr {
	var list []*Expr
	for i := range n {
		var any []*Expr
		for k := range filters {
			any = append(any, is(filter(i*filters+k)))
		}
		list = append(list, All(is(Filter{Field: Layer, Family: TCP}), joined(Or, any)))
	}
	return joined(Or, list)
}

func TestTerms(t *testing.T) {
	a, b, c := is(Filter{Field: Port, Port: 1}), is(Filter{Field: Port, Port: 2}).Negated(), joined(Or, []*Expr{is(Filter{Field: Port, Port: 3}), is(Filter{Field: Length})})
	if All() != nil || All(nil, nil) != nil || All(nil, a) != a || len((*Expr)(nil).Terms()) != 0 {
		t.Error("a conjunction of less than two")
	}
	if got := All(All(a, b), nil, c).Terms(); !reflect.DeepEqual(got, []*Expr{a, b, c}) {
		t.Errorf("%v", got)
	}
	if got := c.Terms(); len(got) != 1 || got[0] != c {
		t.Errorf("%v", got)
	}
	if a.Negated().Negated() != a {
		t.Error("twice negated is not the same")
	}
}

// randomPacket is a row of any kind, with few values of each, so that filters hold and do not.
func randomPacket(r *rand.Rand) *trace.Packet {
	p := &trace.Packet{TimeNS: r.Int64N(10), Len: []uint32{0, 59, 60, 1514, 65535, 70_000, 1<<32 - 1}[r.IntN(7)], Has: trace.Fields(r.UintN(1 << trace.Columns))}
	for _, port := range []*uint16{&p.TCPSrc, &p.TCPDst, &p.UDPSrc, &p.UDPDst} {
		*port = []uint16{0, 53, 80, 443, 8000, 65535}[r.IntN(6)]
	}
	p.IPv4SrcAddr, p.IPv4DstAddr = somePrefix(r)|r.Uint32N(2), somePrefix(r)|r.Uint32N(2)
	p.IPv6SrcAddr, p.IPv6DstAddr = someIPv6(r), someIPv6(r)
	return p
}

func somePrefix(r *rand.Rand) uint32 { return []uint32{0, 10 << 24, 0xC0000200}[r.IntN(3)] }

// someIPv6 is now and then an IPv4 address that is mapped.
func someIPv6(r *rand.Rand) (a [16]byte) {
	a[15] = byte(r.IntN(2))
	if r.IntN(2) == 0 {
		a[0], a[1] = 0x20, 0x01
	} else {
		a[10], a[11], a[12] = 0xFF, 0xFF, 10
	}
	return a
}

func randomExpr(r *rand.Rand, depth int) *Expr {
	if depth == 0 || r.IntN(3) == 0 {
		return is(randomFilter(r))
	}
	e := &Expr{Op: Op(1 + r.IntN(3))}
	for n := []int{1, 2 + r.IntN(2)}[min(1, e.Op-Not)]; n > 0; n-- {
		e.Args = append(e.Args, randomExpr(r, depth-1))
	}
	return e
}

func randomFilter(r *rand.Rand) (f Filter) {
	switch f.Field = Field(r.IntN(int(fields))); f.Field {
	case Process, Site:
		f.Text = []string{randomCause(r).Program, randomCause(r).Site}[f.Field-Process]
	case Source, Destination, Either:
		a := trace.IPv4(somePrefix(r) | r.Uint32N(2))
		if r.IntN(2) == 0 {
			a = netip.AddrFrom16(someIPv6(r))
		}
		f.Address = netip.PrefixFrom(a, []int{0, 8, a.BitLen() - 1, a.BitLen()}[r.IntN(4)]).Masked()
	case Protocol:
		f.Protocol = trace.Protocol(r.IntN(trace.Protocols))
	case Length:
		f.Min = []uint32{0, 60, 1514, 65536}[r.IntN(4)]
		f.Max = max(f.Min, []uint32{59, 60, 65535, maxLength}[r.IntN(4)])
	case Layer:
		f.Family = Family(1 + r.IntN(2))
	default:
		f.Family, f.Port = Family(r.IntN(3)), []uint16{0, 80, 443, 8000}[r.IntN(4)]
		if last := []uint16{0, 443, 8100, 65535}[r.IntN(4)]; last > f.Port {
			f.LastPort = last
		}
	}
	return f
}

// TestTree: what is put together in a tree means the same.
func TestTree(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	merged := 0
	for range 3000 {
		e := randomExpr(r, 4)
		tree := e.Tree()
		for range 30 {
			if p, c := randomPacket(r), randomCause(r); e.Holds(p, c) != treeHolds(t, tree, p, c, &merged) {
				t.Fatalf("%s: %+v, %v", e.Text(), *p, c)
			}
		}
	}
	if merged < 1000 {
		t.Errorf("filters were put together %d times", merged)
	}
}

func treeHolds(t *testing.T, tree *Tree, p *trace.Packet, c trace.Cause, merged *int) bool {
	n := 0
	switch tree.Op {
	case Is:
		for i := range tree.Any {
			n += boolInt(tree.Any[i].holds(p, c))
			*merged += min(i, 1)
			if tree.Any[i].Field != tree.Any[0].Field {
				t.Fatal("filters of two fields")
			}
		}
		return n > 0
	case Not:
		return !treeHolds(t, tree.Args[0], p, c, merged)
	}
	for _, a := range tree.Args {
		n += boolInt(treeHolds(t, a, p, c, merged))
	}
	return tree.Op == Or && n > 0 || n == len(tree.Args)
}

func boolInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// TestHolds: every field, against what stands in the row.
func TestHolds(t *testing.T) {
	tunnel := &trace.Packet{Len: 100, IPv4SrcAddr: 0xC0000201, IPv4DstAddr: 0x0A000001}
	tunnel.Has = trace.IPSrc.Bit() | trace.IPDst.Bit() | trace.IPv6Src.Bit() | trace.Len.Bit()
	tunnel.SetPort(trace.TCPSrcPort, 443)
	tunnel.SetPort(trace.TCPDstPort, 50000)
	tunnel.SetPort(trace.UDPDstPort, 4789)
	arp := &trace.Packet{Len: 42}
	for text, want := range map[string][2]bool{
		"src:192.0.2.1": {true, false}, "src:10.0.0.1": {}, "dst:10.0.0.0/8": {true, false}, "host:10.0.0.1": {true, false},
		"ip": {true, false}, "ipv6": {}, "tcp": {true, false}, "udp": {true, false}, "proto:tcp": {}, "proto:tcp+udp": {true, false}, "proto:none": {false, true},
		"port:443": {true, false}, "tcp.srcport == 443": {true, false}, "tcp.dstport == 443": {}, "dport:4789": {true, false}, "sport:4789": {},
		"tcp.port == 4789": {}, "port:4000..5000": {true, false}, "len:100": {true, false}, "len:0": {false, true}, "frame.len != 100": {false, true},
		"port != 443": {false, true}, "!(port:443 || len:0)": {}, "": {true, true},
	} {
		e, err := ParseFilter(text)
		if err != nil {
			t.Fatal(err)
		}
		s := Selection{Where: e}
		if got := [2]bool{s.Holds(tunnel, trace.Cause{}), s.Holds(arp, trace.Cause{})}; got != want {
			t.Errorf("%q holds for %v, want %v", text, got, want)
		}
	}
	s := Selection{FromNS: 5, ToNS: 7}
	for ns, want := range map[int64]bool{4: false, 5: true, 6: true, 7: false} {
		if got := s.Holds(&trace.Packet{TimeNS: ns}, trace.Cause{}); got != want {
			t.Errorf("at %d: %v", ns, got)
		}
	}
}
