package ui

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart"
	"tracelens/app/chart/label"
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
	r := p.figures.Report
	per := "minute"
	if perSecond(r) {
		per = "second"
	}
	return app.Section().Class("charts").Body(
		p.card("hours", "Traffic per "+p.column(), p.whenCaption(r), p.plot("hours", hoursHeight)),
		p.card("minutes", "Traffic per "+per, p.unitOf("minutes"), p.plot("minutes", minutesHeight)),
		app.Div().Class("two").Body(
			p.card("sizes", "Packet size", "box, density and histogram · bytes", p.plot("sizes", sizesHeight)),
			p.card("cdf", "Packet size, cumulative", "share of packets up to a size · bytes", p.plot("cdf", cdfHeight), p.above()),
		),
	)
}

func (p *Page) card(id, title, caption string, body ...app.UI) app.UI {
	return app.Section().Class("card").ID(id).Body(
		append([]app.UI{app.H2().Body(app.Text(title+" "), app.Small().Text(caption))}, body...)...,
	)
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
	if r.Relative || r.Packets == 0 {
		return caption
	}
	if caption != "" {
		caption += " · "
	}
	return caption + p.days(r) + ", " + p.loc().String()
}

// above answers how many packets are larger than a size of the user's choice.
func (p *Page) above() app.UI {
	r := p.figures.Report
	return app.P().Class("above").Body(
		app.Strong().DataSet("testid", "share-above").Text(label.Percent(figures.Above(r.Lengths, p.sizeAt), r.Packets)),
		app.Text(" of packets are larger than "),
		app.Input().Type("number").Min(0).Max(1<<20).Value(p.sizeAt).Aria("label", "Packet size in bytes").DataSet("testid", "size-above").
			OnInput(func(ctx app.Context, e app.Event) {
				p.ValueTo(&p.sizeAt)(ctx, e)
				p.drawOnly("cdf")
			}),
		app.Text(" B"),
	)
}

// drawOnly draws one chart again.
func (p *Page) drawOnly(id string) {
	for _, d := range p.drawings() {
		if d.id == id {
			d.onto(p)
		}
	}
}

// perSecond: a trace of a few minutes says more by the second.
func perSecond(r *report.Report) bool {
	return len(r.Seconds) > 0 && int64(r.End-r.Start) <= 15*60*1e9
}

func (p *Page) drawings() []drawing {
	list := []drawing{
		{id: "hours", draw: func(r *report.Report, o chart.Options) chart.Picture {
			o.Height = hoursHeight
			return chart.Hours(r.Hours, nil, o)
		}},
		{id: "minutes", draw: func(r *report.Report, o chart.Options) chart.Picture {
			o.Height = minutesHeight
			series := chart.Series{Bins: r.Minutes, Hours: r.Hours, Step: 60, Start: int64(r.Start) / 1e9, End: int64(r.End)/1e9 + 1}
			if perSecond(r) {
				series.Bins, series.Step = r.Seconds, 1
			}
			return chart.Minutes(series, o)
		}},
		{id: "sizes", draw: func(r *report.Report, o chart.Options) chart.Picture {
			o.Height = sizesHeight
			return chart.Sizes(r.Box, r.Histogram, r.KDE, o)
		}},
		{id: "cdf", draw: func(r *report.Report, o chart.Options) chart.Picture {
			o.Height = cdfHeight
			return chart.CDF(r.Lengths, p.sizeAt, o)
		}},
	}
	if p.asChart {
		list = append(list, drawing{id: "top", draw: func(r *report.Report, o chart.Options) chart.Picture {
			rows := p.who.rows(r)
			labels, values := make([]string, len(rows)), make([]int64, len(rows))
			for i, row := range rows {
				labels[i], values[i] = row.name(), row.bytes
			}
			return chart.Top(labels, values, o)
		}})
	}
	return list
}
