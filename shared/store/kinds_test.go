package store

import (
	"math"
	"math/rand/v2"
	"net/netip"
	"testing"

	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

// TestKindsFit: however much is asked for that Check lets through, there are numbers for all kinds, and each is told from the others.
func TestKindsFit(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	most := struct{ ends, ports, lengths int }{}
	for range 400 {
		list := []*selection.Expr{}
		about, places, filters := r.IntN(3), 1+r.IntN(8), 1+r.IntN(30)
		if r.IntN(2) == 0 {
			places, filters = 1+r.IntN(70), 1
		}
		for range places {
			list = append(list, place(r, about, filters))
		}
		e := &selection.Expr{Op: selection.Or, Args: append(list, list[0])}
		if e.Check() != nil {
			continue
		}
		s := New()
		for range 200 {
			s.Endpoints().Number(trace.IPv4(uint32(r.IntN(1 << 9))))
		}
		var nodes [asks][]*node
		newNode(e.Tree(), &nodes)
		if about == 0 {
			kinds := endKinds(nodes[forEnds], s.Endpoints())
			for i := 1; i < s.Endpoints().Len(); i++ {
				for _, n := range nodes[forEnds] {
					has := anyOf(n, func(f *selection.Filter) bool { return f.Address.Contains(s.Endpoints().Addr(uint32(i))) })
					if has != n.ends[kinds[i]] {
						t.Fatalf("%v is of kind %d", s.Endpoints().Addr(uint32(i)), kinds[i])
					}
				}
				most.ends = max(most.ends, int(kinds[i]))
			}
		}
		if about == 1 {
			list, kinds := stretches(portSpans(nodes[forPorts]))
			for i := uint32(0); i < 2<<16; i += 1 + r.Uint32N(50) {
				family := []selection.Family{tcpPort: selection.TCP, udpPort: selection.UDP}[i>>16]
				for _, n := range nodes[forPorts] {
					if has := anyOf(n, func(f *selection.Filter) bool { return f.HasPort(family, uint16(i)) }); has != (kinds[list[stretchOf(list, uint64(i))].kind]>>n.bit&1 != 0) {
						t.Fatalf("port %d", i)
					}
				}
			}
			most.ports = max(most.ports, len(kinds))
		}
		if about == 2 {
			var p predicate
			p.setLengths(nodes[forLengths])
			for range 200 {
				length := r.Uint32N(1 << 12)
				for _, n := range nodes[forLengths] {
					has := anyOf(n, func(f *selection.Filter) bool { return length >= f.Min && length <= f.Max })
					if has != (n.lengths>>p.kindOf(uint64(length))&1 != 0) {
						t.Fatalf("length %d is of kind %d", length, p.kindOf(uint64(length)))
					}
				}
				most.lengths = max(most.lengths, int(p.kindOf(uint64(length))))
			}
		}
	}
	if most.ends < 150 || most.ports < 90 || most.lengths < 30 {
		t.Errorf("%+v: too few to say anything", most)
	}
}

// TestMostKinds: lists of the numbers that have a bit tell all numbers apart, as many as there may be.
func TestMostKinds(t *testing.T) {
	lists := func(bits int, filter func(first, last int) selection.Filter) *selection.Expr {
		all := &selection.Expr{Op: selection.And}
		for bit := range bits {
			list := &selection.Expr{Op: selection.Or}
			for first := 1 << bit; first < 1<<bits; first += 2 << bit {
				list.Args = append(list.Args, &selection.Expr{Filter: filter(first, first+1<<bit-1)})
			}
			if len(list.Args) == 1 {
				list = list.Args[0]
			}
			all.Args = append(all.Args, list)
		}
		if err := all.Check(); err != nil {
			t.Fatal(err)
		}
		return all
	}
	var nodes [asks][]*node
	newNode(lists(8, func(first, last int) selection.Filter {
		return selection.Filter{Field: selection.Port, Port: uint16(first), LastPort: uint16(last)}
	}).Tree(), &nodes)
	newNode(lists(6, func(first, last int) selection.Filter {
		return selection.Filter{Field: selection.Length, Min: uint32(first), Max: uint32(last)}
	}).Tree(), &nodes)
	list, kinds := stretches(portSpans(nodes[forPorts]))
	ports := make([]uint8, portWords)
	lay(ports, list, func(kind uint8) uint8 { return kind })
	for i := range 256 {
		if ports[i] != ports[1<<16+i] || kinds[ports[i]] != uint64(i) {
			t.Errorf("port %d is of kind %d, of which the bits are %b", i, ports[i], kinds[ports[i]])
		}
	}
	var p predicate
	if p.setLengths(nodes[forLengths]); p.all != math.MaxUint64 {
		t.Errorf("kinds of lengths: %b", p.all)
	}
}

func anyOf(n *node, has func(*selection.Filter) bool) bool {
	for i := range n.any {
		if has(&n.any[i]) {
			return true
		}
	}
	return false
}

// place is one of some filters about endpoints, ports or lengths, together with another condition that keeps it apart from others.
func place(r *rand.Rand, about, filters int) *selection.Expr {
	or := &selection.Expr{Op: selection.Or}
	for range filters {
		f := selection.Filter{Field: selection.Field(r.IntN(3)), Address: netip.PrefixFrom(trace.IPv4(r.Uint32N(1<<9)), 32-[]int{0, 0, 0, 1, 4}[r.IntN(5)])}
		if first := r.IntN(1 << 12); about == 1 {
			f = selection.Filter{Field: selection.Port, Port: uint16(first), LastPort: uint16(first + []int{0, 1, 100, 50_000}[r.IntN(4)]), Family: selection.Family(r.IntN(3))}
		} else if about == 2 {
			f = selection.Filter{Field: selection.Length, Min: uint32(first), Max: uint32(first + []int{0, 1, 100, 50_000}[r.IntN(4)])}
		}
		or.Args = append(or.Args, &selection.Expr{Filter: f})
	}
	if filters == 1 {
		or = or.Args[0]
	}
	return selection.All(&selection.Expr{Filter: selection.Filter{Field: selection.Layer, Family: selection.TCP}}, or)
}
