package e2e

import (
	"archive/zip"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tracelens/shared/tracetest"
)

// TestSavePacked: what has been unpacked is not kept, and is unpacked again to be saved: all of it, a selection, and what a load that was
// cancelled had read.
func TestSavePacked(t *testing.T) {
	t.Parallel()
	plain := sampleFiles(t, t.TempDir())[:4]
	names, contents := contentsOf(t, plain)
	dir := t.TempDir()
	archive := write(t, dir, "week.zip", string(tracetest.Zip(zip.Deflate, []string{"monday/" + names[0], "notes.txt", names[1] + ".gz", names[2]}, [][]byte{contents[0], []byte("Dear all,\n"), tracetest.Gzip(contents[1]), contents[2]})))
	single := write(t, dir, names[3]+".gz", string(tracetest.Gzip(contents[3])))
	p := open(t, staticHost(t), desktop)
	r := p.ready(archive, single)
	sameReport(t, figuresOf(r), figuresOf(native(t, plain...)))
	sameFiles(t, unpacked(t, p.download("save-packets")), plain...)
	p.enter("udp")
	p.calm()
	p.savedSelection(func(cells []string) bool { return cells[3] != "" || cells[6] != "" }, plain...)

	big, rows := bigFile(t, 60<<20)
	content, err := os.ReadFile(big)
	if err != nil {
		t.Fatal(err)
	}
	p.cancelled(func() {
		p.click("close-trace")
		p.state("empty")
		p.give(write(t, dir, filepath.Base(big)+".gz", string(tracetest.Gzip(content))))
	})
	r = p.report()
	if r.Packets == 0 || r.Packets >= rows {
		t.Fatalf("%d packets of %d, after it was cancelled", r.Packets, rows)
	}
	sameReport(t, figuresOf(native(t, p.download("save-packets"))), figuresOf(r))
}

// TestChangeInArchive: a file in an archive is taken out and read otherwise like any other, and known by its bytes.
func TestChangeInArchive(t *testing.T) {
	t.Parallel()
	plain := sampleFiles(t, t.TempDir())[:3]
	names, contents := contentsOf(t, plain)
	names, contents = append(names, "office.csv"), append(contents, []byte(header+someRows))
	dir := t.TempDir()
	archive := write(t, dir, "week.zip", string(tracetest.Zip(zip.Deflate, names, contents)))
	p := open(t, staticHost(t), desktop)
	r := p.ready(archive)
	sameReport(t, figuresOf(r), figuresOf(native(t, plain...)))
	if f := fileOf(t, r, "office.csv"); f.Error == "" || f.Within != "week.zip" {
		t.Errorf("%+v", f)
	}
	p.opened("ready", func() { p.ofFile(names[1], "remove") })
	r = p.report()
	sameReport(t, figuresOf(r), figuresOf(native(t, plain[0], plain[2])))
	if len(r.Input.Files) != 3 {
		t.Errorf("%+v", r.Input.Files)
	}
	p.ofFile("office.csv", "read-as")
	p.until("document.querySelectorAll('[data-testid=layout] tbody tr').length > 2")
	p.fill("layout-start", "2017-01-09T12:00:00Z")
	p.opened("ready", func() { p.click("layout-apply") })
	moved := write(t, t.TempDir(), "1483963200.csv", header+someRows)
	sameReport(t, figuresOf(p.report()), figuresOf(native(t, plain[0], plain[2], moved)))
	r = p.add(plain[0], plain[1])
	sameReport(t, figuresOf(r), figuresOf(native(t, append(plain, moved)...)))
	same := 0
	for _, f := range r.Input.Files {
		if f.Name == names[0] && f.Same == names[0] && f.Rows == 0 && f.Within == "" {
			same++
		}
	}
	if same != 1 || !strings.Contains(p.notices(), names[0]) {
		t.Errorf("%+v; the page says %s", r.Input.Files, p.notices())
	}
}
