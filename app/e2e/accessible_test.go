package e2e

import (
	"net"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestAccessibility goes through the page's states, light and dark, on a desk and on a phone, and has axe look at each.
func TestAccessibility(t *testing.T) {
	t.Parallel()
	host := staticHost(t)
	for name, l := range looks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := open(t, host, l)
			p.state("empty")
			p.accessible("empty")

			p.opened("loading", func() { p.connectToSilence() })
			p.accessible("loading")
			p.click("cancel")
			p.state("empty")

			p.opened("ready", func() { p.click("sample") })
			p.settled()
			p.accessible("full")
			p.press("#more-hours summary")
			p.until("document.querySelector('#more-hours').open")
			p.accessible("a card's menu open")
			p.press("[data-testid=save-hours-table]")
			p.until("document.querySelector('#numbers').open")
			p.accessible("a chart's numbers as a table")
			if rows := eval[int](p, "document.querySelectorAll('[data-testid=numbers] tbody tr').length"); rows != 11 {
				t.Errorf("the table has %d hours", rows)
			}
			p.run(chromedp.KeyEvent(kb.Escape))
			p.until("!document.querySelector('#numbers').open && document.querySelectorAll('[data-testid=numbers]').length === 0")
			p.run(chromedp.Evaluate("document.querySelector('#more-hours').open = false", nil))

			p.brush("hours", 1483902000+60, 1483909200-60)
			p.enter("tcp.port == 443 && frame.len > 100")
			p.accessible("selected")
			p.fill("filter", "ip.src == 203")
			p.until("document.querySelectorAll('#filter-offers li').length > 1")
			p.run(chromedp.KeyEvent(kb.ArrowDown))
			p.until("document.querySelector('#filter-offers [aria-selected=true]')")
			p.accessible("completions open")
			p.enter("frame.len > 100 && tcp.prot == 80")
			p.accessible("mistake in the filter")
			p.enter("frame.len == 1")
			p.accessible("nothing selected")
			p.enter("")
			p.choose("Show as", "chart")
			p.until("document.querySelector('[data-chart=top] canvas:not(.rest):not([hidden])')")
			p.accessible("top list as a chart")

			p.run(chromedp.Evaluate("document.activeElement.blur()", nil), chromedp.KeyEvent("?"))
			p.until("document.querySelector('#help').open")
			p.accessible("keys")
			p.run(chromedp.KeyEvent(kb.Escape))

			bad := filepath.Join(t.TempDir(), "bad.csv")
			if err := os.WriteFile(bad, []byte("hello\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			p.opened("error", func() { p.give(bad) })
			p.accessible("error")
		})
	}
}

// TestAccessibilityOfAnySize: at 200 and 400 % of a window of 1440 and 1280 pixels, on small phones and on large screens the page fits.
func TestAccessibilityOfAnySize(t *testing.T) {
	t.Parallel()
	host := staticHost(t)
	for name, size := range map[string]struct {
		l     look
		scale float64
	}{
		"200-percent": {look{720, 450, false}, 2}, "400-percent": {look{320, 256, true}, 2},
		"360": {look{360, 640, false}, 2}, "2560": {look{2560, 1440, true}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := open(t, host, size.l)
			p.run(chromedp.EmulateViewport(int64(size.l.width), int64(size.l.height), chromedp.EmulateScale(size.scale)))
			look := func(state string) {
				t.Helper()
				p.fits()
				p.shoot(state + "-" + name)
			}
			p.state("empty")
			look("empty")
			p.opened("ready", func() { p.click("sample") })
			p.settled()
			look("full")
			p.press("#more-cdf summary")
			p.until("document.querySelector('#more-cdf').open")
			look("menu")
			p.run(chromedp.KeyEvent(kb.Escape))
			p.brush("hours", 1483902000+60, 1483909200-60)
			p.enter("tcp.port == 443 && frame.len > 100 && ipv6.addr == 2001:db8::/32 || udp.port == 443")
			look("selected")
			p.fill("filter", "ip.src == 203")
			p.until("document.querySelectorAll('#filter-offers li').length > 1")
			look("offers")
			p.enter("frame.len > 100 && tcp.prot == 80")
			look("mistake")
			p.choose("Show as", "chart")
			p.until("document.querySelector('[data-chart=top] canvas:not(.rest):not([hidden])')")
			look("chart")
			p.run(chromedp.Evaluate("document.activeElement.blur(), scrollTo(0, 500)", nil))
			at := eval[float64](p, "scrollY")
			p.run(chromedp.KeyEvent("?"))
			p.until("document.querySelector('#help').open")
			look("keys")
			if now := eval[float64](p, "scrollY"); at == 0 || now != at {
				t.Errorf("the list of keys moves the page from %v to %v", at, now)
			}
			if box := eval[[2]float64](p, "(box => [box.top, box.bottom - innerHeight])(document.querySelector('#help').getBoundingClientRect())"); box[0] < 0 || box[1] > 0 {
				t.Errorf("the list of keys is %.0f pixels below the window's top and %.0f below its bottom", box[0], box[1])
			}
		})
	}
}

// connectToSilence connects the page to a helper that takes the connection and says nothing: it loads for as long as it is looked at.
func (p *page) connectToSilence() {
	p.t.Helper()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() { silent.Close() })
	p.mayAsk(silent.Addr().String())
	p.fill("connect-url", "http://"+silent.Addr().String()+"/#token=none")
	p.click("connect")
}

// press clicks the first element that matches.
func (p *page) press(selector string) {
	p.t.Helper()
	p.run(chromedp.Click(selector, chromedp.ByQuery))
}
