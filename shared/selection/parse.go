package selection

import "strings"

// ParseFilter reads a filter in Wireshark's language, as far as it is about what a row holds, or in its short words; nil for blank text.
// What it returns passes Check. Every error is a *SyntaxError.
//
//	ip.addr ip.src ip.dst ipv6.addr ipv6.src ipv6.dst     an address or a prefix
//	tcp.port tcp.srcport tcp.dstport udp.port ...         a port
//	frame.len                                             bytes
//	process: program: site:                               a name, in quotes if it has spaces or signs; none where nobody knows it
//	== != > < >= <= eq ne gt lt ge le  in {80, 8000..8100}
//	tcp udp ip ipv6                                       by themselves
//	host: src: dst: net: port: sport: dport: proto: len:  with a value, several values, or an operator and a value
//	192.0.2.1 10.0.0.0/8 2001:db8::1                      the same as host:
//	! not && and || or ( )                                the firmest first; terms beside each other must all hold
//
// A field != value holds for whatever does not have the value, also if it has none, as ! of == does.
func ParseFilter(text string) (*Expr, error) {
	e, wrong := parseFilter(text)
	if wrong != nil {
		return nil, wrong.explained()
	}
	return e, nil
}

// maxNesting is how many parentheses and negations may be inside each other: more than Text writes for an expression that Check passes.
const maxNesting = 3 * MaxDepth

func parseFilter(text string) (*Expr, *fault) {
	if len(text) > MaxText {
		return nil, &fault{is: tooLong, at: token{at: MaxText, end: len(text)}}
	}
	p := &parser{list: tokens(text)}
	if p.now().is == theEnd {
		return nil, nil
	}
	e := p.or()
	if e != nil && p.now().is != theEnd {
		e = p.fail(unexpected, nil)
	}
	if e == nil {
		return nil, &p.wrong
	}
	if err := e.Check(); err != nil {
		return nil, &fault{is: refused, at: token{end: len(text)}, err: err}
	}
	return e, nil
}

// A parser goes through tokens; the last one, the end of the text, is never passed. What reads a part of the text returns nil if that is
// wrong, and what is wrong is noted once.
type parser struct {
	list    []token
	nesting int
	wrong   fault
	bare    string // a program that was named without quotes
	after   int    // where the token after it is
}

func (p *parser) now() *token { return &p.list[0] }

// take is now, which is passed.
func (p *parser) take() *token {
	t := &p.list[0]
	if t.is != theEnd {
		p.list = p.list[1:]
	}
	return t
}

// passes takes the token now if it is of a kind.
func (p *parser) passes(is tokenKind) bool {
	if p.now().is != is {
		return false
	}
	p.take()
	return true
}

// fail notes what is wrong with the token now, as a part of a comparison with f if that is not nil.
func (p *parser) fail(is faultKind, f *fieldWord) *Expr { return p.failAt(p.now(), is, f) }

func (p *parser) failAt(t *token, is faultKind, f *fieldWord) *Expr {
	switch t.is {
	case openString:
		is = notEnded
	case badString:
		is = badEscape
	}
	p.wrong = fault{is: is, at: *t, field: f}
	return nil
}

func (p *parser) or() *Expr {
	var list []*Expr
	for {
		e := p.and()
		if e == nil {
			return nil
		}
		list = e.flat(Or, list)
		if !p.passes(or) {
			return joined(Or, list).gathered()
		}
	}
}

func (p *parser) and() *Expr {
	var list []*Expr
	for {
		e := p.term()
		if e == nil {
			return nil
		}
		list = e.flat(And, list)
		if is := p.now().is; !p.passes(and) && is != opens && is != not && is != aWord {
			return joined(And, list).gathered()
		}
	}
}

func (p *parser) term() (e *Expr) {
	switch p.now().is {
	case opens, not:
		if p.nesting == maxNesting {
			return p.fail(tooDeep, nil)
		}
		p.nesting++
		e = p.nested(p.take())
		p.nesting--
		return e
	case aWord:
		return p.named()
	}
	return p.fail(unexpected, nil)
}

// nested reads what comes after an opened parenthesis or a negation.
func (p *parser) nested(begin *token) (e *Expr) {
	if begin.is == not {
		if e = p.term(); e != nil {
			e = e.Negated().gathered()
		}
		return e
	}
	if e = p.or(); e == nil || p.passes(closes) {
		return e
	}
	if p.now().is == theEnd {
		return p.failAt(begin, notClosed, nil)
	}
	return p.fail(unexpected, nil)
}

// named reads a term that begins with a word: a field, a condition by itself, or an address.
func (p *parser) named() *Expr {
	t := p.now()
	word := strings.ToLower(t.text)
	if f := fieldOf(word); f != nil {
		p.take()
		if f.onCause() && p.now().is == aWord && isSearch(p.now().text) {
			return p.fail(notOperator, f)
		}
		return p.comparison(f, f.isShort())
	}
	for i := range bareWords {
		if bareWords[i].word == word {
			p.take()
			return bareWords[i].expr()
		}
	}
	if colon := strings.IndexByte(word, ':'); colon > 0 {
		if f := fieldOf(word[:colon]); f != nil {
			t.at, t.text = t.at+colon+1, t.text[colon+1:]
			if t.text == "" {
				p.take()
			}
			return p.comparison(f, true)
		}
	}
	e := p.address(&fieldWords[0], unknownWord)
	if e == nil && p.bare != "" && t.at == p.after {
		p.wrong.bare = p.bare
	}
	return e
}
