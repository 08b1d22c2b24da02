package selection

import (
	"net/netip"

	"tracelens/shared/trace"
)

// An Expr is a condition on a packet. A nil one holds for every packet.
type Expr struct {
	Op     Op
	Args   []*Expr // Not: one; And, Or: two or more
	Filter Filter  // Is
}

// Op says how an expression is made of others.
type Op uint8

const (
	Is  Op = iota // of none: the filter
	Not           // it holds where its argument does not
	And
	Or
	ops
)

// A Filter holds for packets that have what it names. A packet without an address, port or protocol does not have any of them. A
// packet without a length has length 0.
type Filter struct {
	Field Field

	Address        netip.Prefix // Source, Destination, Either: of one bit length for a single address
	Port, LastPort uint16       // Port, SourcePort, DestinationPort: a range, both included; Port alone if LastPort is 0
	Family         Family       // of these ports, or of any; Layer: TCP or UDP
	// Protocol is one of the report's protocols, as there.
	Protocol trace.Protocol
	Min, Max uint32 // Length: bytes, both included
	// Text is a program or, in small letters and without a dot at its end, a site: Process, Site. It is "" for packets of which nobody knows
	// it: the unattributed ones.
	Text string
}

// Field is what a filter looks at.
type Field uint8

const (
	Source      Field = iota // the source address
	Destination              // the destination address
	Either                   // one of them
	Port                     // a port at either end
	Protocol
	Length
	SourcePort
	DestinationPort
	Layer // whether there are ports of the family at all: a tunnel may have those of both
	Process
	Site
	fields
)

// Family is the protocol of a port.
type Family uint8

const (
	AnyFamily Family = iota
	TCP
	UDP
	families
)

// Ports is the range of ports that f, a filter on them, names.
func (f *Filter) Ports() (first, last uint16) { return f.Port, max(f.Port, f.LastPort) }

// HasPort reports whether f, a filter on ports, names the port of a family.
func (f *Filter) HasPort(family Family, port uint16) bool {
	first, last := f.Ports()
	return port >= first && port <= last && (f.Family == AnyFamily || f.Family == family)
}

// onPorts reports whether a filter is on ports, and not only on whether there are any.
func (f *Filter) onPorts() bool {
	return f.Field == Port || f.Field == SourcePort || f.Field == DestinationPort
}

// Holds reports whether e holds for p, which c is behind. It is what every other way to find packets is tested against.
func (e *Expr) Holds(p *trace.Packet, c trace.Cause) bool {
	if e == nil {
		return true
	}
	switch e.Op {
	case Not:
		return !e.Args[0].Holds(p, c)
	case And:
		for _, a := range e.Args {
			if !a.Holds(p, c) {
				return false
			}
		}
		return true
	case Or:
		for _, a := range e.Args {
			if a.Holds(p, c) {
				return true
			}
		}
		return false
	}
	return e.Filter.holds(p, c)
}

func (f *Filter) holds(p *trace.Packet, c trace.Cause) bool {
	switch f.Field {
	case Source:
		return f.Address.Contains(p.Source())
	case Destination:
		return f.Address.Contains(p.Destination())
	case Either:
		return f.Address.Contains(p.Source()) || f.Address.Contains(p.Destination())
	case Length:
		length := uint32(0)
		if p.Has.Has(trace.Len) {
			length = p.Len
		}
		return length >= f.Min && length <= f.Max
	case Process:
		return c.Program == f.Text
	case Site:
		return c.Site == f.Text
	}
	port := func(at trace.Column, family Family, n uint16) bool { return p.Has.Has(at) && f.HasPort(family, n) }
	source := port(trace.TCPSrcPort, TCP, p.TCPSrc) || port(trace.UDPSrcPort, UDP, p.UDPSrc)
	destination := port(trace.TCPDstPort, TCP, p.TCPDst) || port(trace.UDPDstPort, UDP, p.UDPDst)
	tcp, udp := p.Has.Has(trace.TCPSrcPort) || p.Has.Has(trace.TCPDstPort), p.Has.Has(trace.UDPSrcPort) || p.Has.Has(trace.UDPDstPort)
	switch f.Field {
	case Port:
		return source || destination
	case SourcePort:
		return source
	case DestinationPort:
		return destination
	case Layer:
		return tcp && f.Family == TCP || udp && f.Family == UDP
	}
	addressed := p.Source().IsValid() || p.Destination().IsValid()
	switch f.Protocol {
	case trace.TCP:
		return tcp && !udp
	case trace.UDP:
		return udp && !tcp
	case trace.TCPAndUDP:
		return tcp && udp
	case trace.OtherIP:
		return addressed && !tcp && !udp
	}
	return !addressed && !tcp && !udp
}

// All is the conjunction of terms, of which those that are nil are left out; nil if there is none.
func All(terms ...*Expr) *Expr {
	var list []*Expr
	for _, t := range terms {
		list = append(list, t.Terms()...)
	}
	return joined(And, list)
}

// Terms are the expressions that must all hold for e to hold, for showing them one by one; none of nil.
func (e *Expr) Terms() []*Expr {
	if e == nil {
		return nil
	}
	return e.flat(And, nil)
}

// Negated holds where e, which must not be nil, does not.
func (e *Expr) Negated() *Expr {
	if e.Op == Not {
		return e.Args[0]
	}
	return &Expr{Op: Not, Args: []*Expr{e}}
}

// flat appends what op makes e of.
func (e *Expr) flat(op Op, list []*Expr) []*Expr {
	if e.Op != op {
		return append(list, e)
	}
	for _, a := range e.Args {
		list = a.flat(op, list)
	}
	return list
}

// joined is what op makes of a list.
func joined(op Op, list []*Expr) *Expr {
	switch len(list) {
	case 0:
		return nil
	case 1:
		return list[0]
	}
	return &Expr{Op: op, Args: list}
}
