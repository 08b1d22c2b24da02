package ui

import (
	"errors"
	"slices"
	"testing"

	"tracelens/shared/tracecsv"
)

// TestLayoutSpeaksOfFormats: whatever can be chosen in the dialog is a format of package tracecsv, and each of its words is offered.
func TestLayoutSpeaksOfFormats(t *testing.T) {
	code := tracecsv.Usual().Code()
	usual, ok := layoutOf(code)
	if !ok || usual.code() != code || !usual.relative() {
		t.Fatalf("%q is the layout %+v, of %q", code, usual, usual.code())
	}
	for _, word := range append(usual.columns, "epoch", "date", "source", "destination", "ipv6.src", "ipv6.dst") {
		if !slices.ContainsFunc(meanings, func(o option) bool { return o.word == word }) {
			t.Errorf("%s is not offered", word)
		}
	}
	for _, separator := range separators {
		for _, quote := range quotes {
			for first := 1; first < 4; first++ {
				l := layout{separator.word, quote.word, first, usual.columns}
				f, err := tracecsv.ParseFormat(l.code())
				if err != nil || f.Code() != l.code() {
					t.Errorf("%+v: %q, %v", l, f.Code(), err)
				}
			}
		}
	}
	for _, column := range []int{0, 3, len(usual.columns), len(usual.columns) + 5} {
		for _, m := range meanings {
			l := usual.withColumn(column, m.word)
			f, err := tracecsv.ParseFormat(l.code())
			if err != nil && !errors.Is(err, tracecsv.ErrNoTime) && !errors.Is(err, tracecsv.ErrNoLen) || f.Code() != l.code() {
				t.Errorf("column %d as %s: %q, %v", column, m.word, f.Code(), err)
			}
			if l.meaning(column) != m.word || isTime(m.word) != (l.relative() || f.Absolute()) && column == 0 {
				t.Errorf("column %d as %s is %s in %+v", column, m.word, l.meaning(column), l)
			}
		}
	}
	if code != usual.code() {
		t.Errorf("a change of a layout changed another: %s", usual.code())
	}
	for _, code := range []string{"", "comma plain", "comma plain x", "  "} {
		if l, ok := layoutOf(code); ok {
			t.Errorf("%q is the layout %+v", code, l)
		}
	}
}
