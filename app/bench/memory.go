package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/systeminfo"
	"github.com/chromedp/chromedp"
)

// resident is the resident memory of the browser's renderers, of which the page has one: Linux tells it, for others it is 0.
func (t *tab) resident() (n int64) {
	processes, err := systeminfo.GetProcessInfo().Do(cdp.WithExecutor(t.ctx, chromedp.FromContext(t.ctx).Browser))
	if err != nil {
		return 0
	}
	for _, p := range processes {
		if p.Type != "renderer" {
			continue
		}
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.ID))
		for line := range strings.Lines(string(status)) {
			if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
				kB, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
				n += kB * 1024
			}
		}
	}
	return n
}
