package e2e

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tracelens/app/internal/chromium"

	"github.com/chromedp/chromedp"
)

// root is the checkout, site the built page as a static host would serve it, tracelens the helper's program.
var (
	root, _   = filepath.Abs("../..")
	tracelens = filepath.Join(root, "bin", "tracelens")
	site      string
	browser   context.Context
)

var bars = flag.Bool("bars", false, "hold what is measured to its bar, which the machine must be idle for")

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	temp, err := os.MkdirTemp("", "tracelens-e2e-")
	if err != nil {
		return say(err)
	}
	defer os.RemoveAll(temp)
	site = filepath.Join(temp, "site")
	// The page is built as users build it, so that no test ever sees a stale one.
	if out, err := exec.Command("make", "-C", root, "build", "site", "BASE=/tracelens", "SITE="+site).CombinedOutput(); err != nil {
		return say(fmt.Errorf("%w\n%s", err, out))
	}
	chrome, err := chromium.Find()
	if err != nil {
		return say(err)
	}
	// Whatever the browser asks of any host but this machine goes through the proxy, from every tab, worker and service worker.
	elsewhere := &elsewhere{}
	proxy := httptest.NewServer(elsewhere)
	defer proxy.Close()
	said := &lastWords{}
	allocator, stop := chromedp.NewExecAllocator(context.Background(), chromium.Options(chrome, filepath.Join(temp, "profile"),
		chromedp.Flag("disable-quic", true), chromedp.Env("TZ=Europe/Stockholm"), chromedp.ProxyServer(proxy.URL), chromedp.CombinedOutput(said))...)
	defer stop()
	var cancel context.CancelFunc
	browser, cancel = chromedp.NewContext(allocator, chromedp.WithErrorf(func(format string, args ...any) {
		if format != "unhandled node event %T" { // such as of a dialog that comes to the front, which chromedp knows nothing of
			log.Printf("chromedp: "+format, args...)
		}
	}))
	defer cancel()
	if err := chromedp.Run(browser); err != nil {
		return say(fmt.Errorf("starting %s: %w", chrome, err))
	}
	code := m.Run()
	if browser.Err() != nil {
		return say(fmt.Errorf("the browser ended before its tests; the last it said:\n%s", said))
	}
	if asked := elsewhere.all(); len(asked) > 0 {
		return say(fmt.Errorf("the browser asked other hosts than this machine:\n%s", strings.Join(asked, "\n")))
	}
	return code
}

// lastWords keeps the end of what a program prints.
type lastWords struct {
	mu sync.Mutex
	b  []byte
}

func (l *lastWords) Write(b []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	const kept = 4096
	l.b = append(l.b, b...)
	l.b = append(l.b[:0], l.b[max(0, len(l.b)-kept):]...)
	return len(b), nil
}

func (l *lastWords) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return string(l.b)
}

// elsewhere stands for every host that is not this machine, and notes what is asked of it: nothing may be.
type elsewhere struct {
	mu    sync.Mutex
	asked []string
}

// itsOwn are the hosts that the browser asks by itself, whatever page it shows.
var itsOwn = []string{"accounts.google.com", "content-autofill.googleapis.com", "optimizationguide-pa.googleapis.com", "update.googleapis.com",
	"android.clients.google.com", "mtalk.google.com", "clients2.google.com", "redirector.gvt1.com", "www.google.com"}

func (e *elsewhere) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if host, _, _ := strings.Cut(r.Host, ":"); !slices.Contains(itsOwn, host) {
		e.mu.Lock()
		e.asked = append(e.asked, r.Method+" "+r.RequestURI)
		e.mu.Unlock()
	}
	http.Error(w, "there is no other host in this test", http.StatusBadGateway)
}

func (e *elsewhere) all() []string {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.asked
}

func say(err error) int {
	fmt.Fprintln(os.Stderr, "e2e:", err)
	return 1
}

// A host serves the site under /tracelens/ as any static host would, and notes what it is asked for.
type host struct {
	link   string
	origin string
	server *httptest.Server

	mu     sync.Mutex
	served map[string]int // path -> status
}

func newHost(t *testing.T) *host {
	t.Helper()
	h := &host{served: map[string]int{}}
	files := http.StripPrefix("/tracelens", http.FileServer(http.Dir(site)))
	h.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		status := &statusWriter{ResponseWriter: w, status: http.StatusOK}
		if r.URL.Path == "/tracelens" { // as GitHub Pages and others do
			http.Redirect(status, r, "/tracelens/", http.StatusMovedPermanently)
		} else {
			files.ServeHTTP(status, r)
		}
		h.mu.Lock()
		h.served[r.URL.Path] = status.status
		h.mu.Unlock()
	}))
	t.Cleanup(h.server.Close)
	h.origin, h.link = h.server.URL, h.server.URL+"/tracelens/"
	return h
}

type statusWriter struct {
	http.ResponseWriter
	status int
}

func (w *statusWriter) WriteHeader(status int) {
	w.status = status
	w.ResponseWriter.WriteHeader(status)
}

// staticHost is the link to a site on a host of its own.
func staticHost(t *testing.T) string {
	t.Helper()
	return newHost(t).link
}

// A helper is the helper's program, running.
type helper struct {
	link string   // that it printed
	host string   // of the link
	stop func()   // as Ctrl-C would, and waits; it must then end well within a few seconds
	kill func()   // as a crash would
	said []string // what it printed after the link; valid after stop
}

// startHelper starts the helper with args on a free port and waits for the link that it prints. At the end of the test it is
// stopped, if it was not before.
func startHelper(t *testing.T, stdin *os.File, args ...string) *helper {
	t.Helper()
	cmd := exec.Command(tracelens, append(args, "-listen", "127.0.0.1:0")...)
	if stdin != nil {
		cmd.Stdin = stdin
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := make(chan string, 64)
	go func() {
		defer close(lines)
		for s := bufio.NewScanner(stdout); s.Scan(); {
			lines <- s.Text()
		}
	}()
	h := &helper{}
	var once sync.Once
	end := func(signal os.Signal) {
		once.Do(func() {
			cmd.Process.Signal(signal)
			timer := time.AfterFunc(10*time.Second, func() { cmd.Process.Kill() })
			for line := range lines {
				h.said = append(h.said, line)
			}
			err := cmd.Wait()
			if intime := timer.Stop(); signal == os.Interrupt && (err != nil || !intime) {
				t.Errorf("the helper ended with %v, and said\n%s", err, stderr.String())
			}
		})
	}
	h.stop, h.kill = func() { end(os.Interrupt) }, func() { end(os.Kill) }
	t.Cleanup(h.stop)
	deadline := time.After(20 * time.Second)
	for {
		select {
		case line, ok := <-lines:
			if !ok {
				t.Fatalf("the helper ended early, and said\n%s", stderr.String())
			}
			if rest, found := strings.CutPrefix(line, "Open "); found {
				h.link = strings.TrimSpace(rest)
				u, err := url.Parse(h.link)
				if err != nil {
					t.Fatal(err)
				}
				h.host = u.Host
				return h
			}
		case <-deadline:
			t.Fatal("the helper printed no link")
		}
	}
}

// convert makes hour files of a capture with the helper and returns their paths.
func convert(t *testing.T, capture string) (files []string) {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command(tracelens, "-q", "-r", capture, "-w", dir).CombinedOutput(); err != nil {
		t.Fatalf("converting %s: %v\n%s", capture, err, out)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*[0-9].csv"))
	if err != nil || len(files) == 0 {
		t.Fatalf("converting %s made no hour file", capture)
	}
	return files
}
