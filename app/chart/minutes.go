package chart

import (
	"fmt"

	charts "github.com/vicanso/go-charts/v2"

	"tracelens/app/chart/label"
	"tracelens/shared/report"
)

// A Series is the traffic of a stretch of time in bins of Step seconds.
type Series struct {
	Bins       []report.Bin  // what is selected, sorted by start; a bin that is absent is 0
	All        []report.Bin  // the same of the whole trace, in grey behind; nil when all is selected
	Hours      []report.Hour // which hours were captured: the line breaks where nobody looked
	Step       int64         // 60 or 1
	Start, End int64         // unix seconds, the stretch that is shown
}

// Minutes draws the traffic per minute, or second, as a line over an area from zero. With more bins than the picture has room
// for, the line is the mean of those that share two pixels and a band shows the least and the most of them: no peak is lost.
func Minutes(s Series, o Options) Picture {
	o = o.orElse(186, 90)
	s.Step = max(s.Step, 1)
	s.Start -= mod(s.Start, s.Step)
	s.End += mod(-s.End, s.Step)
	s.Bins, s.All = between(s.Bins, s.Start, s.End), between(s.All, s.Start, s.End)
	most, packets := int64(0), int64(0)
	for _, bins := range [...][]report.Bin{s.Bins, s.All} {
		for i := range bins {
			most, packets = max(most, bins[i].Bytes), packets+bins[i].Packets
		}
	}
	if packets == 0 || s.End <= s.Start {
		return nothing(o)
	}
	axis := volumes(most, max(2, (o.Height-36)/36), o.Units)
	c := newCanvas(o)
	left := axis.margin()
	plot := Rect{X: left, Y: 10, W: c.w - left - 16}
	at := func(t int64) float64 { return plot.X + float64(t-s.Start)/float64(s.End-s.Start)*plot.W }
	cal := o.calendar()
	ticks := cal.Ticks(s.Start, s.End, max(2, int(plot.W/(textWidth(cal.Time(s.End), small)+24))), max(s.Step, 60))
	if len(ticks) < 4 && s.Step < 60 { // hours and minutes do not tell this stretch apart
		ticks = cal.Ticks(s.Start, s.End, max(2, int(plot.W/(textWidth("00:00:00", small)+24))), s.Step)
	}
	days := severalSubs(ticks, s.End)
	plot.H = c.h - plot.Y - 26
	if days {
		plot.H -= 15
	}

	gaps := gaps(s.Hours, s.Start, s.End)
	slots := int(plot.W)
	dense := (s.End-s.Start)/s.Step > int64(2*slots)
	if dense {
		plot.Y, plot.H, slots = plot.Y+14, plot.H-14, slots/2
		c.text(muted+end, "line: mean, band: least to most", plot.X+plot.W, 12)
	}
	all, sel := reduce(s.All, s, gaps, slots, dense), reduce(s.Bins, s, gaps, slots, dense)
	accent, edge, rim := color(o.Theme.Accent), color(o.Theme.Edge), color(o.Theme.Rim)
	grey := mix(color(o.Theme.Card), faded(color(o.Theme.Rest), 110))
	if s.All != nil {
		c.areas(plot, all, axis.top, grey, edge)
	} else if !dense {
		c.areas(plot, sel, axis.top, o.Theme.soft(o.Theme.Soft), rim)
	}
	c.grid(plot, axis)
	places := make([]Rect, len(gaps))
	for i, g := range gaps {
		places[i] = Rect{X: at(g.from), Y: plot.Y, W: at(g.to) - at(g.from), H: plot.H}
	}
	c.notCaptured(places)
	if s.All != nil {
		c.curve(plot, all.mean, axis.top, edge, 1.2)
	}
	if s.All != nil || dense {
		c.areas(plot, sel, axis.top, mix(color(o.Theme.Card), faded(accent, 85)), rim)
	}
	c.curve(plot, sel.mean, axis.top, accent, 1.6)
	c.times(plot, ticks, days, at)

	per := label.Duration(s.Step * 1e9)
	switch s.Step {
	case 60:
		per = "minute"
	case 1:
		per = "second"
	}
	p := c.picture(fmt.Sprintf("Traffic per %s, %s to %s; most %s.", per, cal.Time(s.Start), cal.Time(s.End), o.Units.Bytes(most)), plot)
	p.Unit, p.Dots = axis.unit, !dense
	p.XMin, p.XMax, p.YMax = float64(s.Start), float64(s.End), axis.top
	return p
}

// curve has go-charts draw values, evenly spaced over plot, as a line that breaks where a value is missing. A value without
// neighbours has no line: it is a dot.
func (c *canvas) curve(plot Rect, values []float64, top float64, stroke charts.Color, width float64) {
	data := make([]charts.SeriesData, len(values))
	for i, v := range values {
		data[i].Value = v
	}
	p, padding := c.inside(plot)
	zero := 0.0
	_, err := charts.NewLineChart(p, charts.LineChartOption{
		Theme:        c.o.Theme.palette(stroke),
		Padding:      padding,
		SeriesList:   charts.SeriesList{{Data: data}},
		XAxis:        charts.XAxisOption{Data: make([]string, len(data)), Show: charts.FalseFlag()},
		YAxisOptions: []charts.YAxisOption{{Min: &zero, Max: &top, Show: charts.FalseFlag()}},
		SymbolShow:   charts.FalseFlag(),
		StrokeWidth:  width * unit,
	}).Render()
	if err != nil {
		panic("chart: " + err.Error()) // no title, no legend, no font to look up: nothing can fail
	}
	segments(values, func(from, to int) {
		if to-from == 1 {
			c.fill(stroke)
			c.dot(slot(plot, from, len(values)), plot.Y+plot.H-values[from]/top*plot.H, 2.5)
		}
	})
}

// areas fills what is under the line, or between the least and the most with a line along the most, up to its breaks; go-charts would fill
// across them.
func (c *canvas) areas(plot Rect, v values, top float64, fill, peaks charts.Color) {
	n := len(v.mean)
	y := func(v float64) float64 { return plot.Y + plot.H - v/top*plot.H }
	segments(v.mean, func(from, to int) {
		if to-from == 1 {
			return
		}
		xy := make([]float64, 0, 4*(to-from)+4)
		upper := v.mean
		if v.most != nil {
			upper = v.most
			for i := to - 1; i >= from; i-- {
				xy = append(xy, slot(plot, i, n), y(v.least[i]))
			}
		} else {
			xy = append(xy, slot(plot, to-1, n), y(0), slot(plot, from, n), y(0))
		}
		for i := from; i < to; i++ {
			xy = append(xy, slot(plot, i, n), y(upper[i]))
		}
		c.fill(fill)
		c.area(xy)
		if v.most != nil {
			c.stroke(peaks, 0.8)
			c.path(xy[2*(to-from):])
		}
	})
}

// slot is the middle of the i-th of n equal parts of plot, where go-charts puts the i-th point.
func slot(plot Rect, i, n int) float64 { return plot.X + (float64(i)+0.5)/float64(n)*plot.W }

// segments calls f for each stretch of values without a missing one.
func segments(values []float64, f func(from, to int)) {
	from := 0
	for i, v := range values {
		if v == charts.GetNullValue() {
			if i > from {
				f(from, i)
			}
			from = i + 1
		}
	}
	if from < len(values) {
		f(from, len(values))
	}
}
