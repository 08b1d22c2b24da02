package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"time"

	"tracelens/app/internal/chromium"
)

// A bench is what contenders share.
type bench struct {
	site     string            // folder of the page
	chrome   string            // the browser's program
	node     string            // Node's
	helper   string            // the helper's
	python   string            // that of a Python with pandas
	peers    string            // folder of the peers' code
	pageLink string            // where the page is served
	peerLink string            // where the peers' page is served
	versions map[string]string // by name, as they become known
	temp     string            // folder for what is gone after the run
	servers  []*http.Server
}

// A need is something that a contender cannot do without: it is looked for, and started, before anything is measured.
type need int

const (
	needChromium need = iota
	needPage
	needPeers
	needPandas
	needHelper
	allNeeds = iota
)

// needsOf is what the run needs: for the contenders, and for questions.
func needsOf(chosen []contender, asking bool) (needs []need) {
	for _, c := range chosen {
		needs = append(needs, c.needs...)
	}
	if asking {
		needs = append(needs, needChromium, needPage)
	}
	return needs
}

// prepare finds what is needed. What is missing is told at once and all together, with the way to get it.
func (b *bench) prepare(ctx context.Context, needs []need) error {
	root, err := checkout()
	if err != nil {
		return err
	}
	b.peers = filepath.Join(root, "app", "bench", "peers")
	if b.temp, err = os.MkdirTemp("", "tracelens-bench-"); err != nil {
		return err
	}
	looks := [allNeeds]func(context.Context) error{b.findChrome, b.servePage, b.servePeers, b.findPandas, b.findHelper}
	var missing []error
	for n, look := range looks {
		if !slices.Contains(needs, need(n)) {
			continue
		}
		if err := look(ctx); err != nil {
			missing = append(missing, err)
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("%w\nor leave out what needs it: see -only, -rows and -questions", errors.Join(missing...))
	}
	return ctx.Err()
}

func (b *bench) close() {
	for _, s := range b.servers {
		s.Close()
	}
	if b.temp != "" {
		remove(b.temp)
	}
}

// remove removes a folder. A browser's last process may still write into its profile for a moment.
func remove(dir string) {
	for range 50 {
		if os.RemoveAll(dir) == nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// peer is the path of one of the peers' files.
func (b *bench) peer(name string) string { return filepath.Join(b.peers, name) }

// checkout is the folder of the checkout that the bench is run in.
func checkout() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for ; ; dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "app", "bench", "peers", "package.json")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("run it within the checkout: the peers' files are there")
		}
	}
}

func (b *bench) findChrome(context.Context) (err error) {
	b.chrome, err = chromium.Find()
	return err
}

// findPandas finds a Python that has pandas: the one in PYTHON, the first in the path, or the system's own.
func (b *bench) findPandas(ctx context.Context) error {
	candidates := []string{"python3", "/usr/bin/python3"}
	if python := os.Getenv("PYTHON"); python != "" {
		candidates = []string{python}
	}
	for _, python := range candidates {
		if exec.CommandContext(ctx, python, "-c", "import numpy, pandas, scipy").Run() == nil {
			b.python = python
			return nil
		}
	}
	return fmt.Errorf("no Python with pandas and scipy: install them (Debian: apt-get install python3-pandas python3-scipy), or set PYTHON")
}
