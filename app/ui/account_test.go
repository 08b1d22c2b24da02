package ui

import (
	"reflect"
	"strings"
	"testing"

	"tracelens/shared/report"
)

// TestAccount: what could not be read stands first, what nobody chose stands apart, and what has been taken out does not stand at all.
func TestAccount(t *testing.T) {
	in := report.Input{Rows: 30, Files: []report.File{
		{ID: 1, Name: "late.csv", Rows: 10, Start: 7200e9, End: 7300e9, Bytes: 100},
		{ID: 2, Name: "early.csv", Rows: 20, Start: 3600e9, End: 3700e9, Bytes: 200},
		{ID: 3, Name: "empty.csv", Bytes: 8},
		{ID: 4, Name: "again.csv", Same: "late.csv", Start: 1, Bytes: 100},
		{ID: 5, Name: "torn.csv", Rows: 3, Start: 9000e9, Skipped: map[string]int64{"a time that is no number": 1}, Lines: map[string][]int64{"a time that is no number": {17}}},
		{ID: 6, Name: "deep.csv", Within: "d", Error: "no trace"},
		{ID: 7, Name: "given.xz", Error: "no trace either"},
		{ID: 8, Name: "a.jpg", Within: "d", Error: "this is a picture", Ignored: true},
		{ID: 9, Name: "gone.csv", Rows: 5, Bytes: 1 << 40},
	}}
	a := accountOf(&in, map[int64]bool{9: true})
	var names []string
	for _, f := range a.files {
		names = append(names, f.Name)
	}
	want := []string{"given.xz", "deep.csv", "again.csv", "torn.csv", "early.csv", "late.csv", "empty.csv"}
	if !reflect.DeepEqual(names, want) || a.problems != 3 || a.bytes != 408 || a.rows != 30 || a.nothing() {
		t.Errorf("%q, %d problems, %d bytes, %d rows, nothing: %v", names, a.problems, a.bytes, a.rows, a.nothing())
	}
	if got, want := a.ignoredInWords(), "1 other file was left alone: a.jpg (a picture)"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	for name, want := range map[string]string{
		"given.xz": "not opened: no trace either", "again.csv": "the same bytes as late.csv: left out",
		"torn.csv": "1 skipped: a time that is no number (line 17)", "early.csv": "",
	} {
		for _, f := range a.files {
			if got := strings.Join(remarks(f), "; "); f.Name == name && got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
}

func TestAccountOfNothing(t *testing.T) {
	failed, ignored := report.File{Name: "x", Error: "e"}, report.File{Name: "y", Ignored: true}
	for _, c := range []struct {
		files   []report.File
		rows    int64
		nothing bool
	}{
		{nil, 0, false}, {[]report.File{failed}, 0, true}, {[]report.File{ignored}, 0, true}, {[]report.File{failed, ignored}, 0, true},
		{[]report.File{failed, {Name: "z"}}, 0, false}, {[]report.File{failed}, 3, false},
	} {
		if a := accountOf(&report.Input{Rows: c.rows, Files: c.files}, nil); a.nothing() != c.nothing {
			t.Errorf("%+v: nothing is %v", c.files, a.nothing())
		}
	}
}

func TestLinesInWords(t *testing.T) {
	for _, c := range []struct {
		first []int64
		all   int64
		want  string
	}{{nil, 3, ""}, {[]int64{17}, 1, " (line 17)"}, {[]int64{17, 40}, 2, " (lines 17, 40)"}, {[]int64{17, 40}, 9, " (lines 17, 40, ...)"}} {
		if got := linesInWords(c.first, c.all); got != c.want {
			t.Errorf("%v of %d: %q, want %q", c.first, c.all, got, c.want)
		}
	}
}
