package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tracelens/shared/tracetest"
)

// TestNames: what the packets of a capture call an address stands beside it in the lists, whether the capture is given or what the helper has made of
// it; it is in the reports, and in none with pseudonyms.
func TestNames(t *testing.T) {
	t.Parallel()
	capture := filepath.Join(filepath.Dir(tracetest.Captures()[0]), "android-first120.pcap")
	dir := t.TempDir()
	if out, err := exec.Command(tracelens, "-q", "-r", capture, "-w", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	hours, err := filepath.Glob(filepath.Join(dir, "*.csv"))
	if err != nil || len(hours) != 2 {
		t.Fatalf("%v, %v", hours, err)
	}
	p := open(t, staticHost(t), desktop)
	for what, files := range map[string][]string{"capture": {capture}, "hour file and names": hours} {
		r := p.ready(files...)
		if got := r.Names["17.253.53.201"]; got != "captive.apple.com" {
			t.Errorf("%s: in the report 17.253.53.201 is called %q: %v", what, got, r.Names)
		}
		p.choose("Top list of", "either end")
		p.until("[...document.querySelectorAll('[data-testid=top] tbody tr')].some(tr => tr.textContent.includes('17.253.53.201') && tr.querySelector('.called')?.textContent === 'captive.apple.com')")
		// Beside a packet stands what its ends were called then.
		p.enter("ip.addr == 17.253.53.201 && tcp.port == 80")
		p.calm()
		p.until("[...document.querySelectorAll('[data-testid=rows] tbody tr')].filter(tr => tr.querySelector('.called')?.textContent === 'captive.apple.com' && tr.textContent.includes('17.253.53.201')).length > 3")
		p.shoot("names-rows")
		p.enter("")
		p.calm()
		for address, name := range r.Names {
			if !strings.Contains(name, ".") || strings.Contains(name, address) {
				t.Errorf("%s is called %q", address, name)
			}
		}
		if text := string(must(os.ReadFile(p.download("share-html")))); strings.Contains(text, "captive.apple.com") {
			t.Error("the report with pseudonyms has names")
		}
		p.choose("Names in the report", "as they are")
		if text := string(must(os.ReadFile(p.download("share-html")))); !strings.Contains(text, "17.253.53.201 (captive.apple.com)") {
			t.Error("the report has no names")
		}
		p.choose("Names in the report", "pseudonyms")
		p.fits()
		p.shoot("names")
	}
	// From the helper they come with the rows.
	h := startHelper(t, nil, "-r", capture)
	q := open(t, h.link, desktop)
	q.opened("ready", func() { q.click("connect") })
	q.choose("Top list of", "either end")
	q.until("[...document.querySelectorAll('[data-testid=top] .called')].some(e => e.textContent === 'captive.apple.com')")
	if got := q.report().Names["17.253.53.201"]; got != "captive.apple.com" {
		t.Errorf("from the helper: in the report 17.253.53.201 is called %q", got)
	}

	// Without the file of names there are none.
	if r := p.ready(hours[0]); len(r.Names) > 0 {
		t.Errorf("an hour file by itself has %v", r.Names)
	}
}
