package ui

import (
	"cmp"
	"slices"
	"sort"
	"strconv"
	"strings"

	"tracelens/app/chart/label"
	"tracelens/shared/report"
)

// An account is what became of the files that were given. It is made once for each report, as there may be thousands of them.
type account struct {
	round    int            // another one for each
	of       *report.Report // that it is of
	without  int            // how many files have been taken out since
	files    []*report.File // problems first, then the others by their times
	problems int            // how many of them could not be read, or were left out
	ignored  []*report.File // they are no traces, and nobody said that they were
	names    int64          // how many files say what hosts are called
	bytes    int64
	rows     int64
}

// account is that of the open trace.
func (p *Page) account() *account {
	r := p.whole.Report
	if a := p.files; a != nil && a.of == r && a.without == len(p.gone) {
		return a
	}
	a := &account{}
	if r != nil {
		a = accountOf(&r.Input, p.gone)
	}
	a.of, a.without = r, len(p.gone)
	if p.files != nil {
		a.round = p.files.round + 1
	}
	p.files = a
	return a
}

func accountOf(in *report.Input, gone map[int64]bool) *account {
	a := &account{rows: in.Rows}
	for i := range in.Files {
		switch f := &in.Files[i]; {
		case gone[f.ID]:
		case f.Names:
			a.names++
		case f.Ignored:
			a.ignored = append(a.ignored, f)
		default:
			a.files = append(a.files, f)
			a.bytes += f.Bytes
			if trouble(f) <= leftOut {
				a.problems++
			}
		}
	}
	sort.Sort(byTrouble(a.files))
	return a
}

type byTrouble []*report.File

func (b byTrouble) Len() int      { return len(b) }
func (b byTrouble) Swap(i, j int) { b[i], b[j] = b[j], b[i] }
func (b byTrouble) Less(i, j int) bool {
	f, g := b[i], b[j]
	return cmp.Or(trouble(f)-trouble(g), later(f)-later(g), cmp.Compare(f.Start, g.Start), strings.Compare(f.Within, g.Within), strings.Compare(f.Name, g.Name), cmp.Compare(f.ID, g.ID)) < 0
}

// What trouble a file may be, the worst first.
const (
	failed = iota
	leftOut
	skipping
	noTrouble
)

func trouble(f *report.File) int {
	switch {
	case f.Error != "":
		return failed
	case f.Same != "" && f.Rows == 0:
		return leftOut
	case len(f.Skipped) > 0:
		return skipping
	}
	return noTrouble
}

// later puts files that were given by themselves before those that failed in a folder, and files without times behind those that have some.
func later(f *report.File) int {
	if trouble(f) <= leftOut && f.Within != "" || trouble(f) > leftOut && f.Rows == 0 {
		return 1
	}
	return 0
}

// nothing reports whether files were given of which none could be read.
func (a *account) nothing() bool {
	return a.rows == 0 && len(a.files)+len(a.ignored)+int(a.names) > 0 && !slices.ContainsFunc(a.files, func(f *report.File) bool { return trouble(f) != failed })
}

// unread is how far a file that has an error was read.
func unread(f *report.File) string {
	if f.Rows > 0 {
		return "not read to its end"
	}
	return "not opened"
}

// remarks are what there is to say about a file, each in a sentence of its own.
func remarks(f *report.File) (list []string) {
	if f.Error != "" {
		list = append(list, unread(f)+": "+f.Error)
	}
	switch {
	case f.Same == "" || f.Error != "":
	case f.Rows == 0:
		list = append(list, "the same bytes as "+f.Same+": left out")
	default:
		list = append(list, "the same bytes as "+f.Same+": counted twice")
	}
	for _, reason := range reasons(f.Skipped) {
		list = append(list, skipOf(f.Skipped, reason)+linesInWords(f.Lines[reason], f.Skipped[reason]))
	}
	return list
}

func reasons(skipped map[string]int64) []string {
	list := make([]string, 0, len(skipped))
	for reason := range skipped {
		list = append(list, reason)
	}
	slices.Sort(list)
	return list
}

func skipOf(skipped map[string]int64, reason string) string {
	return label.Count(skipped[reason]) + " skipped: " + reason
}

func skippedInWords(skipped map[string]int64) string {
	if len(skipped) == 0 {
		return "nothing skipped"
	}
	var list []string
	for _, reason := range reasons(skipped) {
		list = append(list, skipOf(skipped, reason))
	}
	return strings.Join(list, ", ")
}

// linesInWords are the numbers of the first of some lines, " (lines 17, 40, 41)"; nothing where they are not known.
func linesInWords(first []int64, all int64) string {
	if len(first) == 0 {
		return ""
	}
	list := make([]string, len(first))
	for i, n := range first {
		list[i] = strconv.FormatInt(n, 10)
	}
	text := " (lines "
	if len(first) == 1 {
		text = " (line "
	}
	text += strings.Join(list, ", ")
	if all > int64(len(first)) {
		text += ", ..."
	}
	return text + ")"
}

// namedIgnored is how many of the files that were left alone are named at once, and shortKind how many letters may say what one is.
const (
	namedIgnored = 3
	shortKind    = 40
)

// ignoredInWords says which files were left alone: "37 other files were left alone: a.jpg (a picture), b.txt, c.txt and 34 more".
func (a *account) ignoredInWords() string {
	n := len(a.ignored)
	text := label.Count(int64(n)) + " other files were left alone: "
	if n == 1 {
		text = "1 other file was left alone: "
	}
	for i, f := range a.ignored[:min(n, namedIgnored)] {
		if i > 0 {
			text += ", "
		}
		text += f.Name
		if len(f.Error) <= shortKind {
			text += kindOf(f)
		}
	}
	if n > namedIgnored {
		text += " and " + label.Count(int64(n-namedIgnored)) + " more"
	}
	return text
}

// kindOf is what a file is that was left alone, in brackets.
func kindOf(f *report.File) string {
	if what := strings.TrimPrefix(f.Error, "this is "); what != "" {
		return " (" + what + ")"
	}
	return ""
}

// path is a file's name with the folder that it was found in.
func path(f *report.File) string {
	if f.Within == "" {
		return f.Name
	}
	return f.Within + "/" + f.Name
}
