package ui

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/internal/browser"
	"tracelens/shared/ports"
	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

// A whoKind is a list of who, or what, the traffic is of.
type whoKind struct {
	list report.List
	name string // on its button
	head string // of its column
	keys string // what there are how many of
	key  string // one of them
	csv  string
}

var whoKinds = []whoKind{
	{report.ListSource, "sources", "Source", "sources", "source", "source"},
	{report.ListDestination, "destinations", "Destination", "destinations", "destination", "destination"},
	{report.ListEither, "either end", "Address", "addresses", "address", "address"},
	{report.ListPair, "pairs", "Source → destination", "pairs", "pair", "source"},
	{report.ListConversation, "conversations", "Address ↔ address", "conversations", "conversation", "address"},
	{report.ListPort, "ports", "Port", "ports", "port", "port"},
	{report.ListProtocol, "protocols", "Protocol", "protocols", "protocol", "protocol"},
	{report.ListProgram, "programs", "Program", "programs", "program", "program"},
	{report.ListSite, "sites", "Site", "sites", "site", "site"},
}

// always is how many of the kinds there are of every trace; those behind them where something is known of who is behind it.
const always = 7

// whoSizes are how long a list may be.
var whoSizes = []int{20, 50, 100}

// who is which list the page shows, and how.
type who struct {
	kind     int // of whoKinds
	by       report.By
	size     int // of whoSizes
	reversed bool
	asChart  bool
	log      bool
}

func (w who) wish() report.Wish {
	return report.Wish{List: whoKinds[w.kind].list, By: w.by, Rows: whoSizes[w.size]}
}

// listing is the list that is shown; an empty one while it has not come.
func (p *Page) listing() *report.Listing {
	if r := p.whole.Report; r != nil && p.readOnly() {
		return r.List(p.who.wish().List)
	}
	for _, r := range []*report.Report{p.selected(), p.whole.Report} {
		if r != nil && r.Listing != nil && r.Listing.Wish.List == p.who.wish().List {
			return r.Listing
		}
	}
	return &report.Listing{Wish: p.who.wish()}
}

// names are what addresses of the lists are called.
func (p *Page) names() map[string]string {
	if r := p.selected(); r.Names != nil {
		return r.Names
	}
	return p.whole.Report.Names // which has those of the list, while that of the selection has not come
}

// called is what the addresses of a row are called, as far as anybody has said it.
func (p *Page) called(r report.Row) string {
	names := p.names()
	text, other := names[r.Key], names[r.Other]
	if text != "" && other != "" {
		text += ", "
	}
	return text + other
}

// listed reports whether the list that is shown is the one that was wished for. A page without any waits for none.
func (p *Page) listed() bool {
	r := p.selected()
	return r == nil || r.Listing == nil || r.Listing.Wish == p.who.wish()
}

// wish changes which list is shown.
func (p *Page) wish(change func(w *who)) {
	before := p.who.wish()
	if change(&p.who); p.who.wish() != before && !p.readOnly() {
		p.engine.Wish(p.who.wish())
	}
	p.drawAll()
}

// amount is what a list is ordered by.
func (w who) amount(bytes, packets int64) int64 {
	if w.by == report.ByPackets {
		return packets
	}
	return bytes
}

// rows are those of a list in the order in which they are shown.
func (w who) rows(l *report.Listing) []report.Row {
	rows := l.Rows
	if w.reversed {
		rows = slices.Clone(rows)
		slices.Reverse(rows)
	}
	return rows
}

func nameOf(list report.List, r report.Row) string {
	switch list {
	case report.ListPair:
		return r.Key + " → " + r.Other
	case report.ListConversation:
		return r.Key + " ↔ " + r.Other
	case report.ListPort:
		if service := serviceOf(r.Key); service != "" {
			return r.Key + " " + service
		}
	}
	return r.Key
}

// serviceOf is the service of a port such as "443/tcp".
func serviceOf(key string) string {
	port, udp, ok := portOf(key)
	if !ok {
		return ""
	}
	return ports.Name(port, udp)
}

// portOf reads the key of a port, such as "443/tcp".
func portOf(key string) (port uint16, udp, ok bool) {
	number, family, _ := strings.Cut(key, "/")
	n, err := strconv.ParseUint(number, 10, 16)
	return uint16(n), family == "udp", err == nil
}

// termOf is the filter that chooses the packets of a row; nil if there is none.
func termOf(list report.List, r report.Row) *selection.Expr {
	address := func(field selection.Field, key string) *selection.Expr {
		a, err := netip.ParseAddr(key)
		if err != nil {
			return nil
		}
		return &selection.Expr{Filter: selection.Filter{Field: field, Address: netip.PrefixFrom(a, a.BitLen())}}
	}
	switch list {
	case report.ListSource:
		return address(selection.Source, r.Key)
	case report.ListDestination:
		return address(selection.Destination, r.Key)
	case report.ListEither:
		return address(selection.Either, r.Key)
	case report.ListPair:
		return selection.All(address(selection.Source, r.Key), address(selection.Destination, r.Other))
	case report.ListConversation:
		return selection.All(address(selection.Either, r.Key), address(selection.Either, r.Other))
	case report.ListPort:
		port, udp, ok := portOf(r.Key)
		if !ok {
			return nil
		}
		f := selection.Filter{Field: selection.Port, Port: port, Family: selection.TCP}
		if udp {
			f.Family = selection.UDP
		}
		return &selection.Expr{Filter: f}
	case report.ListProgram:
		return ofCause(selection.Process, r.Key)
	case report.ListSite:
		return ofCause(selection.Site, r.Key)
	}
	for i := range trace.Protocols {
		if trace.Protocol(i).String() == r.Key {
			return &selection.Expr{Filter: selection.Filter{Field: selection.Protocol, Protocol: trace.Protocol(i)}}
		}
	}
	return nil
}

// classOf says what an address is by itself, where it is not one of the public network: "private", "multicast" and so on.
func classOf(address string) string {
	a, err := netip.ParseAddr(address)
	if err != nil {
		return ""
	}
	switch a = a.Unmap(); {
	case a.IsPrivate():
		return "private"
	case a == netip.AddrFrom4([4]byte{255, 255, 255, 255}):
		return "broadcast"
	case a.IsMulticast():
		return "multicast"
	case a.IsLinkLocalUnicast():
		return "link-local"
	case a.IsLoopback():
		return "loopback"
	case a.IsUnspecified():
		return "unspecified"
	}
	return ""
}

// ofCause is the filter that chooses the packets of a program or a site; of "", those of nobody known.
func ofCause(field selection.Field, name string) *selection.Expr {
	return &selection.Expr{Filter: selection.Filter{Field: field, Text: name}}
}

// whoCard answers "who?".
func (p *Page) whoCard() app.UI {
	l, w := p.listing(), p.who
	kinds := whoKinds
	if p.causes() == nil && w.kind < always {
		kinds = kinds[:always]
	}
	names, sizes := make([]string, len(kinds)), make([]string, len(whoSizes))
	for i, k := range kinds {
		names[i] = k.name
	}
	for i, n := range whoSizes {
		sizes[i] = strconv.Itoa(n)
	}
	var content app.UI
	if w.asChart {
		content = p.plot("top", "Top "+whoKinds[w.kind].keys, 320)
	} else {
		content = &whoTable{Listing: *l, Who: w, Bytes: p.selected().Bytes, Packets: p.selected().Packets, Binary: p.binary, Filter: p.choice.Filter.Text(), Names: p.names(), page: p}
	}
	measure := "by volume"
	if w.by == report.ByPackets {
		measure = "by packets"
	}
	return app.Section().Class("card").ID("who").Body(
		app.H2().Body(app.Text("Who "), app.Small().Text("top "+strconv.Itoa(min(whoSizes[w.size], int(l.Keys)))+" "+measure), app.Span().Class("right").Body(p.more("who"))),
		app.Div().Class("row spread toggles").Body(
			p.toggle("Top list of", names, w.kind, func(i int) { p.wish(func(w *who) { w.kind = i }) }),
			app.Span().Class("row").Body(
				app.Span().Class("choosing").Body(p.toggle("Ordered by", []string{"bytes", "packets"}, int(w.by), func(i int) { p.wish(func(w *who) { w.by, w.reversed = report.By(i), false }) })),
				p.toggle("Bars", []string{"linear", "log"}, boolIndex(w.log), func(i int) { p.wish(func(w *who) { w.log = i == 1 }) }),
				app.Span().Class("choosing").Body(p.toggle("Rows", sizes, w.size, func(i int) { p.wish(func(w *who) { w.size = i }) })),
				p.toggle("Show as", []string{"table", "chart"}, boolIndex(w.asChart), func(i int) { p.wish(func(w *who) { w.asChart = i == 1 }) }),
			),
		),
		content,
		p.directions(),
	)
}

// pointedTop makes a bar of the chart, when it is clicked, part of the filter.
func (p *Page) pointedTop(f *plot, e browser.Pointer) bool {
	rows := p.who.rows(p.listing())
	rows = rows[:min(len(rows), whoSizes[0])]
	if e.On != "top" || e.Kind != browser.PointerUp || len(rows) == 0 {
		return false
	}
	r := f.Pic.Plot
	if i := int((e.Y - r.Y) / r.H * float64(len(rows))); e.Y >= r.Y && i >= 0 && i < len(rows) {
		p.toggleRow(rows[i])
	}
	return true
}

// toggleRow makes a row of the list part of the filter, or takes it out again.
func (p *Page) toggleRow(r report.Row) {
	if term := termOf(p.who.wish().List, r); term != nil {
		p.toggleTerm(term)
	}
}
