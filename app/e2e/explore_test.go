package e2e

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tracelens/app/chart/label"
	"tracelens/shared/figures"
)

// press clicks the button with this text.
func (p *page) press(text string) {
	p.t.Helper()
	p.run(chromedp.Click("//button[normalize-space()='"+text+"']", chromedp.BySearch))
}

// TestSwitches: what can be chosen on the page changes what is shown, and nothing else.
func TestSwitches(t *testing.T) {
	t.Parallel()
	p := open(t, staticHost(t), desktop)
	p.opened("ready", func() { p.click("sample") })
	p.settled()
	r := p.report()

	for name, first := range map[string]struct {
		key   string
		bytes int64
	}{
		"sources":      {r.Top.Source[0].Key, r.Top.Source[0].Bytes},
		"destinations": {r.Top.Destination[0].Key, r.Top.Destination[0].Bytes},
		"pairs":        {r.Top.Pair[0].Key[0] + "→ " + r.Top.Pair[0].Key[1], r.Top.Pair[0].Bytes},
		"ports":        {r.Top.Port[0].Key, r.Top.Port[0].Bytes},
		"protocols":    {r.Top.Protocol[0].Key, r.Top.Protocol[0].Bytes},
	} {
		p.press(name)
		p.until("document.querySelector('[data-testid=top] tbody td')?.innerText === " + quote(first.key))
		if row := p.text("[data-testid=top] tbody tr"); !strings.Contains(row, label.Bytes(first.bytes)) || !strings.Contains(row, label.Percent(first.bytes, r.Bytes)) {
			t.Errorf("%s: the first row is %q, want %s of %s", name, row, label.Bytes(first.bytes), label.Bytes(r.Bytes))
		}
	}
	p.press("pairs")
	p.press("chart")
	p.until("document.querySelector('[data-chart=top] img')?.complete")
	if alt := eval[string](p, "document.querySelector('[data-chart=top] img').alt"); !strings.Contains(alt, r.Top.Pair[0].Key[0]) {
		t.Errorf("the chart of pairs is described as %q", alt)
	}
	p.shoot("who-chart-light-1440")

	p.fill("size-above", "100")
	want := label.Percent(figures.Above(r.Lengths, 100), r.Packets)
	p.until("document.querySelector('[data-testid=share-above]').innerText === " + quote(want))

	span := "[data-testid=tile-duration] small"
	local := p.text(span)
	p.press("UTC")
	p.until("document.querySelector(" + quote(span) + ").innerText !== " + quote(local))
	if utc := p.text(span); !strings.Contains(local, "12:00") || !strings.Contains(utc, "11:00") { // Stockholm in January
		t.Errorf("the span is %q in local time, %q in UTC", local, utc)
	}

	before := eval[string](p, "document.querySelector('[data-chart=hours] img').src")
	p.run(chromedp.Click("button.icon", chromedp.ByQuery))
	p.until("document.documentElement.dataset.theme === 'dark' && document.querySelector('[data-chart=hours] img').src !== " + quote(before))
}
