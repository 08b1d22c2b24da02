package selection

import (
	"net/netip"
	"strconv"
	"strings"
)

// A SyntaxError is what is wrong with a filter's text, and where: its bytes from At to before End. At the end of the text they are the
// same. Text says it in words, with what was expected.
type SyntaxError struct {
	At, End int
	Text    string
}

func (e *SyntaxError) Error() string { return e.Text }

func (w *fault) explained() *SyntaxError {
	if key, _, ok := strings.Cut(w.at.text, ":"); ok && w.is == unknownWord && !isAddressLike(w.at.text) {
		return &SyntaxError{w.at.at, w.at.at + len(key), unknown(key, true)}
	}
	if w.is == notEnded {
		w.at.end = w.at.at + 1 // not all that is left
	}
	return &SyntaxError{w.at.at, w.at.end, w.words()}
}

const expectedTerm = "expected a condition, such as ip.addr == 192.0.2.1, port:443, tcp or len:>1000"

func (w *fault) words() string {
	what := quoted(w.at.text)
	switch w.is {
	case tooLong:
		return "longer than " + strconv.Itoa(MaxText) + " characters"
	case tooDeep:
		return "more than " + strconv.Itoa(maxNesting) + " parentheses and negations inside each other"
	case refused:
		return w.err.Error()
	case notClosed:
		if w.at.text == "{" {
			return "this list is not closed: a } is missing"
		}
		return "this parenthesis is not closed: a ) is missing"
	case notEnded:
		return "this quote is not closed: a \" is missing"
	case badEscape:
		return "in quotes a \\ stands only before \" or another \\, such as \"C:\\\\a\""
	case unknownWord:
		switch {
		case isNumberLike(w.at.text):
			return "a number by itself: write what it is of, such as port:443 or len:1514"
		case isAddressLike(w.at.text):
			return what + addressProblem(w.at.text)
		case w.bare != "" && wrongName(Process, w.bare+" "+w.at.text) == nothing && help(w.at.text) == "" && nearest(strings.ToLower(w.at.text)) == "":
			return what + " is not known: a program with a space in its name is put in quotes, such as process:" + quote(w.bare+" "+w.at.text)
		}
		return unknown(w.at.text, false)
	case notOperator:
		return w.notOperator()
	case notNumbers:
		return w.at.text + " compares numbers: " + w.field.word + " is compared by == or !=, such as " + w.field.example()
	case notList:
		return "expected a list in braces after in, such as {" + w.field.exampleValue() + "}"
	case notComma:
		return "expected a comma or } in the list"
	case noValue:
		text := "expected " + w.field.expects() + ", such as " + w.field.exampleValue()
		if w.field.field == Process {
			text += " or \"Web Content\""
		}
		return text
	case notProtocol:
		return what + " is none of the protocols, which are tcp, udp, tcp+udp, other and none (no IP)"
	case notNumber:
		if port := serviceOf(w.at.text); port != "" && w.field.field != Length {
			return "ports are written as numbers: " + what + " is mostly " + port
		}
		return what + " is not " + w.field.expects() + ": expected a number or a range, such as " + w.field.exampleValue() + " or 1000..2000"
	case tooHigh:
		return what + " is too high: the highest is " + strconv.FormatUint(w.field.highest(), 10)
	case octal:
		return "a number that begins with 0 is of base eight to Wireshark: write it without the 0"
	case backwards:
		return "a range whose end is below its beginning"
	case nothingIs:
		return "nothing is above the highest or below the lowest that there can be"
	case notAddress:
		return what + addressProblem(w.at.text)
	case notBits:
		return "the number after the / is how many bits of the address count, such as 192.0.2.0/24 or 2001:db8::/32"
	case otherLayer:
		return w.otherLayer()
	case noName:
		return "there is nothing between the quotes: " + w.field.word + ":none holds where nobody knows it"
	case longName:
		return what + " is longer than " + strconv.Itoa(MaxProgram) + " bytes, which programs' names are not"
	case notUTF8:
		return what + " is not UTF-8, which programs' names are"
	case notSite:
		return what + siteProblem(w.at.text)
	}
	return w.unexpected()
}

// unexpected says what is wrong with a token that cannot stand where it does.
func (w *fault) unexpected() string {
	switch t := &w.at; {
	case t.is == aString:
		return "a text in quotes comes after a field, such as process:\"Web Content\""
	case t.is == theEnd:
		return "the filter ends too soon: " + expectedTerm
	case t.is == closes:
		return "a ) where none can be: it has no ( before it, or nothing between them"
	case t.text == "&", t.text == "|":
		return t.text + " is written " + t.text + t.text
	case t.text == "^^":
		return "either one or the other is written (a && !b) || (b && !a)"
	case t.is == comma, t.is == opensList, t.is == closesList, t.text == ";":
		return "a list comes after a field: port:80,443 or tcp.port in {80, 443}; conditions are joined by && or ||"
	case t.text == "[", t.text == "]":
		return "rows have no bytes to look into; an IPv6 address is written without brackets, such as host:2001:db8::1"
	case t.is >= equal:
		return t.text + " needs a field before it, such as frame.len " + t.text + " 1000 or tcp.port " + t.text + " 443"
	case t.is == and, t.is == or:
		return "a condition is missing before " + t.text + ": " + expectedTerm
	}
	return quoted(w.at.text) + " is not understood here: " + expectedTerm
}

func (w *fault) notOperator() string {
	if w.at.is == aSymbol {
		return w.at.text + " is not an operator for " + w.field.word + ": write == or !="
	}
	if w.field.onCause() {
		return w.at.text + " is not an operator for " + w.field.word + ": names are compared as a whole, such as " + w.field.word + " == " + w.field.exampleValue()
	}
	if text := help(w.at.text); text != "" {
		return text
	}
	return "expected an operator and a value after " + w.field.word + ", such as " + w.field.example()
}

func (w *fault) otherLayer() string {
	kind, other := "an IPv4", "ip"
	if w.field.layer == "ip" {
		kind, other = "an IPv6", "ipv6"
	}
	_, part, _ := strings.Cut(w.field.word, ".")
	return w.at.text + " is " + kind + " address: write " + other + "." + part + " == " + w.at.text
}

// expects is what the field's values are.
func (f *fieldWord) expects() string {
	switch {
	case f.field <= Either:
		return "an address or a prefix"
	case f.field == Protocol:
		return "a protocol"
	case f.field == Length:
		return "a length in bytes"
	case f.field == Process:
		return "a program"
	case f.field == Site:
		return "a site"
	}
	return "a port"
}

// exampleValue is a value for the field.
func (f *fieldWord) exampleValue() string {
	example := f.example()
	i := strings.LastIndexAny(example, " >")
	if f.isShort() && f.field != Length {
		i = strings.IndexByte(example, ':')
	}
	return example[i+1:]
}

// addressProblem says what is wrong with what should be an address.
func addressProblem(text string) string {
	text, _, _ = strings.Cut(text, "/")
	name, _, _ := strings.Cut(text, ":")
	withPort, err := netip.ParseAddrPort(text)
	switch {
	case err == nil:
		return " is an address and a port: write host:" + withPort.Addr().String() + " port:" + strconv.Itoa(int(withPort.Port()))
	case strings.Contains(text, "%"):
		return " has a zone, which rows do not: write the address without it"
	case isDomain(name):
		return " is not an address, and names are not looked up: write " + asSite(name) + " for a site"
	case strings.Contains(text, ":"):
		return " is not an IPv6 address, such as 2001:db8::1, nor a prefix, such as 2001:db8::/32"
	case isOf(text, "0123456789./*-"):
		return " is not an address: an IPv4 address is four numbers from 0 to 255, such as 192.0.2.1, and a prefix 192.0.2.0/24"
	}
	return " is not an address, and names are not looked up: expected one such as 192.0.2.1, 192.0.2.0/24 or 2001:db8::1"
}

const decimal = "0123456789"

// isNumberLike reports whether a word can only be meant as a number, or a range.
func isNumberLike(word string) bool {
	return isOf(word, decimal+".-") && (!strings.Contains(word, ".") || strings.Contains(word, "..")) || strings.HasPrefix(word, "0x")
}

// isAddressLike reports whether a word can only be meant as an address.
func isAddressLike(word string) bool {
	if !isOf(word, decimal+"abcdefABCDEF.:/") && !isOf(word, decimal+"./*-") && !strings.Contains(word, "%") {
		return false
	}
	return strings.Contains(word, ":") || isOf(word[:min(1, len(word))], decimal)
}

// isOf reports whether a text has no other letters than some.
func isOf(text, letters string) bool { return strings.Trim(text, letters) == "" }

// quoted is a word of the filter in a sentence, its beginning if it is long.
func quoted(word string) string {
	if len(word) > 40 {
		word = word[:37] + "..."
	}
	return "\"" + strings.ToValidUTF8(word, "\uFFFD") + "\""
}
