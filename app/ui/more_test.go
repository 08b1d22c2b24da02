package ui

import (
	"encoding/csv"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestCSVCell: no cell begins a formula, numbers stay numbers, and what is read again is what it was, but for the mark that it is text.
func TestCSVCell(t *testing.T) {
	for cell, want := range map[string]string{
		"": "", "-0.25": "-0.25", "+1e9": "+1e9", "-5": "-5", "53": "53", "192.0.2.1": "192.0.2.1", "::1": "::1", "a,b": `"a,b"`, `"`: `""""`,
		"=cmd|' /C calc'!A0": "'=cmd|' /C calc'!A0", "@SUM(1)": "'@SUM(1)", "+Inf": "'+Inf", "-0x1p-2": "'-0x1p-2", "-1+2": "'-1+2", "--1": "'--1",
		"\tx": "'\tx", "\rx": "\"'\rx\"", "\nx": "\"'\nx\"", "\x00=1": "'\x00=1", "-": "'-", "=1,2": `"'=1,2"`,
	} {
		if got := csvCell(cell); got != want {
			t.Errorf("%q is written as %q, want %q", cell, got, want)
		}
	}
	const letters = "=+-@\t\n\x000123456789.eE,\"'ab"
	r := rand.New(rand.NewPCG(1, 2))
	for range 20000 {
		cell := make([]byte, 1+r.IntN(6))
		for i := range cell {
			cell[i] = letters[r.IntN(len(letters))]
		}
		rows, err := csv.NewReader(strings.NewReader(csvCell(string(cell)) + ",end\n")).ReadAll()
		if err != nil || len(rows) != 1 || len(rows[0]) != 2 {
			t.Fatalf("%q is read as %q, %v", cell, rows, err)
		}
		got := rows[0][0]
		if text, marked := strings.CutPrefix(got, "'"); marked && got != string(cell) {
			got = text
		} else if strings.ContainsAny(got[:1], "=+-@\t\n\x00") && !isNumber(got) {
			t.Fatalf("%q may begin a formula", got)
		}
		if got != string(cell) {
			t.Fatalf("%q is read again as %q", cell, got)
		}
	}
}
