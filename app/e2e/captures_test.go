package e2e

import (
	"flag"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tracelens/shared/report"
	"tracelens/shared/tracetest"
)

// -captures runs TestCapturesAreTheirHourFiles over every capture in a folder, too.
var capturesDir = flag.String("captures", "", "folder of captures to drop on the page, besides those of the tests")

// figuresOf is a report without how its files were read.
func figuresOf(r *report.Report) *report.Report {
	c := *r
	c.Input = report.Input{Rows: r.Input.Rows}
	return &c
}

// TestCapturesAreTheirHourFiles: a capture that is dropped gives the report of the hour files that tracelens -r makes of it, and those have
// the rows that tshark has.
func TestCapturesAreTheirHourFiles(t *testing.T) {
	t.Parallel()
	paths := tracetest.Captures()
	if *capturesDir != "" {
		more, err := filepath.Glob(filepath.Join(*capturesDir, "*.pcap*"))
		if err != nil || len(more) == 0 {
			t.Fatalf("no captures in %s", *capturesDir)
		}
		paths = append(paths, more...)
	}
	var p *page
	none := 0
	for i, path := range paths {
		if i%40 == 0 { // a page has its time
			p = open(t, staticHost(t), desktop)
		}
		name := filepath.Base(path)
		// A capture that is cut short has rows up to there, and so has its conversion, which fails.
		dir := t.TempDir()
		out, failed := exec.Command(tracelens, "-q", "-r", path, "-w", dir).CombinedOutput()
		hours, err := filepath.Glob(filepath.Join(dir, "*[0-9].csv"))
		if err != nil {
			t.Fatal(err)
		}
		if len(hours) == 0 { // it is no capture
			p.closed()
			p.opened("error", func() { p.give(path) })
			if said := p.says(); failed == nil || !strings.Contains(said, name) {
				t.Errorf("%s: %v, %s; the page says %q", name, failed, out, said)
			}
			none++
			continue
		}
		r := p.ready(path)
		want := native(t, hours...)
		t.Run(name, func(t *testing.T) { sameReport(t, figuresOf(r), figuresOf(want)) })
		f := fileOf(t, r, name)
		if f.Format == "" || (f.Error != "") != (failed != nil) || f.Rows != r.Packets || f.Start != r.Start || f.End != r.End {
			t.Errorf("%s: %+v; converting it: %v, %s", name, f, failed, out)
		}
		if failed != nil && !strings.Contains(string(out), f.Error) && !strings.Contains(f.Error, "cut short") {
			t.Errorf("%s: the page says %q, tracelens -r %s", name, f.Error, out)
		}
	}
	t.Logf("%d files, of which %d are no captures", len(paths), none)
}

// TestCaptureInHours: what is saved of a capture is the hour files that tracelens -r makes of it.
func TestCaptureInHours(t *testing.T) {
	t.Parallel()
	capture := filepath.Join(filepath.Dir(tracetest.Captures()[0]), "roblox.pcapng")
	hours := convert(t, capture)
	if len(hours) < 3 {
		t.Fatalf("a capture of %d hours", len(hours))
	}
	p := open(t, staticHost(t), desktop)
	p.ready(capture)
	sameFiles(t, unpacked(t, p.download("save-packets")), hours...)
}
