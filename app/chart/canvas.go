package chart

import (
	"bytes"
	"fmt"
	"math"

	charts "github.com/vicanso/go-charts/v2"
)

// unit is how many drawing units make a CSS pixel. go-charts knows whole numbers only: drawn ten times as large and scaled
// down by the viewBox, lines and edges are placed to a tenth of a pixel and strokes may be 1.6 pixels wide.
const unit = 10

// axisHeight is what go-charts keeps free under every plot for an x axis, shown or not (defaultXAxisHeight), in units.
const axisHeight = 30

// A canvas is a go-charts painter measured in CSS pixels.
type canvas struct {
	p    *charts.Painter
	o    Options
	w, h float64
}

func newCanvas(o Options) *canvas {
	p, err := charts.NewPainter(charts.PainterOptions{Type: charts.ChartOutputSVG, Width: o.Width * unit, Height: o.Height * unit})
	if err != nil {
		panic("chart: " + err.Error()) // sizes are positive and the font is embedded
	}
	return &canvas{p: p, o: o, w: float64(o.Width), h: float64(o.Height)}
}

func units(v float64) int { return int(math.Round(v * unit)) }

func box(r Rect) charts.Box {
	return charts.Box{Left: units(r.X), Top: units(r.Y), Right: units(r.X + r.W), Bottom: units(r.Y + r.H)}
}

// inside is a painter of the whole canvas for a go-charts chart whose plot shall be r: its axes are not shown, ours are.
func (c *canvas) inside(r Rect) (*charts.Painter, charts.Box) {
	b := box(r)
	return c.p, charts.Box{Left: b.Left, Top: b.Top, Right: units(c.w) - b.Right, Bottom: units(c.h) - b.Bottom - axisHeight}
}

func (c *canvas) stroke(color charts.Color, width float64, dash ...float64) {
	c.p.SetDrawingStyle(charts.Style{StrokeColor: color, StrokeWidth: math.Round(width * unit), StrokeDashArray: dash})
}

func (c *canvas) fill(color charts.Color) { c.p.SetDrawingStyle(charts.Style{FillColor: color}) }

func (c *canvas) line(x1, y1, x2, y2 float64) { c.path([]float64{x1, y1, x2, y2}) }

// path draws a line through points given as x, y, x, y, ...
func (c *canvas) path(xy []float64) { c.p.LineStroke(points(xy)) }

// area fills the polygon through points given as x, y, x, y, ...
func (c *canvas) area(xy []float64) { c.p.FillArea(points(xy)) }

func (c *canvas) rect(r Rect) { c.p.Rect(box(r)) }

// outline adds a rectangle to a path: many that are filled at once take a third of the time of as many by themselves.
func (c *canvas) outline(r Rect) {
	b := box(r)
	c.p.MoveTo(b.Left, b.Top).LineTo(b.Right, b.Top).LineTo(b.Right, b.Bottom).LineTo(b.Left, b.Bottom).Close()
}

func (c *canvas) dot(x, y, radius float64) { c.p.Circle(radius*unit, units(x), units(y)) }

func points(xy []float64) []charts.Point {
	ps := make([]charts.Point, len(xy)/2)
	for i := range ps {
		ps[i] = charts.Point{X: units(xy[2*i]), Y: units(xy[2*i+1])}
	}
	return ps
}

// hatch covers r with diagonal lines, clipped by hand: the painter has neither patterns nor clips.
func (c *canvas) hatch(r Rect) {
	c.stroke(color(c.o.Theme.Edge), 1)
	const gap = 9
	right, bottom := r.X+r.W, r.Y+r.H
	// The lines x + y = k. Counted from the picture's corner, so that neighbouring areas match.
	for k := math.Ceil((r.X+r.Y)/gap) * gap; k < right+bottom; k += gap {
		x1, x2 := max(r.X, k-bottom), min(right, k-r.Y)
		if x2-x1 < 0.5 {
			continue
		}
		c.p.MoveTo(units(x1), units(k-x1)).LineTo(units(x2), units(k-x2))
	}
	c.p.Stroke()
}

func (c *canvas) picture(alt string, plot Rect) Picture {
	return Picture{SVG: c.svg(), Alt: alt, Width: c.o.Width, Height: c.o.Height, Plot: plot}
}

// fonts is the page's font family stack.
const fonts = `system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif`

// haloWidth is how wide the rim around text on lines is, in CSS pixels: half of it lies outside the letters.
const haloWidth = 5

var (
	emptyPath  = []byte(` d="" `)
	noPaint    = []byte(`stroke:none;fill:none"`)
	hiddenBar  = []byte(`fill:rgba(1,0,0,0.0)"`)
	endOfStart = []byte(`>\n`) // go-chart writes this backslash itself
)

// hidden is the colour of bars that must not be there: go-charts draws a sliver for a value of zero.
var hidden = charts.Color{R: 1}

// svg is the picture so far in our own frame: a viewBox for the units, the fonts, the classes of text; and without the paths
// go-charts leaves that paint nothing.
func (c *canvas) svg() []byte {
	raw, err := c.p.Bytes()
	if err != nil {
		panic("chart: " + err.Error()) // writes to memory
	}
	t := c.o.Theme
	var b bytes.Buffer
	b.Grow(len(raw) + 1024)
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" viewBox="0 0 %d %d" stroke-linejoin="round">`,
		c.o.Width, c.o.Height, c.o.Width*unit, c.o.Height*unit)
	ink, mut, card := hex(color(t.Ink)), hex(color(t.Muted)), hex(color(t.Card))
	fmt.Fprintf(&b, `<style>text{font:%dpx %s;font-variant-numeric:tabular-nums;fill:%s}.v,.s{fill:%s}.a{fill:%s}.s{font-size:%dpx}`+
		`.m{text-anchor:middle}.e{text-anchor:end}.h{paint-order:stroke;stroke:%s;stroke-width:%dpx}</style>`,
		small*unit, fonts, mut, ink, hex(color(t.Part)), large*unit, card, haloWidth*unit)
	fmt.Fprintf(&b, `<rect width="100%%" height="100%%" fill="%s"/>`, card)
	raw = raw[bytes.Index(raw, endOfStart)+len(endOfStart):]
	for len(raw) > 0 {
		end := bytes.IndexByte(raw, '>') + 1 // text holds no '>': it is escaped
		tag := raw[:end]
		raw = raw[end:]
		if bytes.HasPrefix(tag, []byte("<path")) &&
			(bytes.Contains(tag, emptyPath) || bytes.Contains(tag, noPaint) || bytes.Contains(tag, hiddenBar)) {
			continue
		}
		b.Write(tag)
	}
	return b.Bytes()
}

func styleOf(fill, line charts.Color, width float64) charts.Style {
	return charts.Style{FillColor: fill, StrokeColor: line, StrokeWidth: math.Round(width * unit)}
}
