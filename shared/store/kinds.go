package store

import (
	"net/netip"
	"slices"
	"sort"

	"tracelens/shared/dict"
	"tracelens/shared/selection"
)

// endKinds numbers the prefixes that nodes name, from 1 on, and gives every endpoint the number of the longest one that it is in: which
// others it is in follows from that. By number of the endpoint; 0 for those that are in none.
func endKinds(nodes []*node, ends *dict.Endpoints) []uint8 {
	var list []*selection.Filter // one for each prefix
	for _, n := range nodes {
		for i := range n.any {
			if f := &n.any[i]; !slices.ContainsFunc(list, func(g *selection.Filter) bool { return isPart(f, g) && isPart(g, f) }) {
				list = append(list, f)
			}
		}
	}
	for _, n := range nodes {
		n.ends = make([]bool, len(list)+1)
		for i := range n.any {
			for k, f := range list {
				n.ends[k+1] = n.ends[k+1] || isPart(f, &n.any[i])
			}
		}
	}
	kinds := make([]uint8, ends.Len())
	for k, f := range list {
		if f.Address.IsSingleIP() {
			continue
		}
		for i := 1; i < len(kinds); i++ {
			if contains(f, ends.Addr(uint32(i))) && (kinds[i] == 0 || isPart(f, list[kinds[i]-1])) {
				kinds[i] = uint8(k + 1)
			}
		}
	}
	for k, f := range list {
		if f.Address.IsSingleIP() {
			if number, known := ends.Lookup(f.Address.Addr()); known {
				kinds[number] = uint8(k + 1)
			}
		}
	}
	return kinds
}

// isPart reports whether the prefix of f is that of g, or a part of it.
func isPart(f, g *selection.Filter) bool {
	return f.Address.Bits() >= g.Address.Bits() && contains(g, f.Address.Addr())
}

// contains is one function for all who call it, as a module with several of it is larger.
//
//go:noinline
func contains(f *selection.Filter, a netip.Addr) bool { return f.Address.Contains(a) }

// A span is numbers from..to for which the filters of a node hold.
type span struct {
	from, to uint64
	bit      int // of the node
}

// A stretch is numbers from one on, up to the next stretch, for all of which the same nodes hold: they are of one kind.
type stretch struct {
	from uint64
	kind uint8
}

// stretches divides the numbers from 0 on, and says of which nodes the filters hold, by kind: of none of kind 0.
func stretches(spans []span) (list []stretch, kinds []uint64) {
	list, kinds = []stretch{{}}, []uint64{0}
	for _, s := range spans {
		for _, at := range [2]uint64{s.from, s.to} {
			i := stretchOf(list, at)
			if list[i].from != at {
				i++
				list = append(list, stretch{})
				copy(list[i+1:], list[i:])
				list[i] = stretch{from: at}
			}
		}
	}
	for i := range list {
		at, bits, kind := list[i].from, uint64(0), 0
		for _, s := range spans {
			if s.from <= at && at < s.to {
				bits |= 1 << s.bit
			}
		}
		for kind < len(kinds) && kinds[kind] != bits {
			kind++
		}
		if kind == len(kinds) {
			kinds = append(kinds, bits)
		}
		list[i].kind = uint8(kind)
	}
	return list, kinds
}

// stretchOf is the index of the stretch that a number is in.
func stretchOf(list []stretch, at uint64) int {
	return sort.Search(len(list), func(i int) bool { return list[i].from > at }) - 1
}

// lay fills a table by number with what there is to say of each kind.
func lay(table []uint8, list []stretch, of func(kind uint8) uint8) {
	for i, s := range list {
		end := uint64(len(table))
		if i+1 < len(list) {
			end = min(end, list[i+1].from)
		}
		if s.from < end {
			fill(table[s.from:end], of(s.kind))
		}
	}
}

// fill sets all of a list, which is not empty.
func fill(list []uint8, v uint8) {
	list[0] = v
	for n := 1; n < len(list); n *= 2 {
		copy(list[n:], list[:n])
	}
}

// portSpans are where the filters of nodes hold, by region and port.
func portSpans(nodes []*node) (spans []span) {
	for i, n := range nodes {
		n.bit = i
		for _, f := range n.any {
			first, last := f.Ports()
			for region, family := range [...]selection.Family{tcpPort: selection.TCP, udpPort: selection.UDP} {
				if f.Family == selection.AnyFamily || f.Family == family {
					spans = append(spans, span{uint64(region)<<16 | uint64(first), uint64(region)<<16 | uint64(last) + 1, i})
				}
			}
		}
	}
	return spans
}

// lengthSpans are where the filters of nodes hold, by length.
func lengthSpans(nodes []*node) (spans []span) {
	for i, n := range nodes {
		n.bit = i
		for _, f := range n.any {
			spans = append(spans, span{uint64(f.Min), uint64(f.Max) + 1, i})
		}
	}
	return spans
}
