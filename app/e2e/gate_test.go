package e2e

import (
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tracelens/shared/wire"
)

// TestOtherPages: pages of other origins, on this machine and by names that lead to it, get nothing from the helper, whatever they know; its own
// page and one that is allowed do.
func TestOtherPages(t *testing.T) {
	t.Parallel()
	blank := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Write([]byte("<!doctype html><title>Another page</title><body>"))
	})
	other, allowed := httptest.NewServer(blank), httptest.NewServer(blank)
	t.Cleanup(other.Close)
	t.Cleanup(allowed.Close)
	dir := t.TempDir()
	sampleFiles(t, dir)
	h, _ := feed(t, "-w", dir, "-allow-origin", allowed.URL)
	_, token, _ := strings.Cut(h.link, "token=")
	_, port, _ := strings.Cut(h.host, ":")
	tab, _ := newTab(t, newBrowser(t, chromedp.Flag("host-resolver-rules", "MAP evil.test 127.0.0.1, MAP localhost.evil.test 127.0.0.1")))
	p := &page{t: t, ctx: tab}

	// It opens a websocket to a host, shows a token and says what came: "message", "closed" without any, or "refused".
	talk := `window.talk = (url, token) => new Promise(done => {
		const s = new WebSocket(url), text = new TextEncoder().encode(token);
		let opened = false;
		s.binaryType = 'arraybuffer';
		s.onopen = () => { opened = true; s.send(new Uint8Array([1, ` + strconv.Itoa(2*wire.Version) + `, ...(n => n < 64 ? [2 * n] : [2 * n & 127 | 128, n >> 6])(text.length), ...text])); };
		s.onmessage = e => { done('message ' + new Uint8Array(e.data)[0]); s.close(); };
		s.onclose = () => done(opened ? 'closed' : 'refused');
	})`
	const welcome, fault = "message 2", "message 7"
	ws := "ws://" + h.host + "/ws"
	for _, c := range []struct{ from, to, token, want string }{
		{"http://" + h.host + "/build.txt", ws, token, welcome},
		{"http://localhost:" + port + "/build.txt", ws, token, welcome},
		{"http://" + h.host + "/build.txt", "ws://localhost:" + port + "/ws", token, welcome},
		{allowed.URL, ws, token, welcome},
		{"http://" + h.host + "/build.txt", ws, "", fault},
		{"http://" + h.host + "/build.txt", ws, strings.Repeat("0", len(token)), fault},
		{"http://" + h.host + "/build.txt", ws, token + "0", fault},
		{allowed.URL, ws, token[1:], fault},
		{other.URL, ws, token, "refused"},
		{other.URL, "ws://localhost:" + port + "/ws", token, "refused"},
		{strings.Replace(allowed.URL, "127.0.0.1", "localhost", 1), ws, token, "refused"}, // it is another origin
		{strings.Replace(other.URL, "127.0.0.1", "evil.test", 1), ws, token, "refused"},
		{allowed.URL, "ws://evil.test:" + port + "/ws", token, "refused"}, // right origin and token, wrong host
		{allowed.URL, "ws://localhost.evil.test:" + port + "/ws", token, "refused"},
	} {
		p.run(chromedp.Navigate(c.from), chromedp.Evaluate(talk+"; 0", nil))
		if got := eval[string](p, "talk("+quote(c.to)+", "+quote(c.token)+")"); got != c.want {
			t.Errorf("from %s to %s with %q: %s, want %s", c.from, c.to, c.token, got, c.want)
		}
	}

	// A name that was made to lead here: what the browser then takes for one origin.
	for _, name := range []string{"evil.test", "localhost.evil.test"} {
		p.run(chromedp.Navigate("http://" + name + ":" + port + "/"))
		if text := eval[string](p, "document.body.innerText"); !strings.Contains(text, "does not answer to this name") {
			t.Errorf("%s shows %q", name, text)
		}
		p.run(chromedp.Evaluate(talk+"; 0", nil))
		if got := eval[string](p, "talk('ws://' + location.host + '/ws', "+quote(token)+")"); got != "refused" {
			t.Errorf("%s: %s", name, got)
		}
		if got := eval[string](p, "fetch('/index.html').then(r => String(r.status), String)"); got != "403" {
			t.Errorf("%s: a file: %s", name, got)
		}
	}

	// What a page can have of another origin without being allowed to: nothing of it can be read, run, shown or framed.
	p.run(chromedp.Navigate(other.URL))
	for what, script := range map[string]string{
		"read":   "fetch('HELPER/index.html').then(() => 'done')",
		"opaque": "fetch('HELPER/index.html', {mode: 'no-cors'}).then(() => 'done')",
		"post":   "fetch('HELPER/', {method: 'POST', mode: 'no-cors', body: 'x'}).then(() => 'done')",
		"run":    "new Promise((ok, no) => { const s = document.createElement('script'); s.onload = () => ok('done'); s.onerror = no; s.src = 'HELPER/app.js'; document.body.append(s); })",
		"show":   "new Promise((ok, no) => { const i = new Image(); i.onload = () => ok('done'); i.onerror = no; i.src = 'HELPER/web/icon-192.png'; })",
		"frame":  "new Promise((ok, no) => { const f = document.createElement('iframe'); f.onload = () => f.contentDocument ? ok('done') : no(); f.src = 'HELPER/'; document.body.append(f); })",
		"window": `new Promise((ok, no) => { // the window is cut off from who opened it
			const w = open('HELPER/#token=x'), look = setInterval(() => {
				try { if (w.document.title === 'Tracelens') ok('done'); } catch {}
				if (w.closed) no(clearInterval(look));
			}, 20);
		})`,
	} {
		script = strings.ReplaceAll(script, "HELPER", "http://"+h.host)
		if got := eval[string](p, "("+script+").catch(() => 'refused')"); got == "done" {
			t.Errorf("%s: %s", what, got)
		}
	}
}
