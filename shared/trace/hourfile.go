package trace

import (
	"strconv"
	"strings"
)

// HourFileName is the name of the file of the hour that begins at hour, unix seconds.
func HourFileName(hour int64) string { return strconv.FormatInt(hour, 10) + ".csv" }

// MaxSecond is the latest and, negated, the earliest time that a trace can hold, unix seconds: year 2255. Nanoseconds in an
// int64 end in 2262.
const MaxSecond = 9_000_000_000

// StartOf reads the start of a trace from its file's name: unix seconds and ".csv". The hour in the name need not be full, since
// tshark users name files after the second at which they began. Browsers put a number behind the name of a file that they have saved
// before: 1483873200 (1).csv. ok is false for any other name: the start is then unknown.
func StartOf(name string) (start int64, ok bool) {
	base, found := strings.CutSuffix(strings.ToLower(name), ".csv")
	if !found {
		return 0, false
	}
	if before, copied, has := strings.Cut(base, "("); has {
		number, closed := strings.CutSuffix(copied, ")")
		if !closed || !isDigits(number) {
			return 0, false
		}
		base = strings.TrimSuffix(before, " ")
	}
	if !isDigits(base) {
		return 0, false
	}
	start, err := strconv.ParseInt(base, 10, 64)
	return start, err == nil && start <= MaxSecond
}

// NamesFileName is the name of the file of the names that were seen in an hour, which lies beside its hour file.
func NamesFileName(hour int64) string { return strconv.FormatInt(hour, 10) + namesSuffix }

const namesSuffix = ".names.csv"

// NamesOf is StartOf for a file of names.
func NamesOf(name string) (start int64, ok bool) {
	base, found := strings.CutSuffix(strings.ToLower(name), namesSuffix)
	if !found {
		return 0, false
	}
	return StartOf(base + ".csv")
}

func isDigits(s string) bool { return s != "" && strings.TrimLeft(s, "0123456789") == "" }
