package selection

// A fault is what is wrong with a text: SyntaxError without the words. Workers, which read what the page has understood, can do without
// them, and are smaller.
type fault struct {
	is    faultKind
	at    token
	field *fieldWord // of the comparison, if it is of one
	err   error      // refused
	bare  string     // unknownWord: the program without quotes that stands just before it
}

type faultKind uint8

const (
	nothing faultKind = iota
	unexpected
	tooLong   // the text
	tooDeep   // parentheses and negations
	refused   // by Check
	notClosed // a parenthesis or a list
	notEnded  // a text in quotes
	badEscape // in one
	unknownWord
	notOperator // after a field
	notNumbers  // are compared, but the operator says so
	notList     // after in
	notComma    // in a list
	noValue
	notProtocol
	notNumber
	tooHigh
	octal
	backwards // a range
	nothingIs // above the highest or below the lowest
	notAddress
	notBits    // of a prefix
	otherLayer // an IPv6 address for an IPv4 field, or the other way round
	noName     // of a program or a site: none is between the quotes
	longName   // of a program
	notUTF8
	notSite
)
