package chart

import (
	"fmt"
	"math"

	"tracelens/app/chart/label"
	"tracelens/shared/figures"
)

// CDF draws the share of packets up to each length as the step function it is, and a crosshair at a length with the share
// above it in words. at below 0 is no crosshair. lengths is [length, packets], ascending. So is whole, of which lengths are a part: it
// is drawn in grey behind, and the axis is for all of it; nil when all is selected.
func CDF(lengths, whole [][2]int64, at int64, o Options) Picture {
	o = o.orElse(182, 90)
	larger, total := figures.Above(lengths, at), figures.Packets(lengths)
	if total == 0 {
		return nothing(o)
	}
	c := newCanvas(o)
	t := o.Theme
	least, most := lengths[0][0], lengths[len(lengths)-1][0]
	lo, hi := domain(float64(least), float64(most))
	if len(whole) > 0 {
		lo, hi = domain(float64(whole[0][0]), float64(whole[len(whole)-1][0]))
	}
	share := scale{top: 100, ticks: []float64{0, 25, 50, 75, 100}, labels: []string{"0 %", "25 %", "50 %", "75 %", "100 %"}}
	if o.Height < 120 {
		share.ticks, share.labels = []float64{0, 50, 100}, []string{"0 %", "50 %", "100 %"}
	}
	left := share.margin()
	plot := Rect{X: left, Y: 12, W: c.w - left - 14, H: c.h - 12 - 26}
	x := func(v float64) float64 { return plot.X + (v-lo)/(hi-lo)*plot.W }
	y := func(p float64) float64 { return plot.Y + plot.H - p*plot.H }

	words := fmt.Sprintf("%s of packets are larger than %d B", label.Percent(larger, total), at)
	inside := float64(at) >= lo && float64(at) <= hi
	cross, dotY := x(min(max(float64(at), lo), hi)), y(1-float64(larger)/float64(total))

	c.grid(plot, share)
	if len(whole) > 0 {
		c.stroke(color(t.Edge), 1.6)
		c.path(steps(whole, figures.Packets(whole), x, y, lo, hi))
	}
	c.stroke(color(t.Accent), 1.6)
	c.path(steps(lengths, total, x, y, lo, hi))
	c.lengths(plot, lo, hi)
	if at >= 0 {
		if inside {
			c.stroke(color(t.Muted), 1, 3*unit, 3*unit)
			c.line(cross, plot.Y, cross, plot.Y+plot.H)
			c.p.SetDrawingStyle(styleOf(color(t.Accent), color(t.Card), 2))
			c.dot(cross, dotY, 4)
		}
		say := placeWords(words, cross, dotY, plot, c.w, heights(lengths, total, plot, lo, hi))
		for i, s := range say.lines {
			c.text(sentence+halo, s, say.x, say.y+float64(i)*lineHeight)
		}
	}

	alt := fmt.Sprintf("Share of packets up to a size, from %d to %d B", least, most)
	if at >= 0 {
		alt += "; " + words
	}
	p := c.picture(alt+".", plot)
	p.Unit = "%"
	p.XMin, p.XMax, p.YMax = lo, hi, 100
	return p
}

// steps are the corners of the step function. The steps of a pixel are drawn as one, where the last is, and so are those that together
// are lower than a fifth of a pixel: a corner takes a microsecond to print, and few of a thousand can be seen.
func steps(lengths [][2]int64, total int64, x, y func(float64) float64, lo, hi float64) []float64 {
	xy := []float64{x(lo), y(0)}
	sum, last := int64(0), y(0)
	for i, l := range lengths {
		sum += l[1]
		here := x(float64(l[0]))
		now := y(float64(sum) / float64(total))
		if i+1 < len(lengths) && (int(x(float64(lengths[i+1][0]))) == int(here) || last-now < 0.2) {
			continue
		}
		xy = append(xy, here, last, here, now)
		last = now
	}
	return append(xy, x(hi), last)
}

// heights is where the curve is at each pixel of plot.
func heights(lengths [][2]int64, total int64, plot Rect, lo, hi float64) []float64 {
	hs := make([]float64, int(plot.W)+2)
	sum, next := int64(0), 0
	for i := range hs {
		for at := lo + float64(i)/plot.W*(hi-lo); next < len(lengths) && float64(lengths[next][0]) <= at; next++ {
			sum += lengths[next][1]
		}
		hs[i] = plot.Y + plot.H - float64(sum)/float64(total)*plot.H
	}
	return hs
}

const lineHeight = 15

// A saying is a sentence beside the crosshair, in one line or two.
type saying struct {
	lines []string
	x, y  float64 // of the first line's start and baseline
}

// placeWords finds the place nearest to the dot at x, y where words touch neither the curve nor the crosshair. curve is the
// curve's height at a place; it only rises to the right, so a box is free of it if it is under the curve at its left edge or
// above the curve at its right edge. curve has a height for each pixel of plot.
func placeWords(words string, x, y float64, plot Rect, width float64, curve []float64) saying {
	under := func(x, top float64) bool { return curve[max(int(x-plot.X), 0)] < top }
	above := func(x, bottom float64) bool { return curve[min(int(x-plot.X)+1, len(curve)-1)] > bottom }
	const near, clear, raster = 9, 5, 6
	var best saying
	least := math.Inf(1)
	for n, lines := range [][]string{{words}, halves(words)} {
		w, h := widest(lines, large), float64(len(lines))*lineHeight
		try := func(left, top float64) {
			if left < plot.X+2 || left+w > width-2 || top < 0 || top+h > plot.Y+plot.H-2 {
				return
			}
			if left < x+near-1 && left+w > x-near+1 || !under(left, top-clear) && !above(left+w, top+h+clear) {
				return
			}
			dx := max(left-x, x-left-w, 0)
			dy := max(top-y, y-top-h, 0)
			if d := dx + dy + float64(n)*60; d < least { // two lines only if one would have to go far
				least, best = d, saying{lines, left, top + large - 1}
			}
		}
		for dy := 8.0; dy < plot.H+plot.Y; dy += raster {
			try(x-near-w, y-dy-h)
			try(x+near, y+dy)
			for dx := 0.0; dx < plot.W; dx += 4 * raster {
				try(x+near+dx, y-dy-h)
				try(x+near+dx, y-h/2+dy-8)
				try(x-near-w-dx, y-h/2+dy-8)
			}
		}
	}
	if best.lines == nil { // nowhere: over the curve, on its halo
		lines := halves(words)
		w := widest(lines, large)
		best = saying{lines, max(plot.X+2, min(x-w/2, width-2-w)), plot.Y + large}
	}
	return best
}

// halves cuts words at the space nearest to its middle.
func halves(words string) []string {
	best := -1
	for i := range len(words) {
		if words[i] == ' ' && (best < 0 || abs(2*i-len(words)) < abs(2*best-len(words))) {
			best = i
		}
	}
	if best < 0 {
		return []string{words}
	}
	return []string{words[:best], words[best+1:]}
}

func abs(n int) int { return max(n, -n) }
