package main

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/chromedp"

	"tracelens/app/internal/chromium"
	"tracelens/shared/report"
)

// clock runs in the page, from the moment that files are chosen to that in which the page says that every figure is drawn.
const clock = `window.measured = new Promise((done, failed) => {
	let began = 0;
	addEventListener('change', e => { if (e.target.matches('[data-testid=files]')) began = performance.now(); }, true);
	new MutationObserver((_, observer) => {
		const status = document.querySelector('[data-testid=status]');
		if (!began || !status) return;
		if (status.dataset.state === 'ready') { done({ms: performance.now() - began}); observer.disconnect(); }
		if (status.dataset.state === 'error') failed(new Error(document.body.innerText.slice(0, 500)));
	}).observe(document, {subtree: true, childList: true, attributes: true, attributeFilter: ['data-state']});
})`

// tracelens measures the page. What it found and how much memory it has are asked when the clock has stopped.
func tracelens(ctx context.Context, b *bench, tr *trace) (*result, error) {
	t, err := b.open(ctx, b.pageLink, clock, "!document.getElementById('app-wasm-loader')") // go-app takes it away
	if err != nil {
		return nil, err
	}
	defer t.close()
	idle := chromium.Memory(t.ctx)
	r, err := t.measured(tr)
	if err != nil {
		return nil, err
	}
	if idle > 0 {
		r.Grown = chromium.Memory(t.ctx) - idle
	}
	saved, err := os.MkdirTemp(b.temp, "saved-")
	if err != nil {
		return nil, err
	}
	r.Figures, err = t.report(saved)
	return r, err
}

// report has the page save report.json in a folder, and takes the figures from it.
func (t *tab) report(dir string) (*figures, error) {
	saved := make(chan string, 1)
	chromedp.ListenBrowser(t.ctx, func(event any) {
		if e, ok := event.(*cdpbrowser.EventDownloadProgress); ok && e.State == cdpbrowser.DownloadProgressStateCompleted {
			saved <- filepath.Join(dir, e.GUID)
		}
	})
	err := t.run(chromedp.ActionFunc(func(ctx context.Context) error {
		return cdpbrowser.SetDownloadBehavior(cdpbrowser.SetDownloadBehaviorBehaviorAllowAndName).WithDownloadPath(dir).WithEventsEnabled(true).
			Do(cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser))
	}), chromedp.Click("[data-testid=report-json]", chromedp.ByQuery))
	if err != nil {
		return nil, err
	}
	select {
	case path := <-saved:
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		r := new(report.Report)
		if err := json.Unmarshal(text, r); err != nil {
			return nil, err
		}
		return figuresOf(r), nil
	case <-t.ctx.Done():
		return nil, context.Cause(t.ctx)
	}
}

func figuresOf(r *report.Report) *figures {
	f := &figures{Packets: r.Packets, Bytes: r.Bytes, Minutes: len(r.Minutes), Lengths: len(r.Lengths), Quartiles: [3]float64{r.Box.Q1, r.Box.Median, r.Box.Q3}}
	for _, h := range r.Hours {
		if h.Packets > 0 {
			f.Hours++
		}
	}
	if len(r.Top.Source) > 0 && len(r.Top.Pair) > 0 {
		f.Source, f.Pair = r.Top.Source[0].Bytes, r.Top.Pair[0].Bytes
	}
	return f
}
