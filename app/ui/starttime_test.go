package ui

import (
	"strconv"
	"strings"
	"testing"

	"tracelens/shared/trace"
)

// TestParseStart: a start is understood as people write times, by the clocks that the page shows; nothing else is taken for one.
func TestParseStart(t *testing.T) {
	utc := func(int64) int { return 0 }
	stockholm := func(at int64) int { // 2017: summer time from 26 March 01:00 UTC
		if at >= 1490490000 {
			return 7200
		}
		return 3600
	}
	const eleven = 1483873200 // 2017-01-08 11:00 UTC
	for _, c := range []struct {
		text string
		in   zone
		ns   int64
	}{
		{"1483873200", utc, eleven * trace.Second},
		{" 1483873200.25 ", stockholm, eleven*trace.Second + trace.Second/4},
		{"-1.5", utc, -3 * trace.Second / 2},
		{"2017-01-08 11:00:00", utc, eleven * trace.Second},
		{"2017-01-08 12:00", stockholm, eleven * trace.Second},
		{"2017-01-08T11:00:00Z", stockholm, eleven * trace.Second},
		{"2017-01-08 12:00:00.000000001 +01:00", utc, eleven*trace.Second + 1},
		{"2017-01-08 12:00:00 +0100", utc, eleven * trace.Second},
		{"2017-01-08 11:00 UTC", stockholm, eleven * trace.Second},
		{"2017-03-26 01:59:59", stockholm, 1490489999 * trace.Second},
		{"2017-03-26 03:00:00", stockholm, 1490490000 * trace.Second},
		{"1969-12-31", utc, -86400 * trace.Second},
	} {
		ns, problem := parseStart(c.text, c.in)
		if ns != c.ns || problem != "" {
			t.Errorf("%q: %d, %q; want %d", c.text, ns, problem, c.ns)
		}
		for _, again := range []string{unixText(ns), dateText(ns, c.in)} {
			if back, problem := parseStart(again, c.in); back != ns || problem != "" {
				t.Errorf("%q is written %q, and that is %d, %q", c.text, again, back, problem)
			}
		}
	}
	for _, text := range []string{"", "noon", "2017-02-30 11:00", "2017-01-08 25:00", "1e9", "1.0000000001", "0x10", "99999999999999999999", "9999-01-01", strconv.Itoa(trace.MaxSecond), "<b>"} {
		if ns, problem := parseStart(text, utc); problem == "" || !strings.Contains(problem, text) {
			t.Errorf("%q is taken for %d, %q", text, ns, problem)
		}
	}
}
