// Package chromium is the browser that tests and measurements use: finding its program, starting it quietly, and how much memory its pages
// have.
package chromium

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/systeminfo"
	"github.com/chromedp/chromedp"
)

// Find is the browser's program: what CHROME_BIN says, or the first of the usual names.
func Find() (program string, err error) {
	if program := os.Getenv("CHROME_BIN"); program != "" {
		return program, nil
	}
	for _, name := range []string{"chromium", "google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium"} {
		if program, err := exec.LookPath(name); err == nil {
			return program, nil
		}
	}
	return "", errors.New("no Chromium: install it (Debian: apt-get install chromium), or set CHROME_BIN")
}

// Options start the program with a profile that is a folder of its own, in English, and without what it asks the world by itself.
func Options(program, profile string, more ...chromedp.ExecAllocatorOption) []chromedp.ExecAllocatorOption {
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox, chromedp.UserDataDir(profile),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-features", "Translate,AutofillServerCommunication,OptimizationHints"),
		chromedp.Flag("lang", "en-GB"), chromedp.WSURLReadTimeout(time.Minute))
	return append(options, more...)
}

// Memory is the resident memory in bytes of a browser's renderers, which pages and their workers run in. ctx is a page's. Linux tells it;
// elsewhere it is 0.
func Memory(ctx context.Context) (n int64) {
	processes, err := systeminfo.GetProcessInfo().Do(cdp.WithExecutor(ctx, chromedp.FromContext(ctx).Browser))
	if err != nil {
		return 0
	}
	for _, p := range processes {
		if p.Type != "renderer" {
			continue
		}
		status, _ := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.ID))
		for line := range strings.Lines(string(status)) {
			if rest, ok := strings.CutPrefix(line, "VmRSS:"); ok {
				kB, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
				n += kB * 1024
			}
		}
	}
	return n
}
