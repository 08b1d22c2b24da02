package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A table is what was measured with one trace.
type table struct {
	Packets int64  `json:"packets"`
	Bytes   int64  `json:"bytes"` // of the files
	Files   int    `json:"files"`
	Rounds  int    `json:"rounds"`
	Lines   []line `json:"contenders"`
}

// A line is a contender's times, in milliseconds.
type line struct {
	Name  string    `json:"name"`
	Label string    `json:"-"`
	MS    []float64 `json:"ms"`
	Grown []int64   `json:"grown,omitempty"` // bytes
}

func newTable(t *trace, rounds int, lines []line) *table {
	return &table{Packets: t.Want.Packets, Bytes: t.Bytes, Files: len(t.Names), Rounds: rounds, Lines: lines}
}

// String is the table as Markdown, the fastest first.
func (t *table) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s packets, %s, %s; medians of %d\n\n", spaced(t.Packets), megabytes(t.Bytes), hourFiles(t.Files), t.Rounds)
	b.WriteString("| | time | least | times the reading | million packets a second |\n|---|---|---|---|---|\n")
	read := 0.0
	for _, l := range t.Lines {
		if isFloor(l.Name) {
			read = median(l.MS)
		}
	}
	for _, l := range slices.SortedStableFunc(slices.Values(t.Lines), func(a, b line) int { return cmp.Compare(median(a.MS), median(b.MS)) }) {
		cells := []string{l.Label, seconds(median(l.MS)), seconds(slices.Min(l.MS)), "–", digits(float64(t.Packets) / median(l.MS) / 1000)}
		if read > 0 {
			cells[3] = digits(median(l.MS) / read)
		}
		if isFloor(l.Name) {
			cells[3] = "1"
		}
		if strings.HasPrefix(l.Label, "**") {
			for i, cell := range cells[1:] {
				cells[i+1] = "**" + cell + "**"
			}
		}
		fmt.Fprintf(&b, "| %s |\n", strings.Join(cells, " | "))
	}
	for _, l := range t.Lines {
		if len(l.Grown) > 0 {
			fmt.Fprintf(&b, "\n%s\n", t.memory(l))
		}
	}
	return b.String()
}

// memory says by how much the renderer has grown. What of that is the counters' is told with the questions.
func (t *table) memory(l line) string {
	var all []float64
	for _, grown := range l.Grown {
		all = append(all, float64(grown))
	}
	n := median(all)
	return fmt.Sprintf("Memory of %s after the load: %s, %s bytes a packet (what the renderer's resident memory grew by)",
		strings.ReplaceAll(l.Label, "**", ""), megabytes(int64(n)), digits(n/float64(t.Packets)))
}

func hourFiles(n int) string {
	if n > 1 {
		return fmt.Sprintf("%d hour files", n)
	}
	return "one hour file"
}

// median of an even number is the mean of the two in the middle.
func median(all []float64) float64 {
	s := slices.Sorted(slices.Values(all))
	return (s[(len(s)-1)/2] + s[len(s)/2]) / 2
}

func seconds(ms float64) string {
	if ms < 1000 {
		return fmt.Sprintf("%.2f s", ms/1000)
	}
	return fmt.Sprintf("%.1f s", ms/1000)
}

// digits has two of them, or the whole number.
func digits(x float64) string {
	switch {
	case x < 0.995:
		return fmt.Sprintf("%.2f", x)
	case x < 9.95:
		return fmt.Sprintf("%.1f", x)
	}
	return fmt.Sprintf("%.0f", x)
}

func megabytes(n int64) string { return fmt.Sprintf("%.0f MB", float64(n)/1e6) }

// spaced writes 2000000 as 2 000 000.
func spaced(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + " " + s[i:]
	}
	return s
}
