package programs

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tracelens/shared/called"
)

// Clean is a program's name as it is told. Anybody who can start a program chooses one, and it goes to files and pages. So: at most 64 bytes
// of UTF-8, with no space at its ends; and a '_' for whatever is not printable (controls, line ends, marks of direction, spaces but the
// usual one), is no UTF-8, means something in CSV, HTML, paths or a shell's quotes
//
//	, ; " ' ` < > & \ / |
//
// or begins a formula in a spreadsheet when it is the first (= + - @). Where nothing is left the name is "_".
func Clean(name string) string {
	var b strings.Builder
	for _, r := range strings.TrimSpace(name) {
		switch {
		case r == utf8.RuneError, !unicode.IsPrint(r), strings.ContainsRune(called.NoProgram, r), b.Len() == 0 && strings.ContainsRune("=+-@", r):
			r = '_'
		}
		if b.Len()+utf8.RuneLen(r) > called.MaxProgram {
			break
		}
		b.WriteRune(r)
	}
	if clean := strings.TrimRight(b.String(), " "); clean != "" {
		return clean
	}
	return "_"
}
