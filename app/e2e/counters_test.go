package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"tracelens/shared/trace"
	"tracelens/shared/tracegen"
	"tracelens/shared/tracetest"
)

// victim is the counter that the tests kill: every machine has one of this name.
const victim = "counter 1"

// A crew is the page's counters as the browser's debugger sees them. They are workers of a worker: the browser says nothing of them until
// the lead's own session is told to attach to whatever the lead starts.
type crew struct {
	p    *page
	came chan *target.Info // each counter, and whatever takes its place
}

// crew watches the page's counters, those that run and those that are still to come.
func (p *page) crew() *crew {
	p.t.Helper()
	c := &crew{p: p, came: make(chan *target.Info, 64)}
	lead := p.attached(p.leadTarget())
	chromedp.ListenTarget(lead, func(event any) {
		if e, ok := event.(*target.EventAttachedToTarget); ok {
			c.came <- e.TargetInfo
		}
	})
	if err := chromedp.Run(lead, target.SetAutoAttach(true, false).WithFlatten(true)); err != nil {
		p.t.Fatal(err)
	}
	return c
}

// workerTargets are this page's workers, as the browser lists them: the lead, and counters.
func (p *page) workerTargets() (list []*target.Info) {
	p.t.Helper()
	on := cdp.WithExecutor(p.ctx, chromedp.FromContext(p.ctx).Browser)
	self, err := target.GetTargetInfo().WithTargetID(chromedp.FromContext(p.ctx).Target.TargetID).Do(on)
	if err != nil {
		p.t.Fatal(err)
	}
	all, err := target.GetTargets().Do(on)
	if err != nil {
		p.t.Fatal(err)
	}
	for _, info := range all {
		if info.Type == "worker" && info.BrowserContextID == self.BrowserContextID {
			list = append(list, info)
		}
	}
	return list
}

// leadTarget waits until this page's lead is there. Its counters have no title before somebody attaches to them.
func (p *page) leadTarget() target.ID {
	p.t.Helper()
	for {
		for _, info := range p.workerTargets() {
			if info.Title == "worker" {
				return info.TargetID
			}
		}
		select {
		case <-time.After(20 * time.Millisecond):
		case <-p.ctx.Done():
			p.t.Fatal("the page started no lead")
		}
	}
}

// attached is a session of a worker.
func (p *page) attached(id target.ID) context.Context {
	p.t.Helper()
	ctx, _ := chromedp.NewContext(p.ctx, chromedp.WithTargetID(id)) //nolint: it ends with the page
	if err := chromedp.Run(ctx); err != nil {
		p.t.Fatal(err)
	}
	return ctx
}

// next waits for the next counter of a name.
func (c *crew) next(name string) context.Context {
	c.p.t.Helper()
	for {
		select {
		case info := <-c.came:
			if info.Title == name {
				return c.p.attached(info.TargetID)
			}
		case <-c.p.ctx.Done():
			c.p.t.Fatalf("there came no %s. The page says: %s", name, c.p.says())
		}
	}
}

// Ways to die, as scripts that are run in a counter.
const (
	// diesInGo has the counter's program end as Go programs do that cannot go on: its next read from a file panics. It waits until there is
	// a program, whose shim would else undo it.
	diesInGo = `new Promise(ok => (function wait() {
		if (!self.memory) return setTimeout(wait, 10);
		self.fill = () => { throw new Error('boom') };
		ok();
	})())`
	diesInJS      = `setTimeout(() => { throw new Error('boom') })`
	diesInSilence = `setTimeout(() => self.close())`
)

// die runs one of the ways to die in a counter.
func (c *crew) die(counter context.Context, way string) {
	c.p.t.Helper()
	if err := chromedp.Run(counter, chromedp.Evaluate(way, nil, func(e *runtime.EvaluateParams) *runtime.EvaluateParams { return e.WithAwaitPromise(true) })); err != nil {
		c.p.t.Fatal(err)
	}
}

// rowsRead is the number of rows that the page says are read, in JavaScript.
const rowsRead = "+(/· (.*?) rows/.exec(document.querySelector('[data-testid=progress]')?.textContent)?.[1] ?? '').replace(/[^0-9]/g, '')"

// moreRows waits until the page says that more than n rows are read.
func (p *page) moreRows(n int64) {
	p.t.Helper()
	p.until(rowsRead + " > " + strconv.FormatInt(n, 10))
}

// openThatThrows is open for a page in which an exception is wanted, so that none may fail the test. It does without the rest of what
// open watches, too.
func openThatThrows(t *testing.T, link string) *page {
	t.Helper()
	ctx, profile := newTab(t, browser)
	ctx, stop := context.WithTimeout(ctx, 2*time.Minute)
	t.Cleanup(stop)
	p := &page{t: t, ctx: ctx, downloads: t.TempDir(), names: map[string]string{}, finished: make(chan string, 16)}
	p.run(chromedp.ActionFunc(func(ctx context.Context) error {
		return cdpbrowser.SetDownloadBehavior(cdpbrowser.SetDownloadBehaviorBehaviorAllowAndName).WithBrowserContextID(profile).
			WithDownloadPath(p.downloads).WithEventsEnabled(true).Do(cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser))
	}))
	chromedp.ListenBrowser(ctx, p.hear) // downloads
	p.run(chromedp.Navigate(link))
	p.until("!document.getElementById('app-wasm-loader')")
	return p
}

// TestKillACounter: a counter dies in the middle of a load. The page says so, what it had read is read again by others, and the figures
// are what they would have been.
func TestKillACounter(t *testing.T) {
	t.Parallel()
	big, rows := bigFile(t, 100<<20)
	want := native(t, big)
	content, err := os.ReadFile(big)
	if err != nil {
		t.Fatal(err)
	}
	packed := write(t, t.TempDir(), filepath.Base(big)+".gz", string(tracetest.Gzip(content)))
	for _, c := range []struct {
		name, way, reason string
		open              func(*testing.T) *page
		file              string
	}{
		{"its program panics", diesInGo, "panic: JavaScript error: boom", throwing, big},
		{"an error that nobody caught", diesInJS, "boom", throwing, big},
		{"without a word", diesInSilence, "it does not answer", heard, big},
		{"while something is unpacked", diesInJS, "boom", throwing, packed},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := c.open(t)
			crew := p.crew()
			counter := crew.next(victim)
			p.opened("loading", func() { p.give(c.file) })
			p.moreRows(rows / 4) // so that it has finished a slice, of which the page has counted the rows
			crew.die(counter, c.way)
			if state := eval[string](p, "document.querySelector('[data-testid=status]').dataset.state"); state != "loading" {
				t.Fatalf("the load was over before the counter died: the page is %s", state)
			}
			p.until("document.querySelector('.notices')?.innerText.includes('A worker of the page stopped')")
			p.state("ready")
			if said := p.notices(); !strings.Contains(said, "A worker of the page stopped") || !strings.Contains(said, c.reason) || !strings.Contains(said, "read again") || strings.Contains(said, "page's worker") {
				t.Errorf("the page says %q", said)
			}
			r := p.report()
			if r.Packets != rows || r.Input.Rows != rows {
				t.Errorf("%d packets, %d rows, want %d", r.Packets, r.Input.Rows, rows)
			}
			sameReport(t, figuresOf(r), figuresOf(want))
		})
	}
}

func heard(t *testing.T) *page    { return open(t, staticHost(t), desktop) }
func throwing(t *testing.T) *page { return openThatThrows(t, staticHost(t)) }

// TestKillALiveCounter: the same while the page catches up with a helper, whose hour files the lead keeps as they come, and each hour of
// which one counter has to itself. The trace is in the order of time, as captures are.
func TestKillALiveCounter(t *testing.T) {
	t.Parallel()
	dir, spec := t.TempDir(), tracegen.Spec{Start: tracegen.Sample.Start, Hours: 1, Rows: 1_000_000, Seed: 3, IPv6: true}
	spec.Each(func(hour int64, file []byte) bool {
		write(t, dir, trace.HourFileName(hour), string(file))
		return true
	})
	h, _ := feed(t, "-w", dir)
	p := openThatThrows(t, h.link)
	crew := p.crew()
	whose := spec.Start / trace.HourS % eval[int64](p, "Math.min(navigator.hardwareConcurrency, 8)") // as app/lead/crew.go divides hours
	counter := crew.next("counter " + strconv.FormatInt(whose+1, 10))
	p.opened("loading", func() { p.click("connect") })
	p.moreRows(int64(spec.Rows / 4))
	crew.die(counter, diesInJS) // it reads no files, of which diesInGo would end the next
	p.until("document.querySelector('.notices')?.innerText.includes('A worker of the page stopped')")
	p.packets(spec.Rows)
	p.state("ready")
	sameReport(t, p.report(), native(t, hourFiles(t, dir)...))
}

// TestCountersKeepDying: when counters die again and again, the page gives up rather than show figures that would be wrong, and says what
// to do; and that helps.
func TestCountersKeepDying(t *testing.T) {
	t.Parallel()
	big, rows := bigFile(t, 100<<20)
	p := openThatThrows(t, staticHost(t))
	crew := p.crew()
	counter := crew.next(victim)
	p.opened("loading", func() { p.give(big) })
	p.moreRows(rows / 8)
	crew.die(counter, diesInGo)
	for range 2 {
		crew.die(crew.next(victim), diesInGo)
	}
	p.state("error")
	said := p.text(".notice.error")
	for _, words := range []string{"3 times", "boom", "the figures would be wrong", "Reload the page", "open fewer files"} {
		if !strings.Contains(said, words) {
			t.Errorf("the page says %q, without %q", said, words)
		}
	}
	if shown := eval[int](p, "document.querySelectorAll('.tile, [data-testid=report-json], [data-chart], [data-testid=top], [data-testid=input]').length"); shown != 0 {
		t.Errorf("%d parts of figures are on the page: %s", shown, p.says())
	}
	p.run(reload())
	small := sampleFiles(t, t.TempDir())[:2]
	sameReport(t, p.ready(small...), native(t, small...))
	if said := p.notices(); said != "" {
		t.Errorf("after it was loaded anew the page says %q", said)
	}
}
