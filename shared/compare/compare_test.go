package compare

import (
	"fmt"
	"slices"
	"testing"

	"tracelens/shared/report"
	"tracelens/shared/trace"
)

const eight = 1_483_862_400 // 8 January 2017, 8:00 UTC

func hours(start int64, bytes ...int64) []report.Hour {
	list := make([]report.Hour, len(bytes))
	for i, n := range bytes {
		list[i] = report.Hour{Start: start + int64(i)*trace.HourS, Captured: n >= 0, Bytes: max(n, 0), Packets: max(n, 0) / 10}
	}
	return list
}

func TestShift(t *testing.T) {
	const hour = trace.HourS
	for _, c := range []struct {
		name        string
		this, other int64
		align       Align
		relative    bool
		want        int64
	}{
		{"the day before", eight, eight - 24*hour, Days, false, 24 * hour},
		{"a later hour of the day before", eight, eight - 20*hour, Days, false, 24 * hour},
		{"the same day", eight, eight + 3*hour, Days, false, 0},
		{"half a day before", eight, eight - 12*hour, Days, false, 24 * hour},
		{"half a day after", eight, eight + 12*hour, Days, false, 0},
		{"a week later", eight, eight + 7*24*hour + hour, Days, false, -7 * 24 * hour},
		{"years", eight, eight - 365*24*hour - 5*hour, Days, false, 365 * 24 * hour},
		{"as they were", eight, eight - 24*hour, Times, false, 0},
		{"beginnings", eight, eight - 31*hour, Starts, false, 31 * hour},
		{"relative", 0, eight, Days, true, -eight},
		{"relative, as they were", 0, eight, Times, true, -eight},
	} {
		this, other := &report.Report{Hours: hours(c.this, 1), Relative: c.relative}, &report.Report{Hours: hours(c.other, 1)}
		if got := Shift(this, other, c.align); got != c.want {
			t.Errorf("%s: %d hours, want %d", c.name, got/hour, c.want/hour)
		}
		if got := Shift(this, &report.Report{}, c.align); got != 0 {
			t.Errorf("%s, beside nothing: %d", c.name, got)
		}
	}
}

func TestHours(t *testing.T) {
	const day = 24 * trace.HourS
	for _, c := range []struct {
		name         string
		this, other  []report.Hour
		want, beside string // "-" for an hour that was not captured
	}{
		{"the same hours", hours(eight, 10, 20), hours(eight-day, 30, 40), "10 20", "30 40"},
		{"a gap each", hours(eight, 10, -1, 20), hours(eight-day, 1, 2, -1), "10 - 20", "1 2 -"},
		{"one begins earlier", hours(eight, 10), hours(eight-day-2*trace.HourS, 1, 2, 3, 4), "- - 10 -", "1 2 3 4"},
		{"apart", hours(eight, 10), hours(eight-day+2*trace.HourS, 1), "10 - -", "- - 1"},
		{"nothing", nil, hours(eight-day, 1), "-", "1"},
		{"nothing at all", nil, nil, "", ""},
		{"no traffic is none, and captured", hours(eight, 0), hours(eight-day, -1), "0", "-"},
	} {
		these, others := Hours(c.this, c.other, day)
		written := func(list []report.Hour) (text string) {
			for i, h := range list {
				if i > 0 {
					text += " "
				}
				if h.Start != list[0].Start+int64(i)*trace.HourS || h.Start != these[i].Start {
					t.Errorf("%s: hour %d starts at %d", c.name, i, h.Start)
				}
				if h.Captured {
					text += fmt.Sprint(h.Bytes)
				} else {
					text += "-"
				}
			}
			return text
		}
		if a, b := written(these), written(others); a != c.want || b != c.beside {
			t.Errorf("%s: %q and %q, want %q and %q", c.name, a, b, c.want, c.beside)
		}
	}
}

// top are entries by their bytes, each of ten bytes a packet.
func top(key string, bytes ...int64) (list []report.Entry) {
	for i, n := range bytes {
		list = append(list, report.Entry{Key: fmt.Sprint(key, i), Bytes: n, Packets: n / 10})
	}
	return list
}

func TestMovers(t *testing.T) {
	full := func(key string, least int64) []report.Entry { // a list that may have left some out
		bytes := make([]int64, report.TopN)
		for i := range bytes {
			bytes[i] = least + int64(report.TopN-1-i)
		}
		return top(key, bytes...)
	}
	written := func(list []Mover) (texts []string) {
		for _, m := range list {
			change, atLeast := m.Bytes()
			text := fmt.Sprintf("%s %+d", m.Key, change)
			if atLeast {
				text += " at least"
			}
			texts = append(texts, text)
		}
		return texts
	}
	for _, c := range []struct {
		name        string
		this, other []report.Entry
		want        []string
	}{
		{"more, less, the same, new and gone", append(top("a", 100, 50, 7), report.Entry{Key: "new", Bytes: 60}),
			append(top("a", 40, 90, 7), report.Entry{Key: "gone", Bytes: 55}), []string{"a0 +60", "new +60", "gone -55", "a1 -40"}},
		{"not among the twenty of the other", append([]report.Entry{{Key: "b", Bytes: 500}}, full("a", 100)[1:]...), full("a", 100), []string{"b +400 at least"}},
		{"not among the twenty of this", full("a", 100), append([]report.Entry{{Key: "b", Bytes: 500}}, full("a", 100)[1:]...), []string{"b -400 at least"}},
		{"too little to know", append(full("a", 100)[:19], report.Entry{Key: "b", Bytes: 100}), full("a", 100), nil},
		{"a short list beside a full one", top("a", 90, 500), full("b", 100), []string{"a1 +400 at least", "b0 -119", "b1 -118"}},
		{"nothing", nil, nil, nil},
	} {
		got := written(Movers(&report.Report{Top: report.Top{Source: c.this}}, &report.Report{Top: report.Top{Source: c.other}}, report.ListSource))
		if !slices.Equal(got[:min(len(got), max(len(c.want), 1))], c.want) { // the first ones, or none
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
	pair := func(bytes int64) *report.Report {
		return &report.Report{Top: report.Top{Pair: []report.PairEntry{{Key: [2]string{"a", "b"}, Bytes: bytes}, {Key: [2]string{"b", "a"}, Bytes: 2 * bytes}}}}
	}
	for i, m := range Movers(pair(10), pair(3), report.ListPair) {
		want := []Mover{{Key: "b", Second: "a", This: Amount{Bytes: 20}, Other: Amount{Bytes: 6}}, {Key: "a", Second: "b", This: Amount{Bytes: 10}, Other: Amount{Bytes: 3}}}[i]
		if m != want {
			t.Errorf("%+v, want %+v", m, want)
		}
	}
}
