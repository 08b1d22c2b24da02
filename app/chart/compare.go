package chart

import (
	"fmt"

	"tracelens/app/chart/label"
	"tracelens/shared/report"
)

// Compare draws the traffic per hour of two reports over each other: bars of this one, and a line in steps of the other. Both are of the same
// hours: see compare.Hours. Where this one was not captured is hatched; where the other was not, its line is interrupted.
func Compare(this, other []report.Hour, o Options) Picture {
	o = o.orElse(160, 90)
	packets := int64(0)
	for i := range this {
		packets += this[i].Packets + other[i].Packets
	}
	if packets == 0 {
		return nothing(o)
	}
	const narrowest = 3 // pixels of a column, its gap included
	cal := o.calendar()
	width := group(len(this), int((float64(o.Width)-60)/narrowest)) * 3600
	bars, steps := columns(this, nil, width, cal), columns(other, nil, width, cal)
	most, mostOther := bars[0], steps[0]
	for i := range bars {
		if bars[i].bytes > most.bytes {
			most = bars[i]
		}
		if steps[i].bytes > mostOther.bytes {
			mostOther = steps[i]
		}
	}
	axis := volumes(max(most.bytes, mostOther.bytes), max(2, (o.Height-44)/34), o.Units)
	c := newCanvas(o)
	left := axis.margin()
	plot := Rect{X: left, Y: 10, W: c.w - left - 8}
	xmin, xmax := float64(bars[0].start), float64(bars[len(bars)-1].start+width)
	half := float64(min(width, 3600)) / 2
	at := func(t int64) float64 { return plot.X + (float64(t)+half-xmin)/(xmax-xmin)*plot.W }
	ticks := hourTicks(bars, width, plot.W, cal)
	days := severalSubs(ticks, int64(xmax))
	plot.H = c.h - plot.Y - 26
	if days {
		plot.H -= 15
	}

	c.grid(plot, axis)
	step := plot.W / float64(len(bars))
	wide := min(step-min(max(step*0.12, 1), 12), 180)
	var places []Rect
	runs(bars, func(from, to int) {
		gap := min((step-wide)/2, 6)
		places = append(places, Rect{plot.X + float64(from)*step + gap, plot.Y, float64(to-from)*step - 2*gap, plot.H})
	})
	c.notCaptured(places)
	c.bars(plot, volumesOf(bars, func(v column) int64 { return v.bytes }), axis.top, wide, color(o.Theme.Accent))
	c.steps(plot, steps, axis.top)
	c.stroke(color(o.Theme.Line), 1)
	c.line(plot.X, plot.Y+plot.H, plot.X+plot.W, plot.Y+plot.H)
	c.times(plot, ticks, days, at)

	p := c.picture(fmt.Sprintf("Traffic per %s of both; most, %s, at %s, and %s at %s of the other.", label.Duration(width*1e9),
		o.Units.Bytes(most.bytes), cal.Time(most.start), o.Units.Bytes(mostOther.bytes), cal.Time(mostOther.start)), plot)
	p.Unit, p.Column = axis.unit, width
	p.XMin, p.XMax, p.YMax = xmin, xmax, axis.top
	return p
}

// steps draws a line over columns as wide as their places, with a rim in the colour of the card, so that it can be seen on bars too. It is
// interrupted where nothing was captured.
func (c *canvas) steps(plot Rect, cols []column, top float64) {
	step := plot.W / float64(len(cols))
	draw := func() {
		for i := 0; i < len(cols); i++ {
			if !cols[i].captured {
				continue
			}
			first := true
			for ; i < len(cols) && cols[i].captured; i++ {
				x, y := plot.X+float64(i)*step, plot.Y+plot.H-float64(cols[i].bytes)/top*plot.H
				if first {
					c.p.MoveTo(units(x), units(y))
				} else {
					c.p.LineTo(units(x), units(y))
				}
				c.p.LineTo(units(x+step), units(y))
				first = false
			}
		}
		c.p.Stroke()
	}
	c.stroke(color(c.o.Theme.Card), 4)
	draw()
	c.stroke(color(c.o.Theme.Ink), 1.8)
	draw()
}
