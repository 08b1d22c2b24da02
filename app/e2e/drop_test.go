package e2e

import (
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"tracelens/shared/tracetest"
)

// drag moves files over the page at a place, and returns what to do next with them there.
func (p *page) drag(x, y float64, files ...string) (then func(input.DispatchDragEventType)) {
	p.t.Helper()
	data := &input.DragData{Items: []*input.DragDataItem{}, Files: files, DragOperationsMask: 1}
	then = func(kind input.DispatchDragEventType) {
		p.t.Helper()
		p.run(input.DispatchDragEvent(kind, x, y, data))
	}
	then(input.DragEnter)
	then(input.DragOver)
	return then
}

const veilShown = "getComputedStyle(document.querySelector('.dropveil')).display !== 'none'"

// TestDropAnywhere drops files with the browser's own drag and drop: on whatever is there, the page takes them and stays.
func TestDropAnywhere(t *testing.T) {
	t.Parallel()
	p := open(t, staticHost(t), desktop)
	files := convert(t, tracetest.Captures()[0])
	want := native(t, files...)
	where := eval[string](p, "location.href")
	history := eval[int](p, "history.length")

	dropOn := func(selector string) {
		t.Helper()
		type place struct{ X, Y float64 }
		at := eval[place](p, `(() => {
			const e = document.querySelector(`+quote(selector)+`);
			e.scrollIntoView({block: 'center', behavior: 'instant'});
			const r = e.getBoundingClientRect();
			return {X: r.x + r.width / 2, Y: r.y + Math.min(r.height, innerHeight) / 2};
		})()`)
		p.opened("ready", func() {
			then := p.drag(at.X, at.Y, files...)
			p.until(veilShown)
			then(input.Drop)
		})
		if eval[bool](p, veilShown) {
			t.Errorf("dropped on %s, the page still waits for a drop", selector)
			p.until("!(" + veilShown + ")")
		}
		sameReport(t, p.report(), want)
		if now := eval[string](p, "location.href"); now != where {
			t.Errorf("dropped on %s, the tab went to %s", selector, now)
		}
	}
	for _, selector := range []string{"h1", "[data-testid=connect-url]", ".logo", "footer"} {
		if selector == "h1" || eval[bool](p, "!!document.querySelector("+quote(selector)+")") {
			dropOn(selector)
		} else {
			t.Errorf("there is no %s", selector)
		}
		p.opened("ready", func() { p.click("sample") }) // it is no trace of files: what is dropped takes its place
		p.settled()
	}
	p.until("[...document.querySelectorAll('[data-testid=rows] tbody tr')].filter(e => e.cells.length > 5).length > 5")
	for _, selector := range []string{".plot canvas:not(.rest)", "[data-testid=rows] td", "[data-testid=anonymize-key]", "label.button"} {
		dropOn(selector)
		p.opened("ready", func() { p.click("sample") })
		p.settled()
	}

	// Taken away again, nothing happens.
	trace := eval[string](p, "document.querySelector('[data-testid=status]').dataset.trace")
	then := p.drag(700, 400, files...)
	p.until(veilShown)
	then(input.DragOver)
	// The protocol has no way to leave the window, so this one event is made by hand, as browsers send it then.
	p.run(chromedp.Evaluate("document.querySelector('main').dispatchEvent(new DragEvent('dragleave', {bubbles: true, relatedTarget: null}))", nil))
	p.until("!(" + veilShown + ")")
	if now := eval[string](p, "document.querySelector('[data-testid=status]').dataset.trace"); now != trace {
		t.Error("files that were not dropped were opened")
	}
	if n := eval[int](p, "history.length"); n != history {
		t.Errorf("the history has %d entries, before %d", n, history)
	}
	if tabs := p.tabs(); tabs != 1 {
		t.Errorf("there are %d tabs", tabs)
	}
}

// tabs is the number of tabs of this page's profile.
func (p *page) tabs() (n int) {
	p.t.Helper()
	all, err := chromedp.Targets(p.ctx)
	if err != nil {
		p.t.Fatal(err)
	}
	profile := cdpProfile(all, chromedp.FromContext(p.ctx).Target.TargetID)
	for _, info := range all {
		if info.Type == "page" && info.BrowserContextID == profile {
			n++
		}
	}
	return n
}

func cdpProfile(all []*target.Info, id target.ID) (profile any) {
	for _, info := range all {
		if info.TargetID == id {
			return info.BrowserContextID
		}
	}
	return nil
}
