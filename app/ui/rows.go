package ui

import (
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/app/engine"
	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// rowsAtOnce is how many rows more come onto the page with each stage, from that of their card on, which is the rowsStage-th of sections:
// the cells of fifty are the most laborious part of the page.
const (
	rowsAtOnce = 20
	rowsStage  = 3
)

// rowsCard shows the first packets as they stand in the file.
func (p *Page) rowsCard() app.UI {
	rows := p.whole.Rows
	shown := rows[:min(len(rows), rowsAtOnce*(1+max(0, p.stage-rowsStage)))]
	return app.Section().Class("card").ID("rows").Body(
		app.H2().Body(app.Text("Packets "), app.Small().Text("the first "+label.Count(int64(len(rows)))+" of "+label.Count(p.whole.Report.Packets))),
		app.Div().Class("scroll").TabIndex(0).Attr("role", "region").Aria("label", "The first packets").Body(
			&rowsTable{Rows: shown, Loc: p.loc(), Relative: p.whole.Report.Relative},
		),
	)
}

// rowsTable is a component of its own, so that its hundreds of cells are looked at only when they change, not with every
// progress of a load.
type rowsTable struct {
	app.Compo
	Rows     []engine.Row
	Loc      *time.Location
	Relative bool
}

func (t *rowsTable) Render() app.UI {
	return app.Table().Class("rows").DataSet("testid", "rows").Body(
		app.THead().Body(app.Tr().Body(
			app.Th().Scope("col").Text("Time"), app.Th().Scope("col").Text("Source"), app.Th().Scope("col").Class("n").Text("Port"),
			app.Th().Scope("col").Text("Destination"), app.Th().Scope("col").Class("n").Text("Port"),
			app.Th().Scope("col").Text("Protocol"), app.Th().Scope("col").Class("n").Text("Length, B"),
		)),
		app.TBody().Body(app.Range(t.Rows).Slice(func(i int) app.UI {
			r := t.Rows[i]
			return app.Tr().Body(
				app.Td().Text(t.time(r.TimeNS)),
				app.Td().Text(first(r, trace.IPSrc, trace.IPv6Src)), app.Td().Class("n").Text(first(r, trace.TCPSrcPort, trace.UDPSrcPort)),
				app.Td().Text(first(r, trace.IPDst, trace.IPv6Dst)), app.Td().Class("n").Text(first(r, trace.TCPDstPort, trace.UDPDstPort)),
				app.Td().Text(protocolOf(r)), app.Td().Class("n").Text(r.Cells[trace.Len]),
			)
		})),
	)
}

func (t *rowsTable) time(ns int64) string {
	if t.Relative {
		text, _ := report.Time(ns).MarshalJSON()
		return string(text)
	}
	return time.Unix(0, ns).In(t.Loc).Format("15:04:05.000000000")
}

// first is the first of the columns that has something in it.
func first(r engine.Row, columns ...trace.Column) string {
	for _, c := range columns {
		if r.Cells[c] != "" {
			return r.Cells[c]
		}
	}
	return ""
}

func protocolOf(r engine.Row) string {
	switch {
	case first(r, trace.TCPSrcPort, trace.TCPDstPort) != "":
		return "tcp"
	case first(r, trace.UDPSrcPort, trace.UDPDstPort) != "":
		return "udp"
	case first(r, trace.IPSrc, trace.IPDst, trace.IPv6Src, trace.IPv6Dst) != "":
		return "other ip"
	}
	return "not ip"
}
