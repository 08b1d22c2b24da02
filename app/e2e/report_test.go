package e2e

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	cdplog "github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"tracelens/shared/report"
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

// TestReportsAreShared: the figures can be given away as a file for people, which asks for nothing, or for a page; with pseudonyms, which are
// those of a copy with the same key.
func TestReportsAreShared(t *testing.T) {
	t.Parallel()
	p := open(t, staticHost(t), desktop)
	files := sampleFiles(t, t.TempDir())[:3]
	whole := p.ready(files...)
	copied := p.download("anonymize-run")
	dir := t.TempDir()
	saved := func(button, name string) string { // elsewhere, since the next is called the same
		return write(t, dir, name, string(must(os.ReadFile(p.download(button)))))
	}
	shared := saved("share-json", "shared.json")
	sheet := saved("share-html", "sheet.html")
	p.choose("Names in the report", "as they are")
	plain := saved("share-html", "plain.html")

	texts := map[string]string{}
	for _, path := range []string{shared, sheet, plain} {
		texts[path] = string(must(os.ReadFile(path)))
	}
	for _, e := range whole.Top.Either {
		if strings.Contains(texts[shared], `"`+e.Key+`"`) || strings.Contains(texts[sheet], ">"+e.Key+"<") {
			t.Errorf("a report with pseudonyms has the address %s", e.Key)
		}
		if !strings.Contains(texts[plain], ">"+e.Key+"<") {
			t.Errorf("a report without lacks %s", e.Key)
		}
	}
	want := p.ready(copied)
	p.closed()
	p.opened("ready", func() { p.give(shared) })
	got := p.report()
	got.Input, got.Directions = want.Input, want.Directions // of files, and of whose addresses are whose, a report says less
	for _, r := range []*report.Report{got, want} {         // those of equal volume at the end of a list are others
		for _, list := range []*[]report.Entry{&r.Top.Source, &r.Top.Destination, &r.Top.Either} {
			*list = (*list)[:10]
		}
		r.Top.Pair, r.Top.Conversation = r.Top.Pair[:10], r.Top.Conversation[:10]
	}
	sameReport(t, got, want)

	if strings.Contains(texts[sheet], "Europe/") || !strings.Contains(texts[plain], "Europe/") {
		t.Error("a report with pseudonyms says in which zone its clock stands, or one without does not")
	}
	for _, path := range []string{sheet, plain} {
		opensQuietly(t, path)
	}
}

// opensQuietly opens a file in a browser that has no network, and wants it to say nothing, to ask for nothing and to show its pictures.
func opensQuietly(t *testing.T, path string) {
	t.Helper()
	ctx, stop := context.WithTimeout(newBrowser(t, chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND")), 30*time.Second)
	defer stop()
	var mu sync.Mutex
	var heard []string
	chromedp.ListenTarget(ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventConsoleAPICalled:
			heard = append(heard, "it says something on the console")
		case *runtime.EventExceptionThrown:
			heard = append(heard, e.ExceptionDetails.Text)
		case *cdplog.EventEntryAdded:
			heard = append(heard, e.Entry.Text)
		case *network.EventRequestWillBeSent:
			if e.Request.URL != "file://"+path {
				heard = append(heard, "it asks for "+e.Request.URL)
			}
		}
	})
	var pictures, wide int
	err := chromedp.Run(ctx, network.Enable(), runtime.Enable(), cdplog.Enable(),
		chromedp.EmulateViewport(390, 844), chromedp.Navigate("file://"+path),
		chromedp.Evaluate("[...document.querySelectorAll('svg')].filter(e => e.getBoundingClientRect().width > 300).length", &pictures),
		chromedp.Evaluate("document.documentElement.scrollWidth", &wide))
	if err != nil {
		t.Fatal(err)
	}
	mu.Lock()
	said := heard
	mu.Unlock() // whoever hears more must not wait for what follows
	if len(said) > 0 || pictures != 4 || wide > 390 {
		t.Errorf("%s: %v; %d pictures, %d pixels wide on a phone", filepath.Base(path), said, pictures, wide)
	}
	if *shots != "" {
		var png []byte
		if err := chromedp.Run(ctx, chromedp.EmulateViewport(1100, 900), chromedp.FullScreenshot(&png, 100)); err != nil {
			t.Fatal(err)
		}
		os.WriteFile(filepath.Join(*shots, "paper.png"), png, 0o600)
	}
}
