package ui

import (
	"slices"
	"strconv"
	"strings"
)

// A layout is how the lines of a file are divided into cells, and what these mean, as the user can say it: what the code of a
// tracecsv.Format says. It is read and written here and nowhere else in the page, since all of that package would make the page larger:
// words for the separator and for quotes, the number of the first line that is a row, and a word for each column, with a space between any
// two.
type layout struct {
	separator string   // one of separators
	quotes    string   // one of quotes
	firstRow  int      // number of its line; the first of the file is 1
	columns   []string // words of meanings
}

// An option is a word of a code, and the same for people.
type option struct{ word, text string }

var separators = []option{{"comma", "comma"}, {"tab", "tab"}, {"semicolon", "semicolon"}}

var quotes = []option{{"plain", "none"}, {"quoted", "double quotes"}, {"single", "single quotes"}}

// The first meaning is that of a column which is not read, and the next three are times: there is one of them.
var meanings = []option{
	{"-", "ignored"},
	{"relative", "time: seconds since the start"}, {"epoch", "time: seconds since 1970"}, {"date", "time: date and time as text"},
	{"ip.src", "source: IPv4 or any address"}, {"tcp.srcport", "TCP source port"}, {"udp.srcport", "UDP source port"},
	{"ip.dst", "destination: IPv4 or any address"}, {"tcp.dstport", "TCP destination port"}, {"udp.dstport", "UDP destination port"},
	{"source", "source: address or name"}, {"destination", "destination: address or name"}, {"frame.len", "frame length"}, {"ipv6.src", "IPv6 source"}, {"ipv6.dst", "IPv6 destination"},
}

const (
	ignoredColumn = "-"
	relativeTime  = "relative"
)

func isTime(meaning string) bool {
	return slices.ContainsFunc(meanings[1:4], func(o option) bool { return o.word == meaning })
}

// layoutOf reads the code of a format. ok is false if it is none.
func layoutOf(code string) (l layout, ok bool) {
	words := strings.Fields(code)
	if len(words) < 3 {
		return layout{}, false
	}
	n, err := strconv.Atoi(words[2])
	return layout{words[0], words[1], n, words[3:]}, err == nil
}

// code is the format's.
func (l layout) code() string {
	return strings.Join(append([]string{l.separator, l.quotes, strconv.Itoa(l.firstRow)}, l.columns...), " ")
}

// meaning is that of column i.
func (l layout) meaning(i int) string {
	if i < len(l.columns) {
		return l.columns[i]
	}
	return ignoredColumn
}

// sameEnd are pairs of meanings that cannot stand beside each other: one column has what the other has.
var sameEnd = [][2]string{{"source", "ip.src"}, {"source", "ipv6.src"}, {"destination", "ip.dst"}, {"destination", "ipv6.dst"}}

// clash reports whether two columns cannot have these meanings.
func clash(a, b string) bool {
	return a != ignoredColumn && (a == b || isTime(a) && isTime(b) || slices.Contains(sameEnd, [2]string{a, b}) || slices.Contains(sameEnd, [2]string{b, a}))
}

// withColumn is the layout with another meaning of column i. Columns that cannot keep theirs beside it are ignored then.
func (l layout) withColumn(i int, meaning string) layout {
	columns := slices.Clone(l.columns)
	for len(columns) <= i {
		columns = append(columns, ignoredColumn)
	}
	for k, other := range columns {
		if clash(other, meaning) {
			columns[k] = ignoredColumn
		}
	}
	columns[i] = meaning
	l.columns = columns
	return l
}

// relative reports whether the times of the rows are counted from a start, which has to be known from elsewhere.
func (l layout) relative() bool { return slices.Contains(l.columns, relativeTime) }
