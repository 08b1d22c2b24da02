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
// tshark users name files after the second at which they began. ok is false for any other name: the start is then unknown.
func StartOf(name string) (start int64, ok bool) {
	base, found := strings.CutSuffix(strings.ToLower(name), ".csv")
	if !found || base == "" || strings.TrimLeft(base, "0123456789") != "" {
		return 0, false
	}
	start, err := strconv.ParseInt(base, 10, 64)
	return start, err == nil && start <= MaxSecond
}
