package chart

import (
	"cmp"
	"math"
	"slices"
)

// A node is a program or a site in its place: a bar, as high as it has bytes, in the middle of a slot that has room for its label too.
type node struct {
	bytes    int64
	labelled bool
	slot     float64 // height
	mid      float64 // of slot and bar
	bar      float64 // height
	used     float64 // of the bar, by ribbons
}

func (n *node) top() float64 { return n.mid - n.bar/2 }

// A slate is what nodes are laid out on.
type slate struct {
	top, height float64 // of both sides
	label       float64 // height
	flow        float64 // how high all bytes together should be, at least, if there is so much room
	gap         float64 // between slots, if there is so much room
}

// nodesOf are the nodes of a side, as yet without a place.
func nodesOf(causes []Cause) []node {
	nodes := make([]node, len(causes))
	for i, c := range causes {
		nodes[i] = node{bytes: c.Bytes, labelled: c.Bytes > 0}
	}
	return nodes
}

func bytesOf(nodes []node) (bytes float64) {
	for i := range nodes {
		bytes += float64(nodes[i].bytes)
	}
	return bytes
}

// fits is how high a side is when all of its bytes are flow high and every label has room.
func (s slate) fits(nodes []node, perByte float64) float64 {
	h := s.gap * float64(len(nodes)-1)
	for i := range nodes {
		h += max(float64(nodes[i].bytes)*perByte, s.label)
	}
	return h
}

// perByte is how high a byte can be for a side to fit, labels included; 0 or less if the labels alone do not.
func (s slate) perByte(nodes []node) float64 {
	room, bytes := s.height-s.gapOf(nodes)*float64(len(nodes)-1), bytesOf(nodes)
	low := make([]bool, len(nodes)) // bars lower than their labels: of these, more only with each turn
	for {
		per, more := room/bytes, false
		for i := range nodes {
			if n := &nodes[i]; n.labelled && !low[i] && float64(n.bytes)*per < s.label {
				low[i], more = true, true
				room, bytes = room-s.label, bytes-float64(n.bytes)
			}
		}
		switch {
		case room <= 0 || more && bytes < 0.5: // what is left of the sum is rounding
			return 0
		case !more:
			return per
		}
	}
}

// gapOf is the gap between the nodes of a side: smaller where there are so many that gaps would be most of it.
func (s slate) gapOf(nodes []node) float64 {
	return min(s.gap, s.height/4/float64(max(len(nodes)-1, 1)))
}

// place gives both sides' nodes their places, at the same scale. Where the labels would leave too little for the bars, the smallest nodes of the
// fuller side go without.
func (s slate) place(sides ...[]node) (perByte float64) {
	most := 0.0
	for _, nodes := range sides {
		most = max(most, bytesOf(nodes))
	}
	for {
		perByte = math.Inf(1)
		var fuller []node
		for _, nodes := range sides {
			if per := s.perByte(nodes); per < perByte {
				perByte, fuller = per, nodes
			}
		}
		if perByte*most >= 0.999*min(s.flow, s.height*0.4) || !unlabel(fuller) {
			break
		}
	}
	for _, nodes := range sides {
		s.spread(nodes, perByte)
	}
	return perByte
}

// unlabel takes the label of the smallest node that has one, if there is any.
func unlabel(nodes []node) bool {
	least := -1
	for i := range nodes {
		if nodes[i].labelled && (least < 0 || nodes[i].bytes <= nodes[least].bytes) {
			least = i
		}
	}
	if least >= 0 {
		nodes[least].labelled = false
	}
	return least >= 0
}

// spread puts the nodes of a side below each other. Room that is left goes between them, up to a point, and around them.
func (s slate) spread(nodes []node, perByte float64) {
	const widest = 28
	gap, used := s.gapOf(nodes), 0.0
	for i := range nodes {
		n := &nodes[i]
		n.bar = float64(n.bytes) * perByte
		n.slot = n.bar
		if n.labelled {
			n.slot = max(n.bar, s.label)
		}
		used += n.slot
	}
	between := float64(max(len(nodes)-1, 1))
	gap = max(gap, min((s.height-used)/between, widest))
	y := s.top + max(s.height-used-gap*float64(len(nodes)-1), 0)/2
	for i := range nodes {
		n := &nodes[i]
		n.mid = y + n.slot/2
		y += n.slot + gap
	}
}

// ribbons lay links between the bars of two sides. On each bar they are in the order of their other ends, so that those of one bar never cross.
func ribbons(links []CauseLink, programs, sites []node, x, w, perByte float64) []Mark {
	marks := make([]Mark, len(links))
	slices.SortStableFunc(links, func(a, b CauseLink) int {
		return cmp.Or(cmp.Compare(a.Site, b.Site), cmp.Compare(a.Program, b.Program))
	})
	right := make([]float64, len(links)) // upper edges at the sites
	for i, l := range links {
		n := &sites[l.Site]
		right[i] = n.top() + n.used
		n.used += float64(l.Bytes) * perByte
	}
	for i, l := range links { // the order of the sites is that which each program needs, too
		n := &programs[l.Program]
		thick := float64(l.Bytes) * perByte
		m := Mark{Program: l.Program, Site: l.Site, Bytes: l.Bytes}
		m.Rect, m.flow = newFlow(x, w, n.top()+n.used, right[i], thick)
		n.used += thick
		marks[i] = m
	}
	return marks
}
