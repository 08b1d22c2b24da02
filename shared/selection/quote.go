package selection

import "strings"

// A text in quotes is one value, with its spaces and signs. In it a \ stands before each quote, and before each \ that is meant.

// stringAt is the token of the text in quotes that begins at a place.
func stringAt(text string, at int) token {
	is, from := aString, at+1
	var b strings.Builder
	for i := from; i < len(text); i++ {
		switch text[i] {
		case '"':
			b.WriteString(text[from:i])
			return token{is, b.String(), at, i + 1}
		case '\\':
			b.WriteString(text[from:i])
			i++
			if from = i; i < len(text) && text[i] != '"' && text[i] != '\\' {
				is = badString
			}
		}
	}
	b.WriteString(text[from:])
	return token{openString, b.String(), at, len(text)}
}

// inQuotes reports whether a token stands in quotes, or begins with one.
func (k tokenKind) inQuotes() bool { return k == aString || k == openString || k == badString }

// isClosed reports whether a token in quotes has both, so that it ends there.
func (k tokenKind) isClosed() bool { return k == aString || k == badString }

// isValue reports whether a token can be a value.
func (k tokenKind) isValue() bool { return k == aWord || k == aString }

// quote is what stringAt reads as text.
func quote(text string) string {
	return `"` + strings.ReplaceAll(strings.ReplaceAll(text, `\`, `\\`), `"`, `\"`) + `"`
}

// Value is the name of a program or a site as it can be typed after the field, "" being that of those that nobody knows: in quotes only if
// it would mean something else without. Text always puts it in quotes.
func Value(name string) string {
	if name == "" {
		return unattributed
	}
	if list := tokens(name); list[0].is != aWord || list[0].text != name || isUnattributed(name) || isSearch(name) {
		return quote(name)
	}
	return name
}

// Typed is how the name of a program or a site begins of which Complete has given prefix: without the quote.
func Typed(prefix string) string {
	if t := tokens(prefix)[0]; t.is.inQuotes() {
		return t.text
	}
	return prefix
}
