// Package selection says which packets of a trace are looked at: a range of time, and filters that must all hold.
//
// It is the vocabulary between what the user does (drag over a chart, click an address) and what the store counts. The zero
// Selection is the whole trace.
package selection

import (
	"errors"
	"net/netip"

	"tracelens/shared/trace"
)

// A Selection is the packets of [FromNS, ToNS), or of all times if both are 0, for which every filter holds.
type Selection struct {
	FromNS, ToNS int64 // as in trace.Packet
	Filters      []Filter
}

// MaxFilters is how many filters a selection may have, and MaxPortFilters how many of them may be on ports: the store gives each of
// those a bit.
const (
	MaxFilters     = 8
	MaxPortFilters = 6
)

// A Filter holds for packets that have what it names; with Not, for those that do not. A packet without an address, port or
// protocol does not have any of them. A packet without a length has length 0.
type Filter struct {
	Field Field
	Not   bool

	Address netip.Prefix // Source, Destination, Either: of one bit length for a single address
	Port    uint16       // Port: at either end
	Family  Family       // Port: of this protocol, or of any
	// Protocol is one of the report's protocols, as there.
	Protocol trace.Protocol
	Min, Max uint32 // Length: bytes, both included
}

// Field is what a filter looks at.
type Field uint8

const (
	Source      Field = iota // the source address
	Destination              // the destination address
	Either                   // one of them
	Port
	Protocol
	Length
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

// Everything reports whether the selection is the whole trace.
func (s *Selection) Everything() bool { return !s.Ranged() && len(s.Filters) == 0 }

// Ranged reports whether the selection is a range of time.
func (s *Selection) Ranged() bool { return s.FromNS != 0 || s.ToNS != 0 }

// Check says what is wrong with a selection, in words.
func (s *Selection) Check() error {
	if s.Ranged() && s.FromNS >= s.ToNS {
		return errors.New("the selection ends before it begins")
	}
	if len(s.Filters) > MaxFilters {
		return errors.New("more than 8 filters at once")
	}
	ports := 0
	for _, f := range s.Filters {
		if f.Field == Port {
			ports++
		}
		switch {
		case ports > MaxPortFilters:
			return errors.New("more than 6 filters on ports at once")
		case f.Field >= fields, f.Family >= families, int(f.Protocol) >= trace.Protocols:
			return errors.New("a filter of an unknown kind: the page and its workers are of different versions; reload the page")
		case f.Field <= Either && !f.Address.IsValid():
			return errors.New("a filter without an address")
		case f.Field == Length && f.Min > f.Max:
			return errors.New("a filter on lengths whose least is above its greatest")
		}
	}
	return nil
}

// HasAddress reports whether f, a filter on addresses, holds for a packet between src and dst but for Not. Either may be the zero Addr.
func (f *Filter) HasAddress(src, dst netip.Addr) bool {
	return f.Field != Destination && f.Address.Contains(src) || f.Field != Source && f.Address.Contains(dst)
}

// HasPort reports whether f, a filter on ports, names the port of a family.
func (f *Filter) HasPort(family Family, port uint16) bool {
	return port == f.Port && (f.Family == AnyFamily || f.Family == family)
}
