package selection

import (
	"errors"

	"tracelens/shared/trace"
)

// What an expression may have. The store gives the addresses that an expression names a number of a byte, and so it does to the kinds of
// ports that an expression tells apart; of lengths it tells apart as many kinds as a word has bits.
const (
	MaxFilters = 255
	MaxDepth   = 32

	maxPortLists, maxPorts     = 8, 63 // lists tell apart at most 2^n kinds, and so do ranges 2n+1 of each family: one of the two must do
	maxLengthLists, maxLengths = 6, 31
	maxCauseLists              = 4 // of programs and sites: the store gives what they answer together a number
)

var errKind = errors.New("a filter of an unknown kind: the page and its workers are of different versions; reload the page")

// Check says what is wrong with an expression, in words.
func (e *Expr) Check() error {
	if e == nil {
		return nil
	}
	if err := e.check(1); err != nil {
		return err
	}
	if e.filters() > MaxFilters {
		return errors.New("more than 255 comparisons at once: addresses next to each other are fewer as a prefix, such as 10.0.0.0/8, " +
			"ports as a range, such as 8000..8100")
	}
	var lists, ranges [fields]int
	e.Tree().count(&lists, &ranges)
	onPorts, ports := 0, 0
	for _, f := range []Field{Port, SourcePort, DestinationPort} {
		onPorts, ports = onPorts+lists[f], ports+ranges[f]
	}
	switch {
	case onPorts > maxPortLists && ports > maxPorts:
		return errors.New("more than 63 ports in more than 8 places: write those for which the same holds as one list, such as port:80,443")
	case lists[Length] > maxLengthLists && ranges[Length] > maxLengths:
		return errors.New("more than 31 lengths in more than 6 places: write those for which the same holds as one list, such as len:60,1514")
	case lists[Process]+lists[Site] > maxCauseLists:
		return errors.New("programs and sites in more than 4 places: write those for which the same holds as one list, such as process:curl,wget")
	}
	return nil
}

func (e *Expr) check(depth int) error {
	if depth > MaxDepth {
		return errors.New("more than 32 parentheses inside each other")
	}
	if e == nil || e.Op >= ops || e.Op == Not && len(e.Args) != 1 || e.Op > Not && len(e.Args) < 2 {
		return errKind
	}
	if e.Op == Is {
		return e.Filter.check()
	}
	for _, a := range e.Args {
		if err := a.check(depth + 1); err != nil {
			return err
		}
	}
	return nil
}

func (f *Filter) check() error {
	switch {
	case f.Field >= fields, f.Family >= families, f.Field == Layer && f.Family == AnyFamily, int(f.Protocol) >= trace.Protocols:
		return errKind
	case f.Field <= Either && !f.Address.IsValid():
		return errors.New("a filter without an address")
	case f.onPorts() && f.LastPort != 0 && f.Port > f.LastPort, f.Field == Length && f.Min > f.Max:
		return errors.New("a range whose end is below its beginning")
	case f.onCause() && !f.isCause():
		return errors.New("a filter on a name that no program or site can have")
	}
	return nil
}

// count counts the lists of each field, and the ranges in them.
func (t *Tree) count(lists, ranges *[fields]int) {
	if t.Op == Is {
		lists[t.Any[0].Field]++
		ranges[t.Any[0].Field] += len(t.Any)
	}
	for _, a := range t.Args {
		a.count(lists, ranges)
	}
}
