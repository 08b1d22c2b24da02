package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/systeminfo"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// memory is what a page holds once it has its figures, in bytes. What could not be found out is 0.
type memory struct {
	Workers     int   `json:"workers"`     // that have WebAssembly memory
	WebAssembly int64 `json:"webassembly"` // of the workers together
	Grown       int64 `json:"grown"`       // by how much the renderer's resident memory is above that of the empty page
}

// memory asks the workers for their WebAssembly memory, and the system for the renderer's; idle is the latter before the load.
func (t *tab) memory(idle int64) (m memory) {
	if now := t.resident(); idle > 0 {
		m.Grown = now - idle
	}
	targets, err := chromedp.Targets(t.ctx)
	if err != nil {
		return m
	}
	for _, info := range targets {
		if info.Type != "worker" {
			continue
		}
		if n, err := t.webAssembly(info.TargetID); err == nil && n > 0 {
			m.Workers++
			m.WebAssembly += n
		}
	}
	return m
}

// webAssembly is the size of the WebAssembly memories in a worker. They are found by what they are, whatever the worker calls them.
func (t *tab) webAssembly(worker target.ID) (n int64, err error) {
	bounded, stop := context.WithTimeout(t.ctx, 3*time.Second) // a worker that another one started may not answer
	defer stop()
	ctx, cancel := chromedp.NewContext(bounded, chromedp.WithTargetID(worker))
	defer cancel()
	err = chromedp.Run(ctx, chromedp.ActionFunc(func(ctx context.Context) error {
		kind, problem, err := runtime.Evaluate("WebAssembly.Memory.prototype").Do(ctx)
		if err != nil || problem != nil {
			return fmt.Errorf("%v %w", problem, err)
		}
		all, err := runtime.QueryObjects(kind.ObjectID).Do(ctx)
		if err != nil {
			return err
		}
		sum, problem, err := runtime.CallFunctionOn("function() { return this.reduce((n, m) => n + m.buffer.byteLength, 0); }").WithObjectID(all.ObjectID).WithReturnByValue(true).Do(ctx)
		if err != nil || problem != nil {
			return fmt.Errorf("%v %w", problem, err)
		}
		n, err = strconv.ParseInt(string(sum.Value), 10, 64)
		return err
	}))
	return n, err
}

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
