package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tracelens/shared/tracetest"
)

// copied are the files that the program makes of others.
func copied(t *testing.T, recipe, key string, given ...string) []string {
	t.Helper()
	dir := t.TempDir()
	keyFile := write(t, dir, "key", key+"\n")
	out := filepath.Join(dir, "out")
	args := []string{"-q", "-anonymize", recipe, "-key", keyFile, "-w", out}
	if said, err := exec.Command(tracelens, append(args, given...)...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v\n%s", recipe, err, said)
	}
	return hourFiles(t, out)
}

// scheme chooses one, by the name that a recipe has for it.
func (p *page) scheme(name string) {
	p.t.Helper()
	p.run(chromedp.Evaluate(`{
		const e = document.querySelector('[data-testid=anonymize-mode]');
		e.value = `+quote(name)+`;
		e.dispatchEvent(new Event('change', {bubbles: true}));
	}`, nil))
}

// TestCopiesAreThePrograms: whatever is chosen, the page writes the files that the program writes with the same key, to the byte; and what it
// has shown before of some packets is in them.
func TestCopiesAreThePrograms(t *testing.T) {
	t.Parallel()
	const key = "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f"
	folder := filepath.Dir(tracetest.Captures()[0])
	p := open(t, staticHost(t), desktop)
	files := slices.Concat(sampleFiles(t, t.TempDir())[:2], convert(t, filepath.Join(folder, "6in6tunnel.pcap")), convert(t, filepath.Join(folder, "vxlan-first60.pcap")))
	p.ready(files...)
	p.fill("anonymize-key", key)
	p.click("anonymize-preview")
	for _, c := range []struct {
		recipe string
		choose func()
	}{
		{"cryptopan", func() { p.scheme("cryptopan") }},
		{"ipcrypt-pfx,classes=kept,private=kept", func() {
			p.scheme("ipcrypt-pfx")
			p.choose("Pseudonyms", "of the same kind")
			p.choose("Private addresses", "kept")
		}},
		{"numbers,ports=bucketed,times=seconds", func() {
			p.scheme("numbers")
			p.choose("Private addresses", "replaced")
			p.choose("Ports", "by kind")
			p.choose("Times", "seconds")
		}},
		{"truncate:16:32,ports=dropped,times=minutes,times=shifted", func() {
			p.scheme("truncate")
			p.fill("bits-IPv4", "16")
			p.fill("bits-IPv6", "32")
			p.choose("Ports", "left out")
			p.choose("Times", "minutes")
			p.choose("Days", "shifted")
		}},
	} {
		c.choose()
		want := copied(t, c.recipe, key, files...)
		p.until("document.querySelectorAll('[data-testid=anonymize-shown] li').length === 5")
		var lines []string
		for _, path := range want {
			for line := range strings.Lines(string(must(os.ReadFile(path)))) {
				lines = append(lines, filepath.Base(path)+": "+strings.TrimSpace(line))
			}
		}
		slices.Sort(lines)
		shown := "[...document.querySelectorAll('[data-testid=anonymize-shown] li')].map(e => e.lastChild.textContent)"
		p.until("!" + shown + ".includes('…')")
		p.shoot("share-" + string(c.recipe[0]))
		for _, line := range eval[[]string](p, shown) {
			if _, is := slices.BinarySearch(lines, line); !is {
				t.Errorf("%s: the page has shown %q, which is not in the copy", c.recipe, line)
			}
		}
		sameFiles(t, unpacked(t, p.download("anonymize-run")), want...)
	}

	// With a key that is none, or widths that make no sense, nothing is shown or written.
	p.fill("bits-IPv4", "7")
	p.until("document.querySelector('[data-testid=anonymize-result]').innerText.includes('8 to 32 bits')")
	p.scheme("ipcrypt-pfx")
	p.fill("anonymize-key", strings.Repeat("5", 64))
	p.click("anonymize-run")
	p.until("document.querySelector('[data-testid=anonymize-result]').innerText.includes('halves')")

	// Packets that are shown are of their trace.
	p.fill("anonymize-key", key)
	p.until("document.querySelectorAll('[data-testid=anonymize-shown] li').length === 5")
	p.ready(files[0])
	if eval[bool](p, "!!document.querySelector('[data-testid=anonymize-shown]')") {
		t.Error("packets of the last trace are shown")
	}
}

// TestKeys: a key can be saved and copied, and nothing else ever has it.
func TestKeys(t *testing.T) {
	t.Parallel()
	p := open(t, staticHost(t), desktop)
	p.ready(sampleFiles(t, t.TempDir())[0])
	first := p.key()
	p.click("new-key")
	p.until("document.querySelector('[data-testid=anonymize-key]').value !== " + quote(first))
	key := p.key()
	if saved := string(must(os.ReadFile(p.download("save-key")))); saved != key+"\n" || len(key) != 64 {
		t.Errorf("the key %q was saved as %q", key, saved)
	}
	out := p.download("anonymize-run")
	p.ready(out)
	for name, has := range map[string]string{
		"the copy":         string(must(os.ReadFile(out))),
		"the report":       string(must(os.ReadFile(p.download("report-json")))),
		"address, storage": eval[string](p, "JSON.stringify([location.href, document.cookie, history.state, {...localStorage}, {...sessionStorage}])"),
		"a database":       eval[string](p, "indexedDB.databases().then(l => JSON.stringify(l))"),
		"a cache":          eval[string](p, "caches.keys().then(k => Promise.all(k.map(n => caches.open(n).then(c => c.keys())))).then(l => JSON.stringify(l.flat().map(r => r.url)))"),
	} {
		if strings.Contains(has, key) || strings.Contains(has, first) {
			t.Errorf("%s has the key", name)
		}
	}
}
