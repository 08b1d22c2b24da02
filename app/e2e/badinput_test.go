package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"tracelens/shared/report"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
	"tracelens/shared/tracegen"
	"tracelens/shared/tracetest"
)

const hourName = "1483873200.csv"

// someRows are five rows of an hour file, of both families, with and without addresses.
const someRows = "0.000000001,192.0.2.1,50000,,198.51.100.7,443,,60,,\n" +
	"1.500000000,198.51.100.7,443,,192.0.2.1,50000,,1500,,\n" +
	"61.000000000,,,5353,,,5353,120,2001:db8::1,2001:db8::2\n" +
	"62.000000000,,,,,,,42,,\n" +
	"3599.999999999,192.0.2.1,,,198.51.100.9,,,28,,\n"

// noTraces are files that are none, by name, with a word of the reason that the page must give.
func noTraces(t *testing.T) (paths []string, reasons map[string]string) {
	t.Helper()
	dir := t.TempDir()
	png, err := os.ReadFile(site + "/web/icon-192.png")
	if err != nil {
		t.Fatal(err)
	}
	reasons = map[string]string{}
	for name, f := range map[string]struct{ content, reason string }{
		"letter.txt":            {"Dear all,\nthis is no trace.\n", "neither a header"},
		"1489999999.csv":        {"a,b,c\n1,2,3\n", "neither a header"}, // the name alone does not make it one
		"noise.bin":             {string(make([]byte, 100_000)), "not a text file"},
		"picture.png":           {string(png), ""},
		"no-length.csv":         {"frame.time_relative,ip.src\n0.1,192.0.2.1\n", "frame.len"},
		"no-time.csv":           {"ip.src,frame.len\n192.0.2.1,60\n", "frame.time"},
		"one-line-no-end.csv":   {strings.Repeat("x", 300_000), "neither a header"},
		"broken.zip":            {"PK\x03\x04 and nothing more", "zip"},
		"{\"json\": true}.json": {`{"schema": "something else"}`, ""},
	} {
		paths = append(paths, write(t, dir, name, f.content))
		reasons[name] = f.reason
	}
	return paths, reasons
}

// fileOf is what the report says of a file.
func fileOf(t *testing.T, r *report.Report, name string) report.File {
	t.Helper()
	for _, f := range r.Input.Files {
		if f.Name == name {
			return f
		}
	}
	t.Fatalf("the report does not name %q: %+v", name, r.Input.Files)
	return report.File{}
}

// onlyRead is a report without the files that could not be read.
func onlyRead(r *report.Report) *report.Report {
	c := *r
	c.Input.Files = nil
	for _, f := range r.Input.Files {
		if f.Error == "" {
			c.Input.Files = append(c.Input.Files, f)
		}
	}
	return &c
}

// notices are what the page says above the figures.
func (p *page) notices() string { return p.text(".notices") }

// TestNoTraces: what is no trace is named with its reason, the others load.
func TestNoTraces(t *testing.T) {
	t.Parallel()
	bad, reasons := noTraces(t)
	good := sampleFiles(t, t.TempDir())[:3]
	p := open(t, staticHost(t), desktop)
	r := p.ready(append(append([]string{}, bad[:4]...), append(good, bad[4:]...)...)...)
	sameReport(t, onlyRead(r), native(t, good...))
	table := p.text("[data-testid=input]")
	for name, reason := range reasons {
		f := fileOf(t, r, name)
		if f.Error == "" || !strings.Contains(f.Error, reason) || f.Rows != 0 || len(f.Error) > 300 {
			t.Errorf("%s: %+v", name, f)
		}
		if !strings.Contains(table, name) || !strings.Contains(table, "not opened: "+f.Error) {
			t.Errorf("%s is not named with its reason: %s", name, table)
		}
	}
	some := func() {
		t.Helper()
		said := p.notices()
		if n := strings.Count(said, " was not opened: "); n != 3 || !strings.Contains(said, "and "+strconv.Itoa(len(bad)-3)+" more: see What was read") {
			t.Errorf("of %d files %d are named above the figures: %s", len(bad), n, said)
		}
	}
	some()

	p.closed()
	p.opened("error", func() { p.give(bad...) })
	some()
	table = p.text("[data-testid=input]")
	for name, reason := range reasons {
		if !strings.Contains(table, name) || !strings.Contains(table, reason) {
			t.Errorf("with no good file, %s is not named with its reason: %s", name, table)
		}
	}
	sameReport(t, p.ready(good...), native(t, good...)) // and the page goes on
	if said := p.notices(); strings.Contains(said, "not opened") {
		t.Errorf("the page still says %s", said)
	}
}

// TestUnparsableRows: every line is a row or counted under its reason, in the report and on the page.
func TestUnparsableRows(t *testing.T) {
	t.Parallel()
	lines := badLines()
	if len(lines) != tracecsv.Reasons-1 {
		t.Fatalf("%d reasons of %d", len(lines), tracecsv.Reasons-1)
	}
	const before = 3 // lines, in front of the header only
	var text strings.Builder
	text.WriteString(strings.Repeat(lines[tracecsv.BeforeHeader]+"\n", before) + header)
	want := map[string]int64{tracecsv.BeforeHeader.String(): before}
	total := int64(0) // behind it
	for reason := tracecsv.BadFields; int(reason) < tracecsv.Reasons; reason++ {
		if reason == tracecsv.BeforeHeader {
			continue
		}
		for range int(reason) + 1 { // as many as tell it from every other
			text.WriteString(lines[reason] + "\n" + someRows)
			total++
		}
		want[reason.String()] = int64(reason) + 1
	}
	text.WriteString("9.0," + strings.Repeat("9", 1_000_000) + "\n" + someRows) // longer than any block
	want[tracecsv.LongLine.String()]++
	total++
	p := open(t, staticHost(t), desktop)
	path := write(t, t.TempDir(), hourName, text.String())
	r := p.ready(path)
	if fmt.Sprint(r.Input.Skipped) != fmt.Sprint(want) || fmt.Sprint(r.Input.Files[0].Skipped) != fmt.Sprint(want) {
		t.Errorf("skipped %v, want %v", r.Input.Skipped, want)
	}
	rows := 5 * total
	if r.Packets != rows || r.Input.Rows != rows || int64(strings.Count(text.String(), "\n")) != before+1+rows+total {
		t.Errorf("%d packets, %d rows, want %d", r.Packets, r.Input.Rows, rows)
	}
	sameReport(t, r, native(t, path))
	table := p.text("[data-testid=input]")
	for reason, n := range want {
		if !strings.Contains(table, strconv.FormatInt(n, 10)+" skipped: "+reason) {
			t.Errorf("the page does not say that %d were skipped, %s: %s", n, reason, table)
		}
	}
}

// TestUnusualFiles: what is odd but no mistake.
func TestUnusualFiles(t *testing.T) {
	t.Parallel()
	p := open(t, staticHost(t), desktop)
	want := native(t, write(t, t.TempDir(), hourName, header+someRows))
	figures := func(r *report.Report) *report.Report {
		c := *r
		c.Input = report.Input{Rows: r.Input.Rows, Skipped: r.Input.Skipped}
		return &c
	}
	for name, text := range map[string]string{
		"no trailing newline":       strings.TrimSuffix(header+someRows, "\n"),
		"CRLF":                      strings.ReplaceAll(header+someRows, "\n", "\r\n"),
		"CRLF, no trailing newline": strings.TrimSuffix(strings.ReplaceAll(header+someRows, "\n", "\r\n"), "\r\n"),
		"no header":                 someRows,
		"byte order mark":           "\xef\xbb\xbf" + header + someRows,
		"quoted":                    header + strings.ReplaceAll(someRows, "192.0.2.1", `"192.0.2.1"`),
	} {
		path := write(t, t.TempDir(), hourName, text)
		r := p.ready(path)
		if len(r.Input.Files) != 1 || r.Input.Files[0].Error != "" || r.Input.Files[0].Bytes != int64(len(text)) {
			t.Errorf("%s: %+v", name, r.Input)
		}
		t.Run(name, func(t *testing.T) { sameReport(t, figures(r), figures(want)) })
	}

	for name, text := range map[string]string{"empty": "", "header only": header, "header without newline": tracecsv.Header} {
		r := p.ready(write(t, t.TempDir(), hourName, text))
		if r.Packets != 0 || len(r.Input.Files) != 1 || r.Input.Files[0].Error != "" || len(r.Input.Skipped) != 0 || len(r.Hours) != 1 || !r.Hours[0].Captured {
			t.Errorf("%s: %+v", name, r)
		}
		if said := p.notices(); !strings.Contains(said, "no packets") {
			t.Errorf("%s: the page says %q", name, said)
		}
	}
	// An hour that was captured and had no packets is no gap, between two that had some.
	dir := t.TempDir()
	quiet := []string{write(t, dir, hourName, header+someRows), write(t, dir, "1483876800.csv", header), write(t, dir, "1483884000.csv", header+someRows)}
	r := p.ready(quiet...)
	sameReport(t, r, native(t, quiet...))
	if len(r.Hours) != 4 || !r.Hours[1].Captured || r.Hours[2].Captured {
		t.Errorf("hours %+v", r.Hours)
	}
}

// TestUnknownStart: of a file whose name is no hour nobody knows when it began. Its axis is relative; it does not mix with hours.
func TestUnknownStart(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	hour := write(t, dir, hourName, header+someRows)
	free := write(t, dir, "office.csv", header+someRows)
	other := write(t, dir, "other.csv", header+someRows+someRows)
	p := open(t, staticHost(t), desktop)
	r := p.ready(free)
	want := native(t, hour)
	const start = 1483873200
	if !r.Relative || int64(r.Start) != int64(want.Start)-start*trace.Second || int64(r.End) != int64(want.End)-start*trace.Second {
		t.Errorf("relative %v, from %d to %d", r.Relative, r.Start, r.End)
	}
	if said := p.notices(); !strings.Contains(said, "no hour") {
		t.Errorf("the page says %q", said)
	}
	shifted := *r // the same figures, an axis apart
	shifted.Relative = false
	shifted.Start, shifted.End = want.Start, want.End
	for _, bins := range [][]report.Bin{shifted.Minutes, shifted.Seconds} {
		for i := range bins {
			bins[i].Start += start
		}
	}
	for i := range shifted.Hours {
		shifted.Hours[i].Start += start
	}
	shifted.Input = want.Input
	sameReport(t, &shifted, want)

	r = p.ready(other, hour)
	sameReport(t, onlyRead(r), want)
	if f := fileOf(t, r, "other.csv"); !strings.Contains(f.Error, "no hour") || f.Rows != 0 || !strings.Contains(p.notices(), "other.csv was not opened: "+f.Error) {
		t.Errorf("%+v; the page says %s", f, p.notices())
	}
	if r.Relative {
		t.Error("the axis is relative beside a file of a known hour")
	}
	// An absolute time in the file makes the name unimportant.
	epoch := write(t, dir, "epoch.csv", "frame.time_epoch,frame.len,ip.src,ip.dst\n1483873200.000000001,60,192.0.2.1,198.51.100.7\n")
	r = p.ready(epoch, hour)
	if r.Packets != 6 || r.Relative || fileOf(t, r, "epoch.csv").Error != "" {
		t.Errorf("%d packets, relative %v, %+v", r.Packets, r.Relative, r.Input)
	}
}

// TestAgain: the same file twice in a row is read twice; a new one takes the place of the old.
func TestAgain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	a := write(t, dir, hourName, header+someRows)
	b := write(t, dir, "1483876800.csv", header+strings.Repeat(someRows, 2))
	p := open(t, staticHost(t), desktop)
	sameReport(t, p.ready(a), native(t, a))
	sameReport(t, p.ready(a), native(t, a))
	write(t, dir, hourName, header+strings.Repeat(someRows, 3)) // what is in it now counts
	sameReport(t, p.ready(a), native(t, a))
	sameReport(t, p.ready(b), native(t, b))
	if text := p.text("main"); strings.Contains(text, hourName) {
		t.Error("the file before is still shown")
	}
	sameReport(t, p.ready(a, b), native(t, a, b))
}

const loadingALot = "/[0-9] rows.s/.test(document.querySelector('[data-testid=progress]')?.innerText ?? '')"

// TestCancel: a load that is cancelled stops, keeps what it has, says so, and the page goes on.
func TestCancel(t *testing.T) {
	t.Parallel()
	big, rows := bigFile(t, 300<<20)
	small := convert(t, tracetest.Captures()[0])
	later := filepath.Join(t.TempDir(), trace.HourFileName(tracegen.Sample.Start+2*3600))
	if err := os.WriteFile(later, []byte(header+"1.000000000,,,,,,,60,,\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	p := open(t, staticHost(t), desktop)
	p.cancelled(func() { p.give(big, later) })
	if said := p.notices(); !strings.Contains(said, "Cancelled") {
		t.Errorf("the page says %q", said)
	}
	r := p.report()
	if r.Packets == 0 || r.Packets >= rows || r.Packets != r.Input.Rows {
		t.Errorf("%d packets of %d, %d rows", r.Packets, rows, r.Input.Rows)
	}
	if len(r.Hours) != 1 { // the later hour was not come to: it is neither captured without packets nor a gap's far end
		t.Errorf("hours %v", r.Hours)
	}
	sameReport(t, p.ready(small...), native(t, small...))
	if said := p.notices(); strings.Contains(said, "Cancelled") {
		t.Errorf("of the next file the page says %q", said)
	}
}

// TestReplaceDuringLoad: files given while others load take their place at once, and nothing of those shows up later.
func TestReplaceDuringLoad(t *testing.T) {
	t.Parallel()
	big, _ := bigFile(t, 300<<20)
	small := convert(t, tracetest.Captures()[0])
	p := open(t, staticHost(t), desktop)
	want := native(t, small...)
	for range 3 {
		p.opened("loading", func() { p.give(big) })
		p.until(loadingALot)
		eval[bool](p, `(() => {
			window.totals = [];
			const look = () => {
				const s = document.querySelector('[data-testid=status]'), t = document.querySelector('[data-testid=tile-packets] strong');
				if (s.dataset.state === 'ready' && t) window.totals.push(t.innerText.replace(/[^0-9]/g, ''));
			};
			window.observer?.disconnect();
			window.observer = new MutationObserver(look);
			window.observer.observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
			return true;
		})()`)
		r := p.ready(small...)
		p.settled()
		sameReport(t, r, want)
		sameReport(t, p.report(), want)
		for _, n := range eval[[]string](p, "window.totals") {
			if n != strconv.FormatInt(want.Packets, 10) {
				t.Errorf("for a moment the page said it was ready with %s packets of the file before", n)
				break
			}
		}
		if said := p.notices(); strings.Contains(said, "Cancelled") {
			t.Errorf("of a file that nobody cancelled the page says %q", said)
		}
	}
}
