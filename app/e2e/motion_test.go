package e2e

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/emulation"

	"tracelens/shared/tracetest"
)

// TestAccessibilityWhileLive has axe look at a live trace, whose pulse stands still for those who want less motion.
func TestAccessibilityWhileLive(t *testing.T) {
	t.Parallel()
	h, w := feed(t)
	p := open(t, h.link, desktop)
	p.opened("ready", func() { p.click("connect") })
	capture, err := os.ReadFile(filepath.Join(filepath.Dir(tracetest.Captures()[0]), "vxlan-first60.pcap"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(capture); err != nil {
		t.Fatal(err)
	}
	p.packets(60)
	p.settled()
	p.accessible("live")
	const moving = "document.getAnimations().length"
	if n := eval[int](p, moving); n != 1 {
		t.Errorf("%d things move, and the pulse should", n)
	}
	p.run(emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}}))
	if n := eval[int](p, moving); n != 0 {
		t.Errorf("with less motion wished for, %d things move", n)
	}
}
