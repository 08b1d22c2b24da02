package selection

import "strings"

// Kind is what can stand at a place of a filter's text.
type Kind uint8

const (
	Word         Kind = iota // a field, or a condition by itself: Words has them
	Operator                 // between a field and a value: Operators
	Connective               // between two conditions, or another condition: Connectives and Words
	ProtocolName             // ProtocolNames
	Address                  // of the trace
	AddressV4                // one of the trace's IPv4 addresses
	AddressV6
	PortNumber
	Number      // of bytes
	ProgramName // of the trace, which Value writes; Typed is what there is of it
	SiteName
)

// A Suggestion is a text to put in, and what it means in a few words.
type Suggestion struct{ Text, What string }

// Complete says what stands at the cursor, which is a place between two bytes of a filter's text: the bytes from..to, which a suggestion
// would replace, are of a kind, and prefix is how they begin, as far as the cursor.
func Complete(text string, cursor int) (from, to int, kind Kind, prefix string) {
	cursor = max(0, min(cursor, len(text)))
	if len(text) > MaxText {
		return cursor, cursor, Word, ""
	}
	c, list := completer{}, tokens(text)
	for i := range list {
		t := &list[i]
		switch isPart := t.is == not || t.is == aSymbol; {
		case t.is == theEnd || t.at >= cursor:
			return cursor, cursor, c.kind(), ""
		case t.end >= cursor && !isSymbol(t) && (t.end > cursor || !t.is.isClosed()):
			return c.within(t, text[t.at:cursor])
		case t.end > cursor, t.end == cursor && isPart && c.state != atTerm: // an operator that is not whole
			kind = Connective
			if c.state == atOperator {
				kind = Operator
			}
			return t.at, t.end, kind, text[t.at:cursor]
		}
		c.pass(t)
	}
	return cursor, cursor, c.kind(), ""
}

func isSymbol(t *token) bool {
	end, _ := symbolAt(t.text, 0)
	return end > 0 && !t.is.inQuotes()
}

// A completer knows what can come after the tokens that it has passed.
type completer struct {
	state completerState
	field *fieldWord // the last one
}

type completerState uint8

const (
	atTerm completerState = iota
	atOperator
	atValue
	inSet
	afterTerm
)

func (c *completer) kind() Kind {
	switch {
	case c.state == atTerm:
		return Word
	case c.state == atOperator:
		return Operator
	case c.state == afterTerm:
		return Connective
	}
	return c.field.kind()
}

// kind is that of the field's values.
func (f *fieldWord) kind() Kind {
	switch {
	case f.field == Process:
		return ProgramName
	case f.field == Site:
		return SiteName
	case f.field == Protocol:
		return ProtocolName
	case f.field == Length:
		return Number
	case f.field > Either:
		return PortNumber
	case f.layer == "ip":
		return AddressV4
	case f.layer == "ipv6":
		return AddressV6
	}
	return Address
}

// within completes the word or the text in quotes t, which is typed as far as prefix.
func (c *completer) within(t *token, prefix string) (from, to int, kind Kind, begun string) {
	if kind = c.kind(); !t.is.inQuotes() && (kind == Word || kind == Connective) {
		if key, rest, ok := strings.Cut(prefix, ":"); ok {
			if f := fieldOf(strings.ToLower(key)); f != nil {
				return t.at + len(key) + 1, t.end, f.kind(), rest
			}
		}
		switch low := strings.ToLower(prefix); {
		case isAddressLike(prefix):
			kind = Address
		case kind == Connective && !strings.HasPrefix("and", low) && !strings.HasPrefix("or", low):
			kind = Word
		}
	}
	if c.state == atOperator && c.field.isShort() && (t.is == aWord || t.is.inQuotes()) {
		kind = c.field.kind() // host 192.0.2.1
	}
	return t.at, t.end, kind, prefix
}

// pass goes past a token.
func (c *completer) pass(t *token) {
	switch {
	case c.state == inSet:
		if t.is == closesList {
			c.state = afterTerm
		}
		return
	case t.is == opensList && c.field != nil:
		c.state = inSet
		return
	case c.state == atOperator && (t.is == not || t.is == in):
		return
	case c.state == atOperator && t.is >= equal, c.state == afterTerm && t.is == comma && c.field != nil:
		c.state = atValue
		return
	case t.is.inQuotes():
		c.state = afterTerm
		return
	case c.state == atValue:
		if t.is == aWord {
			c.state = afterTerm
		}
		return
	case t.is == closes:
		c.state = afterTerm
		return
	case t.is != aWord:
		c.state = atTerm
		return
	}
	c.state = afterTerm
	word := strings.ToLower(t.text)
	if f := fieldOf(word); f != nil {
		c.state, c.field = atOperator, f
	} else if key, rest, ok := strings.Cut(word, ":"); ok && fieldOf(key) != nil {
		if c.field = fieldOf(key); rest == "" {
			c.state = atValue
		}
	}
}

// Words are the language's words that begin with a prefix: those that take a value with the sign that is to come before it.
func Words(prefix string) (list []Suggestion) {
	for i := range fieldWords {
		text := fieldWords[i].word
		if fieldWords[i].isShort() {
			text += ":"
		}
		list = append(list, Suggestion{text, fieldAbout[i].what})
	}
	for i, what := range bareAbout {
		list = append(list, Suggestion{bareWords[i].word, what})
	}
	return beginning(list, prefix)
}

// Operators are the operators that begin with a prefix.
func Operators(prefix string) []Suggestion {
	return beginning([]Suggestion{
		{"==", "is"}, {"!=", "is not"}, {">", "is more than"}, {"<", "is less than"}, {">=", "is at least"}, {"<=", "is at most"},
		{"in", "is one of a list, such as {80, 443}"},
	}, prefix)
}

// Connectives are what joins two conditions and begins with a prefix.
func Connectives(prefix string) []Suggestion {
	return beginning([]Suggestion{{"&&", "and"}, {"||", "or"}, {"and", "both hold"}, {"or", "one of them holds"}}, prefix)
}

// ProtocolNames are the protocols that begin with a prefix.
func ProtocolNames(prefix string) (list []Suggestion) {
	for i, what := range protocolAbout {
		list = append(list, Suggestion{protocolWords[i], what})
	}
	return beginning(list, prefix)
}

func beginning(list []Suggestion, prefix string) (found []Suggestion) {
	for _, s := range list {
		if strings.HasPrefix(s.Text, strings.ToLower(prefix)) {
			found = append(found, s)
		}
	}
	return found
}
