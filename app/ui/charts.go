package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart"
	"tracelens/app/chart/label"
	"tracelens/app/explore"
	"tracelens/shared/figures"
	"tracelens/shared/report"
)

// Heights of the charts in CSS pixels.
const (
	hoursHeight   = 150
	minutesHeight = 190
	sizesHeight   = 258
	cdfHeight     = 220 // the sentence below it makes up the difference
)

// charts answer "when?" and "how big?".
func (p *Page) charts() app.UI {
	r := p.whole.Report
	hours, minutes := "Traffic per "+p.column(), "Traffic per "+stepName(p.minuteStep())
	return app.Section().Class("charts").Body(
		p.card("hours", hours, p.whenCaption(r), p.chosenSpan(), p.plot("hours", hours, hoursHeight), p.gapsNote()),
		p.card("minutes", minutes, p.minutesCaption(), p.viewButtons(), p.plot("minutes", minutes, minutesHeight)),
		app.Div().Class("two").Body(
			p.card("sizes", "Packet size", "box, density and histogram · bytes", p.chosenLengths(), p.plot("sizes", "Packet size", sizesHeight)),
			p.card("cdf", "Packet size, cumulative", "share of packets up to a size · bytes", nil, p.plot("cdf", "Packet size, cumulative", cdfHeight), p.above()),
		),
	)
}

// card is a part of the page with a title; right stands at its end, and may be nil.
func (p *Page) card(id, title, caption string, right []app.UI, body ...app.UI) app.UI {
	return app.Section().Class("card").ID(id).Body(
		append([]app.UI{app.H2().Body(app.Text(title+" "), app.Small().Text(caption), app.Span().Class("right").Body(append(right, p.more(id))...))}, body...)...,
	)
}

func stepName(seconds int64) string {
	if seconds == 1 {
		return "second"
	}
	return "minute"
}

// column is what a bar of the first chart stands for: an hour, unless there are more of them than fit beside each other.
func (p *Page) column() string {
	switch hours := p.pictures["hours"].Column / 3600; {
	case hours <= 1:
		return "hour"
	case hours == 24:
		return "day"
	case hours%24 == 0:
		return label.Count(hours/24) + " days"
	default:
		return label.Count(hours) + " hours"
	}
}

func (p *Page) unitOf(id string) string { return p.pictures[id].Unit }

func (p *Page) whenCaption(r *report.Report) string {
	caption := p.unitOf("hours")
	switch {
	case r.Packets == 0:
		return caption
	case r.Relative:
		return caption + " · since the file's beginning"
	case p.elapsed:
		at := p.origin()
		return caption + " · since " + label.ClockSeconds(at, p.loc()) + ", " + label.Date(at, p.loc()) + ", " + p.loc().String()
	}
	return caption + " · " + p.days(r) + ", " + p.loc().String()
}

func (p *Page) minutesCaption() string {
	caption := p.unitOf("minutes")
	if p.view.Any() {
		return caption
	}
	return caption + " · " + p.spanInWords(p.view.From, p.view.To)
}

// chosenSpan says which stretch of time is chosen.
func (p *Page) chosenSpan() []app.UI {
	s := p.choice.Time
	if s.Any() {
		return []app.UI{hint("drag to select")}
	}
	return []app.UI{app.Span().Class("accent").Text(p.spanInWords(s.From, s.To) + " selected"), link("clear", func() { p.alter(func(c *explore.Choice) { c.Time = explore.Span{} }) })}
}

func (p *Page) chosenLengths() []app.UI {
	s := p.choice.Lengths
	if s.Any() {
		return []app.UI{hint("drag to select")}
	}
	return []app.UI{app.Span().Class("accent").Text(lengthsInWords(s.From, s.To-1) + " selected"), link("clear", func() { p.alter(func(c *explore.Choice) { c.Lengths = explore.Span{} }) })}
}

// viewButtons zoom the chart by the minute.
func (p *Page) viewButtons() (list []app.UI) {
	if s := p.choice.Time; !s.Any() && s != p.view {
		list = append(list, link("zoom to the selection", func() { p.setView(s) }))
	}
	if !p.view.Any() {
		list = append(list, link("show all", func() { p.setView(explore.Span{}) }))
	}
	if len(list) == 0 {
		list = append(list, hint("wheel zooms"))
	}
	return list
}

func hint(text string) app.UI { return app.Small().Class("hint").Text(text) }

func link(text string, do func()) app.UI {
	return app.Button().Class("link").Text(text).OnClick(func(app.Context, app.Event) { do() }, text)
}

// alter changes the choice for good.
func (p *Page) alter(change func(c *explore.Choice)) {
	c := p.choice
	change(&c)
	p.choose(c, true)
}

// above answers how many packets are larger than a size of the user's choice.
func (p *Page) above() app.UI {
	r := p.sizes()
	return app.P().Class("above").Body(
		app.Strong().DataSet("testid", "share-above").Text(label.Percent(figures.Above(r.Lengths, p.sizeAt), r.Packets)),
		app.Text(" of packets are larger than "),
		app.Input().Type("number").Min(0).Max(1<<20).Value(p.sizeAt).Aria("label", "Packet size in bytes").DataSet("testid", "size-above").
			OnInput(func(ctx app.Context, e app.Event) {
				p.ValueTo(&p.sizeAt)(ctx, e)
				p.drawAll()
			}),
		app.Text(" B"),
	)
}

// perSecond: a trace of a few minutes says more by the second.
func perSecond(r *report.Report) bool {
	return len(r.Seconds) > 0 && int64(r.End-r.Start) <= secondsSpan*1e9
}

// drawings are the charts, each with what it shows: it is drawn again when that is something else.
func (p *Page) drawings() []drawing {
	whole, times, sizes := p.whole.Report, p.times(), p.sizes()
	bins, all := p.minuteBins()
	view, step := p.shownSpan(), p.minuteStep()
	measure, filtered := p.measure, p.filtered()
	behind := whole
	if sizes == whole {
		behind = nil
	}
	list := []drawing{
		{id: "hours", of: [...]any{whole, times, [...]any{filtered, measure}}, draw: func(o chart.Options) chart.Picture {
			o.Height, o.Units = hoursHeight, p.units()
			if filtered {
				return chart.Hours(measure.hours(times.Hours), measure.hours(whole.Hours), o)
			}
			return chart.Hours(measure.hours(whole.Hours), nil, o)
		}},
		{id: "minutes", of: [...]any{start(bins), start(all), [...]int64{view.From, view.To, step, int64(len(bins)), int64(measure)}}, draw: func(o chart.Options) chart.Picture {
			o.Height, o.Units = minutesHeight, p.units()
			return chart.Minutes(chart.Series{Bins: measure.bins(bins, step), All: measure.bins(all, step), Hours: whole.Hours, Step: step, Start: view.From, End: view.To}, o)
		}},
		{id: "sizes", of: [...]any{sizes, behind, nil}, draw: func(o chart.Options) chart.Picture {
			o.Height = sizesHeight
			return chart.Sizes(sizes, behind, o)
		}},
		{id: "cdf", of: [...]any{sizes, behind, p.sizeAt}, draw: func(o chart.Options) chart.Picture {
			o.Height = cdfHeight
			if behind != nil {
				return chart.CDF(sizes.Lengths, behind.Lengths, p.sizeAt, o)
			}
			return chart.CDF(sizes.Lengths, nil, p.sizeAt, o)
		}},
	}
	for _, d := range list { // behind what is chosen, the same without colour
		if !p.brushOf(d.id).Any() {
			d.id, d.rest = d.id+resting, true
			list = append(list, d)
		}
	}
	list = append(list, p.causeDrawings()...)
	if p.other.report != nil {
		list = append(list, p.compared())
	}
	if p.who.asChart {
		l, w := p.listing(), p.who
		list = append(list, drawing{id: "top", of: [...]any{l, w, nil}, draw: func(o chart.Options) chart.Picture {
			rows := w.rows(l)
			labels, values := make([]string, len(rows)), make([]int64, len(rows))
			for i, r := range rows {
				labels[i], values[i] = strings.TrimSpace(nameOf(l.Wish.List, r)+"  "+p.called(r)), w.amount(r.Bytes, r.Packets)
			}
			if o.Log = w.log; w.by == report.ByPackets {
				o.Units = label.Packets
			}
			return chart.Top(labels, values, o)
		}})
	}
	return list
}

// start is where a list is, which tells it from others.
func start(bins []report.Bin) *report.Bin {
	if len(bins) == 0 {
		return nil
	}
	return &bins[0]
}
