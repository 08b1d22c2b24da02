package chart

import (
	"fmt"
	"math"

	charts "github.com/vicanso/go-charts/v2"

	"tracelens/app/chart/label"
)

// MaxTop is how many bars a top list shows.
const MaxTop = 20

// Top draws a top list of volumes as horizontal bars, largest first as given, its label before and its volume behind each bar.
// On narrow pictures a label stands over its bar. The rows divide Plot evenly, from the top; a Height of 0 fits their number.
func Top(labels []string, values []int64, o Options) Picture {
	n := min(len(labels), len(values), MaxTop)
	labels, values = labels[:n], values[:n]
	most := int64(0)
	for _, v := range values {
		most = max(most, v)
	}
	const apartH = 10 // between label and bar, bar and volume
	names := make([]string, n)
	volumes := make([]string, n)
	for i := range n {
		names[i], volumes[i] = fit(labels[i], 4000, large), o.Units.Bytes(values[i])
	}
	nameW, volumeW := widest(names, large), widest(volumes, small)
	stacked := nameW+volumeW+2*apartH+80 > float64(o.Width)*0.8 || o.Width < 420
	each := 24.0
	if stacked {
		each = 36
	}
	o = o.orElse(max(40, int(each)*n+8), 40)
	if most <= 0 {
		return nothing(o)
	}
	ratio := func(v int64) float64 { // of a bar to the longest
		if v = max(v, 0); o.Log {
			return math.Log1p(float64(v)) / math.Log1p(float64(most))
		}
		return float64(v) / float64(most)
	}
	c := newCanvas(o)
	plot := Rect{X: 2, Y: 4, W: c.w - 4 - volumeW - apartH, H: c.h - 8}
	each = plot.H / float64(n)
	if !stacked {
		plot.X += nameW + apartH
		plot.W -= nameW + apartH
	}
	thick := min(10, each*0.6)
	barY := (each - thick) / 2 // within its row
	if stacked {
		thick = min(8, each*0.3)
		barY = (each-30)/2 + 19
	}
	c.horizontal(plot, values, ratio, each, thick, barY)
	for i, v := range values {
		y := plot.Y + float64(i)*each
		if stacked {
			c.text(sentence, fit(names[i], c.w-4, large), plot.X, y+barY-6)
		} else {
			c.text(sentence+end, names[i], plot.X-apartH, y+each/2+4)
		}
		c.text(value, volumes[i], plot.X+ratio(v)*plot.W+apartH, y+barY+thick/2+4)
	}
	p := c.picture(fmt.Sprintf("The largest of %s: %s with %s.", label.Count(int64(n)), names[0], volumes[0]), plot)
	p.XMax, p.YMax = float64(most), float64(n)
	return p
}

// horizontal has go-charts draw the bars. It takes the axis from the data alone, from a tenth under the least value to what
// its rounding makes of the most: so values are scaled to 1000, and a bar of 0 and one of 1000, which it counts and then does
// not draw, as they are more than there are rows, make the axis run from 0 to 1200, always.
func (c *canvas) horizontal(plot Rect, values []int64, ratio func(int64) float64, each, thick, barY float64) {
	const full, axisEnd = 1000, 1200
	n := len(values)
	data := make([]charts.SeriesData, n, n+2)
	for i, v := range values {
		data[n-1-i].Value = ratio(v) * full                     // it draws from the bottom
		data[n-1-i].Value = max(data[n-1-i].Value, full/plot.W) // a pixel at least
	}
	data = append(data, charts.SeriesData{Value: 0}, charts.SeriesData{Value: full})
	wide := plot
	wide.Y += barY - (each-thick)/2 // go-charts centres a bar in its row
	wide.W *= float64(axisEnd) / full
	p, padding := c.inside(wide)
	_, err := charts.NewHorizontalBarChart(p, charts.HorizontalBarChartOption{
		Theme:      c.o.Theme.palette(color(c.o.Theme.Accent)),
		Padding:    padding,
		SeriesList: charts.SeriesList{{Type: charts.ChartTypeHorizontalBar, Data: data, RoundRadius: 3 * unit}},
		XAxis:      charts.XAxisOption{Show: charts.FalseFlag()},
		YAxisOptions: []charts.YAxisOption{{
			Data: make([]string, n), DivideCount: n, Unit: 1, Show: charts.FalseFlag(),
		}},
		BarHeight: units(thick),
	}).Render()
	if err != nil {
		panic("chart: " + err.Error()) // no title, no legend, no font to look up: nothing can fail
	}
}
