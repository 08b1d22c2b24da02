package e2e

import (
	"archive/zip"
	"context"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"tracelens/shared/tracetest"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var shots = flag.String("shots", "", "folder to write screenshots of every state to, for looking at")

func inputText(ctx context.Context, text string) error { return input.InsertText(text).Do(ctx) }

// shoot writes a picture of the whole page if -shots asks for it.
func (p *page) shoot(name string) {
	if *shots == "" {
		return
	}
	var png []byte
	p.run(chromedp.FullScreenshot(&png, 100))
	if err := os.WriteFile(filepath.Join(*shots, name+".png"), png, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

// settled waits until every chart of the page is drawn.
func (p *page) settled() {
	p.until("[...document.querySelectorAll('.plot')].length > 0 && [...document.querySelectorAll('.plot')].every(e => e.querySelector('canvas:not(.rest):not([hidden])'))")
}

// looks are those that people have.
var looks = map[string]look{
	"light-1440": {1440, 900, false}, "dark-1440": {1440, 900, true},
	"light-390": {390, 844, false}, "dark-390": {390, 844, true},
}

// TestStates goes through the page's states at the widths people have, and checks that nothing is wider than the window.
func TestStates(t *testing.T) {
	host := staticHost(t)
	big, _ := bigFile(t, 100<<20)
	for name, l := range looks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := open(t, host, l)
			p.until("document.querySelector('[data-testid=sample]')")
			p.state("empty")
			p.fits()
			p.shoot("empty-" + name)
			p.click("sample")
			p.state("ready")
			p.settled()
			p.fits()
			p.shoot("full-" + name)
			p.calm()
			p.brush("hours", 1483902000+60, 1483909200-60)
			p.enter("tcp.port == 443 && frame.len > 100")
			p.calm()
			x, y := p.placeOf("minutes", 1483905600)
			p.run(input.DispatchMouseEvent(input.MouseMoved, x, y), chromedp.Evaluate("scrollTo(0, 0)", nil))
			p.fits()
			p.shoot("selected-" + name)
			p.fill("filter", "ip.src == 203")
			p.until("document.querySelectorAll('#filter-offers li').length > 1")
			p.fits()
			p.shoot("offers-" + name)
			p.enter("frame.len > 100 && tcp.prot == 80")
			p.fits()
			p.shoot("mistake-" + name)
			p.enter("frame.len == 1")
			p.fits()
			p.shoot("nothing-" + name)
			p.run(chromedp.Evaluate("document.activeElement.blur()", nil), chromedp.KeyEvent("?"))
			p.until("document.querySelector('#help').open")
			p.fits()
			p.shoot("help-" + name)
			p.run(chromedp.KeyEvent(kb.Escape))
			p.opened("loading", func() { p.give(big) })
			p.until("/[0-9] rows/.test(document.querySelector('[data-testid=progress]')?.innerText ?? '')")
			p.fits()
			p.shoot("loading-" + name)
			p.state("ready")
			bad := filepath.Join(t.TempDir(), "<img src=x onerror=alert(1)>.csv")
			if err := os.WriteFile(bad, []byte("hello\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			p.closed()
			p.opened("error", func() { p.give(bad) })
			p.fits()
			p.shoot("error-" + name)

			// What was read of files of all kinds, and the dialog about one of them.
			p.closed()
			p.ready(allKinds(t)...)
			p.run(chromedp.Evaluate("document.querySelector('[data-testid=input]').scrollIntoView()", nil))
			p.fits()
			p.shoot("read-" + name)
			p.ofFile("office.csv", "read-as")
			p.until("document.querySelectorAll('[data-testid=layout] tbody tr').length > 2")
			p.fits()
			p.shoot("layout-" + name)
		})
	}
}

// allKinds are files that are read in different ways, or not.
func allKinds(t *testing.T) []string {
	t.Helper()
	dir := t.TempDir()
	hours := sampleFiles(t, t.TempDir())[:4]
	names, contents := contentsOf(t, hours)
	names, contents = append(names[2:3:3], "notes.txt", "monday/"+names[3]), [][]byte{contents[2], []byte("Dear all,\n"), contents[3][:len(contents[3])/2]}
	return []string{
		hours[0], hours[1],
		write(t, dir, "week.zip", string(tracetest.Zip(zip.Deflate, names, contents))),
		write(t, dir, "1483873200 (1).csv", string(must(os.ReadFile(hours[0])))),
		write(t, dir, "office.csv", "frame.time_epoch;ip.src;ip.dst;frame.len\n1483891200.5;192.0.2.1;198.51.100.2;60\n1483891201.25;192.0.2.1;198.51.100.2;oops\n1483891202;198.51.100.2;192.0.2.1;1514\n"),
		write(t, dir, "slides.pdf", "%PDF-1.7\n%\xb5\xed\xae\xfb\n\x00"),
		tracetest.Captures()[0],
	}
}

func must(b []byte, err error) []byte {
	if err != nil {
		panic(err)
	}
	return b
}

// fits checks that nothing is wider than the window, nor sticks out of it unless it is in something that scrolls. The window ends where the
// body does: of its other widths some have the scroll bar's in them.
func (p *page) fits() {
	p.t.Helper()
	if over := eval[int](p, "document.documentElement.scrollWidth - Math.ceil(document.body.getBoundingClientRect().right)"); over > 0 {
		p.t.Errorf("the page is %d pixels wider than the window", over)
	}
	for _, name := range eval[[]string](p, `[...document.querySelectorAll('body *')].filter(e => {
		const box = e.getBoundingClientRect();
		if (!e.checkVisibility() || box.left >= -1 && box.right <= document.body.getBoundingClientRect().right + 1) return false;
		for (let a = e.parentElement; a !== document.body; a = a.parentElement) if (getComputedStyle(a).overflowX !== 'visible') return false;
		return true;
	}).map(e => e.localName + '.' + e.className + ' ' + e.textContent.slice(0, 40))`) {
		p.t.Errorf("%s sticks out of the window", name)
	}
}
