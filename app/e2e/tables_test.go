package e2e

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// choose presses the button with a text in a group of choices.
func (p *page) choose(group, text string) {
	p.t.Helper()
	button := fmt.Sprintf("[...document.querySelectorAll('.toggle[aria-label=%q] button')].find(b => b.textContent === %q)", group, text)
	p.run(chromedp.Evaluate(button+".click()", nil))
	p.until(button + ".getAttribute('aria-pressed') === 'true'")
	p.calm()
}

// column is the texts of a column of a table's body, or of a part of each cell.
func (p *page) column(table string, n int, part string) []string {
	p.t.Helper()
	return eval[[]string](p, fmt.Sprintf("[...document.querySelectorAll('[data-testid=%s] tbody tr')].map(r => (%q ? r.cells[%d].querySelector(%q) : r.cells[%d]).textContent)", table, part, n, part, n))
}

// TestTopAnything: each list shows what the report has, in its order and with its sums; a click on a bar filters by it, and once more does not.
func TestTopAnything(t *testing.T) {
	t.Parallel()
	p := sample(t, desktop)
	r := p.report()
	pairs := func(list []report.PairEntry, between string) (names []string) {
		for _, e := range list {
			names = append(names, e.Key[0]+between+e.Key[1])
		}
		return names
	}
	keys := func(list []report.Entry) (names []string) {
		for _, e := range list {
			names = append(names, e.Key)
		}
		return names
	}
	for _, c := range []struct {
		list string
		want []string
	}{
		{"sources", keys(r.Top.Source)}, {"destinations", keys(r.Top.Destination)}, {"either end", keys(r.Top.Either)}, {"protocols", keys(r.Top.Protocol)},
		{"pairs", pairs(r.Top.Pair, "→ ")}, {"conversations", pairs(r.Top.Conversation, "↔ ")},
	} {
		p.choose("Top list of", c.list)
		p.until(fmt.Sprintf("document.querySelectorAll('[data-testid=top] tbody tr').length === %d", len(c.want)))
		if got := p.column("top", 0, ""); !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.list, got, c.want)
		}
	}
	p.choose("Top list of", "ports")
	for i, name := range p.column("top", 0, "") {
		if want := r.Top.Port[i].Key; !strings.HasPrefix(name, want) || want == "443/tcp" && name != "443/tcphttps" {
			t.Errorf("port %d is %q, want %q", i, name, want)
		}
	}

	// By packets, by either button or the head; a click more turns it round.
	p.choose("Top list of", "sources")
	p.choose("Ordered by", "packets")
	packets := func() (list []int) {
		for _, text := range p.column("top", 4, "") {
			n, err := strconv.Atoi(strings.ReplaceAll(text, "\u202f", ""))
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, n)
		}
		return list
	}
	if list := packets(); !slices.IsSortedFunc(list, func(a, b int) int { return b - a }) || len(list) != 20 {
		t.Errorf("by packets: %v", list)
	}
	p.run(chromedp.Evaluate("[...document.querySelectorAll('[data-testid=top] th button')].find(b => b.textContent.startsWith('Packets')).click()", nil))
	p.until("document.querySelector('[data-testid=top] th[aria-sort=ascending]')")
	if list := packets(); !slices.IsSorted(list) {
		t.Errorf("turned round: %v", list)
	}
	p.choose("Ordered by", "bytes")
	p.choose("Rows", "100")
	p.until("document.querySelectorAll('[data-testid=top] tbody tr').length === 100")
	p.choose("Rows", "20")
	foot := eval[[]string](p, "[...document.querySelectorAll('[data-testid=top] tfoot tr')].map(r => r.cells[0].textContent + ': ' + r.cells[2].textContent)")
	if want := []string{"1\u202f912 more: 37.9 MB", "without an address: 27.7 kB", "1\u202f932 sources: 151 MB"}; !slices.Equal(foot, want) {
		t.Errorf("below the list: %q, want %q", foot, want)
	}

	// Filtering by a bar.
	click := "document.querySelector('[data-testid=top] tbody button.bar').click()"
	p.run(chromedp.Evaluate(click, nil))
	p.until("document.querySelector('[data-testid=chip-term]')")
	p.calm()
	oracle(t, "sample-source").equal(t, p.report())
	p.run(chromedp.Evaluate(click, nil))
	p.until("!document.querySelector('[data-testid=chip-term]')")
	p.calm()
	sameReport(t, p.report(), r)
	p.choose("Show as", "chart")
	p.until("document.querySelector('[data-chart=top] canvas:not(.rest):not([hidden])')")

	// Whose addresses are mine.
	if d := r.Directions; d.In.Packets+d.Out.Packets+d.Within.Packets+d.Beyond.Packets+r.Top.Unaddressed.Packets != r.Packets || !slices.Equal(d.Mine, []string{"192.168.0.0/16", "2001:db8::/64"}) {
		t.Errorf("directions %+v", d)
	}
	p.fill("mine", "203.0.113.182")
	p.run(chromedp.KeyEvent(kb.Enter))
	p.until("[...document.querySelectorAll('[data-testid=directions] strong')][1].textContent === '53.2 MB'") // what it sends
	if d := p.report().Directions; !slices.Equal(d.Mine, []string{"203.0.113.182/32"}) || d.Out.Bytes != r.Top.Source[0].Bytes {
		t.Errorf("directions %+v", d)
	}
}

// TestPacketTable: the table goes to any packet of the selection, by scrolling, keys and time, and its rows can be copied.
func TestPacketTable(t *testing.T) {
	t.Parallel()
	p := sample(t, desktop)
	files := sampleFiles(t, t.TempDir())
	rows := fileRows(t, everyRow, files...)
	first := func() int { // number of the first row in sight, from 0
		t.Helper()
		n, err := strconv.Atoi(strings.ReplaceAll(p.column("rows", 0, "")[0], "\u202f", ""))
		if err != nil {
			t.Fatal(err)
		}
		return n - 1
	}
	check := func(what string, want int) {
		t.Helper()
		p.until("[...document.querySelectorAll('[data-testid=rows] tbody tr')].every(r => r.cells.length > 5)")
		at := first()
		if want >= 0 && at != want {
			t.Errorf("%s: the first row is %d, want %d", what, at, want)
		}
		lengths := p.column("rows", 7, "")
		for i, l := range lengths {
			if at+i >= len(rows) || strings.Split(rows[at+i].line, ",")[trace.Len] != l {
				t.Errorf("%s: packet %d has length %s", what, at+i, l)
				return
			}
		}
	}
	check("at first", 0)
	// A window in the background draws no frames, and tells of scrolling with those.
	p.run(chromedp.Evaluate("{ const e = document.querySelector('.packetlist'); e.scrollTop = 28 * 1000; e.dispatchEvent(new Event('scroll')); }", nil))
	p.until("document.querySelector('[data-testid=rows] tbody tr').cells[0].textContent !== '1'")
	check("scrolled", 1000)
	p.run(chromedp.Focus(".packetlist", chromedp.ByQuery), chromedp.KeyEvent(kb.End))
	p.until("[...document.querySelectorAll('[data-testid=rows] tbody tr')].at(-1).cells[0].textContent === '200\u202f000'")
	check("at the end", -1)
	p.run(chromedp.KeyEvent(kb.Home))
	p.until("document.querySelector('[data-testid=rows] tbody tr').cells[0].textContent === '1'")
	p.run(chromedp.KeyEvent(kb.ArrowDown))
	p.until("document.querySelector('[data-testid=rows] tbody tr').cells[0].textContent === '2'")
	check("one further", 1)
	p.fill("jump", "20:15:30")
	p.run(chromedp.KeyEvent(kb.Enter))
	at := int64(1483906530) * trace.Second // 20:15:30 UTC
	want := slices.IndexFunc(rows, func(r row) bool { return r.ns >= at })
	p.until(fmt.Sprintf("document.querySelector('[data-testid=rows] tbody tr').cells[0].textContent.replace('\u202f', '') === '%d'", want+1))
	check("at a time", want)

	// Two rows are marked and copied, as lines of an hour file.
	p.run(chromedp.Evaluate("document.querySelectorAll('[data-testid=rows] tbody tr')[1].click()", nil))
	p.until("document.querySelectorAll('[data-testid=rows] .marked').length === 1")
	p.run(chromedp.Evaluate("document.querySelectorAll('[data-testid=rows] tbody tr')[2].dispatchEvent(new MouseEvent('click', {bubbles: true, shiftKey: true}))", nil))
	p.until("document.querySelector('[data-testid=copy-rows]').textContent === 'Copy 2 rows'")
	p.click("copy-rows")
	p.until("document.querySelector('[data-testid=copy-rows]').textContent === 'Copied 2'")
	p.run(chromedp.Evaluate("document.body.append(Object.assign(document.createElement('textarea'), {id: 'pasted'})); document.querySelector('#pasted').focus()", nil),
		input.DispatchKeyEvent(input.KeyDown).WithKey("v").WithModifiers(input.ModifierCtrl).WithCommands([]string{"paste"}))
	if text, lines := eval[string](p, "document.querySelector('#pasted').value"), header+rows[want+1].line+"\n"+rows[want+2].line+"\n"; text != lines {
		t.Errorf("pasted: %q, want %q", text, lines)
	}

	// Of a selection the numbers begin anew.
	p.enter("len:60..70")
	p.until("document.querySelector('[data-testid=rows] tbody tr').cells[0].textContent === '1'")
	p.until("[...document.querySelectorAll('[data-testid=rows] tbody tr')].every(r => r.cells.length > 5 && r.cells[7].textContent >= 60 && r.cells[7].textContent <= 70)")
	p.choose("Columns", "as in the file")
	heads := eval[[]string](p, "[...document.querySelectorAll('[data-testid=rows] th')].map(e => e.textContent)")
	if !slices.Equal(heads[1:], trace.Names[:]) {
		t.Errorf("columns %q", heads)
	}
}

// TestTakeAway: pictures and numbers are saved under names that say of what they are, and hold what the page shows.
func TestTakeAway(t *testing.T) {
	t.Parallel()
	p := sample(t, desktop)
	p.brush("hours", 1483902000+60, 1483909200-60)
	p.enter("udp.port == 53")
	open := func(id, kind string) []byte {
		t.Helper()
		p.run(chromedp.Evaluate("document.querySelector('#more-"+id+"').open = true", nil))
		path := p.download("save-" + id + "-" + kind)
		if want := "tracelens-" + id + "-20170108T190000Z-20170108T210000Z-udp.port==53." + kind; filepath.Base(path) != want {
			t.Errorf("the file is called %s, want %s", filepath.Base(path), want)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for _, id := range []string{"hours", "minutes", "sizes", "cdf"} {
		if svg := string(open(id, "svg")); !strings.HasPrefix(svg, "<svg ") || !strings.HasSuffix(strings.TrimSpace(svg), "</svg>") {
			t.Errorf("%s.svg is %.80s", id, svg)
		}
		p.sameLooks(id, open(id, "svg"), open(id, "png"))
	}
	r := p.report()
	table := func(id string) [][]string {
		t.Helper()
		rows, err := csv.NewReader(strings.NewReader(string(open(id, "csv")))).ReadAll()
		if err != nil || len(rows) < 2 {
			t.Fatalf("%s.csv: %d rows, %v", id, len(rows), err)
		}
		return rows
	}
	i := slices.IndexFunc(table("hours"), func(h []string) bool { return h[0] == "1483902000" })
	if h := table("hours")[i]; h[1] != "2017-01-08T19:00:00Z" || h[2] != "true" || h[3] != strconv.FormatInt(r.Hours[0].Bytes, 10) || h[4] != strconv.FormatInt(r.Hours[0].Packets, 10) {
		t.Errorf("hour %q, in the report it is %+v", h, r.Hours[0])
	}
	sum := int64(0)
	for _, row := range table("sizes")[1:] {
		n, _ := strconv.ParseInt(row[1], 10, 64)
		sum += n
	}
	if sum != r.Packets {
		t.Errorf("the lengths are of %d packets of %d", sum, r.Packets)
	}
	if rows := table("who"); rows[1][0] != r.Top.Source[0].Key || rows[1][1] != strconv.FormatInt(r.Top.Source[0].Bytes, 10) {
		t.Errorf("the first source is %q, want %+v", rows[1], r.Top.Source[0])
	}
	if rows := table("ranges"); len(rows) != 11 {
		t.Errorf("%d ranges", len(rows)-1)
	}
	p.run(chromedp.Evaluate("document.querySelector('#more-hours').open = true", nil)) // which closes the others
	if explained := p.text("#more-hours pre"); !strings.Contains(explained, "-Y '(udp.port == 53) && frame.time_epoch >= 1483902000") {
		t.Errorf("others would do it by %q", explained)
	}
}

// TestMeasures: what charts show, and how amounts and times are written, can be chosen.
func TestMeasures(t *testing.T) {
	t.Parallel()
	p := sample(t, desktop)
	says := func(selector, want string) {
		t.Helper()
		p.until(fmt.Sprintf("document.querySelector(%q)?.textContent.includes(%q)", selector, want))
	}
	p.choose("Charts show", "bits/s")
	says("#hours h2 small", "kbit/s")
	p.choose("Charts show", "packets")
	says("#hours h2 small", "packets")
	p.choose("Units of bytes", "MiB")
	says("[data-testid=tile-volume] strong", "144 MiB")
	p.choose("Charts show", "bytes")
	says("#hours h2 small", "MiB")
	p.choose("Times", "since start")
	says("#hours h2 small", "since 11:00:00, 8 January 2017, UTC")
}
