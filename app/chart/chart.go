// Package chart draws the figures of a report as SVG pictures: traffic per hour and per minute, packet sizes, top lists,
// which programs had how much to do with which sites, and when.
//
// Every function takes figures and a size in CSS pixels and returns a Picture: a self-contained SVG, to be saved, or played mark by mark
// on a canvas of the page (Picture.Play), and where in it the data is, so that the page can lay a brush, a crosshair or a tooltip over
// it. Bars, lines and horizontal bars are go-charts' own; what it has not (box plot, histogram with density, step function,
// ribbons, stacked columns, hatching, crosshair) is drawn on its Painter, so that all charts share one theme and one set of axes.
//
// The package is pure Go and runs natively as in WebAssembly. Text from the input is escaped and cut to its place.
package chart

import (
	"time"

	"tracelens/app/chart/label"
)

// Options is what all charts have in common.
type Options struct {
	Width, Height int            // CSS pixels; a Height of 0 is the chart's own choice
	Theme         Theme          // the zero Theme is Light()
	Loc           *time.Location // of the clock times; nil is UTC
	Relative      bool           // times count from Origin
	Origin        int64          // unix seconds
	Units         label.Units    // of what is given as bytes
	Log           bool           // Top: bars grow with the logarithm
}

// A Picture is a chart, drawn.
type Picture struct {
	SVG           []byte
	Alt           string // what the picture shows, in a sentence: the alt text
	Unit          string // the unit of the axis or of bare numbers, such as "MB", for the title; "" when there is none
	Column        int64  // Hours: seconds per column, 3600 unless hours were merged to fit; Stack: the same of its bins
	Dots          bool   // Minutes: the line goes through each value, and is no mean of several
	Width, Height int
	Plot          Rect // where the data is, in CSS pixels from the picture's top left; zero when there is no data
	XMin, XMax    float64
	YMin, YMax    float64
	Marks         []Mark // Sankey and Stack: what in it can be pointed at, see At
}

// A Rect is a part of a picture in CSS pixels.
type Rect struct{ X, Y, W, H float64 }

// X is where v lies on the horizontal axis: unix seconds in Hours, Minutes and Stack, bytes of length in Sizes and CDF.
func (p Picture) X(v float64) float64 {
	if p.XMax <= p.XMin {
		return p.Plot.X
	}
	return p.Plot.X + (v-p.XMin)/(p.XMax-p.XMin)*p.Plot.W
}

// Value is the inverse of X: the time or length at x pixels, kept within the axis.
func (p Picture) Value(x float64) float64 {
	if p.Plot.W <= 0 {
		return p.XMin
	}
	f := min(max((x-p.Plot.X)/p.Plot.W, 0), 1)
	return p.XMin + f*(p.XMax-p.XMin)
}

// Y is where v lies on the vertical axis: bytes in Hours, Minutes and Stack, percent in CDF.
func (p Picture) Y(v float64) float64 {
	if p.YMax <= p.YMin {
		return p.Plot.Y + p.Plot.H
	}
	return p.Plot.Y + p.Plot.H - (v-p.YMin)/(p.YMax-p.YMin)*p.Plot.H
}

func (o Options) calendar() label.Calendar {
	return label.Calendar{Loc: o.Loc, Relative: o.Relative, Origin: o.Origin}
}

// orElse fills what the caller left open and keeps the size within what a chart can be drawn in.
func (o Options) orElse(height, least int) Options {
	if o.Height <= 0 {
		o.Height = height
	}
	o.Width, o.Height = min(max(o.Width, 240), 8192), min(max(o.Height, least), 8192)
	if o.Theme == (Theme{}) {
		o.Theme = Light()
	}
	return o
}

// nothing is the picture of a selection without packets.
func nothing(o Options) Picture {
	c := newCanvas(o)
	c.text(muted+middle, "no packets", c.w/2, c.h/2+4)
	return c.picture("No packets.", Rect{})
}
