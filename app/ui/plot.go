package ui

import (
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart"
	"tracelens/app/explore"
	"tracelens/app/internal/browser"
)

// A plot is the place of a chart, and a component of its own: a pointer that moves over it is nothing new to the rest of the page. Its height
// is kept before the picture is there, so that nothing jumps.
//
// Where a part of its axis is chosen, the picture is cut to that and lies over another one that has no colour. What is chosen, and what the
// pointer is at, are elements and no part of the picture: nothing is drawn again while somebody drags.
type plot struct {
	app.Compo
	ID     string
	Title  string        // of the chart
	Kept   int           // height while there is no picture
	Pic    chart.Picture // without its SVG; of no width while there is none
	Brush  explore.Span  // what is chosen of the axis
	Handle bool          // it can be chosen from
	page   *Page
	ctx    app.Context
	at     reading // what the pointer is at
	cell   int64   // what the keyboard is at
	anchor int64   // where a selection by the keyboard began
}

// A reading is what the pointer is at.
type reading struct {
	on    bool
	x     float64 // CSS pixels within the picture
	y     float64
	dot   bool // y is of the curve
	free  bool // there is no line: it is a place, and of no axis
	lines []string
}

func (p *Page) plot(id, title string, height int) app.UI {
	return &plot{ID: id, Title: title, Kept: height, Pic: p.pictures[id].Picture, Brush: p.brushOf(id), Handle: axes[id].choose != nil, page: p}
}

// OnMount has the chart drawn: the place is new.
func (f *plot) OnMount(ctx app.Context) {
	f.ctx = ctx
	f.page.plots[f.ID] = f
	delete(f.page.widths, f.ID)
	delete(f.page.pictures, f.ID)
	delete(f.page.pictures, f.ID+resting)
	f.page.drawAll()
}

func (f *plot) OnDismount() {
	if f.page.plots[f.ID] == f {
		delete(f.page.plots, f.ID)
	}
}

func (f *plot) Render() app.UI {
	frame := app.Div().Class("plot").DataSet("chart", f.ID)
	picture, rest := f.canvas(""), f.canvas("rest").Aria("hidden", "true")
	lens := app.Div().Class("lens").Body(picture)
	if f.Pic.Width == 0 {
		return frame.Style("min-height", px(float64(f.Kept))).Body(rest.Hidden(true), lens.Hidden(true), app.Div(), app.Div())
	}
	if !f.Handle || f.Pic.Plot.W <= 0 {
		picture.Attr("role", "img").Aria("label", f.Pic.Alt)
		return frame.Body(rest.Hidden(true), lens, app.Div(), f.cross())
	}
	picture.Aria("hidden", "true")
	if from, to, some := f.chosen(); some {
		lens.Style("clip-path", f.cut(from, to))
	} else {
		rest.Hidden(true)
	}
	r := f.Pic.Plot
	return frame.Class("brushed").DataSet("axis", numbers(r.X, r.W, f.Pic.XMin, f.Pic.XMax)).TabIndex(0).Attr("role", "application").Aria("roledescription", "chart").Aria("label", f.Title+": "+f.Pic.Alt+" "+howToChoose).
		Body(rest, lens, f.box(), f.cross())
}

// canvas is for one of the chart's pictures.
func (f *plot) canvas(class string) app.HTMLCanvas {
	return app.Canvas().Class(class).Style("width", px(float64(f.Pic.Width))).Style("aspect-ratio", strconv.Itoa(f.Pic.Width)+" / "+strconv.Itoa(f.Pic.Height))
}

const howToChoose = "Arrow keys move along it, with Shift they select; Enter selects what is there, Escape clears."

// chosen is from where to where in the picture its axis is chosen, if only a part of it is.
func (f *plot) chosen() (from, to float64, some bool) {
	if f.Brush.Any() || f.all(f.Brush) {
		return 0, 0, false
	}
	r := f.Pic.Plot
	within := func(x float64) float64 { return min(max(x, r.X), r.X+r.W) }
	return within(f.x(float64(f.Brush.From))), within(f.x(float64(f.Brush.To))), true
}

// ends reports which ends of what is chosen are in the picture, if any of it is.
func (f *plot) ends() (left, right, some bool) {
	from, to, some := f.chosen()
	if some = some && from < to; !some {
		return false, false, false
	}
	return f.x(float64(f.Brush.From)) >= f.Pic.Plot.X, f.x(float64(f.Brush.To)) <= f.Pic.Plot.X+f.Pic.Plot.W, true
}

// brush has what is chosen of the axis shown. As long as the same elements show it they are only told where: while somebody drags, to compare
// all of them would take longer than all else that a move of the pointer does.
func (f *plot) brush(s explore.Span) {
	if f.Brush == s {
		return
	}
	type parts struct{ left, right, some, chosen bool }
	now := func() (p parts) {
		p.left, p.right, p.some = f.ends()
		_, _, p.chosen = f.chosen()
		return p
	}
	before := now()
	f.Brush = s
	if now() != before {
		f.ctx.Dispatch(func(app.Context) {})
		return
	}
	if from, to, some := f.chosen(); some && from < to {
		of := "[data-chart=" + f.ID + "] "
		browser.SetProperties(of+".lens", "clip-path", f.cut(from, to))
		browser.SetProperties(of+".chosen", "left", f.across(from), "width", f.across(to-from))
	}
}

// cut is what is cut off the picture in colour: all but what is chosen.
func (f *plot) cut(from, to float64) string {
	return "inset(0 " + f.across(float64(f.Pic.Width)-to) + " 0 " + f.across(from) + ")"
}

// box is around what is chosen, with an edge to take hold of where it ends.
func (f *plot) box() app.UI {
	layer := app.Div().Class("layer").Aria("hidden", "true")
	left, right, some := f.ends()
	from, to, _ := f.chosen()
	if !some {
		return layer
	}
	var edges []app.UI
	if left {
		edges = append(edges, app.I().Class("edge").Style("left", "0"))
	}
	if right {
		edges = append(edges, app.I().Class("edge").Style("left", "100%"))
	}
	r := f.Pic.Plot
	return layer.Body(app.Div().Class("chosen").Style("left", f.across(from)).Style("width", f.across(to-from)).Style("top", f.down(r.Y-rise)).Style("height", f.down(r.H+rise)).Body(edges...))
}

// rise is how far above the data the labels of bars reach.
const rise = 18

// cross is the line at the pointer, and what is there in words.
func (f *plot) cross() app.UI {
	layer := app.Div().Class("layer").Aria("live", "polite")
	if !f.at.on {
		return layer
	}
	r := f.Pic.Plot
	line := app.Div().Class("cross").Style("left", f.across(f.at.x)).Style("top", f.down(r.Y)).Style("height", f.down(r.H))
	if f.at.dot {
		line.Body(app.I().Style("top", percentOf(f.at.y-r.Y, r.H)))
	}
	tip := app.Div().Class("tip").Style("top", f.down(r.Y+4))
	if f.at.free {
		r = chart.Rect{W: float64(f.Pic.Width)}
		line.Hidden(true)
		tip.Style("top", f.down(f.at.y+12))
	}
	if f.at.x > r.X+r.W/2 {
		tip.Style("right", f.across(float64(f.Pic.Width)-f.at.x+10))
	} else {
		tip.Style("left", f.across(f.at.x+10))
	}
	return layer.Body(line, tip.Body(app.Range(f.at.lines).Slice(func(i int) app.UI {
		if i == 0 {
			return app.Strong().Text(f.at.lines[i])
		}
		return app.Span().Text(f.at.lines[i])
	})))
}

// all reports whether a span is everything that the chart shows.
func (f *plot) all(s explore.Span) bool {
	return !s.Any() && float64(s.From) <= f.Pic.XMin && float64(s.To) >= f.Pic.XMax
}

// x is where a value of the axis is, also where the chart does not reach.
func (f *plot) x(v float64) float64 { return f.Pic.X(v) }

// numbers are for scripts: where in the picture the axis is, and from what to what.
func numbers(list ...float64) string {
	texts := make([]string, len(list))
	for i, v := range list {
		texts[i] = strconv.FormatFloat(v, 'f', -1, 64)
	}
	return strings.Join(texts, " ")
}

// across and down are a length as a part of the picture's width and height: on paper, and while a window changes its size, the picture is
// shown smaller than it was drawn.
func (f *plot) across(x float64) string { return percentOf(x, float64(f.Pic.Width)) }
func (f *plot) down(y float64) string   { return percentOf(y, float64(f.Pic.Height)) }

func percentOf(v, whole float64) string { return strconv.FormatFloat(100*v/whole, 'f', 3, 64) + "%" }

func px(v float64) string { return strconv.FormatFloat(v, 'f', 1, 64) + "px" }
