package ui

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/app/engine"
	"tracelens/app/explore"
	"tracelens/app/internal/browser"
	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// The packets of the choice stand in a table that shows some of them and behaves as if it held them all, tens of millions: it is as high as
// they would be, up to what browsers can do, and shows those that belong where it has been scrolled to. They are asked for as they come
// into sight, with some around them.
const (
	rowHeight  = 28        // CSS pixels
	maxHeight  = 8_000_000 // of all rows: browsers lose count beyond some more
	rowsAround = 40        // that are asked for before and after those in sight
)

// A packetList is where the table stands.
type packetList struct {
	of       *report.Report  // whose packets
	window   *explore.Window // of them
	first    int64           // number of the first one in sight
	fraction float64         // of a row that the wheel has not yet turned
	visible  int
	have     []engine.Packet // the ones that have come
	at       int64           // number of the first of them
	asked    int64           // number of the first that was asked for, if asking
	asking   bool
	raw      bool  // columns as in the file
	from, to int64 // numbers of the rows that are marked to be copied; from < 0 for none
	said     string
	place    bool    // the scroll bar is to be put where first is
	top      float64 // where it is
}

// rowsCard shows the packets of the choice.
func (p *Page) rowsCard() app.UI {
	r, l := p.selected(), &p.list
	p.list.follow(r)
	begins := int64(r.Start) / 1e9
	if r.Packets == 0 {
		begins = p.span().From
	}
	caption := plural(r.Packets, "packet") + " in the order of time"
	return app.Section().Class("card").ID("rows").Body(
		app.H2().Body(app.Text("Packets "), app.Small().Text(caption), app.Span().Class("right").Body(append([]app.UI{
			app.Form().Class("jump").OnSubmit(p.jump).Body(
				line("jump", "Time to go to", p.clockTo(begins, 1), "").ID("jump"),
				app.Button().Class("button").Type("submit").Text("Go to"),
			),
			p.toggle("Columns", []string{"readable", "as in the file"}, boolIndex(l.raw), func(i int) { l.raw = i == 1 }),
			app.Button().Class("button").DataSet("testid", "copy-rows").Title("Copy the rows that are marked, or else those in sight, as lines of an hour file. Click on rows to mark them, with Shift up to there.").Text(l.copyText()).
				OnClick(func(app.Context, app.Event) { p.copyRows() }),
		}, p.savePackets()...)...)),
		p.savedPackets(),
		&packetTable{First: l.first, Total: r.Packets, Have: l.have, At: l.at, Raw: l.raw, MarkFrom: l.from, MarkTo: l.to, Loc: p.loc(), Relative: p.relative(), OriginNS: p.origin() * trace.Second, page: p},
	)
}

// follow keeps the table where it is when the figures are others: of another choice it begins at the first packet.
func (l *packetList) follow(r *report.Report) {
	if l.of == r {
		return
	}
	if l.of == nil || l.of.Selection != r.Selection {
		l.first, l.fraction, l.from, l.said, l.place = 0, 0, -1, "", true
	}
	l.of, l.window, l.have, l.asking = r, explore.NewWindow(r), nil, false
	l.first = min(l.first, max(0, r.Packets-1))
}

// askRows asks for the rows in sight, if they are not there or on their way; while somebody drags, or the files are read again, not until that
// is over.
func (p *Page) askRows() {
	l := &p.list
	if p.held.id != "" || p.again || l.of == nil || l.of != p.selected() || l.visible == 0 {
		return
	}
	end := min(l.first+int64(l.visible), l.of.Packets)
	if l.first >= l.at && end <= l.at+int64(len(l.have)) || l.asking && l.first >= l.asked && end <= l.asked+int64(l.visible+2*rowsAround) {
		return
	}
	from, n := max(0, l.first-rowsAround), l.visible+2*rowsAround
	l.asking, l.asked = true, from
	p.rowsAt(from, n, func(list []engine.Packet) {
		l.asking, l.at, l.have = false, from, list
		p.drawRows()
	})
}

// rowsAt asks for n packets of the choice from a number on.
func (p *Page) rowsAt(from int64, n int, got func([]engine.Packet)) {
	sel, of := p.choice.Selection(), p.list.of
	times, skip := p.list.window.Find(from, n)
	if times.Any() {
		return
	}
	if !sel.Ranged() {
		sel.FromNS, sel.ToNS = math.MinInt64, math.MaxInt64
	}
	sel.FromNS, sel.ToNS = max(sel.FromNS, times.From*trace.Second), min(sel.ToNS, times.To*trace.Second)
	p.engine.Rows(&sel, sel.FromNS, int(skip), n, func(list []engine.Packet) {
		if p.list.of == of {
			got(list)
		}
	})
}

// drawRows has the table drawn again, and what it lacks asked for.
func (p *Page) drawRows() {
	if t := p.table; t != nil {
		l := &p.list
		t.ctx.Dispatch(func(app.Context) { t.First, t.Have, t.At, t.MarkFrom, t.MarkTo = l.first, l.have, l.at, l.from, l.to })
	}
	p.askRows()
}

// scrollTo shows the packets from a number on.
func (p *Page) scrollTo(first int64) {
	l := &p.list
	l.first = min(max(first, 0), max(0, p.selected().Packets-int64(l.visible)+1))
	p.drawRows()
	l.top = l.offset()
	browser.ScrollTo(".packetlist", l.top)
}

// offset is how far down the packet in sight is, in pixels of all there are.
func (l *packetList) offset() float64 {
	if l.of == nil || l.of.Packets <= int64(l.visible) {
		return 0
	}
	return float64(l.first) / float64(l.of.Packets-int64(l.visible)+1) * (heightOf(l.of.Packets) - float64(l.visible)*rowHeight + rowHeight)
}

func heightOf(packets int64) float64 { return min(float64(packets)*rowHeight, maxHeight) }

// scrolled takes where the table has been scrolled to by the browser.
func (p *Page) scrolled(top, height float64) {
	l := &p.list
	if l.of == nil {
		return
	}
	l.top, l.visible = top, max(1, int(height/rowHeight)-1) // the head is as high as a row
	if math.Abs(top-l.offset()) < 2 {
		p.askRows()
		return // as it was put
	}
	span := heightOf(l.of.Packets) - float64(l.visible)*rowHeight + rowHeight
	if span > 0 {
		l.first = min(max(int64(math.Round(top/span*float64(l.of.Packets-int64(l.visible)+1))), 0), max(0, l.of.Packets-int64(l.visible)+1))
	}
	p.drawRows()
}

// measureRows takes how much of the table is in sight, once it is on the page.
func (p *Page) measureRows() {
	if p.list.visible == 0 {
		p.list.visible = tableHeight/rowHeight - 1
	}
	if l := &p.list; l.place && l.top != l.offset() { // to ask or to scroll has the browser lay out the page
		l.top = l.offset()
		browser.ScrollTo(".packetlist", l.top)
	}
	p.list.place = false
	p.askRows()
}

// wheelRows turns the table by rows where a pixel of the scroll bar is more than one.
func (p *Page) wheelRows(delta float64) bool {
	l := &p.list
	if l.of == nil || float64(l.of.Packets)*rowHeight <= maxHeight {
		return false
	}
	l.fraction += delta / rowHeight
	by := math.Trunc(l.fraction)
	l.fraction -= by
	p.scrollTo(l.first + int64(by))
	return true
}

// pointedRows takes wheel and keys of the table.
func (p *Page) pointedRows(e browser.Pointer) bool {
	switch e.Kind {
	case browser.PointerWheel:
		return p.wheelRows(e.Delta)
	case browser.PointerKey:
		return p.keyRows(e.Key)
	}
	return false
}

// keyRows moves by keys.
func (p *Page) keyRows(key string) bool {
	l := &p.list
	page := int64(max(1, l.visible-1))
	by, ok := map[string]int64{"ArrowUp": -1, "ArrowDown": 1, "PageUp": -page, "PageDown": page, "Home": math.MinInt32 << 20, "End": math.MaxInt32 << 20}[key]
	if ok {
		p.scrollTo(l.first + by)
	}
	return ok
}

// mark marks a row to be copied; with more, all from the one before to it.
func (p *Page) mark(row int64, more bool) {
	l := &p.list
	switch {
	case more && l.from >= 0:
		l.from, l.to = min(l.from, row), max(l.to, row)
	case l.from == row && l.to == row:
		l.from = -1
	default:
		l.from, l.to = row, row
	}
	l.said = ""
}

func (l *packetList) copyText() string {
	switch {
	case l.said != "":
		return l.said
	case l.from >= 0:
		return "Copy " + plural(l.to-l.from+1, "row")
	}
	return "Copy rows"
}

// maxCopied is how many rows are copied at a time: who wants more wants a file.
const maxCopied = 100_000

// copyRows copies rows with the head of an hour file.
func (p *Page) copyRows() {
	l := &p.list
	from, n := l.first, int64(l.visible)
	if l.from >= 0 {
		from, n = l.from, l.to-l.from+1
	}
	if n > maxCopied {
		l.said = "No more than " + label.Count(maxCopied) + " at a time"
		return
	}
	p.rowsAt(from, int(n), func(list []engine.Packet) {
		var b strings.Builder
		b.WriteString(strings.Join(trace.Names[:], ","))
		for i := range list {
			b.WriteString("\n" + list[i].Line())
		}
		l.asking = false
		browser.Copy(b.String()+"\n", func(ok bool) {
			p.do(func() {
				if l.said = "Copied " + label.Count(int64(len(list))); !ok {
					l.said = "The browser does not let this page copy"
				}
			})
		})
	})
}

// jump goes to a time that was typed: the first packet at it or after it.
func (p *Page) jump(ctx app.Context, e app.Event) {
	e.PreventDefault()
	at, ok := p.parseClock(app.Window().GetElementByID("jump").Get("value").String())
	if !ok || p.list.of == nil {
		return
	}
	p.goToTime(at)
}

// goToTime shows the packets from a time on, unix seconds. How many of its minute or second are before it the engine has to count.
func (p *Page) goToTime(at int64) {
	first, begins := p.list.window.At(at)
	sel := p.choice.Selection()
	if !sel.Ranged() || sel.FromNS < begins*trace.Second {
		sel.FromNS = begins * trace.Second
	}
	if sel.ToNS = at * trace.Second; sel.FromNS >= sel.ToNS {
		p.scrollTo(first)
		return
	}
	p.jumpTo = first
	p.engine.Select(engine.Before, &sel, true)
}

// parseClock reads a time as the page writes it: a time of the day of the trace's beginning or the first after it, or since the start.
func (p *Page) parseClock(text string) (at int64, ok bool) {
	parts := strings.Split(strings.TrimSpace(text), ":")
	if len(parts) < 2 || len(parts) > 3 {
		return 0, false
	}
	var n [3]int64
	for i, part := range parts {
		v, err := strconv.ParseFloat(part, 64)
		if err != nil || v < 0 {
			return 0, false
		}
		n[i] = int64(v)
	}
	seconds := n[0]*3600 + n[1]*60 + n[2]
	if p.relative() {
		return p.origin() + seconds, true
	}
	start := time.Unix(int64(p.selected().Start)/1e9, 0).In(p.loc())
	at = time.Date(start.Year(), start.Month(), start.Day(), 0, 0, 0, 0, p.loc()).Unix() + seconds
	if at < start.Unix()-3600 && at+24*3600 <= int64(p.whole.Report.End)/1e9+1 {
		at += 24 * 3600
	}
	return at, true
}
