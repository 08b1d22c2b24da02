package main

import "testing"

func TestTable(t *testing.T) {
	table := &table{Packets: 2_000_000, Bytes: 117_971_493, Files: 1, Rounds: 3, Lines: []line{
		{Name: floor, Label: "reading", MS: []float64{600, 700, 620}},
		{Name: "slow", Label: "Slow", MS: []float64{16_600, 30_000, 16_540}},
		{Name: "tracelens", Label: "**Tracelens**", MS: []float64{1300, 1200, 1249}, Grown: []int64{60e6}},
	}}
	const want = `2 000 000 packets, 118 MB, one hour file; medians of 3

| | time | least | times the reading | million packets a second |
|---|---|---|---|---|
| reading | 0.62 s | 0.60 s | 1 | 3.2 |
| **Tracelens** | **1.2 s** | **1.2 s** | **2.0** | **1.6** |
| Slow | 16.6 s | 16.5 s | 27 | 0.12 |

Memory of Tracelens after the load: 60 MB, 30 bytes a packet (what the renderer's resident memory grew by)
`
	if got := table.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

// Without the floor there is nothing to relate to.
func TestTableWithoutFloor(t *testing.T) {
	table := &table{Packets: 16_000_000, Bytes: 941_000_000, Files: 8, Rounds: 2, Lines: []line{{Name: "duckdb", Label: "DuckDB", MS: []float64{999, 1001}}}}
	const want = `16 000 000 packets, 941 MB, 8 hour files; medians of 2

| | time | least | times the reading | million packets a second |
|---|---|---|---|---|
| DuckDB | 1.0 s | 1.00 s | – | 16 |
`
	if got := table.String(); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}
