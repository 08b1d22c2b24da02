package ui

import (
	"math"
	"strconv"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/app/internal/browser"
	"tracelens/shared/report"
)

// whoTable is a component of its own, drawn again only when its rows change.
type whoTable struct {
	app.Compo
	Listing report.Listing
	Who     who
	Bytes   int64 // of all that is selected
	Packets int64
	Binary  bool
	Filter  string // of which some rows may be part
	Names   map[string]string
	page    *Page
	copied  string
}

// both reports whether the list tells the two directions apart.
func both(l report.List) bool { return l == report.ListEither || l == report.ListConversation }

// both reports whether the table does; a report that was opened does not say it.
func (t *whoTable) both() bool { return both(t.Listing.Wish.List) && !t.page.readOnly() }

func (t *whoTable) Render() app.UI {
	l, w, kind := &t.Listing, t.Who, whoKinds[t.Who.kind]
	rows, largest := w.rows(l), int64(1)
	for _, r := range rows {
		largest = max(largest, w.amount(r.Bytes, r.Packets))
	}
	head := []app.UI{
		app.Th().Scope("col").Text(kind.head), app.Th().Class("barcell").Text("Click to filter"),
		t.sortable("Volume", "n", report.ByBytes), th("n", "Share"), t.sortable("Packets", "n packets", report.ByPackets),
	}
	if t.both() {
		names := []string{"Sent", "Received"}
		if l.Wish.List == report.ListConversation {
			names = []string{"→", "←"}
		}
		head = append(head, th("n packets", names[0]), th("n packets", names[1]))
	}
	return app.Div().Class("wholist").TabIndex(0).Attr("role", "region").Aria("label", "The list").Body(app.Table().Class("who").DataSet("testid", "top").Body(
		app.THead().Body(app.Tr().Body(head...)),
		app.TBody().Body(app.Range(rows).Slice(func(i int) app.UI { return t.row(rows[i], largest) })),
		app.TFoot().Body(t.sums(kind)...),
	))
}

// sortable is the head of a column that the list can be ordered by; once more turns it round.
func (t *whoTable) sortable(text, class string, by report.By) app.UI {
	order := "none"
	if t.Who.by == by {
		if order = "descending"; t.Who.reversed {
			order = "ascending"
		}
	}
	mark := map[string]string{"descending": " ↓", "ascending": " ↑"}[order]
	return app.Th().Scope("col").Class(class).Aria("sort", order).Body(
		app.Button().Class("sort").Text(text+mark).OnClick(func(app.Context, app.Event) {
			t.page.do(func() {
				t.page.wish(func(w *who) { w.reversed, w.by = w.by == by && !w.reversed, by })
			})
		}, int(by)),
	)
}

func (t *whoTable) row(r report.Row, largest int64) app.UI {
	l, w := t.Listing.Wish.List, t.Who
	amount := w.amount(r.Bytes, r.Packets)
	width := float64(amount) / float64(largest)
	if w.log {
		width = math.Log1p(float64(amount)) / math.Log1p(float64(largest))
	}
	cells := []app.UI{
		app.Td().Class("key").Body(t.key(l, r)...),
		app.Td().Class("barcell").Body(t.bar(r, strconv.FormatFloat(100*width, 'f', 1, 64))),
		td("n", t.units().Bytes(r.Bytes)), td("n", label.Percent(amount, w.amount(t.Bytes, t.Packets))), td("n packets", label.Count(r.Packets)),
	}
	if t.both() {
		cells = append(cells, td("n packets", t.units().Bytes(r.Sent.Bytes)), td("n packets", t.units().Bytes(r.Received.Bytes)))
	}
	return app.Tr().Body(cells...)
}

// sums are the rows below the list: what is not in it, and all.
func (t *whoTable) sums(kind whoKind) (list []app.UI) {
	l, w := &t.Listing, t.Who
	add := func(class, name, title string, v report.Volume) {
		cells := []app.UI{
			app.Td().Class("key").Title(title).Text(name), app.Td().Class("barcell"),
			td("n", t.units().Bytes(v.Bytes)), td("n", label.Percent(w.amount(v.Bytes, v.Packets), w.amount(t.Bytes, t.Packets))), td("n packets", label.Count(v.Packets)),
		}
		if t.both() {
			cells = append(cells, app.Td().Class("packets"), app.Td().Class("packets"))
		}
		list = append(list, app.Tr().Class(class).Body(cells...))
	}
	several := l.Wish.List == report.ListEither || l.Wish.List == report.ListPort
	if more := l.Keys - int64(len(l.Rows)); more > 0 {
		title := ""
		if several {
			title = "A packet counts for both of its ends, so the rows may add up to more than the total."
		}
		add("", label.Count(more)+" more", title, l.Rest)
	}
	if name, why := without(l.Wish.List); l.Without.Packets > 0 {
		add("", name, why, l.Without)
	}
	keys := kind.keys
	if l.Keys == 1 {
		keys = kind.key
	}
	add("total", label.Count(l.Keys)+" "+keys, "All packets that are selected.", report.Volume{Bytes: t.Bytes, Packets: t.Packets})
	return list
}

// without names what is in no row of a list, and says why.
func without(list report.List) (name, why string) {
	switch list {
	case report.ListPort:
		return "without a port", "Packets that have none, such as ICMP."
	case report.ListProgram:
		return label.Unattributed, "Packets of which nobody knows the program: of other machines, of other users, or of no program at all."
	case report.ListSite:
		return label.Unattributed, "Packets between addresses that nobody called by a name."
	}
	return "without an address", "Packets that have none, such as ARP."
}

func (t *whoTable) units() label.Units {
	if t.Binary {
		return label.Binary
	}
	return label.SI
}

// key names a row. Addresses are copied with a click.
func (t *whoTable) key(l report.List, r report.Row) []app.UI {
	switch l {
	case report.ListPort:
		return []app.UI{app.Span().Text(r.Key), app.Span().Class("to").Text(serviceOf(r.Key))}
	case report.ListProtocol, report.ListProgram, report.ListSite:
		return []app.UI{app.Span().Text(r.Key)}
	case report.ListPair:
		return []app.UI{t.copyable(r.Key), t.called(r.Key), app.Span().Class("to").Body(app.Text("→ "), t.copyable(r.Other), t.called(r.Other))}
	case report.ListConversation:
		return []app.UI{t.copyable(r.Key), t.called(r.Key), app.Span().Class("to").Body(app.Text("↔ "), t.copyable(r.Other), t.called(r.Other))}
	}
	return []app.UI{t.copyable(r.Key), t.called(r.Key)}
}

// called is what an address is called, if anybody has said it.
func (t *whoTable) called(address string) app.UI {
	if t.Names[address] == "" {
		return app.Text("")
	}
	return app.Small().Class("called").Text(t.Names[address])
}

// bar is a row's amount, and filters by it.
func (t *whoTable) bar(r report.Row, percent string) app.UI {
	bar := app.I().Style("width", percent+"%")
	if t.page == nil {
		return bar
	}
	name := nameOf(t.Listing.Wish.List, r)
	return app.Button().Class("bar").Title("Only "+name).Aria("label", "Filter by "+name).Body(bar).
		OnClick(func(app.Context, app.Event) { t.page.do(func() { t.page.toggleRow(r) }) }, int(t.Listing.Wish.List), r.Key, r.Other)
}

// copyable is an address, to be copied with a click.
func (t *whoTable) copyable(key string) app.UI {
	if t.page == nil {
		return app.Span().Text(key)
	}
	class := ""
	if t.Names[key] == "" {
		class = classOf(key)
	}
	var copied []app.UI
	if t.copied == key {
		copied = append(copied, app.Small().Attr("role", "status").Text("copied"))
	}
	return app.Button().Class("copy").DataSet("class", class).Title("Copy").Body(append([]app.UI{app.Text(key)}, copied...)...).
		OnClick(func(ctx app.Context, e app.Event) {
			browser.Copy(key, func(ok bool) {
				if ok {
					ctx.Dispatch(func(app.Context) { t.copied = key })
				}
			})
		}, key)
}
