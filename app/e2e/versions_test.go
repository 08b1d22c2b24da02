package e2e

import (
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/gorilla/websocket"

	"tracelens/shared/wire"
)

// A front is a helper whose page can be replaced by that of another build while it runs, as an upgrade does. Behind it is a real one.
type front struct {
	host string
	link string // with the token

	mu    sync.Mutex
	asked []string // every request, head and all

	site    atomic.Pointer[http.Handler]
	version atomic.Int64                                // that the helper is told the page has, if not 0
	alter   atomic.Pointer[func(message []byte) []byte] // the helper's messages, if they are to be altered
}

func newFront(t *testing.T, h *helper) *front {
	t.Helper()
	f := &front{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		dump, _ := httputil.DumpRequest(r, true)
		f.mu.Lock()
		f.asked = append(f.asked, string(dump))
		f.mu.Unlock()
		if r.URL.Path == "/ws" {
			f.socket(w, r, h)
			return
		}
		w.Header().Set("Cache-Control", "no-cache")
		r.Header.Del("If-Modified-Since") // the helper tells files apart by what is in them
		(*f.site.Load()).ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	f.host = strings.TrimPrefix(server.URL, "http://")
	_, token, _ := strings.Cut(h.link, "#")
	f.link = server.URL + "/tracelens/#" + token
	return f
}

// serve has the page be that in a folder from now on.
func (f *front) serve(dir string) {
	files := http.StripPrefix("/tracelens", http.FileServer(http.Dir(dir)))
	f.site.Store(&files)
}

func (f *front) socket(w http.ResponseWriter, r *http.Request, h *helper) {
	behind, _, err := websocket.DefaultDialer.Dial("ws://"+h.host+"/ws", http.Header{"Origin": {"http://" + h.host}})
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer behind.Close()
	page, err := (&websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}).Upgrade(w, r, nil)
	if err != nil {
		return
	}
	defer page.Close()
	go func() {
		defer behind.Close()
		for {
			kind, message, err := page.ReadMessage()
			if err != nil {
				return
			}
			if hello, err := wire.DecodeHello(message); err == nil && f.version.Load() != 0 {
				hello.Version = f.version.Load()
				message = wire.AppendHello(nil, hello)
			}
			if behind.WriteMessage(kind, message) != nil {
				return
			}
		}
	}()
	for {
		kind, message, err := behind.ReadMessage()
		if err != nil {
			return
		}
		if alter := f.alter.Load(); alter != nil {
			message = (*alter)(message)
		}
		if page.WriteMessage(kind, message) != nil {
			return
		}
	}
}

const oldBuild = "00000000deadbeef"

// older is a copy of the site that says it is of another build.
func older(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(site)); err != nil {
		t.Fatal(err)
	}
	build, err := os.ReadFile(filepath.Join(site, "build.txt"))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"app.js", "app-worker.js"} {
		b, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(b), string(build), oldBuild)
		if text == string(b) {
			t.Fatalf("%s does not name its build", name)
		}
		write(t, dir, name, text)
	}
	return dir
}

const buildOfPage = "goappEnv.GOAPP_VERSION"

// TestUpgrade: a page that was kept by its service worker, and is of an earlier build than what its host has now, loads itself anew before
// anybody has begun, and still has the token.
func TestUpgrade(t *testing.T) {
	t.Parallel()
	h, _ := feed(t, "-w", t.TempDir())
	f := newFront(t, h)
	f.serve(older(t))
	p := open(t, f.link, desktop)
	p.installed()
	if got := eval[string](p, buildOfPage); got != oldBuild {
		t.Fatalf("the page is of build %s", got)
	}
	f.serve(site)
	p.run(chromedp.Navigate("about:blank"), chromedp.Navigate(f.link))
	p.until(buildOfPage + " !== " + quote(oldBuild))
	p.until("!document.getElementById('app-wasm-loader')")
	p.state("empty")
	p.until("document.querySelector('[data-testid=connect-url]').value.endsWith(" + quote(f.link[strings.Index(f.link, "#"):]) + ")")
	if where := eval[string](p, "location.href + JSON.stringify([{...sessionStorage}, {...localStorage}])"); strings.Contains(where, "token") {
		t.Errorf("the token is in %s", where)
	}
	p.opened("ready", func() { p.click("connect") })
}

// TestStalePage: a page that finds out from the helper that it is of another build loads itself anew and goes on, once; where that does not
// help it says so, and works.
func TestStalePage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	sampleFiles(t, dir)
	h, _ := feed(t, "-w", dir)
	f := newFront(t, h)
	f.serve(older(t))
	p := open(t, f.link, desktop)
	p.click("connect")
	p.until("document.querySelector('.notices')?.textContent.includes('different builds')") // it has been loaded anew in vain
	p.state("ready")
	want := native(t, hourFiles(t, dir)...)
	sameReport(t, p.report(), want)
	if renewed := eval[string](p, "sessionStorage.getItem('renewed')"); renewed != oldBuild {
		t.Errorf("loaded anew from build %s", renewed)
	}

	p = open(t, f.link, desktop)
	f.serve(site)
	p.click("connect")
	p.until(buildOfPage + " !== " + quote(oldBuild))
	p.state("ready") // without another click
	sameReport(t, p.report(), want)
	if notice := p.notices(); strings.Contains(notice, "builds") {
		t.Errorf("the page says %q", notice)
	}
}

// TestVersions: a page that does not understand the helper is told which of the two is older.
func TestVersions(t *testing.T) {
	t.Parallel()
	h, _ := feed(t, "-w", t.TempDir())
	f := newFront(t, h)
	f.serve(site)
	p := open(t, staticHost(t), desktop)
	p.mayAsk(f.host)
	for version, words := range map[int64]string{
		wire.Version - 1: "this page is older than it (their protocols are 3 and 4). Reload the page, or open the link",
		wire.Version + 1: "it is older than this page (their protocols are 4 and 5). Install the newer tracelens, or open the link",
	} {
		f.version.Store(version)
		p.fill("connect-url", f.link)
		p.opened("error", func() { p.click("connect") })
		if notice := p.text(".notice.error"); !strings.Contains(notice, words) {
			t.Errorf("version %d: the page says %q", version, notice)
		}
	}
}
