package e2e

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tracelens/shared/report"
	"tracelens/shared/trace"
	"tracelens/shared/tracegen"
)

// calm waits until every figure and chart of what is chosen is on the page.
func (p *page) calm() {
	p.t.Helper()
	p.until("document.documentElement.dataset.busy !== 'true'")
}

// placeOf is where a value of a chart's axis is on the screen; the chart is scrolled into sight.
func (p *page) placeOf(chart string, value float64) (x, y float64) {
	p.t.Helper()
	at := eval[[2]float64](p, fmt.Sprintf(`(() => {
		const e = document.querySelector('[data-chart=%s]');
		e.scrollIntoView({block: 'center', behavior: 'instant'});
		const [left, width, min, max] = e.dataset.axis.split(' ').map(Number), box = e.getBoundingClientRect();
		return [box.left + left + (%f - min) / (max - min) * width, box.top + box.height / 2];
	})()`, chart, value))
	return at[0], at[1]
}

func (p *page) mouse(kind input.MouseType, x, y float64) {
	p.t.Helper()
	buttons := int64(0)
	if kind != input.MouseReleased {
		buttons = 1
	}
	p.run(input.DispatchMouseEvent(kind, x, y).WithButton(input.Left).WithButtons(buttons).WithClickCount(1))
}

// brush takes hold of a chart at one value of its axis and lets go at another, as a hand does: with moves in between.
func (p *page) brush(chart string, from, to float64) {
	p.t.Helper()
	x, y := p.placeOf(chart, from)
	end, _ := p.placeOf(chart, to)
	p.run(input.DispatchMouseEvent(input.MouseMoved, x, y))
	p.mouse(input.MousePressed, x, y)
	const moves = 12
	for i := range moves {
		p.mouse(input.MouseMoved, x+(end-x)*float64(i+1)/moves, y)
	}
	p.mouse(input.MouseReleased, end, y)
	p.calm()
}

// enter types a filter, in place of the one that is there, and waits until the page has taken it.
func (p *page) enter(filter string) {
	p.t.Helper()
	p.fill("filter", filter)
	if filter == "" {
		p.run(emptied("filter"))
	}
	p.run(chromedp.KeyEvent(kb.Enter))
	p.until("document.querySelector('#filter').value === " + quote(filter) + " && document.querySelector('.filter').matches('.applied, .wrong') === " + fmt.Sprint(filter != ""))
	p.calm()
}

func (p *page) chipTexts() []string {
	p.t.Helper()
	return eval[[]string](p, "[...document.querySelectorAll('[data-testid=chips] .chip span')].map(e => e.textContent)")
}

// sample opens the sample trace, with times in UTC.
func sample(t *testing.T, l look) *page {
	t.Helper()
	p := open(t, staticHost(t), l)
	p.opened("ready", func() { p.click("sample") })
	p.run(chromedp.Evaluate("[...document.querySelectorAll('.toggle button')].find(b => b.textContent === 'UTC').click()", nil))
	p.until("document.querySelector('#hours h2').textContent.includes('UTC')")
	p.calm()
	return p
}

// TestSelectionsEqualTheOracle: what is chosen by dragging and typing has the figures that pandas finds in the same rows.
func TestSelectionsEqualTheOracle(t *testing.T) {
	t.Parallel()
	p := sample(t, desktop)
	whole := p.report()
	const evening, night = 1483902000, 1483909200
	check := func(name string, want report.Selection) {
		t.Helper()
		r := p.report()
		if r.Selection != want {
			t.Errorf("%s: the report is of %+v, want %+v", name, r.Selection, want)
		}
		oracle(t, "sample-"+name).equal(t, r)
	}
	ns := func(s int64) report.Time { return report.Time(s * trace.Second) }

	// By the mouse, not quite at the hours' edges: it snaps to them.
	p.brush("hours", evening+60, night-60)
	check("evening", report.Selection{From: ns(evening), To: ns(night)})
	if texts := p.chipTexts(); len(texts) != 1 || texts[0] != "19:00 to 21:00 (2 h)" {
		t.Errorf("the chips are %q", texts)
	}
	if of := p.text("[data-testid=tile-volume] small"); !strings.HasSuffix(of, " of 151 MB") {
		t.Errorf("the volume is %q", of)
	}
	if of := p.text("[data-testid=tile-packets] small"); !strings.HasSuffix(of, " of 200\u202f000") {
		t.Errorf("the packets are %q", of)
	}
	p.enter("tcp.port == 443 && frame.len > 1000")
	check("evening-https-long", report.Selection{From: ns(evening), To: ns(night), Filter: "tcp.port == 443 && frame.len >= 1001"})
	if texts := p.chipTexts(); len(texts) != 3 {
		t.Errorf("the chips are %q", texts)
	}
	// Away with the time, then with the lengths: a filter is left.
	p.click("chip-time")
	p.until("!document.querySelector('[data-testid=chip-time]')")
	p.run(chromedp.Evaluate("[...document.querySelectorAll('[data-testid=chip-term]')].at(-1).click()", nil))
	p.until("document.querySelectorAll('[data-testid=chip-term]').length === 1")
	p.calm()
	check("https", report.Selection{Filter: "tcp.port == 443"})
	p.enter("src:203.0.113.182")
	check("source", report.Selection{Filter: "ip.src == 203.0.113.182"})
	p.enter("(host:192.168.1.23 or 2001:db8::/32) && !udp.port==443 || frame.len<100")
	r := p.report()
	oracle(t, "sample-mixed").equal(t, r)
	p.enter("frame.len in {1000..1513}")
	oracle(t, "sample-lengths").equal(t, p.report())

	// Back and forward of the browser.
	back := func(by int, want string) {
		t.Helper()
		p.run(chromedp.Evaluate(fmt.Sprintf("history.go(%d)", by), nil))
		p.until("document.querySelector('#filter').value === " + quote(want))
		p.calm()
	}
	back(-2, "src:203.0.113.182")
	check("source", report.Selection{Filter: "ip.src == 203.0.113.182"})
	back(1, "(host:192.168.1.23 or 2001:db8::/32) && !udp.port==443 || frame.len<100")
	sameReport(t, p.report(), r)

	// What cannot be read changes nothing, and says where.
	before := p.report()
	p.enter("ip.adr == 1.2.3.4")
	if text := p.text("[data-testid=filter-error]"); !strings.Contains(text, "Character 1:") || !strings.Contains(text, "ip.addr") {
		t.Errorf("of a word that there is not the page says %q: %s", text, eval[string](p, "document.querySelector('.filter').outerHTML"))
	}
	sameReport(t, p.report(), before)
	p.run(chromedp.KeyEvent(kb.Escape))
	// A selection without packets says so.
	p.enter("ip.addr == 203.0.113.250 && frame.len == 1")
	if r := p.report(); r.Packets != 0 || r.Bytes != 0 {
		t.Errorf("%d packets", r.Packets)
	}
	if text := p.text("[data-testid=chips]"); !strings.Contains(text, "No packets") {
		t.Errorf("of nothing the page says %q", text)
	}
	if text := p.text("main"); strings.Contains(text, "NaN") || strings.Contains(text, "Inf") {
		t.Error("there are figures that are no numbers")
	}
	p.enter("")
	sameReport(t, p.report(), whole)
}

// TestBrushing: edges and middle of a range can be dragged; a click on a column is its hour; a double click and Escape clear.
func TestBrushing(t *testing.T) {
	t.Parallel()
	p := sample(t, desktop)
	dir := t.TempDir()
	files := sampleFiles(t, dir)
	start := float64(tracegen.Sample.Start)
	is := func(what string, from, to float64) {
		t.Helper()
		r := p.report()
		if got := [2]float64{float64(r.Selection.From) / 1e9, float64(r.Selection.To) / 1e9}; got != [2]float64{from, to} {
			t.Errorf("%s: from %v to %v, want %v to %v", what, got[0]-start, got[1]-start, from-start, to-start)
		}
		sel := selectionOf(t, r)
		sameReport(t, r, nativeOf(t, &sel, files...))
	}
	hour := func(n float64) float64 { return start + n*3600 }
	p.brush("hours", hour(1), hour(3))
	is("a new range", hour(1), hour(3))
	p.brush("hours", hour(3), hour(5))
	is("its end", hour(1), hour(5))
	p.brush("hours", hour(1), hour(0)+1800)
	is("its beginning", hour(0)+1800, hour(5))
	p.brush("hours", hour(2), hour(3)+1800)
	is("its middle", hour(2), hour(6)+1800)
	p.brush("hours", hour(10), hour(8))
	is("another, backwards", hour(8), hour(10))
	// The chart by the minute shows what was chosen, and is chosen from by the minute.
	p.brush("minutes", hour(8)+600, hour(8)+1200)
	is("minutes", hour(8)+600, hour(8)+1200)
	x, y := p.placeOf("hours", hour(4)+1800)
	p.run(chromedp.MouseClickXY(x, y))
	p.calm()
	is("a click on a column", hour(4), hour(5))
	x, y = p.placeOf("hours", hour(9))
	p.run(input.DispatchMouseEvent(input.MousePressed, x, y).WithButton(input.Left).WithClickCount(1), input.DispatchMouseEvent(input.MouseReleased, x, y).WithButton(input.Left).WithClickCount(1),
		input.DispatchMouseEvent(input.MousePressed, x, y).WithButton(input.Left).WithClickCount(2), input.DispatchMouseEvent(input.MouseReleased, x, y).WithButton(input.Left).WithClickCount(2))
	p.calm()
	is("a double click", 0, 0)

	// The wheel zooms the chart by the minute, which has seconds when it is near; nothing is selected by that.
	for range 20 {
		x, y = p.placeOf("minutes", hour(8)+1800)
		p.until(fmt.Sprintf("!document.querySelector('[data-chart=minutes]').dispatchEvent(new WheelEvent('wheel', {deltaY: -120, clientX: %f, clientY: %f, bubbles: true, cancelable: true}))", x, y)) // just after the page has moved, it is about the page
		p.calm()
	}
	p.until("document.querySelector('#minutes h2').textContent.startsWith('Traffic per second')")
	is("a wheel", 0, 0)
	axis := eval[[]float64](p, "document.querySelector('[data-chart=minutes]').dataset.axis.split(' ').map(Number)")
	if axis[2] > hour(8)+1800 || axis[3] < hour(8)+1800 || axis[3]-axis[2] > 15*60 || axis[3]-axis[2] < 10 {
		t.Errorf("the wheel shows %v to %v", axis[2]-start, axis[3]-start)
	}
	p.brush("minutes", axis[2]+10, axis[2]+30)
	is("seconds", math.Round(axis[2]+10), math.Round(axis[2]+30))
	p.run(chromedp.KeyEvent(kb.Escape))
	p.calm()

	// Lengths, on both of their charts.
	p.brush("sizes", 200, 1400)
	if r := p.report(); len(r.Lengths) == 0 || r.Lengths[0][0] < 195 || r.Lengths[len(r.Lengths)-1][0] > 1405 || r.Selection.Filter == "" {
		t.Errorf("lengths %v, %q", r.Lengths, r.Selection.Filter)
	}
	is("lengths", 0, 0)
	p.brush("cdf", 1500, 1000)
	is("lengths of the other chart", 0, 0)
	p.run(chromedp.KeyEvent(kb.Escape))
	p.calm()
	is("Escape", 0, 0)
	if r := p.report(); r.Selection.Filter != "" {
		t.Errorf("after Escape there is %q", r.Selection.Filter)
	}

	// By the keyboard alone: the hours have the focus, two of them are selected from the middle on.
	p.run(chromedp.Focus("[data-chart=hours]", chromedp.ByQuery), chromedp.KeyEvent(kb.Home), chromedp.KeyEvent(kb.ArrowRight, chromedp.KeyModifiers(input.ModifierShift)))
	p.calm()
	is("two hours by the keyboard", hour(0), hour(2))
}

// TestOpeningWhileDrawing opens another trace while the charts of the one before are still to be drawn.
func TestOpeningWhileDrawing(t *testing.T) {
	t.Parallel()
	p := sample(t, desktop)
	whole := p.report()
	p.opened("ready", func() {
		p.run(chromedp.Evaluate(`(() => {
			[...document.querySelectorAll('.toggle button')].find(b => b.textContent === 'local').click();
			document.querySelector('[data-testid=sample]').click();
		})()`, nil))
	})
	sameReport(t, p.report(), whole)
}
