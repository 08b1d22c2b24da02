package selection

import (
	"errors"
	"net/netip"
	"strconv"
	"strings"

	"tracelens/shared/trace"
)

// ErrCode is returned for text that is no code of a selection.
var ErrCode = errors.New("a selection that cannot be read: the page and its workers are of different versions; reload the page")

// Code is the selection as text for Parse, in which it crosses from the page to its workers: "from to" in nanoseconds, then for each
// filter a line with its fields as numbers and its prefix.
func (s *Selection) Code() string {
	var b strings.Builder
	b.WriteString(strconv.FormatInt(s.FromNS, 10) + " " + strconv.FormatInt(s.ToNS, 10))
	for _, f := range s.Filters {
		address := "-"
		if f.Address.IsValid() {
			address = f.Address.String()
		}
		not := uint64(0)
		if f.Not {
			not = 1
		}
		b.WriteString("\n" + address)
		for _, n := range []uint64{uint64(f.Field), not, uint64(f.Port), uint64(f.Family), uint64(f.Protocol), uint64(f.Min), uint64(f.Max)} {
			b.WriteString(" " + strconv.FormatUint(n, 10))
		}
	}
	return b.String()
}

// Parse reads what Code wrote, and checks it.
func Parse(code string) (s Selection, err error) {
	lines := strings.Split(code, "\n")
	from, to, ok := strings.Cut(lines[0], " ")
	s.FromNS, err = strconv.ParseInt(from, 10, 64)
	if err == nil {
		s.ToNS, err = strconv.ParseInt(to, 10, 64)
	}
	if err != nil || !ok {
		return Selection{}, ErrCode
	}
	for _, line := range lines[1:] {
		cells := strings.Split(line, " ")
		if len(cells) != 8 {
			return Selection{}, ErrCode
		}
		var n [7]uint64
		for i, bits := range []int{8, 1, 16, 8, 8, 32, 32} {
			if n[i], err = strconv.ParseUint(cells[i+1], 10, bits); err != nil {
				return Selection{}, ErrCode
			}
		}
		f := Filter{Field: Field(n[0]), Not: n[1] == 1, Port: uint16(n[2]), Family: Family(n[3]), Protocol: trace.Protocol(n[4]), Min: uint32(n[5]), Max: uint32(n[6])}
		if cells[0] != "-" {
			if f.Address, err = netip.ParsePrefix(cells[0]); err != nil {
				return Selection{}, ErrCode
			}
		}
		s.Filters = append(s.Filters, f)
	}
	return s, s.Check()
}
