package selection

import "tracelens/shared/trace"

// gathered is e, or the filter of which Text says e. Some filters take several of Wireshark's words, either family's port or one of the
// report's protocols; as this puts them together again, what was one condition stays one.
func (e *Expr) gathered() *Expr {
	if e.filters() <= 4 {
		text := e.Text()
		for p := range protocolText {
			if text == protocolText[p].text {
				return &Expr{Filter: Filter{Field: Protocol, Protocol: trace.Protocol(p)}}
			}
		}
	}
	if e.Op != Or || len(e.Args)%2 != 0 {
		return e
	}
	half := len(e.Args) / 2
	either := make([]*Expr, half)
	for i := range either {
		if either[i] = eitherPort(e.Args[i], e.Args[half+i]); either[i] == nil {
			return e
		}
	}
	return joined(Or, either)
}

// filters is how many filters e is made of.
func (e *Expr) filters() (n int) {
	if e.Op == Is {
		return 1
	}
	for _, a := range e.Args {
		n += a.filters()
	}
	return n
}

// eitherPort is a filter on the port of any family, if tcp and udp are those on each family's.
func eitherPort(tcp, udp *Expr) *Expr {
	f := tcp.Filter
	if tcp.Op != Is || udp.Op != Is || !f.onPorts() || f.Family != TCP || udp.Filter.Family != UDP {
		return nil
	}
	if f.Family = UDP; f != udp.Filter {
		return nil
	}
	f.Family = AnyFamily
	return &Expr{Filter: f}
}
