package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/chromedp/chromedp"
)

// axeFolder holds the lock file that says which axe-core the tests run, and what npm fetches by it.
var axeFolder = filepath.Join(root, "app", "e2e", "testdata", "axe")

// axe is axe-core's source, fetched at the first use if it is not there or is another than the lock file's.
var axe = sync.OnceValues(func() (string, error) {
	const module = "node_modules/axe-core"
	locked, err := integrityOf(module, "package-lock.json")
	if err != nil {
		return "", err
	}
	if there, err := integrityOf(module, "node_modules", ".package-lock.json"); err != nil || there != locked {
		ctx, stop := context.WithTimeout(context.Background(), 2*time.Minute)
		defer stop()
		if out, err := exec.CommandContext(ctx, "npm", "ci", "--prefix", axeFolder, "--ignore-scripts", "--no-audit", "--no-fund").CombinedOutput(); err != nil {
			return "", fmt.Errorf("axe-core is missing and cannot be fetched. make test installs npm, which needs its registry once; then run: npm ci --prefix %s\n%w\n%s", axeFolder, err, out)
		}
	}
	source, err := os.ReadFile(filepath.Join(axeFolder, module, "axe.min.js"))
	return string(source), err
})

// integrityOf is the hash by which a lock file of npm names a module's package.
func integrityOf(module string, lock ...string) (string, error) {
	b, err := os.ReadFile(filepath.Join(append([]string{axeFolder}, lock...)...))
	if err != nil {
		return "", err
	}
	var file struct {
		Packages map[string]struct{ Integrity string }
	}
	if err := json.Unmarshal(b, &file); err != nil {
		return "", err
	}
	if file.Packages[module].Integrity == "" {
		return "", errors.New(filepath.Join(lock...) + " does not name " + module)
	}
	return file.Packages[module].Integrity, nil
}

// axeRules are the sets of rules that the page is held to: WCAG up to 2.2, levels A and AA, and what is good practice beside it.
var axeRules = []string{"wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"}

// accessible fails for every rule of axeRules that the page breaks as it stands.
func (p *page) accessible(state string) {
	p.t.Helper()
	source, err := axe()
	if err != nil {
		p.t.Fatal(err)
	}
	if eval[string](p, "typeof axe") == "undefined" {
		p.run(chromedp.Evaluate(source, nil))
	}
	type result struct {
		Violations []struct {
			ID, Impact, Help string
			Nodes            []struct {
				Target         []any // selectors; lists of them within shadow roots
				FailureSummary string
			}
		}
		Passes []struct{ ID string }
	}
	tags, _ := json.Marshal(axeRules)
	r := eval[result](p, "axe.run(document, {runOnly: "+string(tags)+", resultTypes: ['violations'], preload: false})")
	if len(r.Passes) < 10 {
		p.t.Errorf("%s: only %d rules of axe found anything to look at", state, len(r.Passes))
	}
	for _, v := range r.Violations {
		var nodes strings.Builder
		for _, n := range v.Nodes {
			fmt.Fprintf(&nodes, "\n  %v\n    %s", n.Target, strings.ReplaceAll(n.FailureSummary, "\n", "\n    "))
		}
		p.t.Errorf("%s: %s (%s): %s%s", state, v.ID, v.Impact, v.Help, nodes.String())
	}
}
