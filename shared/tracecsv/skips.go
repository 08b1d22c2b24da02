package tracecsv

import "strconv"

// A Reason says why a line is no row.
type Reason uint8

const (
	rowOK Reason = iota
	BadFields
	BadTime
	BadAddress
	BadPort
	BadLength
	RepeatedHeader
	EmptyLine
	LongLine
	BeforeHeader
	Ambiguous
	Reasons int = iota
)

var reasonNames = [Reasons]string{
	"row", "wrong number of columns", "time is no number", "not an address", "not a port", "length is no number",
	"header repeated", "empty line", "line longer than 64 KiB", "before the header", "several values that fit more than one way",
}

func (r Reason) String() string { return reasonNames[r] }

// FirstLines is how many lines of each reason are known by their number.
const FirstLines = 3

// Skips account for every line of a file, or of a stretch of one: how many there were, and of those that are no rows how many by Reason,
// and which the first were. The zero value is of no lines.
type Skips struct {
	Lines int64 // rows too
	N     [Reasons]int64
	First [Reasons][FirstLines]int64 // numbers of lines, the stretch's first is 1; 0 where there are no more
}

// Row counts n lines that are rows.
func (s *Skips) Row(n int) { s.Lines += int64(n) }

// Skip counts a line that is none.
func (s *Skips) Skip(r Reason) {
	s.Lines++
	if n := s.N[r]; n < FirstLines {
		s.First[r][n] = s.Lines
	}
	s.N[r]++
}

// Add counts the lines of a stretch that follows.
func (s *Skips) Add(next *Skips) {
	for r := range next.N {
		for i, line := range next.First[r] {
			if n := s.N[r] + int64(i); line > 0 && n < FirstLines {
				s.First[r][n] = s.Lines + line
			}
		}
		s.N[r] += next.N[r]
	}
	s.Lines += next.Lines
}

// Total is the number of lines skipped for any reason.
func (s *Skips) Total() (n int64) {
	for _, c := range s.N {
		n += c
	}
	return n
}

// Counts is the skips by the reasons' words, only those that occurred.
func (s *Skips) Counts() map[string]int64 {
	m := map[string]int64{}
	for r, c := range s.N {
		if c > 0 {
			m[Reason(r).String()] = c
		}
	}
	return m
}

// FirstByReason is the numbers of the first lines by the reasons' words, only of those that occurred; nil if none did.
func (s *Skips) FirstByReason() (m map[string][]int64) {
	for r := range s.N {
		numbers := s.First[r][:]
		for len(numbers) > 0 && numbers[len(numbers)-1] == 0 {
			numbers = numbers[:len(numbers)-1]
		}
		if len(numbers) == 0 {
			continue
		}
		if m == nil {
			m = map[string][]int64{}
		}
		m[Reason(r).String()] = append([]int64(nil), numbers...)
	}
	return m
}

// Texts are all numbers, for SkipsOf, so that they can cross from one worker to another.
func (s *Skips) Texts() []string {
	list := []string{strconv.FormatInt(s.Lines, 10)}
	for r, c := range s.N {
		list = append(list, strconv.FormatInt(c, 10))
		for _, line := range s.First[r] {
			list = append(list, strconv.FormatInt(line, 10))
		}
	}
	return list
}

// SkipsOf reads what Texts gave.
func SkipsOf(texts []string) (s Skips) {
	next := func() (n int64) {
		if len(texts) > 0 {
			n, _ = strconv.ParseInt(texts[0], 10, 64)
			texts = texts[1:]
		}
		return n
	}
	s.Lines = next()
	for r := range s.N {
		s.N[r] = next()
		for i := range s.First[r] {
			s.First[r][i] = next()
		}
	}
	return s
}
