package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"tracelens/shared/tracegen"
)

// touch puts fingers at places, or moves those that are there; none lifts them.
func (p *page) touch(kind input.TouchType, at ...[2]float64) {
	p.t.Helper()
	points := []*input.TouchPoint{}
	for i, xy := range at {
		points = append(points, &input.TouchPoint{X: xy[0], Y: xy[1], ID: float64(i + 1)})
	}
	p.run(input.DispatchTouchEvent(kind, points))
}

// TestTouch selects with a finger, moves an end of the range, and zooms by two.
func TestTouch(t *testing.T) {
	t.Parallel()
	p := sample(t, look{390, 844, false})
	p.run(emulation.SetTouchEmulationEnabled(true).WithMaxTouchPoints(2))
	files := sampleFiles(t, t.TempDir())
	start := float64(tracegen.Sample.Start)
	hour := func(n float64) float64 { return start + 3600*n }
	swipe := func(chart string, from, to float64) {
		t.Helper()
		x, y := p.placeOf(chart, from)
		end, _ := p.placeOf(chart, to)
		p.touch(input.TouchStart, [2]float64{x, y})
		const moves = 8
		for i := range moves {
			p.touch(input.TouchMove, [2]float64{x + (end-x)*float64(i+1)/moves, y})
		}
		p.touch(input.TouchEnd)
		p.calm()
	}
	is := func(what string, from, to float64) {
		t.Helper()
		r := p.report()
		if f, l := float64(r.Selection.From)/1e9, float64(r.Selection.To)/1e9; f != from || l != to {
			t.Errorf("%s: from %v to %v, want %v to %v", what, f-start, l-start, from-start, to-start)
		}
		sel := selectionOf(t, r)
		sameReport(t, r, nativeOf(t, &sel, files...))
	}
	swipe("hours", hour(7), hour(9))
	is("a finger over two hours", hour(7), hour(9))
	swipe("hours", hour(9), hour(10))
	is("their end", hour(7), hour(10))
	p.run(chromedp.Evaluate("[...document.querySelectorAll('#hours .link')].find(b => b.textContent === 'clear').click()", nil))
	p.calm()

	x, y := p.placeOf("minutes", hour(8))
	axis := func() []float64 {
		return eval[[]float64](p, "document.querySelector('[data-chart=minutes]').dataset.axis.split(' ').map(Number)")
	}
	before := axis()
	p.touch(input.TouchStart, [2]float64{x - 20, y})
	p.touch(input.TouchStart, [2]float64{x - 20, y}, [2]float64{x + 20, y})
	for _, d := range []float64{25, 30, 40, 50, 60, 80} {
		p.touch(input.TouchMove, [2]float64{x - d, y}, [2]float64{x + d, y})
	}
	p.touch(input.TouchEnd)
	p.calm()
	if after := axis(); after[3]-after[2] > (before[3]-before[2])/2 || after[2] > hour(8) || after[3] < hour(8) {
		t.Errorf("two fingers made %v to %v of %v to %v", after[2]-start, after[3]-start, before[2]-start, before[3]-start)
	}
	if r := p.report(); r.Selection.From != 0 || r.Selection.To != 0 {
		t.Errorf("two fingers selected %v", r.Selection)
	}
}

// TestBarOfTheChart clicks on a bar of the top list as a chart: it filters, as a row of the table does, and once more does not.
func TestBarOfTheChart(t *testing.T) {
	t.Parallel()
	p := sample(t, desktop)
	whole := p.report()
	p.choose("Show as", "chart")
	p.until("document.querySelector('[data-chart=top] canvas:not(.rest)')?.clientHeight > 100")
	p.calm()
	click := func() {
		at := eval[[2]float64](p, `(() => {
			const e = document.querySelector('[data-chart=top]');
			e.scrollIntoView({block: 'start', behavior: 'instant'});
			const box = e.getBoundingClientRect();
			return [box.left + box.width / 2, box.top + 16];
		})()`)
		p.run(chromedp.MouseClickXY(at[0], at[1]))
	}
	click()
	p.until("document.querySelector('[data-testid=chip-term]')")
	p.calm()
	oracle(t, "sample-source").equal(t, p.report())
	click()
	p.until("!document.querySelector('[data-testid=chip-term]')")
	p.calm()
	sameReport(t, p.report(), whole)
}
