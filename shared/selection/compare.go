package selection

import (
	"net/netip"
	"strings"

	"tracelens/shared/trace"
)

// comparison reads what comes after a field; listed, values may follow at once.
func (p *parser) comparison(f *fieldWord, listed bool) (e *Expr) {
	negated := p.now().is == not && p.list[1].is == in
	if negated {
		p.take()
	}
	op := p.now().is
	switch {
	case op == opensList && listed:
		return p.set(f)
	case op == in:
		if p.take(); p.now().is != opensList {
			return p.fail(notList, f)
		}
		e = p.set(f)
	case op == equal || op == unequal:
		p.take()
		e = p.values(f, listed)
	case op > unequal:
		return p.bound(f, op)
	case !listed || p.now().is == aSymbol:
		return p.fail(notOperator, f)
	default:
		return p.values(f, true)
	}
	if e != nil && (negated || op == unequal) {
		e = e.Negated()
	}
	return e
}

// values reads a value or, listed, several with commas between.
func (p *parser) values(f *fieldWord, listed bool) *Expr {
	var list []*Expr
	for {
		e := p.value(f)
		if e == nil {
			return nil
		}
		list = append(list, e)
		if !listed || !p.passes(comma) {
			return joined(Or, list)
		}
	}
}

// set reads {values}, also without commas.
func (p *parser) set(f *fieldWord) *Expr {
	begin := p.take()
	var list []*Expr
	for {
		e := p.value(f)
		if e == nil {
			if p.now().is == theEnd {
				return p.failAt(begin, notClosed, f)
			}
			return nil
		}
		list = append(list, e)
		if p.passes(closesList) {
			return joined(Or, list)
		}
		if is := p.now().is; !p.passes(comma) && !is.isValue() {
			if is == theEnd {
				return p.failAt(begin, notClosed, f)
			}
			return p.fail(notComma, f)
		}
	}
}

// value reads one value.
func (p *parser) value(f *fieldWord) *Expr {
	t := p.now()
	switch {
	case !t.is.isValue():
		return p.fail(noValue, f)
	case f.onCause():
		return p.cause(f)
	case f.field <= Either:
		return p.address(f, notAddress)
	case f.field == Protocol:
		for i := range protocolWords {
			if protocolWords[i] == strings.ToLower(t.text) {
				p.take()
				return &Expr{Filter: Filter{Field: Protocol, Protocol: trace.Protocol(i)}}
			}
		}
		return p.fail(notProtocol, f)
	}
	p.take()
	for t.is == aWord && p.now().is == aWord && (strings.HasSuffix(t.text, "..") || strings.HasPrefix(p.now().text, "..")) { // spaces within a range
		t.end = p.now().end
		t.text += p.take().text
	}
	first, last, isRange := strings.Cut(t.text, "..")
	if !isRange {
		first, last, isRange = strings.Cut(t.text, "-")
	}
	a, wrong := f.number(first)
	b := a
	if isRange && wrong == nothing {
		b, wrong = f.number(last)
	}
	if b < a && wrong == nothing {
		wrong = backwards
	}
	if wrong != nothing {
		return p.failAt(t, wrong, f)
	}
	return f.numbers(a, b)
}

// numbers is a condition on lengths or ports.
func (f *fieldWord) numbers(first, last uint64) *Expr {
	if f.field == Length {
		return &Expr{Filter: Filter{Field: Length, Min: uint32(first), Max: uint32(last)}}
	}
	if first == last {
		last = 0
	}
	return &Expr{Filter: Filter{Field: f.field, Family: f.family, Port: uint16(first), LastPort: uint16(last)}}
}

func (f *fieldWord) highest() uint64 {
	if f.field == Length {
		return maxLength
	}
	return maxPort
}

// number reads a number for the field, or says what is wrong with it.
func (f *fieldWord) number(text string) (uint64, faultKind) {
	n, wrong := number(text)
	if wrong == nothing && n > f.highest() {
		wrong = tooHigh
	}
	return n, wrong
}

// number reads a number in decimal or, after 0x, hexadecimal digits. Of a very high one it is enough to say that it is.
func number(text string) (n uint64, wrong faultKind) {
	base, digits := uint64(10), text
	if len(text) > 2 && text[0] == '0' && text[1]|' ' == 'x' {
		base, digits = 16, text[2:]
	}
	if digits == "" {
		return 0, notNumber
	}
	for i := range len(digits) {
		d := uint64(strings.IndexByte("0123456789abcdef", digits[i]|' '))
		if d >= base || digits[i] < '0' {
			return 0, notNumber
		}
		n = min(n*base+d, 1<<40)
	}
	if base == 10 && len(text) > 1 && text[0] == '0' {
		wrong = octal
	}
	return n, wrong
}

// bound reads one of > < >= <= and a number.
func (p *parser) bound(f *fieldWord, op tokenKind) *Expr {
	if f.field <= Either || f.field == Protocol || f.onCause() {
		return p.fail(notNumbers, f)
	}
	p.take()
	if !p.now().is.isValue() {
		return p.fail(noValue, f)
	}
	t := p.take()
	n, wrong := f.number(t.text)
	first, last := uint64(0), f.highest()
	switch {
	case op == above && n == last, op == below && n == 0:
		if wrong == nothing {
			wrong = nothingIs
		}
	case op == above:
		first = n + 1
	case op == atLeast:
		first = n
	case op == below:
		last = n - 1
	default:
		last = n
	}
	if wrong != nothing {
		return p.failAt(t, wrong, f)
	}
	return f.numbers(first, last)
}

// address reads an address or a prefix, as a condition on the field. What is wrong is said if it is none.
func (p *parser) address(f *fieldWord, wrong faultKind) *Expr {
	t := p.take()
	text, after, isPrefix := strings.Cut(t.text, "/")
	a, err := netip.ParseAddr(text)
	for i := 0; i < 3 && err != nil && isPrefix && strings.IndexByte(text, ':') < 0; i++ { // 10/8
		text += ".0"
		a, err = netip.ParseAddr(text)
	}
	if err != nil || a.Zone() != "" {
		return p.failAt(t, wrong, f)
	}
	bits := uint64(a.BitLen())
	if isPrefix {
		if bits, wrong = number(after); wrong != nothing || bits > uint64(a.BitLen()) {
			return p.failAt(t, notBits, f)
		}
	}
	e := &Expr{Filter: Filter{Field: f.field, Address: netip.PrefixFrom(a, int(bits)).Masked()}}
	if f.layer != "" && f.layer != e.Filter.layer() {
		return p.failAt(t, otherLayer, f)
	}
	return e
}
