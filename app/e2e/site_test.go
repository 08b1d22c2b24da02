package e2e

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tracelens/shared/tracetest"
	"tracelens/web/csp"
)

// TestStaticSite: the site that make site writes works under a path, asks for nothing outside that path, and all that it asks
// for is there. A whole visit, with a sample, a file, charts and a download.
func TestStaticSite(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	p := open(t, h.link, desktop)
	p.opened("ready", func() { p.click("sample") })
	p.settled()
	files := convert(t, tracetest.Captures()[0])
	sameReport(t, p.ready(files...), native(t, files...))
	p.installed()

	requests, sockets := p.asked()
	if len(requests) < 8 || len(sockets) != 0 {
		t.Errorf("%d requests, websockets %v", len(requests), sockets)
	}
	for _, r := range requests {
		if u, err := url.Parse(r); err != nil || u.Scheme == "http" && !strings.HasPrefix(r, h.link) {
			t.Errorf("the page asked for %s", r)
		}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	for path, status := range h.served {
		if !strings.HasPrefix(path, "/tracelens/") || status != http.StatusOK && status != http.StatusNotModified {
			t.Errorf("%s: %d", path, status)
		}
	}
	for _, path := range []string{"", "wasm_exec.js", "app.js", "app-worker.js", "manifest.webmanifest", "web/app.wasm", "web/worker.wasm", "web/worker.js", "web/page.js", "web/icon-192.png", "web/tracelens.css"} {
		if h.served["/tracelens/"+path] == 0 {
			t.Errorf("/tracelens/%s was not asked for: is it of use?", path)
		}
	}
}

// installed waits until the service worker has stored the page and controls what is loaded next.
func (p *page) installed() {
	p.t.Helper()
	if got := eval[string](p, `navigator.serviceWorker.ready.then(r => new Promise(done => {
		const w = r.active;
		const look = () => { if (w.state === 'activated') done('activated'); };
		w.addEventListener('statechange', look);
		look();
	}))`); got != "activated" {
		p.t.Fatalf("the service worker is %s", got)
	}
}

// TestOffline: after one visit the page opens and works with its host gone, and opens what has been opened then: what is packed, and captures.
func TestOffline(t *testing.T) {
	t.Parallel()
	h := newHost(t)
	p := open(t, h.link, desktop)
	p.installed()
	capture := tracetest.Captures()[0]
	files := convert(t, capture)
	names, contents := contentsOf(t, files)
	packed := write(t, t.TempDir(), names[0]+".gz", string(tracetest.Gzip(contents[0])))
	want := figuresOf(native(t, files...))
	sameReport(t, figuresOf(p.ready(packed)), figuresOf(native(t, files[0])))
	sameReport(t, figuresOf(p.ready(capture)), want)
	for _, module := range []string{"unpack", "capture"} {
		p.until("window.has" + module + " ?? (caches.match(new URL('web/" + module + ".wasm', location)).then(r => { if (r) window.has" + module + " = true; }), false)")
	}
	h.server.CloseClientConnections()
	h.server.Close()
	if _, err := http.Get(h.link); err == nil {
		t.Fatal("the host still answers")
	}
	p.run(reload())
	p.state("empty")
	sameReport(t, p.ready(files...), native(t, files...))
	sameReport(t, figuresOf(p.ready(packed)), figuresOf(native(t, files[0])))
	sameReport(t, figuresOf(p.ready(capture)), want)
	p.opened("ready", func() { p.click("sample") })
	oracle(t, tracetest.Sample).equal(t, p.report())
}

// link matches an address with a host in what was built.
var link = regexp.MustCompile(`(?i)(?:https?|wss?):/\S+|["'(]//[a-z0-9]\S*`)

// TestSiteFiles: the compiler's own script, no mention of other hosts, every file that is named is there.
func TestSiteFiles(t *testing.T) {
	read := func(name string) []byte {
		t.Helper()
		b, err := os.ReadFile(filepath.Join(site, name))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	script, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(goroot)), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(read("wasm_exec.js"), script) {
		t.Error("wasm_exec.js is not the one of this Go")
	}
	for _, name := range []string{"index.html", "404.html", "manifest.webmanifest", "app-worker.js", "web/worker.js", "web/page.js", "web/tracelens.css"} {
		for _, found := range link.FindAllString(strings.Replace(string(read(name)), csp.Page, "", 1), -1) {
			if !strings.HasPrefix(found, "http://127.0.0.1:8421/") { // the helper's own address, as an example
				t.Errorf("%s names %s", name, found)
			}
		}
	}
	var manifest struct {
		Start string `json:"start_url"`
		Scope string `json:"scope"`
		Icons []struct {
			Src string `json:"src"`
		} `json:"icons"`
	}
	if err := json.Unmarshal(read("manifest.webmanifest"), &manifest); err != nil {
		t.Fatal(err)
	}
	named := []string{}
	for _, icon := range manifest.Icons {
		named = append(named, icon.Src)
	}
	for _, m := range regexp.MustCompile(`(?:src|href)="([^"]+)"`).FindAllStringSubmatch(string(read("index.html")), -1) {
		named = append(named, m[1])
	}
	if strings.TrimSuffix(manifest.Start, "/") != "/tracelens" || strings.TrimSuffix(manifest.Scope, "/") != "/tracelens" || len(named) < 8 {
		t.Errorf("manifest %+v, %d files named", manifest, len(named))
	}
	for _, name := range named {
		rest, ok := strings.CutPrefix(name, "/tracelens/")
		if !ok {
			t.Errorf("%s is named, which is not under /tracelens/", name)
			continue
		}
		read(rest)
	}
}

// TestPageFromHelper: served by the helper, the page loads from it alone, each file with its type, the large ones compressed.
func TestPageFromHelper(t *testing.T) {
	t.Parallel()
	h, _ := feed(t)
	p := open(t, h.link, desktop)
	p.opened("ready", func() { p.click("sample") })
	p.settled()
	p.installed()
	types := map[string]string{
		"/": "text/html; charset=utf-8", "/app.js": "text/javascript; charset=utf-8", "/wasm_exec.js": "text/javascript; charset=utf-8",
		"/web/app.wasm": "application/wasm", "/web/worker.wasm": "application/wasm", "/web/worker.js": "text/javascript; charset=utf-8",
		"/web/tracelens.css": "text/css; charset=utf-8", "/app-worker.js": "text/javascript; charset=utf-8",
	}
	compressed := []string{"/web/app.wasm", "/web/worker.wasm", "/web/tracelens.css", "/wasm_exec.js", "/app.js"}
	seen := map[string]bool{}
	total := 0.0
	for _, r := range p.responses() {
		u, err := url.Parse(r.URL)
		if err != nil || u.Scheme == "blob" || u.Scheme == "data" {
			continue
		}
		if u.Host != h.host || r.Status != http.StatusOK && r.Status != http.StatusNotModified {
			t.Errorf("%s: %d", r.URL, r.Status)
		}
		header := http.Header{}
		for name, value := range r.Headers {
			header.Set(name, value.(string))
		}
		if want, ok := types[u.Path]; ok && header.Get("Content-Type") != want {
			t.Errorf("%s is %q, want %q", u.Path, header.Get("Content-Type"), want)
		}
		if slices.Contains(compressed, u.Path) && header.Get("Content-Encoding") != "br" {
			t.Errorf("%s comes as %q", u.Path, header.Get("Content-Encoding"))
		}
		if !seen[u.Path] {
			total += r.EncodedDataLength
		}
		seen[u.Path] = true
	}
	for _, path := range []string{"/", "/web/app.wasm", "/web/tracelens.css", "/wasm_exec.js", "/app.js"} { // a worker's may be missed
		if !seen[path] {
			t.Errorf("%s was not loaded", path)
		}
	}
	for path, want := range types { // and so to clients of every ability
		for _, accept := range []string{"br, gzip", "gzip", ""} {
			request, _ := http.NewRequest("GET", "http://"+h.host+path, nil)
			request.Header.Set("Accept-Encoding", accept)
			r, err := http.DefaultTransport.RoundTrip(request)
			if err != nil {
				t.Fatal(err)
			}
			b, err := io.ReadAll(r.Body)
			r.Body.Close()
			if err != nil || r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != want || len(b) == 0 {
				t.Errorf("%s for %q: %d, %q, %d bytes, %v", path, accept, r.StatusCode, r.Header.Get("Content-Type"), len(b), err)
			}
			if slices.Contains(compressed, path) && r.Header.Get("Content-Encoding") != strings.Split(accept, ",")[0] {
				if accept != "gzip" || r.Header.Get("Content-Encoding") != "gzip" {
					t.Errorf("%s for %q comes as %q", path, accept, r.Header.Get("Content-Encoding"))
				}
			}
		}
	}
}

// maxGzip bounds page and worker, as a static host sends them: what everybody loads at the first visit.
const maxGzip = 3_500_000

func TestSize(t *testing.T) {
	total := 0
	for _, name := range []string{"web/app.wasm", "web/worker.wasm"} {
		b, err := os.ReadFile(filepath.Join(site, name))
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		z, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
		z.Write(b)
		z.Close()
		t.Logf("%s: %d bytes, %d with gzip", name, len(b), out.Len())
		total += out.Len()
	}
	t.Logf("together %d bytes with gzip", total)
	if total > maxGzip {
		t.Errorf("page and worker are %d bytes with gzip, more than %d", total, maxGzip)
	}
}
