package report

import (
	"errors"
	"strconv"
)

// MarshalJSON writes unix seconds with 9 decimals.
func (t Time) MarshalJSON() ([]byte, error) { return t.append(nil), nil }

func (t Time) append(b []byte) []byte {
	ns := int64(t)
	if ns < 0 {
		b, ns = append(b, '-'), -ns
	}
	b = append(strconv.AppendInt(b, ns/1e9, 10), '.')
	frac := strconv.AppendInt(nil, 1e9+ns%1e9, 10)
	return append(b, frac[1:]...)
}

// UnmarshalJSON reads what MarshalJSON wrote, to the nanosecond.
func (t *Time) UnmarshalJSON(b []byte) error {
	seconds, frac, negative := int64(0), int64(0), false
	place := int64(1e9)
	for i, c := range b {
		switch {
		case c == '-' && i == 0:
			negative = true
		case c == '.' && place == 1e9 && i > 0:
			place /= 10
		case c < '0' || c > '9' || seconds > 1e10:
			return errors.New("report: time " + strconv.Quote(string(b)) + " is not unix seconds")
		case place == 1e9:
			seconds = seconds*10 + int64(c-'0')
		default:
			frac += int64(c-'0') * place
			place /= 10
		}
	}
	ns := seconds*1e9 + frac
	if negative {
		ns = -ns
	}
	*t = Time(ns)
	return nil
}
