package tracecsv

import "tracelens/shared/trace"

const months = "JanFebMarAprMayJunJulAugSepOctNovDec"

// zones are the abbreviations that tshark writes behind a time, with their minutes east of Greenwich. Those that mean different things
// in different places are left out, since nobody can tell: CST (Chicago, Shanghai, Havana), IST (Delhi, Dublin, Jerusalem).
var zones = []struct {
	name    string
	minutes int16
}{
	{"UTC", 0}, {"GMT", 0}, {"Z", 0}, {"WET", 0}, {"WEST", 60}, {"BST", 60}, {"CET", 60}, {"CEST", 120}, {"EET", 120}, {"EEST", 180}, {"MSK", 180},
	{"SAST", 120}, {"CAT", 120}, {"EAT", 180}, {"WAT", 60}, {"PKT", 300}, {"WIB", 420}, {"HKT", 480}, {"AWST", 480}, {"JST", 540}, {"KST", 540},
	{"AEST", 600}, {"AEDT", 660}, {"NZST", 720}, {"NZDT", 780}, {"NST", -210}, {"NDT", -150}, {"AST", -240}, {"ADT", -180}, {"EST", -300},
	{"EDT", -240}, {"CDT", -300}, {"MST", -420}, {"MDT", -360}, {"PST", -480}, {"PDT", -420}, {"AKST", -540}, {"AKDT", -480}, {"HST", -600},
}

// parseText reads a date and a time of day into nanoseconds since 1970:
//
//	Jan  8, 2017 11:00:00.123456789 CET
//	2017-01-08T11:00:00.123456789Z, with a space for the T, with +0100, +01:00 or without any zone
//
// zoned is false if there is no zone; the time is UTC then. A zone that is not known makes it no time.
func parseText(cell []byte) (ns int64, zoned, ok bool) {
	s := scanner{rest: cell}
	year, month, day := 0, 0, 0
	if len(cell) > 0 && cell[0]-'0' < 10 {
		year, month = s.number(4, 4, "-"), s.number(2, 2, "-")
		end := " "
		if len(cell) > len("2017-01-08") && cell[len("2017-01-08")] == 'T' {
			end = "T"
		}
		day = s.number(2, 2, end)
	} else {
		month, day = s.month(), s.number(1, 2, ", ")
		year = s.number(4, 4, " ")
	}
	h, m := s.number(2, 2, ":"), s.number(2, 2, ":")
	sec := s.number(2, 2, "")
	fraction := s.fraction()
	minutes, zoned := s.zone()
	if s.bad || month < 1 || month > 12 || day < 1 || day > daysOf(year, month) || h > 23 || m > 59 || sec > 60 {
		return 0, zoned, false
	}
	seconds := daysSince1970(year, month, day)*86400 + int64(h*3600+(m-minutes)*60+sec)
	if seconds > trace.MaxSecond || seconds < -trace.MaxSecond {
		return 0, zoned, false
	}
	return seconds*trace.Second + fraction, zoned, true
}

// A scanner takes a text from its beginning. bad is set by whatever does not find what it is to take.
type scanner struct {
	rest []byte
	bad  bool
}

func (s *scanner) spaces() {
	for len(s.rest) > 0 && s.rest[0] == ' ' {
		s.rest = s.rest[1:]
	}
}

// number takes a number of so many digits, and what has to follow.
func (s *scanner) number(least, most int, end string) (v int) {
	n := 0
	for n < len(s.rest) && n < most && s.rest[n]-'0' < 10 {
		v = v*10 + int(s.rest[n]-'0')
		n++
	}
	s.rest = s.rest[n:]
	if n < least || len(s.rest) < len(end) || string(s.rest[:len(end)]) != end {
		s.bad = true
		return 0
	}
	s.rest = s.rest[len(end):]
	return v
}

// month takes three letters and the spaces behind them.
func (s *scanner) month() int {
	if len(s.rest) > 3 && s.rest[3] == ' ' {
		for i := 0; i < len(months); i += 3 {
			if months[i:i+3] == string(s.rest[:3]) {
				s.rest = s.rest[3:]
				s.spaces()
				return i/3 + 1
			}
		}
	}
	s.bad = true
	return 0
}

// fraction takes a point and digits, if there are any, as nanoseconds.
func (s *scanner) fraction() (ns int64) {
	if len(s.rest) == 0 || s.rest[0] != '.' {
		return 0
	}
	place, i := trace.Second, 1
	for ; i < len(s.rest) && s.rest[i]-'0' < 10; i++ {
		place /= 10
		ns += int64(s.rest[i]-'0') * place
	}
	s.rest = s.rest[i:]
	return ns
}

// zone takes the rest as a zone. zoned is false if nothing is left.
func (s *scanner) zone() (minutes int, zoned bool) {
	s.spaces()
	if len(s.rest) == 0 {
		return 0, false
	}
	if sign := s.rest[0]; sign == '+' || sign == '-' {
		s.rest = s.rest[1:]
		minutes = s.number(2, 2, "") * 60
		if len(s.rest) > 0 && s.rest[0] == ':' {
			s.rest = s.rest[1:]
		}
		if len(s.rest) > 0 {
			minutes += s.number(2, 2, "")
		}
		s.bad = s.bad || len(s.rest) > 0
		if sign == '-' {
			minutes = -minutes
		}
		return minutes, true
	}
	for _, z := range zones {
		if z.name == string(s.rest) {
			return int(z.minutes), true
		}
	}
	s.bad = true
	return 0, true
}

// daysSince1970 counts days of the Gregorian calendar, from March so that the leap day is a year's last.
func daysSince1970(year, month, day int) int64 {
	if month -= 3; month < 0 {
		month += 12
		year--
	}
	days := 365*year + floorDiv(year, 4) - floorDiv(year, 100) + floorDiv(year, 400) + (153*month+2)/5 + day - 1
	return int64(days - 719468)
}

func floorDiv(a, b int) int {
	if a < 0 {
		return -((b - 1 - a) / b)
	}
	return a / b
}

func daysOf(year, month int) int {
	switch month {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if year%4 == 0 && (year%100 != 0 || year%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// isMonthAndDay and isYearBehindDay are the two sides of a date's comma.
func isMonthAndDay(cell []byte) bool {
	s := scanner{rest: cell}
	s.month()
	s.number(1, 2, "")
	return !s.bad && len(s.rest) == 0
}

func isYearBehindDay(cell []byte) bool {
	s := scanner{rest: cell}
	s.spaces()
	s.number(4, 4, " ")
	return !s.bad && len(cell) > 0 && cell[0] == ' '
}
