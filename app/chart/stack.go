package chart

import (
	"fmt"
	"slices"
	"strings"

	"tracelens/app/chart/label"
)

// Stack draws the traffic over time in columns, of which each part is a program, or a site, in its colour: those that Sankey has. Bins that do
// not fit beside each other are merged: see Picture.Column. What was not captured is hatched. On a wide picture a table beside the columns tells
// what the colours are, and how much each has; else a line above them.
//
// Marks are the parts of the columns, and the lines of the legend.
func Stack(s Stacked, o Options) Picture {
	s = s.sound()
	const narrowest, top, least = 5, 10, 186 // pixels: of a column, its gap included; above the columns; the height of the columns and their axis
	total, parts := s.totals()
	if total == 0 || s.End <= s.Start {
		return nothing(o.orElse(least, 90))
	}
	legend := newLegend(parts, total, o)
	beside := legend.columns && (o.Height <= 0 || legend.tall()+2*top <= float64(o.Height))
	above := 0.0
	if beside {
		o = o.orElse(max(least, int(legend.tall())+2*top), 90)
	} else {
		o.Width = min(max(o.Width, 240), 8192)
		above = legend.wrap(float64(o.Width))
		o = o.orElse(least+int(above), 90+int(above))
	}
	c := newCanvas(o)
	plot := Rect{Y: top + above}
	right := c.w - 8
	if beside {
		legend.fitTo(min(c.w*0.36, 320))
		right = c.w - legend.width() - 28
	}
	cal := o.calendar()
	span := s.End - s.Start
	width := pileWidth(span, s.Step, max(int((right-48)/narrowest), 1))
	list := s.piles(width, cal)
	most := list[0]
	for _, p := range list {
		if p.sum > most.sum {
			most = p
		}
	}
	axis := volumes(most.sum, max(2, (o.Height-36-int(above))/36), o.Units)
	plot.X = axis.margin()
	plot.W = right - plot.X
	at := func(t int64) float64 { return plot.X + float64(t-s.Start)/float64(span)*plot.W }
	ticks, half := pileTicks(list, width, plot.W, cal)
	days := severalSubs(ticks, s.End)
	plot.H = c.h - plot.Y - 26
	if days {
		plot.H -= 15
	}

	c.grid(plot, axis)
	step := plot.W * float64(width) / float64(span)
	gap := min(max(step*0.12, 1), 12, step/2)
	var places []Rect
	missing(list, func(from, to int) {
		in := min(gap/2, 6)
		x, end := at(list[from].from), at(list[to-1].to)
		places = append(places, Rect{x + in, plot.Y, end - x - 2*in, plot.H})
	})
	c.notCaptured(places)
	marks := c.stack(s, list, plot, axis.top, gap, at)
	c.stroke(color(o.Theme.Line), 1)
	c.line(plot.X, plot.Y+plot.H, plot.X+plot.W, plot.Y+plot.H)
	c.times(plot, ticks, days, func(t int64) float64 { return at(t + half) })
	if beside {
		marks = append(marks, c.legendBeside(&legend, plot)...)
	} else {
		marks = append(marks, c.legendAbove(&legend)...)
	}

	p := c.picture(s.alt(parts, total, most, width, o), plot)
	p.Unit, p.Column, p.Marks = axis.unit, width, marks
	p.XMin, p.XMax, p.YMax = float64(s.Start), float64(s.End), axis.top
	return p
}

// stack draws the columns, from the ground up. Each is a pixel high at least, and the parts of a column are a little apart where they are high
// enough for it.
func (c *canvas) stack(s Stacked, list []pile, plot Rect, top, gap float64, at func(int64) float64) (marks []Mark) {
	const widest, apart, thin = 180, 0.6, 3
	n := 0
	for i := range list {
		for _, v := range list[i].bytes {
			if v > 0 {
				n++
			}
		}
	}
	marks = make([]Mark, 0, n+len(s.Parts))
	ground := make([]int64, len(list)) // what lies below, in each column
	kinds := make([]Kind, len(s.Parts))
	for k := range s.Parts {
		kinds[k] = s.Parts[k].Kind
	}
	var rects []Rect
	for k, t := range c.o.Theme.tints(kinds) {
		rects = rects[:0]
		for i := range list {
			p := &list[i]
			if p.bytes[k] <= 0 {
				continue
			}
			x, end := at(p.from), at(p.to)
			w := max(min(end-x-gap, widest), 0.5)
			r := Rect{X: (x + end - w) / 2, W: w, H: float64(p.bytes[k]) / top * plot.H}
			r.Y = plot.Y + plot.H - float64(ground[i])/top*plot.H - r.H
			ground[i] += p.bytes[k]
			marks = append(marks, Mark{Rect: r, Part: k, From: p.from, To: p.to, Bytes: p.bytes[k], Of: p.sum})
			if high := float64(p.sum) / top * plot.H; high < 1 { // little is not nothing: what there is most of stands for all
				if p.bytes[k] < p.most() {
					continue
				}
				r.Y, r.H = plot.Y+plot.H-1, 1
			} else if r.H >= thin && ground[i] < p.sum {
				r.Y, r.H = r.Y+apart, r.H-apart
			}
			if r.H >= 1.0/unit {
				rects = append(rects, r)
			}
		}
		if len(rects) > 0 {
			c.blocks(t, rects)
		}
	}
	return marks
}

func (p *pile) most() (most int64) {
	for _, v := range p.bytes {
		most = max(most, v)
	}
	return most
}

// totals are what each part has of the stretch that is shown, and all of them.
func (s Stacked) totals() (total int64, parts []Cause) {
	for _, part := range s.Parts {
		c := Cause{Name: part.Name, Kind: part.Kind}
		from, to := max((s.Start-s.First)/s.Step, 0), min((s.End-s.First)/s.Step, int64(len(part.Bytes)))
		for b := from; b < to; b++ {
			c.Bytes += max(part.Bytes[b], 0)
		}
		total, parts = total+c.Bytes, append(parts, c)
	}
	return total, parts
}

// pileTicks are the labels under the columns: the time of each, or round times if there are too many. A label stands half a width further on, under
// the middle of the column that begins then, where columns are wide enough to have one each; else at the very time.
func pileTicks(list []pile, width int64, room float64, cal label.Calendar) (ticks []label.Tick, half int64) {
	start, end := list[0].from, list[len(list)-1].to
	each := widest([]string{cal.Time(start), cal.Time(end)}, small) + 14
	const day, middled = 24 * 3600, 28
	if width < day && each*float64(len(list)) <= room {
		for _, p := range list {
			ticks = append(ticks, label.Tick{At: p.from, Text: cal.Time(p.from), Sub: cal.Day(p.from)})
		}
		return ticks, width / 2
	}
	if middled*float64(len(list)) <= room {
		ticks = cal.Ticks(start, end-1, max(1, int(room/each)), width)
		begins := map[int64]bool{}
		for _, p := range list {
			begins[p.from] = true
		}
		if !slices.ContainsFunc(ticks, func(t label.Tick) bool { return !begins[t.At] }) {
			return ticks, width / 2
		}
	}
	if ticks = cal.Ticks(start, end, max(2, int(room/(each+10))), max(width, 60)); len(ticks) < 4 && width < 60 {
		ticks = cal.Ticks(start, end, max(2, int(room/(textWidth("00:00:00", small)+24))), width)
	}
	return ticks, 0
}

// Words say what a mark of Stack is, in lines: when, "firefox", "12.3 MB, 4.5 % of 270 MB"; nothing if it is of another Stacked.
func (s Stacked) Words(m Mark, o Options) []string {
	if m.Part >= len(s.Parts) {
		return nil
	}
	name, figures := s.Parts[m.Part].Name, o.Units.Bytes(m.Bytes)+", "+label.Percent(m.Bytes, m.Of)+" of "
	if m.From == m.To {
		return []string{name, figures + "all"}
	}
	cal := o.calendar()
	return []string{cal.Time(m.From) + " to " + cal.Time(m.To), name, figures + o.Units.Bytes(m.Of)}
}

func (s Stacked) alt(parts []Cause, total int64, most pile, width int64, o Options) string {
	const some = 3
	var names []string
	for _, c := range parts {
		if c.Bytes > 0 && len(names) < some {
			names = append(names, fit(c.Name, 4000, large)+" "+label.Percent(c.Bytes, total))
		}
	}
	cal := o.calendar()
	return fmt.Sprintf("Traffic per %s, %s to %s, %s in all: %s; most, %s, at %s.", label.Duration(width*1e9), cal.Time(s.Start), cal.Time(s.End),
		o.Units.Bytes(total), strings.Join(names, ", "), o.Units.Bytes(most.sum), cal.Time(most.from))
}
