package e2e

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"tracelens/shared/tracetest"
)

// TestInstallable: Chromium finds nothing wrong with the manifest, which it reads to the last file handler, and would install the page as a
// program.
func TestInstallable(t *testing.T) {
	t.Parallel()
	p := open(t, staticHost(t), desktop)
	p.run(chromedp.ActionFunc(func(ctx context.Context) error {
		_, problems, data, _, err := cdppage.GetAppManifest().Do(ctx)
		if err != nil {
			return err
		}
		for _, e := range problems {
			t.Errorf("the manifest: %s", e.Message)
		}
		for _, word := range []string{"file_handlers", ".pcapng", ".csv"} {
			if !strings.Contains(data, word) {
				t.Errorf("the manifest lacks %s", word)
			}
		}
		lacks, err := cdppage.GetInstallabilityErrors().Do(ctx)
		for _, e := range lacks {
			if e.ErrorID != "in-incognito" { // as every test's page is
				t.Errorf("it cannot be installed: %s %v", e.ErrorID, e.ErrorArguments)
			}
		}
		return err
	}))
}

// TestOpenedBySystem: files that the system opens with the installed page are opened. A browser without a window installs nothing, so it is
// the launch that is made here; its files are the browser's own.
func TestOpenedBySystem(t *testing.T) {
	t.Parallel()
	p := open(t, staticHost(t), desktop)
	p.run(chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := cdppage.AddScriptToEvaluateOnNewDocument("Object.defineProperty(window, 'launchQueue', {value: {setConsumer(f) { this.launch = f }}})").Do(ctx)
		return err
	}), reload())
	p.until("launchQueue.launch")
	given := convert(t, tracetest.Captures()[0])
	text := string(must(os.ReadFile(given[0])))
	p.opened("ready", func() {
		p.run(chromedp.Evaluate(`(async () => {
			const folder = await navigator.storage.getDirectory();
			const handle = await folder.getFileHandle(`+quote(filepath.Base(given[0]))+`, {create: true});
			const w = await handle.createWritable();
			await w.write(`+quote(text)+`);
			await w.close();
			await launchQueue.launch({files: []}); // a start without files
			await launchQueue.launch({files: [handle]});
		})()`, nil, func(e *runtime.EvaluateParams) *runtime.EvaluateParams { return e.WithAwaitPromise(true) }))
	})
	sameReport(t, p.report(), native(t, given[0]))
}

// TestReproducible: whoever builds the same sources, elsewhere, gets the same site, to the byte.
func TestReproducible(t *testing.T) {
	t.Parallel()
	sources := filepath.Join(t.TempDir(), "elsewhere")
	list, err := exec.Command("git", "-C", "../..", "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Fatal(err)
	}
	for name := range strings.SplitSeq(strings.TrimSuffix(string(list), "\x00"), "\x00") {
		b, err := os.ReadFile(filepath.Join("../..", name))
		if errors.Is(err, fs.ErrNotExist) { // removed, and not committed yet
			continue
		}
		to := filepath.Join(sources, name)
		info, err2 := os.Stat(filepath.Join("../..", name))
		if err := errors.Join(err, err2, os.MkdirAll(filepath.Dir(to), 0o755)); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, b, info.Mode().Perm()); err != nil {
			t.Fatal(err)
		}
	}
	again := filepath.Join(t.TempDir(), "site")
	build := exec.Command("make", "-C", sources, "site", "BASE=/tracelens", "SITE="+again)
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	want := strings.Split(string(must(os.ReadFile(filepath.Join(site, "SHA256SUMS")))), "\n")
	got := strings.Split(string(must(os.ReadFile(filepath.Join(again, "SHA256SUMS")))), "\n")
	if len(want) < 15 || len(got) != len(want) {
		t.Fatalf("%d and %d files", len(want), len(got))
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%s, elsewhere %s", want[i], got[i])
		}
	}
	check := exec.Command("sha256sum", "--quiet", "-c", "SHA256SUMS")
	check.Dir = site
	if out, err := check.CombinedOutput(); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
}
