package e2e

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// chosenLines is an hour file with only those of its lines that chosen holds for, by their text alone, and how many these are.
func chosenLines(t *testing.T, path string, chosen func(ns int64, cells []string) bool) (text string, n int64) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	start, err := strconv.ParseInt(strings.TrimSuffix(filepath.Base(path), ".csv"), 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.SplitAfter(string(b), "\n")
	out := strings.Builder{}
	out.WriteString(lines[0])
	for _, line := range lines[1 : len(lines)-1] {
		cells := strings.Split(strings.TrimSuffix(line, "\n"), ",")
		seconds, decimals, _ := strings.Cut(cells[trace.Time], ".")
		ns, err := strconv.ParseInt(seconds+decimals, 10, 64)
		if err != nil || len(decimals) != 9 {
			t.Fatalf("%s has the line %q", path, line)
		}
		if chosen(start*trace.Second+ns, cells) {
			out.WriteString(line)
			n++
		}
	}
	return out.String(), n
}

// chosenFiles writes what chosenLines gives of hour files into a folder, but for those that have no such lines.
func chosenFiles(t *testing.T, chosen func(ns int64, cells []string) bool, files ...string) (paths []string, n int64) {
	t.Helper()
	dir := t.TempDir()
	for _, path := range files {
		if text, lines := chosenLines(t, path, chosen); lines > 0 {
			paths, n = append(paths, write(t, dir, filepath.Base(path), text)), n+lines
		}
	}
	return paths, n
}

// within is chosen, at the times of a report's selection.
func within(r *report.Report, chosen func(cells []string) bool) func(int64, []string) bool {
	from, to := int64(r.Selection.From), int64(r.Selection.To)
	return func(ns int64, cells []string) bool {
		return (from == 0 && to == 0 || ns >= from && ns < to) && chosen(cells)
	}
}

func anyCells([]string) bool { return true }

// sameFiles compares what has been saved with files, byte by byte.
func sameFiles(t *testing.T, saved map[string][]byte, files ...string) {
	t.Helper()
	for _, path := range files {
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if got, ok := saved[filepath.Base(path)]; !ok || !bytes.Equal(got, want) {
			t.Errorf("%s has %d bytes: %.200q, want %d: %.200q", filepath.Base(path), len(got), got, len(want), want)
		}
	}
	if len(saved) != len(files) {
		t.Errorf("%d files saved, want %d", len(saved), len(files))
	}
}

// ofFewerFiles is the report of a selection as far as files of its packets alone can have it: they do not say which other hours were
// captured, whether seconds are listed depends on how long what is looked at may be, and whose addresses are the user's own is guessed from
// all that there is.
func ofFewerFiles(r *report.Report) *report.Report {
	c := *r
	c.Selection, c.Input, c.Hours, c.Seconds = report.Selection{}, report.Input{}, nil, nil
	c.Directions = report.Directions{}
	for _, v := range []report.Volume{r.Directions.In, r.Directions.Out, r.Directions.Within, r.Directions.Beyond} {
		c.Directions.Beyond.Bytes += v.Bytes
		c.Directions.Beyond.Packets += v.Packets
	}
	for _, h := range r.Hours {
		if h.Packets > 0 {
			c.Hours = append(c.Hours, h)
		}
	}
	return &c
}

// outcome waits for what the page says of what it has saved, and returns it without the spaces in its numbers.
func (p *page) outcome(testID string) string {
	p.t.Helper()
	p.until("document.querySelector('[data-testid=" + testID + "]').innerText !== ''")
	return strings.ReplaceAll(p.text("[data-testid="+testID+"]"), "\u202f", "")
}

// savedSelection saves what is selected, compares it with the lines of files that are, opens it, and compares the figures.
func (p *page) savedSelection(chosen func(cells []string) bool, files ...string) (path string) {
	p.t.Helper()
	r := p.report()
	want, n := chosenFiles(p.t, within(r, chosen), files...)
	if n == 0 || n != r.Packets {
		p.t.Fatalf("%d packets of %+v are in the files, the page has %d", n, r.Selection, r.Packets)
	}
	path = p.download("save-packets")
	sameFiles(p.t, unpacked(p.t, path), want...)
	said := p.outcome("save-packets-result")
	for _, part := range []string{filepath.Base(path), plural(n, "packet"), plural(int64(len(want)), "file")} {
		if !strings.Contains(said, part) {
			p.t.Errorf("the page says %q, without %q", said, part)
		}
	}
	if left := len(files) - len(want); left > 0 != strings.Contains(said, "left out") || !strings.Contains(said, strconv.Itoa(left)) && left > 0 {
		p.t.Errorf("of %d files that have no such packets the page says %q", left, said)
	}
	again := p.ready(path)
	sameReport(p.t, again, native(p.t, want...))
	sameReport(p.t, ofFewerFiles(again), ofFewerFiles(r))
	if len(r.Seconds) > 0 && !slices.Equal(r.Seconds, again.Seconds) {
		p.t.Errorf("%d seconds, want %d", len(again.Seconds), len(r.Seconds))
	}
	return path
}

func plural(n int64, of string) string {
	if n != 1 {
		of += "s"
	}
	return strconv.FormatInt(n, 10) + " " + of
}
