package store

import (
	"tracelens/shared/dict"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

// A question is an expression whose filters are on kinds: of endpoints, ports and lengths. Those of a kind are alike to all of its filters.
type question struct {
	root            *node
	asked           [asks]bool
	keys            []uint32 // of the kinds of conversations, in the order of rows
	portKinds       []uint64 // by kind: the nodes whose filters hold for the port, a bit each
	lengthStretches []stretch
	all             uint64 // of the kinds of lengths, a bit each

	onCauses   []*node
	causeKinds []uint8 // by number, as far as they have been asked about
	known      *knowledge
	convs      *dict.Conversations
}

// A node is a part of a question: one of some filters on a field, or what op makes of its arguments.
type node struct {
	op        selection.Op
	args      []*node
	field     selection.Field
	any       []selection.Filter // on it
	ends      []bool             // whether the filters hold for an endpoint, by kind
	bit       int                // of what stretches says of kinds
	lengths   uint64             // kinds for which the filters hold
	protocols uint32             // for which they hold, a bit for each trace.PortBits and, with an address, for those and addressed
}

// What an expression may ask for.
const (
	forEnds = iota
	forPorts
	forProtocols
	forLengths
	forCauses
	asks
)

// newNode is a tree as nodes, which are listed by what they ask for.
func newNode(t *selection.Tree, list *[asks][]*node) *node {
	n := &node{op: t.Op, any: t.Any}
	for _, a := range t.Args {
		n.args = append(n.args, newNode(a, list))
	}
	if n.op == selection.Is {
		on := forPorts
		n.field = n.any[0].Field
		switch {
		case n.field == selection.Process || n.field == selection.Site:
			on = forCauses
			n.bit = len(list[on])
		case n.field <= selection.Either:
			on = forEnds
		case n.field == selection.Length:
			on = forLengths
		case n.field == selection.Protocol || n.field == selection.Layer:
			on = forProtocols
			n.setProtocols()
		}
		list[on] = append(list[on], n)
	}
	return n
}

// addressed is a bit above trace.PortBits: there is an address.
const addressed = 1 << 4

func (n *node) setProtocols() {
	for _, f := range n.any {
		for i := range uint32(2 * addressed) {
			ports, has := trace.PortBits(i%addressed), trace.ProtocolOf(trace.PortBits(i%addressed), i >= addressed) == f.Protocol
			if f.Field == selection.Layer {
				has = f.Family == selection.TCP && ports&trace.HasTCP != 0 || f.Family == selection.UDP && ports&trace.HasUDP != 0
			}
			if has {
				n.protocols |= 1 << i
			}
		}
	}
}

// A conversation's key is its kind: the kinds of its source and destination, of its port, its protocol, and where its port stands, as
// far as an expression asks for them.
const (
	keyDst      = 8
	keyPort     = 16
	keyProtocol = 24
	keyStands   = 29 // dict.Kind, from NoPort on
)

// key is the key of a conversation; ends and ports are kinds, by number and by region and port.
func (q *question) key(v dict.Conversation, ends []uint8, ports *[portWords]uint8) (key uint32) {
	if q.asked[forEnds] {
		key = uint32(ends[v.Src]) | uint32(ends[v.Dst])<<keyDst
	}
	if q.asked[forPorts] {
		region := tcpPort
		if v.Ports&trace.HasTCP == 0 {
			region = udpPort
		}
		if v.Kind != dict.NoPort {
			key |= uint32(ports[region<<16|int(v.Port)]) << keyPort
		}
		key |= uint32(v.Kind-dict.NoPort)<<keyStands | uint32(v.Ports)<<keyProtocol
	}
	if q.asked[forProtocols] {
		key |= uint32(v.Ports) << keyProtocol
		if v.Src|v.Dst != 0 {
			key |= addressed << keyProtocol
		}
	}
	return key
}

// ask is the kinds of lengths for which the question is answered by yes, for packets of conversations with a key and of causes of a kind, with
// other and second ports of some kinds; kind 0 for none.
func (q *question) ask(key uint32, cause, other, secondSrc, secondDst uint8) uint64 {
	own, rest, has := q.portKinds[uint8(key>>keyPort)], q.portKinds[other], trace.PortBits(key>>keyProtocol)
	a := about{src: uint8(key), dst: uint8(key >> keyDst), protocol: key >> keyProtocol % (2 * addressed), cause: cause, all: q.all}
	switch dict.Kind(key>>keyStands) + dict.NoPort {
	case dict.LowSource:
		a.source, a.destination = own, rest
	case dict.LowDestination:
		a.source, a.destination = rest, own
	case dict.OnePort:
		if has&trace.HasTCP == 0 {
			has >>= 2 // to where TCP's are
		}
		if has&trace.HasTCPSrc != 0 {
			a.source = own
		}
		if has&trace.HasTCPDst != 0 {
			a.destination = own
		}
	}
	a.source |= q.portKinds[secondSrc]
	a.destination |= q.portKinds[secondDst]
	return q.root.holds(&a)
}

// about is what there is to know of a packet but its length.
type about struct {
	src, dst            uint8  // kinds
	protocol            uint32 // as of node.protocols
	source, destination uint64 // ports, as in portKinds
	cause               uint8  // kind
	all                 uint64 // kinds of lengths
}

// holds is the kinds of lengths for which n holds.
func (n *node) holds(a *about) uint64 {
	if n.op == selection.Is {
		return n.answers(a)
	}
	lengths := n.args[0].holds(a)
	for _, arg := range n.args[1:] {
		if more := arg.holds(a); n.op == selection.And {
			lengths &= more
		} else {
			lengths |= more
		}
	}
	if n.op == selection.Not {
		return a.all &^ lengths
	}
	return lengths
}

// answers is holds for one of some filters.
func (n *node) answers(a *about) uint64 {
	bits, i := uint64(n.protocols), int(a.protocol)
	switch n.field {
	case selection.Length:
		return n.lengths
	case selection.Process, selection.Site:
		bits, i = uint64(a.cause), n.bit
	case selection.Port:
		bits, i = a.source|a.destination, n.bit
	case selection.SourcePort:
		bits, i = a.source, n.bit
	case selection.DestinationPort:
		bits, i = a.destination, n.bit
	case selection.Source, selection.Destination, selection.Either:
		bits, i = 0, 0
		if n.field != selection.Destination && n.ends[a.src] || n.field != selection.Source && n.ends[a.dst] {
			bits = 1
		}
	}
	if bits>>i&1 == 0 {
		return 0
	}
	return a.all
}
