package e2e

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"tracelens/shared/selection"
	"tracelens/shared/trace"
	"tracelens/shared/tracetest"
)

// A row is a packet as a line of an hour file, and its time.
type row struct {
	ns   int64
	line string
}

func compareRows(a, b row) int {
	return cmp.Or(cmp.Compare(a.ns, b.ns), strings.Compare(a.line, b.line))
}

// fileRows are the rows of hour files that chosen holds for, by their text alone, sorted by time. Of a row with two pairs of addresses the
// page keeps the one that the figures count.
func fileRows(t *testing.T, chosen func(ns int64, cells []string) bool, paths ...string) (rows []row) {
	t.Helper()
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		start, _ := strconv.ParseInt(strings.TrimSuffix(filepath.Base(path), ".csv"), 10, 64) // of a file of another name it is unknown, and 0
		for _, line := range strings.Split(strings.TrimSuffix(strings.TrimPrefix(string(text), header), "\n"), "\n") {
			cells := strings.Split(line, ",")
			seconds, decimals, _ := strings.Cut(cells[trace.Time], ".")
			ns, err := strconv.ParseInt(seconds+decimals, 10, 64)
			if err != nil || len(decimals) != 9 || len(cells) != trace.Columns {
				t.Fatalf("%s has the line %q", path, line)
			}
			if cells[trace.IPSrc] != "" {
				cells[trace.IPv6Src] = ""
			}
			if cells[trace.IPDst] != "" {
				cells[trace.IPv6Dst] = ""
			}
			if ns += start * trace.Second; chosen(ns, cells) {
				rows = append(rows, row{ns, strings.Join(cells, ",")})
			}
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int { return cmp.Compare(a.ns, b.ns) })
	return rows
}

func everyRow(int64, []string) bool { return true }

// askRows has the lead be asked for rows, as the page does, and returns the number of the request.
func (p *page) askRows(sel *selection.Selection, fromNS int64, skip, n int) int {
	p.t.Helper()
	return eval[int](p, fmt.Sprintf(`(lead.asks = (lead.asks ?? 0) + 1,
		lead.worker.postMessage({kind: 'rows', number: lead.asks, selection: %s, from: '%d', skip: %d, n: %d}), lead.asks)`, quote(sel.Code()), fromNS, skip, n))
}

// rowsOf waits for the rows of a request.
func (p *page) rowsOf(request int) []row {
	p.t.Helper()
	is := fmt.Sprintf("(m => m.kind === 'rows' && m.number === %d)", request)
	p.hears("lead.said.some" + is)
	answer := eval[struct{ Times, Lines string }](p, "(m => ({times: new BigInt64Array(m.times.buffer).join(), lines: new TextDecoder().decode(m.lines)}))(lead.said.find"+is+")")
	rows := []row{}
	for i, line := range strings.SplitAfter(answer.Lines, "\n") {
		if line == "" {
			break
		}
		time, rest, _ := strings.Cut(answer.Times, ",")
		ns, err := strconv.ParseInt(time, 10, 64)
		if err != nil || !strings.HasSuffix(line, "\n") {
			p.t.Fatalf("row %d of %d is at %q: %q", i, request, time, line)
		}
		rows, answer.Times = append(rows, row{ns, strings.TrimSuffix(line, "\n")}), rest
	}
	if answer.Times != "" {
		p.t.Fatalf("there are %d rows, and these times more: %.100s", len(rows), answer.Times)
	}
	return rows
}

// rows asks for rows and waits for them.
func (p *page) rows(sel *selection.Selection, fromNS int64, skip, n int) []row {
	p.t.Helper()
	return p.rowsOf(p.askRows(sel, fromNS, skip, n))
}

// allRows asks for all rows of a selection, some at a time.
func (p *page) allRows(sel *selection.Selection, n int) (rows []row) {
	p.t.Helper()
	for {
		more := p.rows(sel, math.MinInt64, len(rows), n)
		rows = append(rows, more...)
		if len(more) < n {
			return rows
		}
	}
}

// sameRows compares rows with those of files, whose order is not said where they are at the same time.
func sameRows(t *testing.T, got, want []row) {
	t.Helper()
	if !slices.IsSortedFunc(got, func(a, b row) int { return cmp.Compare(a.ns, b.ns) }) {
		t.Error("the rows are not in the order of time")
	}
	got, want = slices.Clone(got), slices.Clone(want)
	slices.SortFunc(got, compareRows)
	slices.SortFunc(want, compareRows)
	for i := range min(len(got), len(want)) {
		if got[i] != want[i] {
			t.Fatalf("row %d is %v, want %v", i, got[i], want[i])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d rows, want %d", len(got), len(want))
	}
}

// A choice is a selection, and the same by the cells of a row.
type choice struct {
	name   string
	sel    selection.Selection
	chosen func(ns int64, cells []string) bool
}

func choices(middle int64) []choice {
	hasPort := func(cells []string, port string) bool {
		return slices.ContainsFunc([]trace.Column{trace.TCPSrcPort, trace.TCPDstPort, trace.UDPSrcPort, trace.UDPDstPort}, func(c trace.Column) bool { return cells[c] == port })
	}
	return []choice{
		{"all", selection.Selection{}, everyRow},
		{"a quarter of an hour", selection.Selection{FromNS: middle, ToNS: middle + 15*trace.Minute}, func(ns int64, _ []string) bool {
			return ns >= middle && ns < middle+15*trace.Minute
		}},
		{"a port", selection.Selection{Where: where(selection.Filter{Field: selection.Port, Port: 53})}, func(_ int64, cells []string) bool { return hasPort(cells, "53") }},
		{"a network, long packets", selection.Selection{Where: selection.All(
			where(selection.Filter{Field: selection.Source, Address: netip.MustParsePrefix("192.168.0.0/16")}).Negated(), where(selection.Filter{Field: selection.Length, Min: 1000, Max: 65535}))},
			func(_ int64, cells []string) bool {
				length, _ := strconv.Atoi(cells[trace.Len])
				return !strings.HasPrefix(cells[trace.IPSrc], "192.168.") && length >= 1000
			}},
		{"nothing", selection.Selection{Where: where(selection.Filter{Field: selection.Length, Min: 1, Max: 2})}, func(int64, []string) bool { return false }},
	}
}

func where(f selection.Filter) *selection.Expr { return &selection.Expr{Filter: f} }

// TestRowsAreThoseOfTheFiles: the lead is asked for rows of the sample, for all of several selections and for some from anywhere: they are
// those that stand in the hour files, sorted by time.
func TestRowsAreThoseOfTheFiles(t *testing.T) {
	t.Parallel()
	files := sampleFiles(t, t.TempDir())
	p := bare(t)
	p.lead()
	last := p.load(0, files...).decoded(t).End
	r := rand.New(rand.NewPCG(5, 1))
	for _, c := range choices(int64(last) - 100*trace.Minute) {
		t.Run(c.name, func(t *testing.T) {
			all := p.allRows(&c.sel, 30_000)
			sameRows(t, all, fileRows(t, c.chosen, files...))
			for range 8 {
				if len(all) == 0 {
					break
				}
				from, skip, n := all[r.IntN(len(all))].ns+int64(r.IntN(2)), r.IntN(1+len(all)/[]int{1, 1000}[r.IntN(2)]), 1+r.IntN(100)
				want, _ := slices.BinarySearchFunc(all, from, func(v row, from int64) int { return cmp.Compare(v.ns, from) })
				want = min(want+skip, len(all))
				if got := p.rows(&c.sel, from, skip, n); !slices.Equal(got, all[want:min(want+n, len(all))]) {
					t.Errorf("%d rows after %d from %d: %d, not the %d from the %d-th on", n, skip, from, len(got), min(n, len(all)-want), want)
				}
			}
		})
	}
}

// TestRowsOfCaptures: a row of any capture is what the helper writes of it. So it is in a file that does not say when it began.
func TestRowsOfCaptures(t *testing.T) {
	t.Parallel()
	p := bare(t)
	p.lead()
	compared := 0
	for i, capture := range tracetest.Captures() {
		files := convert(t, capture)
		if i%4 == 0 {
			text, err := os.ReadFile(files[0])
			if err != nil {
				t.Fatal(err)
			}
			files = []string{write(t, t.TempDir(), "capture.csv", string(text))}
		}
		p.loadAs(i+1, 0, files...)
		want := fileRows(t, everyRow, files...)
		t.Run(filepath.Base(capture), func(t *testing.T) { sameRows(t, p.allRows(&selection.Selection{}, 10_000), want) })
		compared += len(want)
	}
	if compared < 1000 {
		t.Errorf("only %d rows were compared", compared)
	}
}

// TestNewerRowsCancelOlder: who scrolls asks for rows again and again. The last request is answered, of those before it hardly any; and
// a selection that is chosen meanwhile is counted as ever.
func TestNewerRowsCancelOlder(t *testing.T) {
	t.Parallel()
	big, rows := bigFile(t, 60<<20)
	p := bare(t)
	p.lead()
	r := p.load(0, big).decoded(t)
	if r.Packets != rows {
		t.Errorf("%d packets, want %d", r.Packets, rows)
	}
	all, udp := selection.Selection{}, selection.Selection{Where: where(selection.Filter{Field: selection.Protocol, Protocol: trace.UDP})}
	middle := int64(r.Start) + int64(r.End-r.Start)/2
	for _, sel := range []*selection.Selection{&all, &udp} {
		ms := eval[[]float64](p, fmt.Sprintf(`(async () => {
			const took = [];
			for (let i = 0; i < 20; i++) {
				const began = performance.now(), number = lead.asks = (lead.asks ?? 0) + 1;
				await new Promise(ok => {
					lead.worker.addEventListener('message', ({data: m}) => m.kind === 'rows' && m.number === number && ok());
					lead.worker.postMessage({kind: 'rows', number, selection: %s, from: '%d', skip: 0, n: 100});
				});
				took.push(performance.now() - began);
			}
			return took.sort((a, b) => a - b);
		})()`, quote(sel.Code()), middle))
		t.Logf("of %d packets, 100 from the middle of %q came in %.1f ms, at most %.1f", rows, sel.Text(), ms[len(ms)/2], ms[len(ms)-1])
	}
	const asked = 40
	before := eval[int](p, "lead.count('rows')")
	reports := eval[int](p, "lead.count('report')")
	p.run(chromedp.Evaluate(fmt.Sprintf(`for (let i = 1; i <= %d; i++) {
		lead.worker.postMessage({kind: 'rows', number: ++lead.asks, selection: %s, from: '%d', skip: 100000 + i, n: 100});
		if (i === 20) lead.worker.postMessage({kind: 'select', selection: %s});
	}`, asked, quote(all.Code()), r.Start, quote(udp.Code())), nil))
	newest := p.rowsOf(eval[int](p, "lead.asks"))
	want := fileRows(t, everyRow, big)[100_000+asked:][:100]
	for i, v := range newest {
		if v.ns != want[i].ns {
			t.Fatalf("row %d is %v, want %v", i, v, want[i])
		}
	}
	if len(newest) != len(want) {
		t.Errorf("%d rows, want %d", len(newest), len(want))
	}
	answered := eval[int](p, "lead.count('rows')") - before
	t.Logf("%d answers to %d requests", answered, asked)
	if answered > asked/2 {
		t.Errorf("%d answers to %d requests of which only the last is wanted", answered, asked)
	}
	p.hears(fmt.Sprintf("lead.count('report') > %d", reports))
	sameReport(t, p.final().decoded(t), nativeOf(t, &udp, big))
}

// TestRowsOutliveACounter: a counter that has read all it was given dies without a word. The rows that are asked of it then are noticed
// to be missing, what it had is read again, and they come.
func TestRowsOutliveACounter(t *testing.T) {
	t.Parallel()
	files := sampleFiles(t, t.TempDir())
	p := bare(t)
	p.lead()
	crew := p.crew()
	counter := crew.next(victim)
	p.load(0, files...)
	workers := len(p.workerTargets())
	crew.die(counter, diesInSilence)
	for len(p.workerTargets()) == workers {
		select {
		case <-time.After(20 * time.Millisecond):
		case <-p.ctx.Done():
			t.Fatal("the counter lives")
		}
	}
	middle := fileRows(t, everyRow, files...)[100_000].ns
	sel := selection.Selection{FromNS: middle, ToNS: math.MaxInt64}
	got := p.rows(&sel, math.MinInt64, 0, 200_000)
	sameRows(t, got, fileRows(t, func(ns int64, _ []string) bool { return ns >= middle }, files...))
	if notes := eval[[]string](p, "lead.said.filter(m => m.kind === 'note').map(m => m.text)"); len(notes) != 1 || !strings.Contains(notes[0], "it does not answer") {
		t.Errorf("the notes are %q", notes)
	}
}

// TestRowsOfALiveTrace: while a capture arrives at the helper bit by bit, the rows are those that have come.
func TestRowsOfALiveTrace(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"android-first120.pcap", "vxlan-first60.pcap"} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			h, w := feed(t, "-w", dir)
			p := open(t, "http://"+h.host+"/web/worker.js", desktop)
			p.lead()
			_, token, _ := strings.Cut(h.link, "token=")
			p.run(chromedp.Evaluate("lead.worker.postMessage({kind: 'connect', trace: 1, url: "+quote("ws://"+h.host+"/ws")+", token: "+quote(token)+"})", nil))
			cut, packets := pieces(t, filepath.Join(filepath.Dir(tracetest.Captures()[0]), name), 5)
			n := 0
			for i, piece := range cut {
				if _, err := w.Write(piece); err != nil {
					t.Fatal(err)
				}
				n += packets[i]
				var got []row
				for len(got) < n { // each time anew; a page that is stuck ends the test
					got = p.allRows(&selection.Selection{}, 50)
				}
				sameRows(t, got, fileRows(t, everyRow, hourFiles(t, dir)...))
			}
		})
	}
}
