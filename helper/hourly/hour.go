package hourly

import (
	"strconv"

	"tracelens/shared/trace"
)

// hourSeconds is how long an hour is. It is text, and a variable, so that a soak test can link a program whose hours are short:
// -ldflags="-X tracelens/helper/hourly.hourSeconds=10".
var hourSeconds = "3600"

var lengthS, lengthNS = func() (s, ns int64) {
	s, err := strconv.ParseInt(hourSeconds, 10, 32)
	if err != nil || s < 1 {
		panic("hourly: an hour of " + hourSeconds + " seconds")
	}
	return s, s * trace.Second
}()

// HourOf is the hour of a time (unix nanoseconds), in unix seconds. Time zones and daylight saving do not come into it.
func HourOf(ns int64) int64 { return trace.Floor(ns, lengthNS) / trace.Second }
