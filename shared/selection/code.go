package selection

import (
	"errors"
	"strconv"
	"strings"
)

// ErrCode is returned for text that is no code of a selection.
var ErrCode = errors.New("a selection that cannot be read: the page and its workers are of different versions; reload the page")

// Code is the selection as text for Parse, in which it crosses from the page to its workers: "from to" in nanoseconds, and after the
// end of the line the filter's text.
func (s *Selection) Code() string {
	return strconv.FormatInt(s.FromNS, 10) + " " + strconv.FormatInt(s.ToNS, 10) + "\n" + s.Text()
}

// Parse reads what Code wrote, and checks it.
func Parse(code string) (s Selection, err error) {
	times, filter, ok := strings.Cut(code, "\n")
	from, to, found := strings.Cut(times, " ")
	s.FromNS, err = strconv.ParseInt(from, 10, 64)
	if err == nil {
		s.ToNS, err = strconv.ParseInt(to, 10, 64)
	}
	where, wrong := parseFilter(filter)
	if err != nil || !ok || !found || wrong != nil {
		return Selection{}, ErrCode
	}
	s.Where = where
	return s, s.Check()
}
