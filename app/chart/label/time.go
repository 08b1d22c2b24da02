package label

import (
	"strconv"
	"time"
)

// Clock is the time of day: "21:46".
func Clock(unix int64, loc *time.Location) string { return at(unix, loc).Format("15:04") }

// ClockSeconds is the time of day with seconds: "21:46:05".
func ClockSeconds(unix int64, loc *time.Location) string { return at(unix, loc).Format("15:04:05") }

// Date is the day: "8 January 2017".
func Date(unix int64, loc *time.Location) string { return at(unix, loc).Format("2 January 2006") }

// Elapsed is a time counted from 0, for traces of unknown start: "13:05", or "13:05:07" with seconds.
func Elapsed(secs int64, seconds bool) string {
	sign := ""
	if secs < 0 {
		sign, secs = "-", -secs
	}
	s := sign + strconv.FormatInt(secs/3600, 10) + ":" + two(secs/60%60)
	if seconds {
		s += ":" + two(secs%60)
	}
	return s
}

func two(n int64) string { return string([]byte{byte('0' + n/10), byte('0' + n%10)}) }

func at(unix int64, loc *time.Location) time.Time {
	if loc == nil {
		loc = time.UTC
	}
	return time.Unix(unix, 0).In(loc)
}

// A Calendar turns unix seconds into words. Relative times are counted from Origin and have no date.
type Calendar struct {
	Loc      *time.Location // nil is UTC
	Relative bool
	Origin   int64 // unix seconds
}

// Time is the time of day, or the time since Origin; with seconds where they are not 0.
func (c Calendar) Time(unix int64) string {
	if (unix-c.origin())%60 != 0 {
		return c.Seconds(unix)
	}
	if c.Relative {
		return Elapsed(unix-c.Origin, false)
	}
	return Clock(unix, c.Loc)
}

// Seconds is the time with seconds.
func (c Calendar) Seconds(unix int64) string {
	if c.Relative {
		return Elapsed(unix-c.Origin, true)
	}
	return ClockSeconds(unix, c.Loc)
}

func (c Calendar) origin() int64 {
	if c.Relative {
		return c.Origin
	}
	return 0
}

// Day is the short date, "8 Jan"; nothing for relative times.
func (c Calendar) Day(unix int64) string {
	if c.Relative {
		return ""
	}
	return at(unix, c.Loc).Format("2 Jan")
}

// Hour is the hour of the day, 0 to 23, or the hours since Origin.
func (c Calendar) Hour(unix int64) int {
	if c.Relative {
		return int((unix - c.Origin) / 3600)
	}
	return at(unix, c.Loc).Hour()
}

// Offset is the number of seconds local time is ahead of UTC at that moment.
func (c Calendar) Offset(unix int64) int64 {
	if c.Relative {
		return 0
	}
	_, off := at(unix, c.Loc).Zone()
	return int64(off)
}

// A Tick is a label of a time axis. Sub is what the label leaves out, the day of an hour or the year of a day: to be written
// where it changes.
type Tick struct {
	At   int64
	Text string
	Sub  string
}

const day = 24 * 3600

var steps = [...]int64{1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 2 * 3600, 3 * 3600, 4 * 3600, 6 * 3600, 12 * 3600,
	day, 2 * day, 7 * day}

// Ticks returns round local times in [start, end], at most about count, no closer than least seconds.
func (c Calendar) Ticks(start, end int64, count int, least int64) []Tick {
	if end < start || count < 1 {
		return nil
	}
	if c.Relative && c.Origin != 0 {
		ticks := Calendar{Relative: true}.Ticks(start-c.Origin, end-c.Origin, count, least)
		for i := range ticks {
			ticks[i].At += c.Origin
		}
		return ticks
	}
	for _, step := range steps {
		if step >= least && (end-start)/step < int64(count) {
			return c.every(step, start, end)
		}
	}
	if c.Relative {
		step := int64(Step(float64(end-start)/day, count)) * day
		return c.every(max(step, day), start, end)
	}
	for _, months := range [...]int{1, 2, 3, 6, 12, 24, 60, 120} {
		if (end-start)/(30*day*int64(months)) < int64(count) {
			return c.months(months, start, end)
		}
	}
	return nil
}

func (c Calendar) every(step, start, end int64) (ticks []Tick) {
	if c.Relative {
		for t := (start + step - 1) / step * step; t <= end; t += step {
			text := Elapsed(t, step < 60)
			if step >= day {
				text = Count(t/day) + " d"
			}
			ticks = append(ticks, Tick{At: t, Text: text})
		}
		return ticks
	}
	// Wall clock times are counted from local midnight, so that they stay round on the days the clocks change.
	y, m, d := at(start, c.Loc).Date()
	first := at(start, c.Loc)
	if step >= day {
		if h, mi, s := first.Clock(); h+mi+s > 0 {
			d++
		}
	}
	from := int64(0)
	if step < day {
		h, mi, s := first.Clock()
		from = int64(h*3600+mi*60+s) / step * step
	}
	for last := start - 1; ; from = 0 {
		for k := from; k < max(day, step); k += step {
			t := time.Date(y, m, d, int(k/3600), int(k/60%60), int(k%60), 0, first.Location())
			u := t.Unix()
			if u > end {
				return ticks
			}
			if u > last {
				last = u
				ticks = append(ticks, c.tick(t, step))
			}
		}
		d += int(max(1, step/day))
	}
}

func (c Calendar) tick(t time.Time, step int64) Tick {
	switch {
	case step < 60:
		return Tick{t.Unix(), t.Format("15:04:05"), t.Format("2 Jan")}
	case step < day:
		return Tick{t.Unix(), t.Format("15:04"), t.Format("2 Jan")}
	}
	return Tick{t.Unix(), t.Format("2 Jan"), t.Format("2006")}
}

func (c Calendar) months(n int, start, end int64) (ticks []Tick) {
	first := at(start, c.Loc)
	for k := 0; ; k += n {
		t := time.Date(first.Year(), time.Month(1+k), 1, 0, 0, 0, 0, first.Location())
		switch u := t.Unix(); {
		case u > end:
			return ticks
		case u < start:
		case n >= 12:
			ticks = append(ticks, Tick{u, t.Format("2006"), ""})
		default:
			ticks = append(ticks, Tick{u, t.Format("Jan"), t.Format("2006")})
		}
	}
}
