package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/shared/report"
)

// tiles answer "how much?" in numbers: of the choice, and which part of the whole that is.
func (p *Page) tiles() app.UI {
	r, whole := p.selected(), p.whole.Report
	part := !p.choice.Everything()
	of := func(otherwise, text string) string {
		if part {
			return text
		}
		return otherwise
	}
	ns := int64(r.End - r.Start)
	rate, rateOf := "–", "needs two packets"
	if ns > 0 {
		rate, rateOf = label.Rate(float64(r.Bytes)*8/(float64(ns)/1e9)), "mean, first to last packet"
	}
	duration := label.Duration(ns)
	if r.Packets == 0 {
		duration = "–"
	}
	captured, missing := captured(r.Hours)
	list := []app.UI{
		tile("volume", "Volume", p.bytes(r.Bytes), of(label.Count(r.Bytes)+" bytes", label.Percent(r.Bytes, whole.Bytes)+" of "+p.bytes(whole.Bytes))),
		tile("packets", "Packets", label.Count(r.Packets), of(mean(r), label.Percent(r.Packets, whole.Packets)+" of "+label.Count(whole.Packets))),
		tile("rate", "Rate", rate, rateOf),
		tile("duration", "Duration", duration, p.spanOf(r)),
		tile("addresses", "Addresses", label.Count(r.Addresses), of("distinct, either end", "of "+label.Count(whole.Addresses))),
		tile("hours", "Hours captured", captured, p.missing(missing)),
	}
	if p.live.Open || p.live.Captured > 0 {
		list = append(list, tile("dropped", "Dropped", label.Count(p.live.Dropped), "of "+label.Count(p.live.Captured)+" captured by the helper"))
	}
	return app.Section().Class("tiles").Aria("label", "Totals").Body(list...)
}

func tile(id, name, value, of string) app.UI {
	return app.Div().Class("tile").DataSet("testid", "tile-"+id).Body(app.Span().Class("name").Text(name), app.Strong().Text(value), app.Small().Title(of).Text(of))
}

func mean(r *report.Report) string {
	if r.Packets == 0 {
		return ""
	}
	return "mean length " + bytes(r.Bytes/r.Packets)
}

func (p *Page) spanOf(r *report.Report) string {
	if r.Packets == 0 {
		return ""
	}
	if r.Relative {
		return "from the file's beginning"
	}
	start, end := int64(r.Start)/1e9, int64(r.End)/1e9
	from, to := label.Date(start, p.loc()), label.Date(end, p.loc())
	if from == to {
		return from + ", " + label.Clock(start, p.loc()) + " to " + label.Clock(end, p.loc())
	}
	return from + ", " + label.Clock(start, p.loc()) + " to " + to + ", " + label.Clock(end, p.loc())
}

// days are the first and, if it is another one, the last day of the trace.
func (p *Page) days(r *report.Report) string {
	from, to := label.Date(int64(r.Start)/1e9, p.loc()), label.Date(int64(r.End)/1e9, p.loc())
	if from == to {
		return from
	}
	return from + " to " + to
}

func captured(hours []report.Hour) (text string, missing []report.Hour) {
	for _, h := range hours {
		if !h.Captured {
			missing = append(missing, h)
		}
	}
	if len(hours) == 0 {
		return "–", nil
	}
	n := int64(len(hours))
	if len(missing) == 0 {
		return label.Count(n), nil
	}
	return label.Count(n-int64(len(missing))) + " of " + label.Count(n), missing
}

func (p *Page) missing(hours []report.Hour) string {
	switch n := len(hours); {
	case n == 0:
		return "no gaps"
	case n > 3:
		return label.Count(int64(n)) + " missing"
	}
	var names []string
	for _, h := range hours {
		names = append(names, label.Clock(h.Start, p.loc()))
	}
	return strings.Join(names, ", ") + " missing"
}
