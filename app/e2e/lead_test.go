package e2e

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
	"tracelens/shared/tracegen"
)

// startLead is a page's side of the lead without the page, where only the workers' script is shown: it notes what the lead says, reports
// as text of their bytes.
const startLead = `(() => {
	const lead = window.lead = {worker: startWorker('worker'), said: [], problems: []};
	lead.worker.onmessage = ({data: m}) => {
		if (m.report) m.report = btoa(Array.from(m.report, b => String.fromCharCode(b)).join(''));
		if (m.kind === 'failed' || m.kind === 'broken') lead.problems.push(m.text);
		lead.said.push(m);
	};
	lead.worker.onerror = e => lead.problems.push(e.message);
	lead.count = (kind, final) => lead.said.filter(m => m.kind === kind && (!final || m.final)).length;
	document.body.append(Object.assign(document.createElement('input'), {type: 'file', id: 'given', multiple: true}));
})()`

// said is a message of the lead.
type said struct {
	Kind, Text, Report string
	Final              int
}

// decoded is the report of a message, as the page sees it.
func (m said) decoded(t *testing.T) *report.Report {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(m.Report)
	if err != nil {
		t.Fatal(err)
	}
	r, err := report.DecodeBinary(b)
	if err != nil {
		t.Fatal(err)
	}
	r.Hours = report.FillGaps(r.Hours)
	for i := range r.Input.Files {
		r.Input.Files[i].ID = 0 // report.json has none
	}
	return r
}

// bare shows a text of the site, where nothing runs: a place of the same origin to start a lead from.
func bare(t *testing.T) *page {
	t.Helper()
	return open(t, staticHost(t)+"web/worker.js", desktop)
}

// leadStarts is what starts a lead: the page's own script, which starts workers, and startLead.
func leadStarts(t *testing.T) chromedp.Tasks {
	t.Helper()
	script, err := os.ReadFile(filepath.Join(site, "web", "page.js"))
	if err != nil {
		t.Fatal(err)
	}
	return chromedp.Tasks{chromedp.Evaluate(string(script), nil), chromedp.Evaluate(startLead, nil)}
}

// lead starts a lead and waits until it speaks.
func (p *page) lead() {
	p.t.Helper()
	p.run(leadStarts(p.t))
	p.hears("lead.count('started') > 0")
}

// hears waits for a condition on what the lead has said, and fails the test at once if the lead cannot go on.
func (p *page) hears(condition string) {
	p.t.Helper()
	p.until("lead.problems.length > 0 || " + condition)
	if problems := eval[[]string](p, "lead.problems"); len(problems) > 0 {
		p.t.Fatalf("waiting for %s, the lead said %q", condition, problems)
	}
}

// load has the lead open files, of which each counter may keep budget bytes (0: as many as the page's), and returns the final report.
func (p *page) load(budget int64, paths ...string) said {
	p.t.Helper()
	return p.loadAs(1, budget, paths...)
}

// loadAs is load for a trace of a number that there has not been yet.
func (p *page) loadAs(trace int, budget int64, paths ...string) said {
	p.t.Helper()
	p.run(chromedp.SetUploadFiles("#given", paths, chromedp.ByQuery),
		chromedp.Evaluate(fmt.Sprintf("lead.worker.postMessage({kind: 'open', trace: %d, budget: %d, files: [...document.querySelector('#given').files]})", trace, budget), nil))
	p.hears(fmt.Sprintf("lead.said.some(m => m.kind === 'report' && m.final && m.trace === %d)", trace))
	return p.final()
}

// final is the newest final report.
func (p *page) final() said {
	p.t.Helper()
	return eval[said](p, "lead.said.findLast(m => m.kind === 'report' && m.final)")
}

// TestMemoryFull: where the counters have no room for all packets, the figures are of those that have found some, and the lead says so.
func TestMemoryFull(t *testing.T) {
	t.Parallel()
	big, rows := bigFile(t, 170<<20)
	p := bare(t)
	p.lead()
	r := p.load(8_000_000, big).decoded(t)
	if r.Packets == 0 || r.Packets >= rows || r.Packets != r.Input.Rows || r.Packets != r.Input.Files[0].Rows {
		t.Errorf("%d packets, %d rows of %d, %d of the file", r.Packets, r.Input.Rows, rows, r.Input.Files[0].Rows)
	}
	sum := int64(0)
	for _, m := range r.Minutes {
		sum += m.Packets
	}
	if sum != r.Packets {
		t.Errorf("%d packets by the minute, %d in all", sum, r.Packets)
	}
	if f := r.Input.Files[0]; !strings.Contains(f.Error, "memory of this page is full") {
		t.Errorf("of the file it is said: %q", f.Error)
	}
	notes := eval[[]string](p, "lead.said.filter(m => m.kind === 'note').map(m => m.text)")
	if len(notes) != 1 || !strings.Contains(notes[0], "memory of this page is full") || !strings.Contains(notes[0], fmt.Sprint(r.Packets)) {
		t.Errorf("with %d packets counted, the notes are %q", r.Packets, notes)
	}
	t.Logf("%d of %d packets found room", r.Packets, rows)

	// Who asks for the file to read it again hears of the lines that these packets are in.
	p.run(chromedp.Evaluate("lead.worker.postMessage({kind: 'sources'})", nil))
	p.hears("lead.count('sources') > 0")
	read := eval[[]string](p, "lead.said.find(m => m.kind === 'sources').read")
	text, err := os.ReadFile(big)
	if err != nil || len(read) != 1 {
		t.Fatalf("%d files, %v", len(read), err)
	}
	again := int64(0)
	for numbers := strings.Fields(read[0]); len(numbers) > 0; numbers = numbers[2:] {
		var from, to int
		if _, err := fmt.Sscan(numbers[0]+" "+numbers[1], &from, &to); err != nil {
			t.Fatal(err)
		}
		if from < to { // a line begins after each newline
			again += int64(strings.Count(string(text[max(0, from-1):to-1]), "\n"))
		}
	}
	if again != r.Packets {
		t.Errorf("%d packets are in %s, want %d", again, read[0], r.Packets)
	}
}

// TestNewerQueryCancelsOlder: who drags over a chart asks for a selection after the other. The last one is answered, and of those before
// it hardly any.
func TestNewerQueryCancelsOlder(t *testing.T) {
	t.Parallel()
	big, rows := bigFile(t, 29<<20)
	p := bare(t)
	p.lead()
	if r := p.load(0, big).decoded(t); r.Packets != rows {
		t.Errorf("%d packets, want %d", r.Packets, rows)
	}
	const asked = 30
	var sel selection.Selection
	codes := make([]string, asked)
	for i := range codes { // each begins and ends within the hour, at no edge of anything
		from := tracegen.Sample.Start*trace.Second + int64(i)*37*trace.Second + 123
		sel = selection.Selection{FromNS: from, ToNS: from + int64(20+i)*61*trace.Second}
		codes[i] = sel.Code()
	}
	list, err := json.Marshal(codes)
	if err != nil {
		t.Fatal(err)
	}
	want := nativeOf(t, &sel, big)
	if want.Packets == 0 || want.Packets >= rows {
		t.Fatalf("the selection is of %d packets of %d", want.Packets, rows)
	}
	before := eval[int](p, "lead.count('report')")
	p.run(chromedp.Evaluate(fmt.Sprintf("for (const selection of %s) lead.worker.postMessage({kind: 'select', selection})", list), nil))
	n := before
	for { // until the report of the last comes
		p.hears(fmt.Sprintf("lead.count('report') > %d", n))
		n = eval[int](p, "lead.count('report')")
		if r := p.final().decoded(t); r.Selection == want.Selection {
			sameReport(t, r, want)
			break
		}
	}
	t.Logf("%d reports of %d selections", n-before, asked)
	if n-before > asked/3 {
		t.Errorf("%d reports of %d selections of which only the last is wanted", n-before, asked)
	}
	// One more selection, of all: what came between the two would be an answer to a question that nobody asks any more.
	all := selection.Selection{}
	p.run(chromedp.Evaluate("lead.worker.postMessage({kind: 'select', selection: "+quote(all.Code())+"})", nil))
	p.hears(fmt.Sprintf("lead.count('report') > %d", n))
	after := eval[int](p, "lead.count('report')")
	if r := p.final().decoded(t); after != n+1 || r.Packets != rows {
		t.Errorf("%d more reports after the last selection's, the last of them of %d packets", after-n, r.Packets)
	}
}

// TestAnyNumberOfCounters: the figures do not depend on how many processors there are, to the last bit.
func TestAnyNumberOfCounters(t *testing.T) {
	t.Parallel()
	big, _ := bigFile(t, 40<<20)
	files := append(sampleFiles(t, t.TempDir())[1:], big) // its hour is the sample's first
	want := native(t, append([]string{big}, files[:len(files)-1]...)...)
	var first said
	for i, cores := range []int{1, 3, 8} {
		p := bare(t)
		// The lead asks how many processors there are as soon as it runs. It must be told before.
		p.run(target.SetAutoAttach(true, true).WithFlatten(true), leadStarts(t))
		lead := p.attached(p.leadTarget())
		if err := chromedp.Run(lead, emulation.SetHardwareConcurrencyOverride(int64(cores)), runtime.RunIfWaitingForDebugger()); err != nil {
			t.Fatal(err)
		}
		p.hears("lead.count('started') > 0")
		got := p.load(0, files...)
		if workers := len(p.workerTargets()); workers != 1+cores {
			t.Errorf("with %d processors there are %d workers, want one more", cores, workers)
		}
		sameReport(t, got.decoded(t), want)
		if i == 0 {
			first = got
		}
		if got.Report != first.Report {
			t.Errorf("%d counters report other bytes than one", cores)
		}
	}
}
