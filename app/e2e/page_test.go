package e2e

import (
	"context"
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tracelens/app/internal/chromium"
	"tracelens/shared/report"
)

// A page is the page in a tab of its own, with storage and cache of its own.
type page struct {
	t         *testing.T
	ctx       context.Context
	downloads string

	mu       sync.Mutex
	hosts    []string // that it may speak to
	tries    bool     // what its policy forbids, to see that it does
	requests []string // addresses, those of its workers too
	sockets  []string // addresses of its websockets
	workers  map[target.ID]bool
	received []network.Response
	names    map[string]string // of downloads, by their id
	finished chan string       // paths of downloads
	watched  chan struct{}     // one for each dedicated worker that is listened to
}

// A look is how a page is shown.
type look struct {
	width, height int
	dark          bool
}

var desktop = look{width: 1440, height: 900}

// open shows the page at link. At the end of the test it fails if the page wrote an error to the console, tried what its
// policy forbids, or spoke to a host that it did not come from.
func open(t *testing.T, link string, l look) *page {
	t.Helper()
	return openIn(t, browser, link, l)
}

// openIn is open in a browser that may be another one than the tests'.
func openIn(t *testing.T, browser context.Context, link string, l look) *page {
	t.Helper()
	u, err := url.Parse(link)
	if err != nil {
		t.Fatal(err)
	}
	ctx, profile := newTab(t, browser)
	ctx, stop := context.WithTimeout(ctx, 4*time.Minute)
	t.Cleanup(stop)
	p := &page{t: t, ctx: ctx, hosts: []string{u.Host}, workers: map[target.ID]bool{}, downloads: t.TempDir(), names: map[string]string{}, finished: make(chan string, 16), watched: make(chan struct{}, 16)}
	chromedp.ListenTarget(ctx, p.hear)
	scheme := "light"
	if l.dark {
		scheme = "dark"
	}
	p.run(
		network.Enable(),
		runtime.Enable(),
		cdplog.Enable(),
		chromedp.EmulateViewport(int64(l.width), int64(l.height)),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
		chromedp.ActionFunc(func(ctx context.Context) error {
			return cdpbrowser.SetDownloadBehavior(cdpbrowser.SetDownloadBehaviorBehaviorAllowAndName).WithBrowserContextID(profile).
				WithDownloadPath(p.downloads).WithEventsEnabled(true).Do(cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser))
		}),
	)
	chromedp.ListenBrowser(ctx, p.hear)
	chromedp.ListenBrowser(ctx, func(event any) {
		if e, ok := event.(*target.EventTargetCreated); ok && e.TargetInfo.BrowserContextID == profile {
			p.attend(e.TargetInfo)
		}
	})
	p.run(chromedp.Navigate(link))
	p.until("!document.getElementById('app-wasm-loader')") // go-app takes it away when the page runs
	return p
}

// newTab opens a window with a profile of its own: nothing is cached or stored from another test. Chromium has no window to open
// a tab in for a new profile, so the window is made first and chromedp attached to it.
func newTab(t *testing.T, browser context.Context) (ctx context.Context, profile cdp.BrowserContextID) {
	t.Helper()
	on := cdp.WithExecutor(browser, chromedp.FromContext(browser).Browser)
	profile, err := target.CreateBrowserContext().Do(on)
	if err != nil {
		t.Fatal(err)
	}
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(profile).WithNewWindow(true).Do(on)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := chromedp.NewContext(browser, chromedp.WithTargetID(id))
	t.Cleanup(func() {
		cancel()
		if err := target.DisposeBrowserContext(profile).Do(on); err != nil {
			t.Error(err)
		}
	})
	return ctx, profile
}

// attend listens to a worker of the page as to the page itself. A worker's very first request, for its own script, may be missed;
// what goes to hosts beyond this machine is not, because package-wide the proxy sees it.
func (p *page) attend(info *target.Info) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.workers[info.TargetID] || info.Type != "worker" && info.Type != "service_worker" && info.Type != "shared_worker" {
		return
	}
	p.workers[info.TargetID] = true
	ctx, _ := chromedp.NewContext(p.ctx, chromedp.WithTargetID(info.TargetID)) //nolint: it ends with the page
	chromedp.ListenTarget(ctx, p.hear)
	go func() {
		if chromedp.Run(ctx, network.Enable(), runtime.Enable(), cdplog.Enable()) == nil && info.Type == "worker" {
			p.watched <- struct{}{}
		}
	}()
}

// mayAsk lets the page speak to one more host.
func (p *page) mayAsk(host string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hosts = append(p.hosts, host)
}

// asked are the addresses asked for so far, and the websockets opened.
func (p *page) asked() (requests, sockets []string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.requests), slices.Clone(p.sockets)
}

func (p *page) responses() []network.Response {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.received)
}

func (p *page) hear(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		p.request(e.Request.URL)
	case *network.EventResponseReceived:
		p.mu.Lock()
		p.received = append(p.received, *e.Response)
		p.mu.Unlock()
	case *network.EventWebSocketCreated:
		p.mu.Lock()
		p.sockets = append(p.sockets, e.URL)
		p.mu.Unlock()
		p.request(e.URL)
	case *runtime.EventExceptionThrown:
		p.t.Errorf("the page threw: %s", e.ExceptionDetails.Error())
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError {
			p.t.Errorf("the page's console: %s", e.Args[0].Value)
		}
	case *cdplog.EventEntryAdded: // what the page's policy forbids is told there
		if e.Entry.Source == cdplog.SourceSecurity && !p.tries {
			p.t.Errorf("%s: %s", e.Entry.URL, e.Entry.Text)
		}
	case *cdppage.EventJavascriptDialogOpening:
		p.t.Errorf("a dialog opened: %s", e.Message)
	case *cdpbrowser.EventDownloadWillBegin:
		p.mu.Lock()
		p.names[e.GUID] = e.SuggestedFilename
		p.mu.Unlock()
	case *cdpbrowser.EventDownloadProgress:
		if e.State == cdpbrowser.DownloadProgressStateCompleted {
			p.mu.Lock()
			name, mine := p.names[e.GUID]
			p.mu.Unlock()
			from, to := filepath.Join(p.downloads, e.GUID), filepath.Join(p.downloads, filepath.Base(name))
			if mine && os.Rename(from, to) == nil { // events of all tabs come here; only ours are in our folder
				p.finished <- to
			}
		}
	}
}

func (p *page) request(address string) {
	u, err := url.Parse(address)
	p.mu.Lock()
	p.requests = append(p.requests, address)
	hosts := p.hosts
	p.mu.Unlock()
	if err != nil || !slices.Contains(hosts, u.Host) && u.Scheme != "blob" && u.Scheme != "data" {
		p.t.Errorf("the page sent a request to another host: %s", address)
	}
}

// run runs actions, and fails the test if one fails.
func (p *page) run(actions ...chromedp.Action) {
	p.t.Helper()
	if err := chromedp.Run(p.ctx, actions...); err != nil {
		p.t.Fatalf("%v\nThe page says: %s", err, p.says())
	}
}

// says is the page's text as it stands, for messages.
func (p *page) says() (text string) {
	ctx, cancel := context.WithTimeout(p.ctx, 2*time.Second)
	defer cancel()
	chromedp.Run(ctx, chromedp.Evaluate("document.body.innerText.slice(0, 1500)", &text))
	return text
}

// eval evaluates an expression in the page.
func eval[T any](p *page, expression string) (v T) {
	p.t.Helper()
	p.run(chromedp.Evaluate(expression, &v, func(e *runtime.EvaluateParams) *runtime.EvaluateParams {
		return e.WithAwaitPromise(true).WithAllowUnsafeEvalBlockedByCSP(false)
	}))
	return v
}

// until waits for a condition on the page.
func (p *page) until(condition string) {
	p.t.Helper()
	if err := chromedp.Run(p.ctx, chromium.Until(condition, 2*time.Minute)); err != nil {
		p.t.Fatalf("waiting for %s: %v\nThe page says: %s", condition, err, p.says())
	}
}

func (p *page) state(s string) {
	p.t.Helper()
	p.until("document.querySelector('[data-testid=status]')?.dataset.state === '" + s + "'")
}

// give chooses files in the page's file input.
func (p *page) give(paths ...string) {
	p.t.Helper()
	p.run(chromedp.SetUploadFiles("[data-testid=files]", paths, chromedp.ByQuery))
}

// click clicks something once it has come into sight and to rest, as a person does: where it was a moment before there may be nothing.
func (p *page) click(testID string) {
	p.t.Helper()
	selector := "[data-testid=" + testID + "]"
	p.until(`(() => {
		const e = document.querySelector('` + selector + `');
		if (!e) return false;
		e.scrollIntoViewIfNeeded();
		const b = e.getBoundingClientRect(), at = [b.x, b.y, b.width, b.height].join(), rests = e.wasAt === at && b.width > 0;
		e.wasAt = at;
		return rests;
	})()`)
	p.run(chromedp.Click(selector, chromedp.ByQuery))
}

// fill replaces what is in an input, as a person who pastes would.
func (p *page) fill(testID, text string) {
	p.t.Helper()
	selector := "[data-testid=" + testID + "]"
	p.run(chromedp.Focus(selector, chromedp.ByQuery), chromedp.Evaluate("document.querySelector('"+selector+"').select()", nil),
		chromedp.ActionFunc(func(ctx context.Context) error { return inputText(ctx, text) }))
}

// download clicks and returns the file that is saved.
func (p *page) download(testID string) string {
	p.t.Helper()
	p.click(testID)
	select {
	case path := <-p.finished:
		return path
	case <-p.ctx.Done():
	case <-time.After(60 * time.Second):
	}
	p.t.Fatalf("no file was saved. The page says: %s", p.says())
	return ""
}

// report downloads report.json.
func (p *page) report() *report.Report {
	p.t.Helper()
	b, err := os.ReadFile(p.download("report-json"))
	if err != nil {
		p.t.Fatal(err)
	}
	r := new(report.Report)
	if err := json.Unmarshal(b, r); err != nil {
		p.t.Fatalf("report.json: %v", err)
	}
	return r
}

// opened does what opens a trace and waits until that trace, not the one before it, is in the state s.
func (p *page) opened(s string, open func()) {
	p.t.Helper()
	before := eval[string](p, "document.querySelector('[data-testid=status]').dataset.trace")
	open()
	p.until("document.querySelector('[data-testid=status]').dataset.trace !== '" + before + "'")
	p.state(s)
}

// cancelled does what opens a trace, and presses Cancel once rows have been read: in the page, since a test that hears of them may be too late.
func (p *page) cancelled(open func()) {
	p.t.Helper()
	p.run(chromedp.Evaluate(`(() => {
		const look = setInterval(() => {
			if (!(`+rowsRead+`)) return;
			clearInterval(look);
			document.querySelector('[data-testid=cancel]').click();
		}, 5);
	})()`, nil))
	p.opened("ready", open)
}

// closed closes the open trace, if there is one: files that are given then are not added to it.
func (p *page) closed() {
	p.t.Helper()
	p.run(chromedp.Evaluate("document.querySelector('[data-testid=close-trace]')?.click()", nil))
	p.state("empty")
}

// ready gives files, as a trace of their own, and waits for their figures.
func (p *page) ready(paths ...string) *report.Report {
	p.t.Helper()
	p.closed()
	p.opened("ready", func() { p.give(paths...) })
	return p.report()
}

// add gives further files of the open trace and waits for the figures of all.
func (p *page) add(paths ...string) *report.Report {
	p.t.Helper()
	p.opened("ready", func() { p.give(paths...) })
	return p.report()
}

// text is the text of the first element that matches.
func (p *page) text(selector string) string {
	return strings.TrimSpace(eval[string](p, "document.querySelector("+quote(selector)+")?.innerText ?? ''"))
}

func quote(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}

// reload loads the page anew.
func reload() chromedp.Action {
	return chromedp.Tasks{chromedp.Reload(), chromium.Until("!document.getElementById('app-wasm-loader')", 2*time.Minute)}
}

// emptied takes the text of an input away, as a person does with the delete key.
func emptied(testID string) chromedp.Action {
	selector := "[data-testid=" + testID + "]"
	return chromedp.Tasks{chromedp.Focus(selector, chromedp.ByQuery), chromedp.Evaluate("document.querySelector('"+selector+"').select()", nil), chromedp.KeyEvent(kb.Delete)}
}

// watchTasks notes in window.seen, from now on, every task of the page's thread over 50 ms, what the page says of its progress,
// and when files were given and figures were there.
func watchTasks() chromedp.Action {
	return chromedp.Evaluate(`(() => {
		const seen = window.seen = {Given: 0, Ready: 0, Tasks: [], Texts: []};
		new PerformanceObserver(l => l.getEntries().forEach(e => seen.Tasks.push(e.duration))).observe({type: 'longtask'});
		window.addEventListener('change', () => { seen.Given = performance.now(); seen.Ready = 0; }, true);
		new MutationObserver(() => {
			const text = document.querySelector('[data-testid=progress]')?.textContent ?? '';
			if (text && seen.Texts.at(-1) !== text) seen.Texts.push(text);
			if (seen.Given && !seen.Ready && document.querySelector('[data-testid=status]').dataset.state === 'ready') seen.Ready = performance.now();
		}).observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
	})()`, nil)
}
