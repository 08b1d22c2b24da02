package ui

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/shared/report"
)

// whoList is the top list that is shown.
type whoList int

const (
	sources whoList = iota
	destinations
	pairs
	ports
	protocols
)

var whoNames = []string{"sources", "destinations", "pairs", "ports", "protocols"}

// A whoRow is one line of a top list, of any kind.
type whoRow struct {
	key            string
	to             string // the other end of a pair
	bytes, packets int64
}

func (w whoRow) name() string {
	if w.to == "" {
		return w.key
	}
	return w.key + " → " + w.to
}

func (l whoList) rows(r *report.Report) (rows []whoRow) {
	if l == pairs {
		for _, e := range r.Top.Pair {
			rows = append(rows, whoRow{e.Key[0], e.Key[1], e.Bytes, e.Packets})
		}
		return rows
	}
	for _, e := range [][]report.Entry{sources: r.Top.Source, destinations: r.Top.Destination, ports: r.Top.Port, protocols: r.Top.Protocol}[l] {
		rows = append(rows, whoRow{key: e.Key, bytes: e.Bytes, packets: e.Packets})
	}
	return rows
}

// caption says what a list leaves out.
func (l whoList) caption(r *report.Report) string {
	switch l {
	case ports:
		return "top 20 by volume · either end has the port"
	case protocols:
		return "by volume"
	}
	if u := r.Top.Unaddressed; u.Packets > 0 {
		return "top 20 by volume · " + bytes(u.Bytes) + " without an address (" + label.Count(u.Packets) + " packets)"
	}
	return "top 20 by volume"
}

// whoCard answers "who?".
func (p *Page) whoCard() app.UI {
	r := p.figures.Report
	var content app.UI
	if p.asChart {
		content = p.plot("top", 320)
	} else {
		content = &whoTable{List: p.who, Rows: p.who.rows(r), Bytes: r.Bytes}
	}
	return app.Section().Class("card").ID("who").Body(
		app.H2().Body(
			app.Text("Who "), app.Small().Text(p.who.caption(r)),
			app.Span().Class("right").Body(
				p.toggle("Top list of", whoNames, int(p.who), func(i int) { p.who = whoList(i); p.redrawTop() }),
				p.toggle("Show as", []string{"table", "chart"}, boolIndex(p.asChart), func(i int) { p.asChart = i == 1; p.redrawTop() }),
			),
		),
		content,
	)
}

func (p *Page) redrawTop() {
	if p.asChart {
		p.drawAll()
	}
}

// whoTable is a component of its own, drawn again only when its rows change.
type whoTable struct {
	app.Compo
	List  whoList
	Rows  []whoRow
	Bytes int64 // of all traffic
}

func (t *whoTable) Render() app.UI {
	largest := int64(1)
	if len(t.Rows) > 0 {
		largest = max(largest, t.Rows[0].bytes)
	}
	heads := []string{"Source", "Destination", "Source → destination", "Port", "Protocol"}
	return app.Table().Class("who").DataSet("testid", "top").Body(
		app.THead().Body(app.Tr().Body(
			app.Th().Scope("col").Text(heads[t.List]), app.Th().Class("barcell").Aria("hidden", "true"),
			app.Th().Scope("col").Class("n").Text("Volume"), app.Th().Scope("col").Class("n").Text("Share"), app.Th().Scope("col").Class("n packets").Text("Packets"),
		)),
		app.TBody().Body(app.Range(t.Rows).Slice(func(i int) app.UI {
			w := t.Rows[i]
			return app.Tr().Body(
				app.Td().Class("key").Body(app.Span().Text(w.key), app.If(w.to != "", app.Span().Class("to").Text("→ "+w.to))),
				app.Td().Class("barcell").Body(app.I().Style("width", percent(w.bytes, largest)+"%")),
				app.Td().Class("n").Text(bytes(w.bytes)), app.Td().Class("n").Text(label.Percent(w.bytes, t.Bytes)), app.Td().Class("n packets").Text(label.Count(w.packets)),
			)
		})),
	)
}
