package chart

import (
	charts "github.com/vicanso/go-charts/v2"
)

// bars has go-charts draw one bar per value into plot, from zero to at most top, each at most wide pixels. A value of zero or
// below draws nothing; one above zero is at least a pixel high, so that little is not mistaken for nothing.
func (c *canvas) bars(plot Rect, values []float64, top, wide float64, fill charts.Color) {
	if top <= 0 {
		return
	}
	// go-charts turns a rounded bar lower than its corners inside out: low ones are drawn square, in a chart of their own.
	const radius, low = 2, 6
	round := wide >= 4*radius
	tall, flat := make([]charts.SeriesData, len(values)), make([]charts.SeriesData, len(values))
	anyTall, anyFlat := false, false
	for i, v := range values {
		none := charts.SeriesData{Style: charts.Style{FillColor: hidden}}
		tall[i], flat[i] = none, none
		switch {
		case v <= 0:
		case round && v/top*plot.H >= low:
			tall[i], anyTall = charts.SeriesData{Value: v}, true
		default:
			flat[i], anyFlat = charts.SeriesData{Value: max(v, top/plot.H)}, true
		}
	}
	if anyTall {
		c.barChart(plot, tall, top, wide, radius*unit, fill)
	}
	if anyFlat {
		c.barChart(plot, flat, top, wide, 0, fill)
	}
}

// tops draws the upper edge of each such bar.
func (c *canvas) tops(plot Rect, values []float64, top, wide float64, stroke charts.Color) {
	const thick = 1.5
	c.stroke(stroke, thick)
	step := plot.W / float64(len(values))
	for i, v := range values {
		if v > 0 {
			x, y := plot.X+(float64(i)+0.5)*step, plot.Y+plot.H-max(v/top*plot.H, 1)+thick/2
			c.p.MoveTo(units(x-wide/2), units(y)).LineTo(units(x+wide/2), units(y))
		}
	}
	c.p.Stroke()
}

func (c *canvas) barChart(plot Rect, data []charts.SeriesData, top, wide float64, radius int, fill charts.Color) {
	p, padding := c.inside(plot)
	zero := 0.0
	_, err := charts.NewBarChart(p, charts.BarChartOption{
		Theme:        c.o.Theme.palette(fill),
		Padding:      padding,
		SeriesList:   charts.SeriesList{{Data: data, RoundRadius: radius}},
		XAxis:        charts.XAxisOption{Data: make([]string, len(data)), Show: charts.FalseFlag()},
		YAxisOptions: []charts.YAxisOption{{Min: &zero, Max: &top, Show: charts.FalseFlag()}},
		BarWidth:     max(units(wide), 1),
	}).Render()
	if err != nil {
		panic("chart: " + err.Error()) // no title, no legend, no font to look up: nothing can fail
	}
}
