package e2e

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// root is the checkout, site the built page as a static host would serve it, tracelens the helper's program.
var (
	root, _   = filepath.Abs("../..")
	tracelens = filepath.Join(root, "bin", "tracelens")
	site      string
	browser   context.Context
)

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
	chrome, err := findChrome()
	if err != nil {
		return say(err)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(chrome), chromedp.NoSandbox,
		chromedp.UserDataDir(filepath.Join(temp, "profile")), chromedp.Flag("disable-quic", true), chromedp.Flag("lang", "en-GB"),
		chromedp.Env("TZ=Europe/Stockholm"), chromedp.WSURLReadTimeout(60*time.Second))
	allocator, stop := chromedp.NewExecAllocator(context.Background(), opts...)
	defer stop()
	var cancel context.CancelFunc
	browser, cancel = chromedp.NewContext(allocator)
	defer cancel()
	if err := chromedp.Run(browser); err != nil {
		return say(fmt.Errorf("starting %s: %w", chrome, err))
	}
	return m.Run()
}

func say(err error) int {
	fmt.Fprintln(os.Stderr, "e2e:", err)
	return 1
}

func findChrome() (string, error) {
	if path := os.Getenv("CHROME_BIN"); path != "" {
		return path, nil
	}
	for _, name := range []string{"chromium", "google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("no Chromium: make test installs it, or set CHROME_BIN")
}

// staticHost serves the site as any static host would, under /tracelens/, and returns its address.
func staticHost(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.StripPrefix("/tracelens", http.FileServer(http.Dir(site))))
	t.Cleanup(server.Close)
	return server.URL + "/tracelens/"
}

// startHelper starts the helper with args on a free port and returns the link that it prints. It is stopped as Ctrl-C would at
// the end of the test, and must then end within a few seconds.
func startHelper(t *testing.T, stdin io.Reader, args ...string) (link string) {
	t.Helper()
	cmd := exec.Command(tracelens, append(args, "-listen", "127.0.0.1:0")...)
	cmd.Stdin = stdin
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
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGINT)
		timer := time.AfterFunc(10*time.Second, func() { cmd.Process.Kill() })
		for range lines {
		}
		if err := cmd.Wait(); err != nil || !timer.Stop() {
			t.Errorf("the helper ended with %v, and said\n%s", err, stderr.String())
		}
	})
	deadline := time.After(20 * time.Second)
	for {
		select {
		case line, ok := <-lines:
			if !ok {
				t.Fatalf("the helper ended early, and said\n%s", stderr.String())
			}
			if rest, found := strings.CutPrefix(line, "Open "); found {
				return strings.TrimSpace(rest)
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
	files, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil || len(files) == 0 {
		t.Fatalf("converting %s made no hour file", capture)
	}
	return files
}
