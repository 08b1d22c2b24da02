package label

import (
	"math"
	"testing"
	"time"
)

func TestWords(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Bytes(0), "0 B"}, {Bytes(118), "118 B"}, {Bytes(999), "999 B"}, {Bytes(1000), "1 kB"}, {Bytes(41e6), "41 MB"},
		{Bytes(1_834_000_000), "1.83 GB"}, {Bytes(912_000_000), "912 MB"}, {Bytes(999_499), "999 kB"}, {Bytes(999_500), "1 MB"},
		{Bytes(9_995), "10 kB"}, {Bytes(-41e6), "-41 MB"}, {Bytes(math.MaxInt64), "9.22 EB"},
		{Binary.Bytes(1023), "1023 B"}, {Binary.Bytes(1024), "1 KiB"}, {Binary.Bytes(41e6), "39.1 MiB"},
		{Binary.Bytes(1<<20 - 1), "1 MiB"}, {Bits.Bytes(41e6), "328 Mbit"}, {Bits.Bytes(0), "0 bit"},
		{Count(0), "0"}, {Count(999), "999"}, {Count(3911), "3\u202f911"}, {Count(1214330), "1\u202f214\u202f330"},
		{Count(-1000), "-1\u202f000"}, {Count(math.MinInt64), "-9\u202f223\u202f372\u202f036\u202f854\u202f775\u202f808"},
		{Rate(1.012e6), "1.01 Mbit/s"}, {Rate(0), "0 bit/s"}, {Rate(0.5), "0.5 bit/s"}, {Rate(math.NaN()), "–"}, {Rate(math.Inf(1)), "–"},
		{Percent(413, 1000), "41.3 %"}, {Percent(0, 7), "0 %"}, {Percent(7, 7), "100 %"}, {Percent(1, 1e6), "< 0.1 %"},
		{Percent(1e6-1, 1e6), "> 99.9 %"}, {Percent(1, 0), "–"}, {Percent(1, 2), "50 %"},
		{Duration(0), "0 s"}, {Duration(850), "0.85 µs"}, {Duration(12_345_678), "12.3 ms"}, {Duration(999_600_000), "1 s"},
		{Duration(3.2e9), "3.2 s"}, {Duration(59.96e9), "1 min"}, {Duration(252e9), "4 min 12 s"}, {Duration(3599.6e9), "1 h"},
		{Duration(11 * 3600e9), "11 h"}, {Duration(47*3600e9 + 1800e9), "47 h 30 min"}, {Duration(76 * 3600e9), "3 d 4 h"}, {Duration(-3.2e9), "-3.2 s"},
		{Duration(48*3600e9 - 20e9), "2 d"},
		{Elapsed(13*3600+7*60, false), "13:07"}, {Elapsed(125, true), "0:02:05"}, {Elapsed(100*3600, false), "100:00"},
		{Clock(1483909560, nil), "21:06"}, {ClockSeconds(1483909565, time.FixedZone("", 3600)), "22:06:05"}, {Date(1483909560, nil), "8 January 2017"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}

func TestScale(t *testing.T) {
	for _, c := range []struct {
		u    Units
		max  int64
		per  float64
		unit string
	}{{SI, 510e6, 1e6, "MB"}, {SI, 0, 1, "B"}, {Binary, 1 << 30, 1 << 30, "GiB"}, {Bits, 125, 125, "kbit"}, {Bits, 0, .125, "bit"}, {Units(9), 5, 1, "B"}} {
		if per, unit := c.u.Scale(c.max); per != c.per || unit != c.unit {
			t.Errorf("%d: %v %s, want %v %s", c.max, per, unit, c.per, c.unit)
		}
	}
}

func TestNice(t *testing.T) {
	for _, c := range []struct {
		max   float64
		count int
		top   float64
		ticks int
	}{{14.9, 4, 15, 4}, {17, 4, 20, 5}, {0.3, 3, 0.3, 4}, {1, 5, 1, 6}, {999, 4, 1000, 5}, {0, 4, 1, 2}, {math.NaN(), 4, 1, 2}, {1e18, 4, 1e18, 5}} {
		got := Nice(c.max, c.count)
		if got[0] != 0 || got[len(got)-1] != c.top || len(got) != c.ticks {
			t.Errorf("Nice(%v, %d) = %v", c.max, c.count, got)
		}
	}
	if got := Within(0, 1514, 7); len(got) != 7 || got[6] != 1500 {
		t.Errorf("%v", got)
	}
	if got := Within(5, 5, 7); len(got) != 1 {
		t.Errorf("%v", got)
	}
}

func TestTicks(t *testing.T) {
	loc, err := time.LoadLocation("Europe/Stockholm")
	if err != nil {
		t.Skip("no time zones here")
	}
	at := func(s string) int64 {
		u, err := time.ParseInLocation("2006-01-02 15:04:05", s, loc)
		if err != nil {
			t.Fatal(err)
		}
		return u.Unix()
	}
	texts := func(ticks []Tick) (s string) {
		for i, k := range ticks {
			if i > 0 {
				s += " "
			}
			s += k.Text
		}
		return s
	}
	cal := Calendar{Loc: loc}
	for _, c := range []struct {
		from, to string
		count    int
		want     string
	}{
		{"2017-01-08 21:00:00", "2017-01-08 23:00:00", 9, "21:00 21:15 21:30 21:45 22:00 22:15 22:30 22:45 23:00"},
		{"2017-01-08 21:00:07", "2017-01-08 21:00:31", 6, "21:00:10 21:00:15 21:00:20 21:00:25 21:00:30"},
		{"2017-01-08 13:00:00", "2017-01-10 13:00:00", 5, "00:00 12:00 00:00 12:00"},
		{"2017-03-25 12:00:00", "2017-03-26 12:00:00", 5, "12:00 18:00 00:00 06:00 12:00"}, // the night is an hour short
		{"2017-10-28 18:00:00", "2017-10-29 12:00:00", 7, "18:00 21:00 00:00 03:00 06:00 09:00 12:00"},
		{"2017-01-08 13:00:00", "2017-01-14 13:00:00", 7, "9 Jan 10 Jan 11 Jan 12 Jan 13 Jan 14 Jan"},
		{"2016-11-08 13:00:00", "2017-04-14 13:00:00", 7, "Dec Jan Feb Mar Apr"},
		{"2010-11-08 13:00:00", "2017-04-14 13:00:00", 8, "2011 2012 2013 2014 2015 2016 2017"},
	} {
		if got := texts(cal.Ticks(at(c.from), at(c.to), c.count, 1)); got != c.want {
			t.Errorf("%s to %s: %s\nwant %s", c.from, c.to, got, c.want)
		}
	}
	rel := Calendar{Relative: true}
	if got := texts(rel.Ticks(0, 7200, 5, 1)); got != "0:00 0:30 1:00 1:30 2:00" {
		t.Error(got)
	}
	if got := texts(rel.Ticks(0, 90*86400, 4, 1)); got != "0 d 25 d 50 d 75 d" {
		t.Error(got)
	}
	if got := cal.Ticks(10, 5, 4, 1); got != nil {
		t.Error(got)
	}
	if got := texts(cal.Ticks(at("2017-01-08 13:00:00"), at("2017-01-08 13:00:00"), 4, 60)); got != "13:00" {
		t.Error(got)
	}
}

func TestChange(t *testing.T) {
	for _, c := range []struct {
		now, before float64
		want        string
	}{
		{112, 100, "+12 %"}, {60, 100, "−40 %"}, {310, 100, "×3.1"}, {200, 100, "×2"}, {199.9, 100, "+99.9 %"}, {100, 100, "the same"}, {5, 0, "new"},
		{0, 5, "gone"}, {0, 0, "–"}, {1000001, 1000000, "+< 0.1 %"}, {1, 1e6, "−> 99.9 %"}, {1e6, 1, "×1\u202f000\u202f000"},
	} {
		if got := Change(c.now, c.before); got != c.want {
			t.Errorf("from %v to %v: %q, want %q", c.before, c.now, got, c.want)
		}
	}
}
