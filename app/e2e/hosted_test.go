package e2e

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"tracelens/app/internal/chromium"
)

// An elsewhereHost serves the site by https as a host on the internet does, as far as the browser knows that was started for it.
type elsewhereHost struct {
	*page
	origin string
}

// openElsewhere opens the page from such a host, in a browser of its own with further flags.
func openElsewhere(t *testing.T, flags ...chromedp.ExecAllocatorOption) elsewhereHost {
	t.Helper()
	server := httptest.NewTLSServer(http.StripPrefix("/tracelens", http.FileServer(http.Dir(site))))
	t.Cleanup(server.Close)
	host := strings.TrimPrefix(server.URL, "https://")
	flags = append(flags, chromedp.Flag("ip-address-space-overrides", host+"=public"), chromedp.Flag("ignore-certificate-errors", true))
	e := elsewhereHost{openIn(t, newBrowser(t, flags...), server.URL+"/tracelens/", desktop), server.URL}
	e.state("empty")
	return e
}

// newBrowser starts a browser of its own with further flags.
func newBrowser(t *testing.T, flags ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	chrome, err := chromium.Find()
	if err != nil {
		t.Fatal(err)
	}
	profile, err := os.MkdirTemp("", "tracelens-e2e-") // Chromium may still be writing to it when it has ended
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(profile) })
	allocator, stop := chromedp.NewExecAllocator(context.Background(), chromium.Options(chrome, profile, flags...)...)
	t.Cleanup(stop)
	ctx, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Run(ctx); err != nil {
		t.Fatal(err)
	}
	return ctx
}

// permit answers what the browser asks the user about reaching this machine.
func (e elsewhereHost) permit(s cdpbrowser.PermissionSetting) {
	e.t.Helper()
	e.run(chromedp.ActionFunc(func(ctx context.Context) error {
		tab, err := target.GetTargetInfo().Do(ctx)
		if err != nil {
			return err
		}
		return cdpbrowser.SetPermission(&cdpbrowser.PermissionDescriptor{Name: "loopback-network"}, s).WithOrigin(e.origin).WithBrowserContextID(tab.BrowserContextID).
			Do(cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser))
	}))
}

// told connects, and wants the page to say why that is not possible, with its own page as the first way out, if there is a helper.
func (e elsewhereHost) told(link, why, remedy string) {
	e.t.Helper()
	e.fill("connect-url", link)
	e.click("connect")
	e.until("document.querySelector('[data-testid=status]').dataset.state === 'error' && document.querySelector('.notice.error').textContent.includes(" + quote(why) + ")")
	text := e.text(".notice.error")
	at, own, then := strings.Index(text, why), strings.Index(text, "Open the helper's own page"), strings.Index(text, remedy)
	if at != 0 || own < at || then < own {
		e.t.Errorf("the page says %q", text)
	}
}

// TestHosted: from a page on the internet, each thing that keeps it from the helper is told by its name, with what to do.
func TestHosted(t *testing.T) {
	t.Parallel()
	e := openElsewhere(t)
	dir := t.TempDir()
	sampleFiles(t, dir)
	h, _ := feed(t, "-w", dir, "-allow-origin", e.origin)
	e.mayAsk(h.host)
	e.told(h.link, "This page has no permission to reach programs on this machine.", "Or allow it: in the site's settings") // a browser without a window denies
	e.shoot("hosted-denied")

	opened := make(chan string, 8)
	chromedp.ListenBrowser(e.ctx, func(event any) {
		if c, ok := event.(*target.EventTargetInfoChanged); ok && strings.HasPrefix(c.TargetInfo.URL, "http://"+h.host+"/") {
			select {
			case opened <- c.TargetInfo.URL:
			default:
			}
		}
	})
	e.click("own-page")
	select {
	case <-opened:
	case <-e.ctx.Done():
		t.Fatal("the helper's own page was not opened")
	}

	e.permit(cdpbrowser.PermissionSettingGranted)
	e.opened("ready", func() {
		e.fill("connect-url", h.link)
		e.click("connect")
	})
	sameReport(t, e.report(), native(t, hourFiles(t, dir)...))

	h.stop()
	e.until("!document.querySelector('[data-testid=live]').firstChild")
	e.told(h.link, "No helper answers at "+h.host, "Start it with: tracelens -allow-origin "+e.origin+" ")
	e.shoot("hosted-stopped")
	e.permit(cdpbrowser.PermissionSettingDenied)
	e.told(h.link, "This page has no permission", "Or allow it")
}

// TestSafari: a browser that calls itself Safari and lets the page reach nothing here is told to be that, whatever the permission.
func TestSafari(t *testing.T) {
	t.Parallel()
	e := openElsewhere(t, chromedp.UserAgent("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15"))
	h, _ := feed(t, "-w", t.TempDir(), "-allow-origin", e.origin)
	e.mayAsk(h.host)
	e.told(h.link, "This browser lets no page from the web reach a program on this machine.", "Chrome, Edge and Firefox do")
}
