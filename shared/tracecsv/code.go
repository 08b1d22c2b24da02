package tracecsv

import (
	"strconv"
	"strings"

	"tracelens/shared/trace"
)

// A code is a format in words, with one space between any two:
//
//	comma plain 2 relative ip.src tcp.srcport udp.srcport ip.dst tcp.dstport udp.dstport frame.len ipv6.src ipv6.dst
//
// They are the separator, the quotes, the number of the line that is the first row, and the meaning of each cell of a line.
var (
	separatorWords = []struct {
		word string
		is   byte
	}{{"comma", ','}, {"tab", '\t'}, {"semicolon", ';'}}
	quoteWords = []struct {
		word string
		is   byte
	}{{"plain", 0}, {"quoted", '"'}, {"single", '\''}}
	timeWords = [...]string{Seconds: "relative", Epoch: "epoch", Text: "date"}
)

// maxLines bounds the lines in front of the first row.
const maxLines = 1000

// Code is the format as text, for ParseFormat. What is in front of the first row is not part of it but for the number of lines.
func (f Format) Code() string {
	words := []string{f.separatorWord(), "plain", strconv.Itoa(f.Lines + 1)}
	for _, q := range quoteWords {
		if q.is == f.Quote {
			words[1] = q.word
		}
	}
	for _, m := range f.Columns {
		word := "-"
		switch {
		case m == SourceOrName:
			word = "source"
		case m == DestinationOrName:
			word = "destination"
		case m == Meaning(trace.Time):
			word = timeWords[f.Time]
		case m > 0:
			word = trace.Names[m]
		}
		words = append(words, word)
	}
	return strings.Join(words, " ")
}

// ParseFormat reads what Code gave. A code that says how lines are divided, but leaves out something that is needed, gives the format
// beside ErrNoTime, ErrNoLen or ErrTwice: lines can be shown by it, not read.
func ParseFormat(code string) (f Format, err error) {
	words := strings.SplitN(code, " ", 3+maxColumns+1)
	if len(words) < 3 || len(words) > 3+maxColumns {
		return Format{}, ErrNotFormat
	}
	f.Quote = 1 // not said yet
	for _, s := range separatorWords {
		if s.word == words[0] {
			f.Separator = s.is
		}
	}
	for _, q := range quoteWords {
		if q.word == words[1] {
			f.Quote = q.is
		}
	}
	first, wrong := strconv.Atoi(words[2])
	if f.Separator == 0 || f.Quote == 1 || wrong != nil || first < 1 || first > maxLines+1 {
		return Format{}, ErrNotFormat
	}
	f.Lines = first - 1
	for _, word := range words[3:] {
		m, kind, ok := meaningOf(word)
		if !ok {
			return Format{}, ErrNotFormat
		}
		if m == Meaning(trace.Time) {
			f.Time = kind
		}
		f.Columns = append(f.Columns, m)
	}
	return f, f.check()
}

func meaningOf(word string) (m Meaning, kind TimeKind, ok bool) {
	switch word {
	case "-":
		return Ignored, 0, true
	case "source":
		return SourceOrName, 0, true
	case "destination":
		return DestinationOrName, 0, true
	}
	for kind, w := range timeWords {
		if w == word {
			return Meaning(trace.Time), TimeKind(kind), true
		}
	}
	for c := trace.IPSrc; int(c) < trace.Columns; c++ {
		if trace.Names[c] == word {
			return Meaning(c), 0, true
		}
	}
	return Ignored, 0, false
}

// Words is the format in a few words for the user.
func (f Format) Words() string { return f.words() }

func (f *Format) words() (text string) {
	text = f.separatorWord() + "s"
	switch {
	case f.has(SourceOrName, DestinationOrName):
		text = "Wireshark's columns, " + text
	case f.usual && len(f.Columns) == trace.Columns:
		text = "hour file"
	case f.usual:
		text = "hour file without IPv6"
	}
	switch f.Quote {
	case '"':
		text += ", quoted"
	case '\'':
		text += ", single quotes"
	}
	switch header := f.Before.Lines > f.Before.Total(); { // one of these lines is no skip
	case !header && f.Lines > 0:
		text += ", first row in line " + strconv.Itoa(f.Lines+1)
	case !header:
		text += ", no header"
	case f.Lines > 1:
		text += ", header in line " + strconv.Itoa(f.Lines)
	}
	switch {
	case f.Time == Epoch:
		text += ", times since 1970"
	case f.Time == Text && f.zoneless:
		text += ", dates without a zone, taken as UTC"
	case f.Time == Text:
		text += ", dates"
	}
	addresses := f.has(Meaning(trace.IPSrc), Meaning(trace.IPDst), Meaning(trace.IPv6Src), Meaning(trace.IPv6Dst), SourceOrName, DestinationOrName)
	ports := f.has(Meaning(trace.TCPSrcPort), Meaning(trace.TCPDstPort), Meaning(trace.UDPSrcPort), Meaning(trace.UDPDstPort))
	switch {
	case !addresses && !ports:
		text += "; neither addresses nor ports"
	case !addresses:
		text += "; no addresses"
	case !ports:
		text += "; no ports"
	}
	return text
}

func (f *Format) separatorWord() string {
	for _, s := range separatorWords {
		if s.is == f.Separator {
			return s.word
		}
	}
	return separatorWords[0].word
}
