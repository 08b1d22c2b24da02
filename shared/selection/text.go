package selection

import (
	"strconv"
	"strings"

	"tracelens/shared/trace"
)

// Text is e as Wireshark's display filter would say it, which ParseFilter reads as an expression that holds for the same packets; ""
// for nil.
func (e *Expr) Text() string {
	if e == nil {
		return ""
	}
	text, _ := e.said()
	return text
}

// binding is how firmly the parts of a text hold together, the loosest first.
type binding uint8

const (
	byOr binding = iota
	byAnd
	byNot
	byComparison
	byItself
)

// within is text as a part of something that binds as firmly as least.
func within(least binding, text string, b binding) string {
	if b < least {
		return "(" + text + ")"
	}
	return text
}

func (e *Expr) said() (string, binding) {
	var parts []string
	switch e.Op {
	case Is:
		return sayList([]*Expr{e})
	case Not:
		text, b := e.Args[0].said()
		return "!" + within(byItself, text, b), byNot
	case And:
		for _, a := range e.Args {
			text, b := a.said()
			parts = append(parts, within(byNot, text, b))
		}
		return strings.Join(parts, " && "), byAnd
	}
	for from, to := 0, 0; from < len(e.Args); from = to {
		for to = from + 1; to < len(e.Args) && e.Args[to].listsWith(e.Args[from]); to++ {
		}
		text, b := e.Args[from].said()
		if to > from+1 {
			text, b = sayList(e.Args[from:to])
		}
		if to-from == len(e.Args) {
			return text, b
		}
		parts = append(parts, within(byNot, text, b))
	}
	return strings.Join(parts, " || "), byOr
}

// listsWith reports whether e and b can be in one list of values.
func (e *Expr) listsWith(b *Expr) bool {
	if e.Op != Is || b.Op != Is || e.Filter.Field != b.Filter.Field {
		return false
	}
	x, y := &e.Filter, &b.Filter
	switch {
	case x.Field == Length, x.onCause():
		return true
	case x.onPorts():
		return x.Family == y.Family
	case x.Field <= Either:
		return x.field() == y.field() && !x.isLayer() && !y.isLayer()
	}
	return false
}

// isLayer reports whether f, a filter on addresses, is on whether there is one at all.
func (f *Filter) isLayer() bool { return f.Field == Either && f.Address.Bits() == 0 }

// protocolText is indexed by trace.Protocol.
var protocolText = [trace.Protocols]struct {
	text string
	b    binding
}{
	{"tcp && !udp", byAnd}, {"udp && !tcp", byAnd}, {"tcp && udp", byAnd}, {"(ip || ipv6) && !tcp && !udp", byAnd},
	{"!(ip || ipv6 || tcp || udp)", byNot},
}

var familyText = [families]string{TCP: "tcp", UDP: "udp"}

// sayList says that one of some filters holds that can be in one list; of what cannot, there is one.
func sayList(list []*Expr) (string, binding) {
	f := &list[0].Filter
	switch {
	case f.Field == Protocol:
		return protocolText[f.Protocol].text, protocolText[f.Protocol].b
	case f.Field == Layer:
		return familyText[f.Family], byItself
	case f.Field <= Either && f.isLayer():
		return f.layer(), byItself
	case f.onPorts() && f.Family == AnyFamily:
		values := sayValues(list)
		return "tcp" + portText[f.Field] + values + " || udp" + portText[f.Field] + values, byOr
	}
	return f.field() + sayValues(list), byComparison
}

var portText = [fields]string{Port: ".port", SourcePort: ".srcport", DestinationPort: ".dstport"}

// field is the name of what f, a filter on a length, an address, a cause or ports of one family, looks at.
func (f *Filter) field() string {
	switch {
	case f.Field == Process:
		return "process"
	case f.Field == Site:
		return "site"
	case f.Field == Length:
		return "frame.len"
	case f.onPorts():
		return familyText[f.Family] + portText[f.Field]
	}
	return f.layer() + [...]string{Source: ".src", Destination: ".dst", Either: ".addr"}[f.Field]
}

func (f *Filter) layer() string {
	if f.Address.Addr().Is4() {
		return "ip"
	}
	return "ipv6"
}

// sayValues is the operator of a comparison and what comes after it.
func sayValues(list []*Expr) string {
	if len(list) == 1 {
		return list[0].Filter.sayValue()
	}
	parts := make([]string, len(list))
	for i, e := range list {
		parts[i] = e.Filter.value()
	}
	return " in {" + strings.Join(parts, ", ") + "}"
}

func (f *Filter) sayValue() string {
	first, last, highest := f.numbers()
	switch {
	case f.Field <= Either, f.onCause(), first == last:
		return " == " + f.value()
	case last == highest:
		return " >= " + strconv.FormatUint(first, 10)
	case first == 0:
		return " <= " + strconv.FormatUint(last, 10)
	}
	return " in {" + f.value() + "}"
}

// value is the address, name, number or range that f names.
func (f *Filter) value() string {
	switch first, last, _ := f.numbers(); {
	case f.onCause() && f.Text == "":
		return unattributed
	case f.onCause():
		return quote(f.Text)
	case f.Field <= Either && f.Address.IsSingleIP():
		return f.Address.Addr().String()
	case f.Field <= Either:
		return f.Address.String()
	case first == last:
		return strconv.FormatUint(first, 10)
	default:
		return strconv.FormatUint(first, 10) + ".." + strconv.FormatUint(last, 10)
	}
}

// numbers is the range of a filter on lengths or ports, and the highest that there could be.
func (f *Filter) numbers() (first, last, highest uint64) {
	if f.Field == Length {
		return uint64(f.Min), uint64(f.Max), maxLength
	}
	a, b := f.Ports()
	return uint64(a), uint64(b), maxPort
}

const (
	maxPort   = 1<<16 - 1
	maxLength = 1<<32 - 1
)
