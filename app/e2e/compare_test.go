package e2e

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"tracelens/app/chart/label"
	"tracelens/shared/compare"
	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// yesterday is the report.json of the day before the sample: its hours but for the first and the one that the sample lacks, without the packets
// of its first talker, and with another one in the place of its second.
func yesterday(t *testing.T) (path string, r *report.Report) {
	t.Helper()
	dir := t.TempDir()
	var files []string
	for _, path := range sampleFiles(t, dir)[1:] {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		var kept strings.Builder
		for line := range strings.Lines(string(b)) {
			if !strings.Contains(line, "203.0.113.182") {
				kept.WriteString(strings.ReplaceAll(line, ",192.168.1.7,", ",192.168.1.99,"))
			}
		}
		start, ok := trace.StartOf(filepath.Base(path))
		if !ok {
			t.Fatal(path)
		}
		files = append(files, write(t, t.TempDir(), trace.HourFileName(start-24*trace.HourS), kept.String()))
	}
	r = native(t, files...)
	text, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, dir, "yesterday <b>.json", string(text)), r
}

// compares gives the report to compare with, and waits for what comes of it.
func (p *page) compares(path string) {
	p.t.Helper()
	p.run(chromedp.SetUploadFiles("[data-testid=compare]", []string{path}, chromedp.ByQuery))
	p.until("document.querySelector('#compare') || document.querySelector('.notice')")
}

// cellsOf are the cells of a table on the page, without the spaces in numbers.
func (p *page) cellsOf(testID string) [][]string {
	p.t.Helper()
	return eval[[][]string](p, `[...document.querySelectorAll('[data-testid=`+testID+`] tbody tr')].map(tr => [...tr.cells].map(c => c.textContent.trim()))`)
}

// TestCompare: yesterday's report beside today's trace: totals, hours over each other, and what has become more or less, as package compare has
// it of the two reports.
func TestCompare(t *testing.T) {
	t.Parallel()
	path, old := yesterday(t)
	files := sampleFiles(t, t.TempDir())
	for _, name := range []string{"light-1440", "dark-390"} {
		l := looks[name]
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := open(t, staticHost(t), l)
			now := p.ready(files...)
			p.compares(path)
			p.calm()
			p.settled()
			if title := p.text("#compare h2"); !strings.Contains(title, "yesterday <b>.json") || !strings.Contains(title, "1 day later than it was") {
				t.Errorf("the comparison is called %q", title)
			}
			totals := map[string][]string{}
			for _, row := range p.cellsOf("compare-totals") {
				totals[row[0]] = row[1:]
			}
			for name, want := range map[string][]string{
				"Volume":         {label.Bytes(now.Bytes), label.Bytes(old.Bytes), label.Change(float64(now.Bytes), float64(old.Bytes))},
				"Packets":        {label.Count(now.Packets), label.Count(old.Packets), label.Change(float64(now.Packets), float64(old.Packets))},
				"Hours captured": {"9", "8", "+12.5 %"},
				"Addresses":      {label.Count(now.Addresses), label.Count(old.Addresses), label.Change(float64(now.Addresses), float64(old.Addresses))},
			} {
				if got := totals[name]; fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("%s: %q, want %q", name, got, want)
				}
			}
			p.moversAre(now, old, report.ListSource)
			p.choose("Movers among", "conversations")
			p.moversAre(now, old, report.ListConversation)

			// Without the first one's hours, moved by a day, there is none of the other.
			x, y := eval[float64](p, "document.querySelector('[data-chart=compare]').getBoundingClientRect().x"), eval[float64](p, "(e => { e.scrollIntoView({block: 'center', behavior: 'instant'}); return e.getBoundingClientRect().y })(document.querySelector('[data-chart=compare]'))")
			p.run(input.DispatchMouseEvent(input.MouseMoved, x+45, y+60))
			p.until("document.querySelector('[data-chart=compare] .tip')?.innerText.includes('the other: not captured')")
			p.fits()
			p.accessible("compared")
			p.shoot("compare-" + name)

			// What is chosen is compared, with a warning that the other is of everything.
			p.enter("tcp.port == 443")
			p.calm()
			part := p.report()
			p.moversAre(part, old, report.ListConversation)
			if says := p.text("#compare"); !strings.Contains(says, "This is of tcp.port == 443, the other of all packets") {
				t.Errorf("of different packets the page says only %q", says)
			}
			p.click("compare-close")
			p.until("!document.querySelector('#compare')")
		})
	}
}

// moversAre compares what is listed with what package compare says.
func (p *page) moversAre(now, old *report.Report, list report.List) {
	p.t.Helper()
	want := compare.Movers(now, old, list)
	want = want[:min(len(want), 10)]
	rows := p.cellsOf("movers")
	if len(want) < 3 || len(rows) != len(want) {
		p.t.Fatalf("%d movers, want %d, of at least 3: %q", len(rows), len(want), rows)
	}
	for i, m := range want {
		change, atLeast := m.Bytes()
		text := "+" + label.Bytes(change)
		if change < 0 {
			text = "−" + label.Bytes(-change)
		}
		if got := rows[i]; !strings.HasPrefix(got[0], m.Key) || !strings.Contains(got[0], m.Second) || !strings.HasSuffix(got[4], text) || atLeast != strings.ContainsAny(got[4], "≥≤") {
			p.t.Errorf("mover %d is %q, want %+v", i, got, m)
		}
	}
}

// TestTwoReports: of two reports that are opened together the later one is the one that is shown, the other beside it; what is no report is
// said to be none.
func TestTwoReports(t *testing.T) {
	t.Parallel()
	path, _ := yesterday(t)
	p := open(t, staticHost(t), desktop)
	now := p.ready(sampleFiles(t, t.TempDir())...)
	today := p.download("report-json")
	for _, order := range [][]string{{path, today}, {today, path}} {
		p.closed()
		p.opened("ready", func() { p.give(order...) })
		p.until("document.querySelector('#compare')?.innerText.includes('Compared with yesterday')")
		p.calm()
		sameReport(t, p.report(), now)
	}
	p.click("compare-swap")
	p.until("document.querySelector('#compare').innerText.includes('Compared with " + filepath.Base(today) + "')")
	if got := p.report(); got.Start >= now.Start {
		t.Errorf("after swapping the report begins at %d", got.Start)
	}
	p.compares(write(t, t.TempDir(), "bad.json", "{}"))
	p.until("document.querySelector('.notices').innerText.includes('Nothing was compared: bad.json: ')")
	if rows := p.cellsOf("compare-totals"); len(rows) < 5 || digits(rows[1][2]) != strconv.FormatInt(now.Packets, 10) {
		t.Errorf("the comparison has gone: %q", rows)
	}
}
