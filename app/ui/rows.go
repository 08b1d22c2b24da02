package ui

import (
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/app/engine"
	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// rowsCard shows the first packets as they stand in the file.
func (p *Page) rowsCard() app.UI {
	rows := p.figures.Rows
	return app.Section().Class("card").ID("rows").Body(
		app.H2().Body(app.Text("Packets "), app.Small().Text("the first "+label.Count(int64(len(rows)))+" of "+label.Count(p.figures.Report.Packets))),
		app.Div().Class("scroll").TabIndex(0).Aria("label", "The first packets").Body(
			app.Table().Class("rows").DataSet("testid", "rows").Body(
				app.THead().Body(app.Tr().Body(
					app.Th().Scope("col").Text("Time"), app.Th().Scope("col").Text("Source"), app.Th().Scope("col").Class("n").Text("Port"),
					app.Th().Scope("col").Text("Destination"), app.Th().Scope("col").Class("n").Text("Port"),
					app.Th().Scope("col").Text("Protocol"), app.Th().Scope("col").Class("n").Text("Length, B"),
				)),
				app.TBody().Body(app.Range(rows).Slice(func(i int) app.UI {
					r := rows[i]
					return app.Tr().Body(
						app.Td().Text(p.rowTime(r.TimeNS)),
						app.Td().Text(first(r, trace.IPSrc, trace.IPv6Src)), app.Td().Class("n").Text(first(r, trace.TCPSrcPort, trace.UDPSrcPort)),
						app.Td().Text(first(r, trace.IPDst, trace.IPv6Dst)), app.Td().Class("n").Text(first(r, trace.TCPDstPort, trace.UDPDstPort)),
						app.Td().Text(protocolOf(r)), app.Td().Class("n").Text(r.Cells[trace.Len]),
					)
				})),
			),
		),
	)
}

func (p *Page) rowTime(ns int64) string {
	if p.figures.Report.Relative {
		t, _ := report.Time(ns).MarshalJSON()
		return string(t)
	}
	return time.Unix(0, ns).In(p.loc()).Format("15:04:05.000000000")
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
