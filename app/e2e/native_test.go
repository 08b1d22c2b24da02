package e2e

import (
	"bytes"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"tracelens/shared/dict"
	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/stats"
	"tracelens/shared/store"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
	"tracelens/shared/tracegen"
)

// native is the report of hour files made here, without browser, worker or wire.
func native(t *testing.T, paths ...string) *report.Report {
	t.Helper()
	return nativeOf(t, &selection.Selection{}, paths...)
}

// nativeOf is native for a selection.
func nativeOf(t *testing.T, sel *selection.Selection, paths ...string) *report.Report {
	t.Helper()
	st, tr := store.New(), stats.NewTrace()
	var inputs []stats.InputFile
	for _, path := range paths {
		lines, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		format, skip, err := tracecsv.Detect(lines)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		in := stats.InputFile{Name: filepath.Base(path), Format: format.Words(), Bytes: int64(len(lines)), Skips: format.Before}
		start, known := trace.StartOf(in.Name)
		if known {
			tr.Cover(start)
		} else if !format.Absolute() {
			tr.SetRelative()
		}
		var batch trace.Batch
		for lines = lines[skip:]; len(lines) > 0; {
			batch.Clear()
			lines = lines[format.Parse(lines, start, &batch, st.Flows(), &in.Skips):]
			st.Append(&batch)
			for _, t := range batch.TimeNS[:batch.N] {
				if in.Rows == 0 {
					in.FirstNS, in.LastNS = t, t
				}
				in.Rows++
				in.FirstNS, in.LastNS = min(in.FirstNS, t), max(in.LastNS, t)
			}
		}
		inputs = append(inputs, in)
	}
	tr.SetInput(inputs)
	part := tr.NewPart()
	if err := part.Learn(dict.AppendSince(nil, st.Endpoints(), 1, st.Conversations(), 1)); err != nil {
		t.Fatal(err)
	}
	tr.SetMine(tr.GuessMine())
	first, last := st.Span()
	q := st.Query(sel, stats.BinWidth(sel, first, last))
	for q.Step() {
	}
	p := q.Partial()
	totals := tr.NewTotals(p.WidthS)
	if err := totals.Add(part, p); err != nil {
		t.Fatal(err)
	}
	return totals.Report(sel, report.Wish{})
}

// sameReport compares all of two reports: integers and texts exactly, the rest to 1e-9, because not every processor's
// exponential function rounds alike.
func sameReport(t *testing.T, got, want *report.Report) {
	t.Helper()
	a, b := *got, *want
	a.Names, b.Names, a.Causes, b.Causes = nil, nil, nil, nil // hour files by themselves say nothing of them
	near := func(what string, got, want []float64) {
		t.Helper()
		if len(got) != len(want) {
			t.Errorf("%s: %d numbers, want %d", what, len(got), len(want))
			return
		}
		for i := range got {
			if math.Abs(got[i]-want[i]) > 1e-9*math.Abs(want[i]) && math.Abs(got[i]-want[i]) > 1e-300 {
				t.Errorf("%s, number %d: %v, want %v", what, i, got[i], want[i])
				return
			}
		}
	}
	near("box", []float64{a.Box.Q1, a.Box.Median, a.Box.Q3, a.Box.Mean}, []float64{b.Box.Q1, b.Box.Median, b.Box.Q3, b.Box.Mean})
	near("edges", a.Histogram.Edges, b.Histogram.Edges)
	near("histogram", a.Histogram.Density, b.Histogram.Density)
	near("density", flat(a.KDE), flat(b.KDE))
	for _, r := range []*report.Report{&a, &b} {
		r.Input.Files = append([]report.File(nil), r.Input.Files...)
		for i := range r.Input.Files {
			r.Input.Files[i].Within = "" // the same file may be given by itself and in an archive
		}
		r.Box.Q1, r.Box.Median, r.Box.Q3, r.Box.Mean = 0, 0, 0, 0
		r.Histogram.Edges, r.Histogram.Density, r.KDE = nil, nil, nil
	}
	x, y := reflect.ValueOf(a), reflect.ValueOf(b)
	for i := range x.NumField() {
		if u, v := x.Field(i).Interface(), y.Field(i).Interface(); !reflect.DeepEqual(u, v) {
			p, _ := json.Marshal(u)
			q, _ := json.Marshal(v)
			t.Errorf("%s: %.600s\nwant %.600s", x.Type().Field(i).Name, p, q)
		}
	}
}

func flat(points [][2]float64) (list []float64) {
	for _, p := range points {
		list = append(list, p[0], p[1])
	}
	return list
}

// write makes a file of the given lines and returns its path.
func write(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// sampleFiles writes the hour files of the sample into dir.
func sampleFiles(t *testing.T, dir string) (paths []string) {
	t.Helper()
	tracegen.Sample.Each(func(hour int64, file []byte) bool {
		paths = append(paths, write(t, dir, trace.HourFileName(hour), string(file)))
		return true
	})
	return paths
}

// bigFile writes an hour file of about size bytes by repeating the rows of one hour of the sample, and says how many rows it has.
func bigFile(t *testing.T, size int) (path string, rows int64) {
	t.Helper()
	var hour []byte
	tracegen.Sample.Each(func(_ int64, file []byte) bool {
		if len(file) > len(hour) {
			hour = bytes.Clone(file)
		}
		return true
	})
	header := bytes.IndexByte(hour, '\n') + 1
	body := hour[header:]
	path = filepath.Join(t.TempDir(), trace.HourFileName(tracegen.Sample.Start))
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	f.Write(hour[:header])
	for written := 0; written < size; written += len(body) {
		if _, err := f.Write(body); err != nil {
			t.Fatal(err)
		}
		rows += int64(bytes.Count(body, []byte("\n")))
	}
	return path, rows
}

var header = tracecsv.Header + "\n"

// digits is a number as the page shows it, without the spaces between its groups.
func digits(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, text)
}

// selectionOf is the selection that a report says it is of.
func selectionOf(t *testing.T, r *report.Report) selection.Selection {
	t.Helper()
	where, err := selection.ParseFilter(r.Selection.Filter)
	if err != nil {
		t.Fatal(err)
	}
	return selection.Selection{FromNS: int64(r.Selection.From), ToNS: int64(r.Selection.To), Where: where}
}
