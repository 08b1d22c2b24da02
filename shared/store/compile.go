package store

import (
	"tracelens/shared/dict"
	"tracelens/shared/selection"
)

// predicate is an expression for the packets that there are now; nil if every packet is chosen.
func (s *Store) predicate(where *selection.Expr) *predicate {
	p := newPredicate(where, s.Endpoints(), s.convs)
	if p != nil && p.asked[forCauses] {
		s.known.learn(s.Endpoints())
		p.known, p.convs = &s.known, s.convs
	}
	return p
}

// newPredicate compiles an expression for the conversations known so far. It is nil if every packet is chosen.
func newPredicate(where *selection.Expr, ends *dict.Endpoints, convs *dict.Conversations) *predicate {
	if where == nil {
		return nil
	}
	p := &predicate{ports: &noPorts}
	var list [asks][]*node
	p.root = newNode(where.Tree(), &list)
	for i := range list {
		p.asked[i] = len(list[i]) > 0
	}
	if p.portStretches, p.portKinds = stretches(portSpans(list[forPorts])); p.asked[forPorts] {
		p.ports = new([portWords]uint8)
		lay(p.ports[:], p.portStretches, func(kind uint8) uint8 { return kind })
	}
	p.setLengths(list[forLengths])
	p.onCauses = list[forCauses]
	if p.anyFlow = !p.asked[forEnds] && !p.asked[forPorts] && !p.asked[forProtocols] && !p.asked[forCauses]; p.anyFlow {
		p.chosen = []uint64{p.ask(0, 0, 0, 0, 0)}
		fill(p.flows[:], 1)
	} else {
		var kinds []uint8
		if p.asked[forEnds] {
			kinds = endKinds(list[forEnds], ends)
		}
		p.judge(convs, kinds)
	}
	groups := groupsOf(p.chosen, p.all)
	if p.anyLen = len(groups) == 1 && groups[0] == p.all; p.anyLen && p.anyFlow {
		return nil
	}
	const most = 8 // bits of a byte
	for len(groups) > most {
		p.passes, groups = append(p.passes, groups[:most]), groups[most:]
	}
	p.passes = append(p.passes, groups)
	p.begin(0)
	return p
}

// setLengths finds the kinds of lengths, and tells the nodes theirs.
func (p *predicate) setLengths(nodes []*node) {
	var kinds []uint64
	p.lengthStretches, kinds = stretches(lengthSpans(nodes))
	for _, s := range p.lengthStretches {
		p.all |= 1 << s.kind
	}
	for kind, bits := range kinds {
		for _, n := range nodes {
			n.lengths |= bits >> n.bit & 1 << kind
		}
	}
}

// judge gives every conversation its rows, one for each kind of causes, and says in them for each kind of port which kinds of lengths are
// chosen. ends are the kinds of endpoints, if they are asked for.
func (p *predicate) judge(convs *dict.Conversations, ends []uint8) {
	p.rows = make([]uint32, convs.Len())
	rowOf := map[uint32]uint32{}
	var lately [64]struct{ key, row uint32 } // key is one more
	for i := 1; i < len(p.rows); i++ {
		key := p.key(convs.At(uint32(i)), ends, p.ports)
		last := &lately[key*0x9E3779B1>>(32-6)]
		if last.key != key+1 {
			row, known := rowOf[key]
			if !known {
				row = uint32(len(p.chosen))
				rowOf[key] = row
				p.keys = append(p.keys, key)
				for kind := range p.kinds() {
					for other := range p.portKinds {
						p.chosen = append(p.chosen, p.ask(key, uint8(kind), uint8(other), 0, 0))
					}
				}
			}
			last.key, last.row = key+1, row
		}
		p.rows[i] = last.row
	}
}

// groupsOf divides the kinds of lengths into groups of which always all are chosen or none, and leaves out what is never chosen.
func groupsOf(chosen []uint64, all uint64) (groups []uint64) {
	some, divided := uint64(0), []uint64{all}
	for _, kinds := range chosen {
		some |= kinds
		for i, g := range divided {
			if in := g & kinds; in != 0 && in != g {
				divided[i] = in
				divided = append(divided, g&^kinds)
			}
		}
	}
	for _, g := range divided {
		if g&some != 0 {
			groups = append(groups, g)
		}
	}
	return groups
}

// begin sets the look-ups for a pass.
func (p *predicate) begin(pass int) {
	p.pass = pass
	if p.accept == nil {
		p.accept = make([]uint8, len(p.chosen))
	}
	for i, kinds := range p.chosen {
		p.accept[i] = 0
		for bit, g := range p.passes[pass] {
			if kinds&g != 0 {
				p.accept[i] |= 1 << bit
			}
		}
	}
	lay(p.lengths[:], p.lengthStretches, p.groupOf)
}

// kindOf is the kind of a length.
func (p *predicate) kindOf(length uint64) uint8 {
	return p.lengthStretches[stretchOf(p.lengthStretches, length)].kind
}

// groupOf is the bit of the group that a kind of lengths is in, 0 if it is in none of this pass.
func (p *predicate) groupOf(kind uint8) uint8 {
	for bit, g := range p.passes[p.pass] {
		if g>>kind&1 != 0 {
			return 1 << bit
		}
	}
	return 0
}

// passOf is the pass that counts packets of a kind of lengths that accept knows nothing of.
func (p *predicate) passOf(kind uint8) int {
	for i, groups := range p.passes {
		for _, g := range groups {
			if g>>kind&1 != 0 {
				return i
			}
		}
	}
	return 0
}
