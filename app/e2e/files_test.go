package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"tracelens/app/internal/chromium"
	"tracelens/shared/trace"
)

// TestAddAndRemove: files that are given later join the trace, and one that is removed is gone from every figure; what is selected stays.
func TestAddAndRemove(t *testing.T) {
	t.Parallel()
	files := sampleFiles(t, t.TempDir())[:4]
	p := open(t, staticHost(t), desktop)
	sameReport(t, p.ready(files[:2]...), native(t, files[:2]...))
	sameReport(t, p.add(files[2]), native(t, files[:3]...))
	p.enter("tcp")
	p.settled()
	part := p.report()
	if part.Selection.Filter == "" || part.Packets == 0 {
		t.Fatalf("selection %+v of %d packets", part.Selection, part.Packets)
	}
	r := p.add(files[3])
	if r.Selection != part.Selection || r.Packets <= part.Packets || len(r.Input.Files) != 4 {
		t.Errorf("after adding, the report is of %+v, %d packets of %d files", r.Selection, r.Packets, len(r.Input.Files))
	}
	p.enter("")
	sameReport(t, p.report(), native(t, files...))
	p.opened("ready", func() { p.ofFile(filepath.Base(files[1]), "remove") })
	sameReport(t, p.report(), native(t, files[0], files[2], files[3]))
	p.opened("empty", func() { p.click("close-trace") })
	sameReport(t, p.ready(files[1]), native(t, files[1]))
}

// TestSameFileTwice: the same bytes of the same hour are counted once, which is said, and twice if that is meant.
func TestSameFileTwice(t *testing.T) {
	t.Parallel()
	files := sampleFiles(t, t.TempDir())[:2]
	b, err := os.ReadFile(files[0])
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimSuffix(filepath.Base(files[0]), ".csv")
	again := write(t, t.TempDir(), name+" (1).csv", string(b)) // as browsers call a second download
	p := open(t, staticHost(t), desktop)
	once := native(t, files...)
	sameReport(t, figuresOf(p.ready(files[0], again)), figuresOf(native(t, files[0])))
	r := p.add(files[1], files[0])
	sameReport(t, figuresOf(r), figuresOf(once))
	if f := fileOf(t, r, name+" (1).csv"); f.Same != filepath.Base(files[0]) || f.Rows != 0 || !strings.Contains(p.notices(), name+" (1).csv") {
		t.Errorf("%+v; the page says %s", f, p.notices())
	}
	p.opened("ready", func() { p.ofFile(name+" (1).csv", "twice") })
	twice := p.report()
	if fileRows := native(t, files[0]).Packets; twice.Packets != once.Packets+fileRows {
		t.Errorf("%d packets, want %d and %d", twice.Packets, once.Packets, fileRows)
	}
	// Two files of an hour that are not the same are both meant.
	other := write(t, t.TempDir(), filepath.Base(files[0]), header+someRows)
	sameReport(t, figuresOf(p.ready(files[0], other)), figuresOf(native(t, files[0], other)))
}

// TestCorrect: who knows when a file began says so, and it stands beside the hours.
func TestCorrect(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	hour, free := write(t, dir, hourName, header+someRows), write(t, dir, "office.csv", header+someRows+someRows)
	p := open(t, staticHost(t), desktop)
	r := p.ready(hour, free)
	if r.Packets != 5 || fileOf(t, r, "office.csv").Error == "" {
		t.Fatalf("%d packets, %+v", r.Packets, r.Input)
	}
	p.ofFile("office.csv", "read-as")
	p.until("document.querySelector('[data-testid=layout]')?.open")
	p.until("document.querySelectorAll('[data-testid=layout] tbody tr').length > 2")
	p.fill("layout-start", "2017-01-08T12:00:00Z")
	p.opened("ready", func() { p.click("layout-apply") })
	r = p.report()
	moved := write(t, t.TempDir(), "1483876800.csv", header+someRows+someRows)
	sameReport(t, figuresOf(r), figuresOf(native(t, hour, moved)))
}

// TestFolder: a folder that is dropped is walked, what is no trace in it is named and left alone.
func TestFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "traces")
	var names []string
	for i, path := range sampleFiles(t, t.TempDir())[:3] {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		names = append(names, write(t, dir, filepath.Join([]string{".", "monday", "monday/late"}[i], filepath.Base(path)), string(b)))
	}
	write(t, dir, "monday/notes.txt", "Dear all,\n")
	write(t, dir, "picture.png", "\x89PNG\r\n\x1a\n\x00\x00")
	write(t, dir, "torn.csv.gz", "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff")
	write(t, dir, ".DS_Store", "\x00\x00\x00\x01Bud1")
	p := open(t, staticHost(t), desktop)
	check := func(how string) {
		t.Helper()
		r := p.report()
		sameReport(t, figuresOf(r), figuresOf(native(t, names...)))
		within := map[string]string{}
		for _, f := range r.Input.Files {
			within[f.Name] = f.Within
		}
		want := map[string]string{"notes.txt": "traces/monday", "picture.png": "traces", "torn.csv.gz": "traces"}
		for i, path := range names {
			want[filepath.Base(path)] = []string{"traces", "traces/monday", "traces/monday/late"}[i]
		}
		if fmt.Sprint(within) != fmt.Sprint(want) {
			t.Errorf("%s: files are within %v, want %v", how, within, want)
		}
		for _, name := range []string{"notes.txt", "picture.png"} {
			if f := fileOf(t, r, name); !f.Ignored || f.Error == "" {
				t.Errorf("%s: %+v", how, f)
			}
		}
		if f := fileOf(t, r, "torn.csv.gz"); f.Ignored || f.Error == "" {
			t.Errorf("%s: what is not read of a trace is passed over: %+v", how, f)
		}
		if said := p.text("[data-testid=input]") + p.notices(); !strings.Contains(said, "notes.txt") {
			t.Errorf("%s: the page does not name what it left alone: %s", how, said)
		}
	}
	p.opened("ready", func() { p.drag(700, 400, dir)(input.Drop) })
	check("dropped")
	p.opened("empty", func() { p.click("close-trace") })
	p.opened("ready", func() { p.giveFolder(dir) })
	check("chosen")
}

// TestHourInParts: what several files have of an hour is one hour.
func TestHourInParts(t *testing.T) {
	t.Parallel()
	file := sampleFiles(t, t.TempDir())[0]
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows := strings.SplitAfter(strings.TrimPrefix(string(b), header), "\n")
	half := len(rows) / 2
	name := filepath.Base(file)
	if _, ok := trace.StartOf(name); !ok {
		t.Fatalf("%s is no hour", name)
	}
	p := open(t, staticHost(t), desktop)
	r := p.ready(write(t, t.TempDir(), name, header+strings.Join(rows[:half], "")), write(t, t.TempDir(), name, header+strings.Join(rows[half:], "")))
	sameReport(t, figuresOf(r), figuresOf(native(t, file)))
}

// ofFile presses a button of a file in the list of what was read.
func (p *page) ofFile(name, testID string) {
	p.t.Helper()
	pressed := eval[bool](p, `(() => {
		const row = [...document.querySelectorAll('[data-testid=input] tbody tr')].find(e => e.querySelector('.key')?.innerText.includes(`+quote(name)+`));
		const button = row?.querySelector('[data-testid=`+testID+`]');
		button?.click();
		return !!button;
	})()`)
	if !pressed {
		p.t.Fatalf("there is no %s for %s: %s", testID, name, p.text("[data-testid=input]"))
	}
}

// giveFolder chooses a folder in the page's folder input.
func (p *page) giveFolder(dir string) {
	p.t.Helper()
	p.run(chromedp.SetUploadFiles("[data-testid=folder]", []string{dir}, chromedp.ByQuery))
}

// memory is what the browser has for all tests that run; it is for people to read.
func (p *page) memory() string { return strconv.FormatInt(chromium.Memory(p.ctx)>>20, 10) + " MiB" }
