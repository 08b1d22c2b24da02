package ui

import (
	"strconv"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/app/engine"
	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// A packetTable is the rows in sight. It is a component of its own, so that scrolling is nothing new to the page.
type packetTable struct {
	app.Compo
	First, Total     int64 // number of the first in sight, how many there are
	Have             []engine.Packet
	At               int64 // number of the first of them
	Raw              bool
	MarkFrom, MarkTo int64
	Loc              *time.Location
	Relative         bool
	OriginNS         int64
	page             *Page
	ctx              app.Context
}

func (t *packetTable) OnMount(ctx app.Context) {
	t.ctx, t.page.table = ctx, t
	t.OnUpdate(ctx)
}

// OnUpdate asks for what is in sight now.
func (t *packetTable) OnUpdate(app.Context) { t.page.measureRows() }

func (t *packetTable) OnDismount() {
	if t.page.table == t {
		t.page.table = nil
	}
}

// tableHeight is that of what is scrolled, in CSS pixels.
const tableHeight = 420

func (t *packetTable) Render() app.UI {
	shown := int(min(t.Total-t.First, tableHeight/rowHeight+1))
	heads := []string{"No.", "Time", "Source", "Port", "Destination", "Port", "Protocol", "Length, B"}
	if t.Raw {
		heads = append([]string{"No."}, trace.Names[:]...)
	}
	var rows []app.UI
	for i := range max(shown, 0) {
		rows = append(rows, t.row(t.First+int64(i)))
	}
	if t.Total == 0 {
		rows = append(rows, app.Tr().Body(app.Td().ColSpan(len(heads)).Class("muted").Text("No packets are in this selection.")))
	}
	return app.Div().Class("scroll packetlist").TabIndex(0).Attr("role", "region").Aria("label", "Packets").Style("height", px(tableHeight)).Body(
		app.Div().Class("tall").Style("height", px(heightOf(t.Total)+rowHeight)).Body(
			app.Table().Class("rows").DataSet("testid", "rows").Aria("rowcount", strconv.FormatInt(t.Total+1, 10)).Body(
				app.THead().Body(app.Tr().Body(app.Range(heads).Slice(func(i int) app.UI {
					return app.Th().Scope("col").Class(t.class(i)).Text(heads[i])
				}))),
				app.TBody().Body(rows...),
			),
		),
	)
}

// class is a column's.
func (t *packetTable) class(column int) string {
	if column == 0 || !t.Raw && (column == 3 || column == 5 || column == 7) {
		return "n"
	}
	return ""
}

func (t *packetTable) row(number int64) app.UI {
	cells := []string{label.Count(number + 1)}
	var called [2]string
	if i := number - t.At; i >= 0 && i < int64(len(t.Have)) {
		cells, called = t.cells(&t.Have[i], cells), t.Have[i].Called
	}
	tr := app.Tr().Aria("rowindex", strconv.FormatInt(number+2, 10)).OnClick(func(ctx app.Context, e app.Event) {
		t.page.do(func() { t.page.mark(number, e.Get("shiftKey").Bool()) })
	}, number)
	if t.MarkFrom >= 0 && number >= t.MarkFrom && number <= t.MarkTo {
		tr.Class("marked")
	}
	return tr.Body(app.Range(cells).Slice(func(i int) app.UI {
		if i == sourceCell || i == destinationCell {
			if name := called[(i-sourceCell)/2]; name != "" && !t.Raw {
				return app.Td().Body(app.Text(cells[i]), app.Small().Class("called").Title(name).Text(name))
			}
		}
		return app.Td().Class(t.class(i)).Text(cells[i])
	}))
}

// Where the addresses are.
const sourceCell, destinationCell = 2, 4

// cells are what is written of a packet.
func (t *packetTable) cells(k *engine.Packet, cells []string) []string {
	if t.Raw {
		return append(cells, k.Cells[:]...)
	}
	first := func(columns ...trace.Column) string {
		for _, c := range columns {
			if k.Cells[c] != "" {
				return k.Cells[c]
			}
		}
		return ""
	}
	return append(cells, t.time(k.TimeNS),
		first(trace.IPSrc, trace.IPv6Src), first(trace.TCPSrcPort, trace.UDPSrcPort), first(trace.IPDst, trace.IPv6Dst), first(trace.TCPDstPort, trace.UDPDstPort),
		k.Protocol().String(), k.Cells[trace.Len])
}

func (t *packetTable) time(ns int64) string {
	if t.Relative {
		text, _ := report.Time(ns - t.OriginNS).MarshalJSON()
		return string(text)
	}
	return time.Unix(0, ns).In(t.Loc).Format("15:04:05.000000000")
}
