package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"tracelens/app/internal/chromium"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/inspector"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// pause is how long a page that runs is left alone before it gets files, as by somebody who looks for them: its workers start.
const pause = time.Second

// A tab is the one page of a browser that was started for it, with a profile that has never been used.
type tab struct {
	ctx   context.Context
	close func()
}

// open starts a browser, shows the page at link and waits until it runs, which is a condition in JavaScript. early is a script that
// runs before any of the page's own.
func (b *bench) open(ctx context.Context, link, early, runs string) (*tab, error) {
	profile, err := os.MkdirTemp(b.temp, "profile-")
	if err != nil {
		return nil, err
	}
	allocator, stopBrowser := chromedp.NewExecAllocator(ctx, chromium.Options(b.chrome, profile)...)
	ctx, stopTab := chromedp.NewContext(allocator)
	ctx, crash := context.WithCancelCause(ctx)
	t := &tab{ctx: ctx, close: func() {
		crash(nil)
		stopTab()
		stopBrowser() // and waits for its end, so that it takes no time from who comes next
		remove(profile)
	}}
	chromedp.ListenTarget(ctx, func(event any) {
		if _, ok := event.(*inspector.EventTargetCrashed); ok {
			crash(errors.New("the page crashed: out of memory?"))
		}
	})
	err = t.run(chromedp.EmulateViewport(1440, 900), chromedp.ActionFunc(func(ctx context.Context) error {
		_, product, _, _, _, err := cdpbrowser.GetVersion().Do(cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser))
		b.versions["Chromium"] = product
		return err
	}), chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(early).Do(ctx)
		return err
	}), chromedp.Navigate(link), chromium.Until(runs, time.Minute), chromedp.Sleep(pause))
	if err != nil {
		t.close()
		return nil, fmt.Errorf("opening %s: %w", link, err)
	}
	return t, nil
}

func (t *tab) run(actions ...chromedp.Action) error {
	err := chromedp.Run(t.ctx, actions...)
	if cause := context.Cause(t.ctx); err != nil && cause != nil {
		return cause
	}
	return err
}

// measured gives the page the trace's files and waits for window.measured, a promise of a result. The page has its own clock, and
// nobody asks it anything in the meantime.
func (t *tab) measured(tr *trace) (*result, error) {
	paths, err := tr.paths()
	if err != nil {
		return nil, err
	}
	return t.clocked(chromedp.SetUploadFiles("[data-testid=files]", paths, chromedp.ByQuery))
}

// clocked does what starts the page's clock and waits for window.measured.
func (t *tab) clocked(begin chromedp.Action) (*result, error) {
	var text string
	err := t.run(begin,
		chromedp.Evaluate("measured.then(r => JSON.stringify(r))", &text, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }))
	if err != nil {
		return nil, err
	}
	r := new(result)
	return r, json.Unmarshal([]byte(text), r)
}

// ownPage measures with a contender on the peers' page. Its version becomes known as that of name, if it has one.
func ownPage(contender, name string) func(context.Context, *bench, *trace) (*result, error) {
	return func(ctx context.Context, b *bench, tr *trace) (*result, error) {
		t, err := b.open(ctx, b.peerLink+"/?"+contender, "", "!!window.measured")
		if err != nil {
			return nil, err
		}
		defer t.close()
		r, err := t.measured(tr)
		if err == nil && name != "" {
			b.versions[name] = r.Version
		}
		return r, err
	}
}
