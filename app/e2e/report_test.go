package e2e

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReportIsOpened: a report.json that one page has saved is shown by another, with every figure, and nothing that it cannot answer.
func TestReportIsOpened(t *testing.T) {
	t.Parallel()
	p := open(t, staticHost(t), desktop)
	p.ready(sampleFiles(t, t.TempDir())...)
	want := p.report()
	path := p.download("report-json")
	p.enter("tcp.port == 443 && frame.len >= 101")
	p.calm()
	part := p.report()
	partPath := p.download("report-json")

	other := open(t, staticHost(t), desktop)
	opened := func(path string) {
		t.Helper()
		other.opened("ready", func() { other.give(path) })
	}
	opened(path)
	other.settled()
	sameReport(t, other.report(), want)
	if got := digits(other.text("[data-testid=tile-packets] strong")); got != "200000" {
		t.Errorf("the page shows %s packets", got)
	}
	if status := other.text("[data-testid=status]"); !strings.Contains(status, "read only") {
		t.Errorf("the page says %q", status)
	}
	for _, there := range []string{"filter", "rows", "anonymize-run"} {
		if eval[bool](other, "!!document.querySelector('[data-testid="+there+"]')") {
			t.Errorf("there is %s, though there are no packets", there)
		}
	}
	keys := func(entries int) {
		t.Helper()
		if got := len(other.column("top", 0, "")); got != entries {
			t.Errorf("the list has %d rows, want %d", got, entries)
		}
	}
	keys(len(want.Top.Source))
	other.choose("Top list of", "conversations")
	keys(len(want.Top.Conversation))
	other.fits()
	other.shoot("report-opened")

	other.closed()
	opened(partPath)
	sameReport(t, other.report(), part)
	if says := other.text("[data-testid=chips]"); !strings.Contains(says, "frame.len >= 101") {
		t.Errorf("of which part the report is: %q", says)
	}

	// And then a trace again, which is no report.
	other.closed()
	capture := convert(t, filepath.Join("..", "..", "shared", "tracetest", "testdata", "captures", "android-first120.pcap"))
	sameReport(t, other.ready(capture...), native(t, capture...))
	if !eval[bool](other, "!!document.querySelector('[data-testid=filter]')") {
		t.Error("a trace cannot be filtered after a report")
	}
}

// TestReportIsRefused: what is no report is said to be none, and why.
func TestReportIsRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	p := open(t, staticHost(t), desktop)
	for name, c := range map[string][2]string{
		"none.json":                         {"{}", "no report of Tracelens"},
		"other.json":                        {`{"schema": "tracelens-report/9"}`, "another version"},
		"text.json":                         {"Dear all", "no JSON"},
		"sum.json":                          {`{"schema": "tracelens-report/1", "packets": 5}`, "do not add up"},
		"<img src=x onerror=alert(1)>.json": {`{"schema": "<img src=x onerror=alert(1)>"}`, "no report of Tracelens"},
		"empty.json":                        {"", "no JSON"},
	} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(c[0]), 0o600); err != nil {
			t.Fatal(err)
		}
		p.opened("error", func() { p.give(path) })
		if says := p.text(".notice.error"); !strings.Contains(says, c[1]) || !strings.Contains(says, name) {
			t.Errorf("%s: the page says %q", name, says)
		}
		p.closed()
	}
}
