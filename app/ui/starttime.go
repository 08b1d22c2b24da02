package ui

import (
	"strconv"
	"strings"
	"time"

	"tracelens/app/internal/browser"
	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// A zone says how far the clocks of a place are ahead of UTC, in seconds, at a time, unix seconds.
type zone func(at int64) int

// clocks is the zone that the page writes clock times in, and its name.
func (p *Page) clocks() (zone, string) {
	if p.utc {
		return func(int64) int { return 0 }, "UTC"
	}
	name, _ := browser.Zone(0)
	return func(at int64) int {
		_, ahead := browser.Zone(at)
		return ahead
	}, name
}

// A time may be typed as a date, with a time of the day or without one, whose seconds may have a fraction, and a zone after it.
var (
	dateLayouts = []string{"2006-01-02 15:04:05", "2006-01-02T15:04:05", "2006-01-02 15:04", "2006-01-02T15:04", "2006-01-02"}
	zoneLayouts = []string{"", "Z07:00", " Z07:00", "Z0700", " Z0700", " UTC"}
)

// parseStart reads a time: a date, in the given zone if there is none after it, or seconds since 1970. It is in nanoseconds since 1970;
// problem is what is wrong with it, in words.
func parseStart(text string, in zone) (ns int64, problem string) {
	text = strings.TrimSpace(text)
	if ns, ok := parseUnix(text); ok {
		return ns, ""
	}
	for _, date := range dateLayouts {
		for _, after := range zoneLayouts {
			t, err := time.Parse(date+after, text)
			if err != nil {
				if strings.Contains(err.Error(), "out of range") {
					return 0, "There is no such day or time as " + text + "."
				}
				continue
			}
			if after == "" {
				ahead := in(t.Unix() - int64(in(t.Unix()))) // at that time by those clocks, not by UTC's
				t = t.Add(-time.Duration(ahead) * time.Second)
			}
			if s := t.Unix(); s <= -trace.MaxSecond || s >= trace.MaxSecond {
				return 0, text + " is too far from today for a trace."
			}
			return t.UnixNano(), ""
		}
	}
	return 0, "“" + text + "” is not understood. Write it as 2017-01-08 11:00:00, with Z or +01:00 after it for another zone, or as seconds since 1970."
}

// parseUnix reads seconds since 1970, with up to nine decimals.
func parseUnix(text string) (ns int64, ok bool) {
	whole, fraction, _ := strings.Cut(text, ".")
	s, err := strconv.ParseInt(whole, 10, 64)
	if err != nil || s <= -trace.MaxSecond || s >= trace.MaxSecond || len(fraction) > 9 || strings.Trim(fraction, "0123456789") != "" {
		return 0, false
	}
	parts, _ := strconv.ParseInt((fraction + "000000000")[:9], 10, 64) // digits, by the above
	if strings.HasPrefix(whole, "-") {
		parts = -parts
	}
	return s*trace.Second + parts, true
}

// unixText is a time as parseUnix reads it.
func unixText(ns int64) string {
	text, _ := report.Time(ns).MarshalJSON() // has no way to fail
	return strings.TrimSuffix(strings.TrimRight(string(text), "0"), ".")
}

// dateText is a time as parseStart reads it.
func dateText(ns int64, in zone) string {
	return clockOf(ns, in).Format("2006-01-02 15:04:05.999999999")
}

// dateInWords is a time for people.
func dateInWords(ns int64, in zone) string {
	return clockOf(ns, in).Format("Monday, 2 January 2006, 15:04:05.999999999")
}

func clockOf(ns int64, in zone) time.Time {
	return time.Unix(0, ns).In(time.FixedZone("", in(trace.Floor(ns, trace.Second)/trace.Second)))
}
