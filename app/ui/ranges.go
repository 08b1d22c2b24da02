package ui

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/app/explore"
	"tracelens/shared/figures"
	"tracelens/shared/report"
)

// rangesCard lists Wireshark's packet length ranges.
func (p *Page) rangesCard() app.UI {
	r := p.selected()
	return p.card("ranges", "Packet lengths", "in Wireshark's ranges · bytes", nil,
		app.Div().Class("wholist").TabIndex(0).Attr("role", "region").Aria("label", "Packet lengths").Body(
			&rangesTable{Of: r, Packets: r.Packets, page: p},
		),
	)
}

// A rangesTable is a component of its own, drawn again only when its report is another one.
type rangesTable struct {
	app.Compo
	Of      *report.Report
	Packets int64
	page    *Page
}

func (t *rangesTable) Render() app.UI {
	r, p := t.Of, t.page
	seconds := float64(r.End-r.Start) / 1e9
	ranges := figures.Ranges(r.Lengths)
	return app.Table().DataSet("testid", "ranges").Body(
		app.THead().Body(app.Tr().Body(
			app.Th().Scope("col").Text("Length"), app.Th().Class("barcell").Text("Click to select"), th("n", "Packets"), th("n", "Share"),
			th("n packets", "Mean"), th("n packets", "Least"), th("n packets", "Most"), th("n packets", "Packets/s"),
		)),
		app.TBody().Body(app.Range(ranges).Slice(func(i int) app.UI {
			g := ranges[i]
			mean, least, most, rate := "–", "–", "–", "–"
			if g.Packets > 0 {
				mean, least, most = label.Number(float64(g.Bytes)/float64(g.Packets)), label.Count(g.Min), label.Count(g.Max)
				if seconds > 0 {
					rate = label.Number(float64(g.Packets) / seconds)
				}
			}
			return app.Tr().Body(
				app.Td().Text(g.String()),
				app.Td().Class("barcell").Body(app.Button().Class("bar").Aria("label", "Select lengths "+g.String()).Title("Only lengths "+g.String()).Body(app.I().Hidden(g.Packets == 0).Style("width", percent(g.Packets, r.Packets)+"%")).
					OnClick(func(app.Context, app.Event) {
						p.alter(func(c *explore.Choice) { c.Lengths = explore.Span{From: g.From, To: min(g.To, 1<<32-2) + 1} })
					}, i)),
				td("n", label.Count(g.Packets)), td("n", label.Percent(g.Packets, r.Packets)),
				td("n packets", mean), td("n packets", least), td("n packets", most), td("n packets", rate),
			)
		})),
	)
}
