package ui

import (
	"net/netip"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/app/internal/browser"
	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
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

// term is the filter that chooses the packets of a row; nil if there is none.
func (l whoList) term(w whoRow) *selection.Expr {
	address := func(field selection.Field, key string) *selection.Expr {
		a, err := netip.ParseAddr(key)
		if err != nil {
			return nil
		}
		return &selection.Expr{Filter: selection.Filter{Field: field, Address: netip.PrefixFrom(a, a.BitLen())}}
	}
	switch l {
	case sources:
		return address(selection.Source, w.key)
	case destinations:
		return address(selection.Destination, w.key)
	case pairs:
		return selection.All(address(selection.Source, w.key), address(selection.Destination, w.to))
	case ports:
		number, family, _ := strings.Cut(w.key, "/")
		port, err := strconv.ParseUint(number, 10, 16)
		if err != nil {
			return nil
		}
		f := selection.Filter{Field: selection.Port, Port: uint16(port), Family: selection.TCP}
		if family == "udp" {
			f.Family = selection.UDP
		}
		return &selection.Expr{Filter: f}
	}
	for i := range trace.Protocols {
		if trace.Protocol(i).String() == w.key {
			return &selection.Expr{Filter: selection.Filter{Field: selection.Protocol, Protocol: trace.Protocol(i)}}
		}
	}
	return nil
}

// whoCard answers "who?".
func (p *Page) whoCard() app.UI {
	r := p.selected()
	var content app.UI
	if p.asChart {
		content = p.plot("top", "Top "+whoNames[p.who], 320)
	} else {
		content = &whoTable{List: p.who, Rows: p.who.rows(r), Bytes: r.Bytes, Binary: p.binary, Filter: p.choice.Filter.Text(), page: p}
	}
	return app.Section().Class("card").ID("who").Body(
		app.H2().Body(
			app.Text("Who "), app.Small().Text(p.who.caption(r)),
			app.Span().Class("right").Body(
				p.toggle("Top list of", whoNames, int(p.who), func(i int) { p.who = whoList(i); p.drawAll() }),
				p.toggle("Show as", []string{"table", "chart"}, boolIndex(p.asChart), func(i int) { p.asChart = i == 1; p.drawAll() }),
				p.more("who"),
			),
		),
		content,
	)
}

// pointedTop makes a bar of the chart, when it is clicked, part of the filter.
func (p *Page) pointedTop(f *plot, e browser.Pointer) bool {
	rows := p.who.rows(p.selected())
	if e.On != "top" || e.Kind != browser.PointerUp || len(rows) == 0 {
		return false
	}
	r := f.Pic.Plot
	if i := int((e.Y - r.Y) / r.H * float64(len(rows))); e.Y >= r.Y && i >= 0 && i < len(rows) {
		p.toggle1(rows[i])
	}
	return true
}

// toggle1 makes a row of the list part of the filter, or takes it out again.
func (p *Page) toggle1(w whoRow) {
	if term := p.who.term(w); term != nil {
		p.toggleTerm(term)
	}
}

// whoTable is a component of its own, drawn again only when its rows change.
type whoTable struct {
	app.Compo
	List   whoList
	Rows   []whoRow
	Bytes  int64 // of all traffic
	Binary bool
	Filter string // of which some rows may be part
	page   *Page
	copied string
}

func (t *whoTable) Render() app.UI {
	largest := int64(1)
	if len(t.Rows) > 0 {
		largest = max(largest, t.Rows[0].bytes)
	}
	units := label.SI
	if t.Binary {
		units = label.Binary
	}
	heads := []string{"Source", "Destination", "Source → destination", "Port", "Protocol"}
	return app.Table().Class("who").DataSet("testid", "top").Body(
		app.THead().Body(app.Tr().Body(
			app.Th().Scope("col").Text(heads[t.List]), app.Th().Class("barcell").Text("Click to filter"),
			app.Th().Scope("col").Class("n").Text("Volume"), app.Th().Scope("col").Class("n").Text("Share"), app.Th().Scope("col").Class("n packets").Text("Packets"),
		)),
		app.TBody().Body(app.Range(t.Rows).Slice(func(i int) app.UI {
			w := t.Rows[i]
			return app.Tr().Body(
				app.Td().Class("key").Body(t.copyable(w.key), app.If(w.to != "", app.Span().Class("to").Body(app.Text("→ "), t.copyable(w.to)))),
				app.Td().Class("barcell").Body(t.bar(w, percent(w.bytes, largest))),
				app.Td().Class("n").Text(units.Bytes(w.bytes)), app.Td().Class("n").Text(label.Percent(w.bytes, t.Bytes)), app.Td().Class("n packets").Text(label.Count(w.packets)),
			)
		})),
	)
}

// bar is a row's volume, and filters by it.
func (t *whoTable) bar(w whoRow, percent string) app.UI {
	bar := app.I().Style("width", percent+"%")
	if t.page == nil {
		return bar
	}
	name := w.name()
	return app.Button().Class("bar").Title("Only "+name).Aria("label", "Filter by "+name).Body(bar).
		OnClick(func(app.Context, app.Event) { t.page.toggle1(w) }, int(t.List), w.key, w.to)
}

// copyable is an address, to be copied with a click. Ports and protocols are no use elsewhere.
func (t *whoTable) copyable(key string) app.UI {
	if t.List > pairs || t.page == nil {
		return app.Span().Text(key)
	}
	title := "Copy"
	if t.copied == key {
		title = "Copied"
	}
	return app.Button().Class("copy").Title(title).Body(app.Text(key), app.If(t.copied == key, app.Small().Attr("role", "status").Text("copied"))).
		OnClick(func(ctx app.Context, e app.Event) {
			browser.Copy(key, func(ok bool) {
				if ok {
					ctx.Dispatch(func(app.Context) { t.copied = key })
				}
			})
		}, key)
}
