package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// A contender is one way from files to figures.
type contender struct {
	name    string // for -only
	label   string // in the table
	needs   []need
	slow    bool // measured with the fewest rows only
	rounded bool // its times are rounded, which may move a packet into the next minute or hour: those are not compared
	run     func(context.Context, *bench, *trace) (*result, error)
}

// A result is what a contender says of one measurement.
type result struct {
	MS      float64  `json:"ms"`
	Read    int64    `json:"read"` // bytes, of the floor
	Figures *figures `json:"figures"`
	Version string   `json:"version"`
	Grown   int64    `json:"-"` // by how much the renderer's resident memory is above that of the empty page; 0 if unknown
}

// The floors are what the others are compared with.
const (
	floor       = "read"
	packedFloor = "gunzip"
)

func isFloor(name string) bool { return name == floor || name == packedFloor }

var contenders = []contender{
	{name: floor, label: "this browser reading the bytes, and nothing else", needs: []need{needChromium, needPeers}, run: ownPage(floor, "")},
	{name: "tracelens", label: "**Tracelens**", needs: []need{needChromium, needPage}, run: tracelens},
	streamed,
	{name: "duckdb-wasm", label: "DuckDB in WebAssembly", needs: []need{needChromium, needPeers}, run: ownPage("duckdb-wasm", "DuckDB in WebAssembly")},
	{name: "papaparse", label: "PapaParse", needs: []need{needChromium, needPeers}, run: ownPage("papaparse", "PapaParse")},
	{name: "duckdb", label: "DuckDB, native", needs: []need{needPeers}, run: program("DuckDB", func(b *bench) []string { return []string{b.node, b.peer("native.mjs")} })},
	{name: "pandas", label: "pandas, vectorised", needs: []need{needPandas}, run: program("pandas", func(b *bench) []string { return []string{b.python, b.peer("notebook.py"), "vectorised"} })},
	{name: "notebook", label: "the pandas notebook as written", needs: []need{needPandas}, slow: true, rounded: true,
		run: program("pandas", func(b *bench) []string { return []string{b.python, b.peer("notebook.py"), "as-written"} })},
}

func names(list []contender) (names []string) {
	for _, c := range list {
		names = append(names, c.name)
	}
	return names
}

// choose finds the contenders of a list such as "read,tracelens". An empty one is all of them.
func choose(list string) (chosen []contender, err error) {
	if list == "" {
		return slices.Clone(contenders), nil
	}
	wanted := strings.Split(list, ",")
	for _, name := range wanted {
		if !slices.Contains(names(contenders), name) {
			return nil, fmt.Errorf("-only: there is no %q; there are %s", name, strings.Join(names(contenders), ", "))
		}
	}
	for _, c := range contenders {
		if slices.Contains(wanted, c.name) {
			chosen = append(chosen, c)
		}
	}
	return chosen, nil
}

// patience is more than any contender needs: one that takes longer hangs.
const patience = 10 * time.Minute

// measure lets the contenders take turns and compares what each finds with the trace.
func (b *bench) measure(ctx context.Context, t *trace, of []contender, rounds int) (*table, error) {
	lines := make([]line, len(of))
	for i, c := range of {
		lines[i] = line{Name: c.name, Label: c.label}
	}
	for round := range rounds {
		for i, c := range of {
			r, err := b.once(ctx, t, c)
			if err != nil {
				return nil, fmt.Errorf("%s, %d packets: %w", c.name, t.Want.Packets, err)
			}
			lines[i].MS = append(lines[i].MS, r.MS)
			if r.Grown > 0 {
				lines[i].Grown = append(lines[i].Grown, r.Grown)
			}
			fmt.Fprintf(os.Stderr, "%d packets, round %d: %s %.0f ms\n", t.Want.Packets, round+1, c.name, r.MS)
		}
	}
	return newTable(t, rounds, lines), nil
}

func (b *bench) once(ctx context.Context, t *trace, c contender) (*result, error) {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("no figures after %v", patience))
	defer cancel()
	r, err := c.run(ctx, b, t)
	switch {
	case ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case err != nil:
		return nil, err
	case isFloor(c.name) && r.Read != t.Bytes:
		return nil, fmt.Errorf("read %d bytes of %d", r.Read, t.Bytes)
	case isFloor(c.name):
		return r, nil
	case r.Figures == nil:
		return nil, fmt.Errorf("it gave no figures")
	}
	if c.rounded {
		r.Figures.Hours, r.Figures.Minutes = t.Want.Hours, t.Want.Minutes
	}
	return r, r.Figures.equal(&t.Want)
}
