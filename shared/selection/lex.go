package selection

import "strings"

// MaxText is how many bytes a filter's text may have.
const MaxText = 1 << 17

// A token is a word, a symbol, or the end of the text.
type token struct {
	is      tokenKind
	text    string
	at, end int // bytes of the filter's text
}

type tokenKind uint8

const (
	aWord      tokenKind = iota // whatever is neither a symbol, an operator nor a space: a field, an address, a number
	aString                     // in quotes, which its text is without
	openString                  // whose closing quote is missing
	badString                   // with an escape that there is not
	theEnd                      // of the text
	aSymbol                     // that means nothing, but can be named
	opens
	closes
	opensList
	closesList
	comma
	not
	and
	or
	equal // the first of the comparisons
	unequal
	above
	below
	atLeast
	atMost
	in
)

// signs are symbols, the longest first, and operators that are words.
var signs = [...]struct {
	text string
	is   tokenKind
}{
	{"===", aSymbol}, {"!==", aSymbol}, {"==", equal}, {"!=", unequal}, {">=", atLeast}, {"<=", atMost}, {"&&", and}, {"||", or}, {"^^", aSymbol},
	{"=", equal}, {"!", not}, {">", above}, {"<", below}, {"(", opens}, {")", closes}, {"{", opensList}, {"}", closesList}, {",", comma},
	{"&", aSymbol}, {"|", aSymbol}, {"^", aSymbol}, {"~", aSymbol}, {"[", aSymbol}, {"]", aSymbol}, {";", aSymbol},
	{"and", and}, {"or", or}, {"not", not}, {"eq", equal}, {"ne", unequal}, {"gt", above}, {"lt", below}, {"ge", atLeast}, {"le", atMost}, {"in", in},
}

const symbols = 25 // of the signs

// tokens cuts a text. The last token is its end.
func tokens(text string) (list []token) {
	for at := 0; ; {
		for at < len(text) && isSpace(text[at]) {
			at++
		}
		if at == len(text) {
			return append(list, token{theEnd, "", at, at})
		}
		if text[at] == '"' {
			list = append(list, stringAt(text, at))
			at = list[len(list)-1].end
			continue
		}
		end, is := symbolAt(text, at)
		if end == at {
			for end < len(text) && !isSpace(text[end]) && text[end] != '"' {
				if after, _ := symbolAt(text, end); after > end {
					break
				}
				end++
			}
			is = wordKind(strings.ToLower(text[at:end]))
		}
		list = append(list, token{is, text[at:end], at, end})
		at = end
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

// symbolAt is the end and the kind of the symbol at a place of a text; the place itself if there is none.
func symbolAt(text string, at int) (end int, is tokenKind) {
	for i := range signs[:symbols] {
		if s := &signs[i]; strings.HasPrefix(text[at:], s.text) {
			return at + len(s.text), s.is
		}
	}
	return at, aWord
}

func wordKind(word string) tokenKind {
	for i := range signs[symbols:] {
		if s := &signs[symbols+i]; s.text == word {
			return s.is
		}
	}
	return aWord
}
