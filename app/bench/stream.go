package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/chromedp/chromedp"
)

// streamed is the way to the same figures over the helper's websocket: the page is the helper's own, and the clock runs from the click that
// connects it.
var streamed = contender{name: "stream", label: "**Tracelens**, from the helper", needs: []need{needChromium, needHelper}, run: stream}

func stream(ctx context.Context, b *bench, tr *trace) (*result, error) {
	link, stop, err := b.startHelper(ctx, tr)
	if err != nil {
		return nil, err
	}
	defer stop()
	t, err := b.open(ctx, link, strings.Replace(clock, "addEventListener('change', e => { if (e.target.matches('[data-testid=files]'))",
		"addEventListener('click', e => { if (e.target.matches('[data-testid=connect]'))", 1), "!document.getElementById('app-wasm-loader')")
	if err != nil {
		return nil, err
	}
	defer t.close()
	r, err := t.clocked(chromedp.Click("[data-testid=connect]", chromedp.ByQuery))
	if err != nil {
		return nil, err
	}
	saved, err := os.MkdirTemp(b.temp, "saved-")
	if err != nil {
		return nil, err
	}
	r.Figures, err = t.report(saved)
	return r, err
}

// startHelper has the helper serve a trace's hour files. It gets them in a folder of their own, since it might write to it.
func (b *bench) startHelper(ctx context.Context, tr *trace) (link string, stop func(), err error) {
	dir, err := os.MkdirTemp(b.temp, "hours-")
	if err != nil {
		return "", nil, err
	}
	for _, name := range tr.Names {
		if err := linkOrCopy(filepath.Join(tr.dir, name), filepath.Join(dir, name)); err != nil {
			return "", nil, err
		}
	}
	cmd := exec.CommandContext(ctx, b.helper, "-r", "-", "-w", dir, "-listen", "127.0.0.1:0")
	stdin, err := cmd.StdinPipe() // from which nothing comes
	if err != nil {
		return "", nil, err
	}
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() {
		stdin.Close()
		cmd.Process.Kill()
		cmd.Wait()
		os.RemoveAll(dir)
	}
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if link, ok := strings.CutPrefix(lines.Text(), "Open "); ok {
			return link, stop, nil
		}
	}
	stop()
	return "", nil, errors.New("the helper ended without a link")
}

func linkOrCopy(from, to string) error {
	if os.Link(from, to) == nil {
		return nil
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

func (b *bench) findHelper(context.Context) error {
	root, err := checkout()
	if err != nil {
		return err
	}
	b.helper = filepath.Join(root, "bin", "tracelens")
	if _, err := os.Stat(b.helper); err != nil {
		return fmt.Errorf("the helper: run make build (%w)", err)
	}
	return nil
}
