package e2e

import (
	"slices"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// A stop is what has the focus after a Tab.
type stop struct {
	Name   string
	Part   string  // of the page: the header, a card
	X, Y   float64 // of its middle, CSS pixels from the page's corner
	Ring   bool    // it shows that it has the focus
	Hidden string  // what lies over its middle, or "off the window"
}

// stopScript tells of what has the focus; null if nothing on the page has it.
const stopScript = `(() => {
	const e = document.activeElement;
	if (!e || e === document.body) return null;
	const shown = e.closest('.button') ?? e; // the file input is not seen, its button is
	const box = shown.getBoundingClientRect(), x = box.left + box.width / 2, y = (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2;
	const region = e.getAttribute('role') === 'region'; // it stands before all that is in it
	const style = getComputedStyle(shown), over = document.elementFromPoint(x, y);
	const part = e.closest('.way, .card, .selection, header'); // a way is a column
	return {
		name: e.dataset.testid ?? e.dataset.chart ?? (e.getAttribute('aria-label') || e.textContent), part: part?.id || part?.className || part?.localName || '',
		x: (region ? box.left : x) + scrollX, y: (region ? box.top : y) + scrollY, ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
		hidden: !over ? 'off the window' : shown.contains(over) || over.contains(shown) ? '' : over.className || over.localName,
	};
})()`

// TestAccessibilityByKeyboard goes through the whole page with the Tab key, there and back: everything that can be used is reached once, in the
// order in which it stands, and is seen to have the focus.
func TestAccessibilityByKeyboard(t *testing.T) {
	t.Parallel()
	for name, l := range map[string]look{
		"wide": desktop, "between": {width: 800, height: 900},
		"narrow": {width: 640, height: 450}, // as a window of 1280 is at 200 %
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tabThrough(t, sample(t, l))
		})
	}
}

func tabThrough(t *testing.T, p *page) {
	t.Helper()
	p.brush("hours", 1483902000+60, 1483909200-60) // so that there is a chip
	p.run(emulation.SetFocusEmulationEnabled(true), chromedp.Evaluate("document.body.tabIndex = -1, document.body.focus(), document.body.removeAttribute('tabindex'), scrollTo(0, 0)", nil))
	usable := eval[int](p, `[...document.querySelectorAll('a[href], button, input, select, summary, [tabindex="0"]')].filter(e => !e.disabled && e.checkVisibility()).length`)
	walk := func(times int, key chromedp.Action) (stops []stop) {
		t.Helper()
		for range times {
			p.run(key)
			s := eval[*stop](p, stopScript)
			if s == nil {
				t.Fatalf("after %d stops of %d the focus leaves the page, from %v", len(stops), times, stops[max(0, len(stops)-1):])
			}
			stops = append(stops, *s)
			if !s.Ring {
				t.Errorf("%q of %s does not show that it has the focus", s.Name, s.Part)
			}
			if s.Hidden != "" {
				t.Errorf("%q of %s has the focus and is behind %q", s.Name, s.Part, s.Hidden)
			}
		}
		return stops
	}
	there := walk(usable, chromedp.KeyEvent(kb.Tab))
	const line = 16                                // pixels that things may differ in height and still stand beside each other
	const menu = "Save, or see how it is computed" // it is the last of its card's heading, and on narrow pages in the corner
	for i, b := range there[1:] {
		a := there[i]
		if a.Part == b.Part && b.Name != menu && (b.Y < a.Y-line || b.Y < a.Y+line && b.X <= a.X) {
			t.Errorf("in %s Tab goes from %q at %.0f, %.0f back to %q at %.0f, %.0f", a.Part, a.Name, a.X, a.Y, b.Name, b.X, b.Y)
		}
	}
	var parts []string
	for _, s := range there {
		parts = append(parts, s.Part)
	}
	if parts = slices.Compact(parts); !slices.Equal(parts, []string{"header", "selection", "hours", "minutes", "sizes", "cdf", "who", "ranges", "rows", "anonymise", "input", "way drop", "way"}) {
		t.Errorf("Tab goes through %q", parts)
	}
	back := walk(usable-1, chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(input.ModifierShift)))
	for i, s := range back {
		if want := there[usable-2-i]; s.Part != want.Part || s.Name != want.Name {
			t.Errorf("backwards Tab stops at %q of %s, where it stopped at %q of %s", s.Name, s.Part, want.Name, want.Part)
		}
	}
}

// focused is the name of what has the focus.
func (p *page) focused() string {
	p.t.Helper()
	s := eval[*stop](p, stopScript)
	if s == nil {
		return ""
	}
	return s.Name
}

// TestAccessibilityOfDialogs: the list of keys takes the focus, keeps it and gives it back; what lies behind it rests. A card's menu closes
// with Escape, too.
func TestAccessibilityOfDialogs(t *testing.T) {
	t.Parallel()
	p := sample(t, desktop)
	p.brush("hours", 1483902000+60, 1483909200-60)
	p.run(emulation.SetFocusEmulationEnabled(true))
	chips := p.chipTexts()
	const open, within = "document.querySelector('#help').open", "document.querySelector('#help').contains(document.activeElement)"

	p.run(chromedp.Focus("[data-chart=minutes]", chromedp.ByQuery), chromedp.KeyEvent("?"))
	p.until(open)
	if !eval[bool](p, within) {
		t.Errorf("the dialog is open, and %q has the focus", p.focused())
	}
	for _, back := range []input.Modifier{0, input.ModifierShift} {
		for range 5 {
			p.run(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(back)))
			if !eval[bool](p, within+" || document.activeElement === document.body") { // the body stands for the browser's own buttons
				t.Errorf("Tab goes out of the dialog, to %q", p.focused())
			}
		}
	}
	heading := p.text("#hours h2")
	p.run(chromedp.KeyEvent("u"), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.Escape))
	p.until("!" + open)
	p.calm()
	if got := p.text("#hours h2"); got != heading {
		t.Errorf("behind the dialog %q has become %q", heading, got)
	}
	if got := p.chipTexts(); !slices.Equal(got, chips) {
		t.Errorf("Escape closed the dialog, and %q are now %q", chips, got)
	}
	if at := p.focused(); at != "minutes" {
		t.Errorf("the dialog is closed, and %q has the focus", at)
	}

	p.press(".keys")
	p.until(open)
	p.run(chromedp.KeyEvent(kb.Enter)) // what has the focus there closes it
	p.until("!" + open)
	if at := p.focused(); at != "Show the keys" {
		t.Errorf("the dialog is closed, and %q has the focus", at)
	}
	p.run(chromedp.KeyEvent("?"))
	p.until(open)
	p.run(chromedp.KeyEvent("?"))
	p.until("!" + open)

	p.run(chromedp.Focus("#more-cdf summary", chromedp.ByQuery), chromedp.KeyEvent(kb.Enter))
	p.until("document.querySelector('#more-cdf').open")
	p.run(chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Escape))
	p.until("!document.querySelector('#more-cdf').open")
	if !eval[bool](p, "document.activeElement.matches('#more-cdf summary')") {
		t.Errorf("the menu is closed, and %q has the focus", p.focused())
	}
	if got := p.chipTexts(); !slices.Equal(got, chips) {
		t.Errorf("Escape closed the menu, and %q are now %q", chips, got)
	}
}

// TestAccessibilityOfReadings: what the keyboard is at on a chart is shown, and told to who listens.
func TestAccessibilityOfReadings(t *testing.T) {
	t.Parallel()
	p := sample(t, desktop)
	for _, chart := range []string{"hours", "minutes", "sizes", "cdf"} {
		p.run(chromedp.Focus("[data-chart="+chart+"]", chromedp.ByQuery), chromedp.KeyEvent(kb.End), chromedp.KeyEvent(kb.ArrowLeft))
		tip := "[...document.querySelectorAll('[data-chart=" + chart + "] .tip > *')].map(e => e.textContent).join('; ')"
		p.until("(tip => tip && tip === document.querySelector('[role=status]#said').textContent)(" + tip + ")")
	}
	p.run(chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent("u")) // what else changes on the page leaves it
	p.calm()
	if p.text("#said") == "" {
		t.Error("what was told is gone")
	}
}
