package chart

import (
	"fmt"
	"strings"

	"tracelens/app/chart/label"
	"tracelens/shared/report"
)

// Hours draws the traffic per hour as bars from zero, labelled with their volume; hours nobody captured are hatched. hours is
// what is selected, in the accent colour; all is the same hours of the whole trace, drawn in grey behind it, or nil when all is
// selected. Hours that do not fit beside each other are merged: see Picture.Column.
func Hours(hours, all []report.Hour, o Options) Picture {
	o = o.orElse(144, 90)
	base := all
	if len(base) == 0 {
		base, all = hours, nil
	}
	packets, missing := int64(0), 0
	for _, h := range base {
		packets += h.Packets
		if !h.Captured {
			missing++
		}
	}
	if packets == 0 {
		return nothing(o)
	}
	const narrowest = 3 // pixels of a column, its gap included
	cal := o.calendar()
	span := int(base[len(base)-1].Start-base[0].Start)/3600 + 1
	room := float64(o.Width) - 4
	width := group(span, int(room/narrowest)) * 3600
	cols := columns(hours, all, width, cal)
	most := cols[0]
	for _, col := range cols {
		if col.all > most.all {
			most = col
		}
	}

	// A volume on each bar if they fit, numbers without their unit if these fit, else an axis and one volume on the highest.
	names, unitName := barLabels(cols, most.all, all != nil, room/float64(len(cols))-4, o.Units)
	left, right, top := 2.0, 2.0, 20.0
	axis := scale{top: float64(max(most.all, 1)), unit: unitName}
	if names == nil {
		axis = volumesTo(most.all, max(2, (o.Height-60)/30), o.Units)
		left = axis.margin()
	}
	c := newCanvas(o)
	plot := Rect{X: left, Y: top, W: c.w - left - right}
	xmin, xmax := float64(cols[0].start), float64(cols[len(cols)-1].start+width)
	at := func(t float64) float64 { return plot.X + (t-xmin)/(xmax-xmin)*plot.W }
	half := float64(min(width, 3600)) / 2
	ticks := hourTicks(cols, width, plot.W, cal)
	days := severalSubs(ticks, cols[len(cols)-1].start+width)
	plot.H = c.h - top - 26
	if days {
		plot.H -= 15
	}

	if names == nil {
		c.grid(plot, axis)
	}
	step := plot.W / float64(len(cols))
	wide := min(step-min(max(step*0.12, 1), 12), 180)
	var places []Rect
	runs(cols, func(from, to int) {
		gap := min((step-wide)/2, 6)
		places = append(places, Rect{plot.X + float64(from)*step + gap, plot.Y - 8, float64(to-from)*step - 2*gap, plot.H + 8})
	})
	c.notCaptured(places)
	if all != nil {
		c.bars(plot, volumesOf(cols, func(v column) int64 { return v.all }), axis.top, wide, color(o.Theme.Rest))
		c.tops(plot, volumesOf(cols, func(v column) int64 { return v.all }), axis.top, wide, color(o.Theme.Edge))
	}
	c.bars(plot, volumesOf(cols, func(v column) int64 { return v.bytes }), axis.top, wide, color(o.Theme.Accent))
	c.stroke(color(o.Theme.Line), 1)
	c.line(plot.X, plot.Y+plot.H, plot.X+plot.W, plot.Y+plot.H)

	for i, col := range cols {
		x, y := plot.X+(float64(i)+0.5)*step, plot.Y+plot.H-float64(col.all)/axis.top*plot.H-6
		switch {
		case names != nil && col.captured:
			class := value
			if all != nil && col.bytes == 0 {
				class = muted
			} else if all != nil && col.bytes < col.all {
				class = accented
			}
			c.text(class+middle, names[i], x, y)
		case names == nil && col == most:
			r := c.row(value+halo, y)
			r.left = plot.X
			r.put(o.Units.Bytes(col.all), x)
		}
	}
	c.times(plot, ticks, days, func(t int64) float64 { return at(float64(t) + half) })

	p := c.picture(hoursAlt(base, most, width, missing, o), plot)
	p.Unit, p.Column = axis.unit, width
	p.XMin, p.XMax, p.YMax = xmin, xmax, axis.top
	return p
}

func volumesOf(cols []column, of func(column) int64) []float64 {
	vs := make([]float64, len(cols))
	for i, col := range cols {
		vs[i] = float64(of(col))
	}
	return vs
}

// barLabels are the texts over the bars, in the longest form of which each fits into room pixels, or nil. Of an hour that is
// partly selected they say which part: "10 of 510 MB".
func barLabels(cols []column, most int64, parts bool, room float64, u label.Units) (texts []string, unitName string) {
	per, unitName := u.Scale(most)
	bare := func(n int64) string { return label.Number(float64(n) / per) }
	of := func(write func(int64) string) func(column) string {
		return func(col column) string {
			if parts && col.bytes > 0 {
				return write(col.bytes)
			}
			return write(col.all)
		}
	}
	forms := []func(column) string{of(u.Bytes), of(bare)}
	if parts {
		long := func(col column) string {
			if 0 < col.bytes && col.bytes < col.all {
				part, whole := u.Bytes(col.bytes), u.Bytes(col.all)
				if i := strings.LastIndexByte(part, ' '); strings.HasSuffix(whole, part[i:]) {
					part = part[:i]
				}
				return part + " of " + whole
			}
			return u.Bytes(col.all)
		}
		forms = append([]func(column) string{long}, forms...)
	}
next:
	for _, form := range forms {
		texts = texts[:0]
		for _, col := range cols {
			s := form(col)
			if col.captured && textWidth(s, small) > room {
				continue next
			}
			texts = append(texts, s)
		}
		return texts, unitName
	}
	return nil, unitName
}

// hourTicks are the labels under the bars: the hours at which columns start as long as there are few enough, round times else.
func hourTicks(cols []column, width int64, room float64, cal label.Calendar) []label.Tick {
	each := widest([]string{cal.Time(cols[0].start), cal.Time(cols[len(cols)-1].start)}, small) + 14
	start, end := cols[0].start, cols[len(cols)-1].start+width
	if width == 3600 {
		for _, step := range [...]int{1, 2, 3, 4, 6, 12} {
			if each*float64(len(cols))/float64(step) > room && len(cols) > 1 {
				continue
			}
			var ticks []label.Tick
			for _, col := range cols {
				if cal.Hour(col.start)%step == 0 || len(cols) <= step {
					ticks = append(ticks, label.Tick{At: col.start, Text: cal.Time(col.start), Sub: cal.Day(col.start)})
				}
			}
			return ticks
		}
	}
	return cal.Ticks(start, end-1, max(1, int(room/each)), width)
}

func hoursAlt(base []report.Hour, most column, width int64, missing int, o Options) string {
	per := "hour"
	if width > 3600 {
		per = label.Duration(width * 1e9)
	}
	s := fmt.Sprintf("Traffic per %s over %s hours; most, %s, at %s", per, label.Count(int64(len(base))), o.Units.Bytes(most.all),
		o.calendar().Time(most.start))
	if day := o.calendar().Day(most.start); day != "" {
		s += " on " + day
	}
	if missing > 0 {
		s += fmt.Sprintf("; %s not captured", label.Count(int64(missing)))
	}
	return s + "."
}
