// Command bench measures, in one run, how long Tracelens and its peers take from a file's being chosen to every figure, then how long
// Tracelens takes to answer questions about a trace that it has read, and prints tables.
//
//	go run ./app/bench [-rows 2000000,16000000] [-packed 2000000] [-questions 10000000,50000000] [-drag 10000000] [-rounds 3] [-site dist] [-only read,tracelens] [-data DIR] [-out FILE]
//
// # From a file to figures
//
// Every measurement has a browser, or a process, of its own: WebAssembly and workers are cold. Loading a page and starting its
// workers is not counted for any: a page that runs is left alone for a second, as it is while somebody looks for a file. Then the
// clock runs from the file input's change event, within the page, to the last figure. A program clocks itself, from before it reads.
// Contenders take turns, round by round, so that a machine that slows down slows all of them.
//
// All count the same: traffic per hour and per minute, the sum, quartiles, packets of each length, top 20 sources and pairs. A
// contender with another result than the generator's fails the run. Tracelens counts more than that (destinations, ports,
// protocols, densities), and draws it. Each peer has the fastest form that we found for it, such as reading only the columns it
// needs; the notebook as written has not, and is measured with the fewest rows only.
//
// The same packets are read packed, too, and from a capture: what takes no longer than this browser needs to inflate the files is read while
// they are inflated.
//
// # Questions
//
// The engine, which is the page's workers without the page, reads a trace and is then asked for selections of it, as by somebody who
// drags over a chart or clicks addresses. Each question is asked once the one before it has been answered, and its clock runs in the
// page, from the message with the selection to the message with the figures; nothing is drawn. For every kind of question some answers
// are compared with a plain loop over the files; a wrong one fails the run.
//
// # Dragging
//
// A hand drags a range of time over the chart of hours of the page itself for five seconds, with sixty moves a second. For each range that
// the page chose, the clock runs from then until every figure and chart is of that range or of a later one, within the page.
//
// The traces are made once and kept in the user's cache folder, 5 gigabytes with the usual rows; several hour files are one trace.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	rowsList := flag.String("rows", "2000000,16000000", "how many packets to read, for one table each; 0 for none")
	packedList := flag.String("packed", "2000000", "how many packets to read from gzip files and from a capture, for one table each; 0 for none")
	questionsList := flag.String("questions", "10000000,50000000", "how many packets to ask questions about, for one table each; 0 for none")
	dragList := flag.String("drag", "10000000", "of how many packets to drag a range of time over the page, for one log each; 0 for none")
	rounds := flag.Int("rounds", 3, "measurements of each contender")
	site := flag.String("site", "dist", "folder of the page, as make site writes it")
	only := flag.String("only", "", "measure only these of: "+strings.Join(names(contenders), ", "))
	data := flag.String("data", filepath.Join(cache, "tracelens-bench"), "folder to keep the traces in")
	out := flag.String("out", "", "file for every single time, as JSON")
	flag.Parse()
	if flag.NArg() > 0 || *rounds < 1 {
		return fmt.Errorf("there are no arguments but flags, and at least one round")
	}
	rows, err := numbers("-rows", *rowsList)
	if err != nil {
		return err
	}
	packed, err := numbers("-packed", *packedList)
	if err != nil {
		return err
	}
	asked, err := numbers("-questions", *questionsList)
	if err != nil {
		return err
	}
	dragged, err := numbers("-drag", *dragList)
	if err != nil {
		return err
	}
	if len(rows)+len(packed)+len(asked)+len(dragged) == 0 {
		return errors.New("-rows 0 -packed 0 -questions 0 -drag 0: nothing is left to measure")
	}
	chosen, err := choose(*only)
	if err != nil {
		return err
	}
	b := &bench{site: *site, versions: map[string]string{}}
	defer b.close()
	if err := b.prepare(ctx, needsOf(readers(chosen, len(rows) > 0, len(packed) > 0), len(asked)+len(dragged) > 0)); err != nil {
		return err
	}
	about := sync.OnceFunc(func() { fmt.Println(b.about()) }) // once something was measured: versions are known only then
	var all []*table
	for i, n := range rows {
		t, err := traceOf(*data, n)
		if err != nil {
			return err
		}
		of := slices.DeleteFunc(slices.Clone(chosen), func(c contender) bool { return c.slow && i > 0 })
		table, err := b.measure(ctx, t, of, *rounds)
		if err != nil {
			return err
		}
		about()
		fmt.Printf("\n%s", table)
		all = append(all, table)
	}
	for _, n := range packed {
		t, err := traceOf(*data, n)
		if err != nil {
			return err
		}
		table, err := b.measure(ctx, t, packedContenders, *rounds)
		if err != nil {
			return err
		}
		about()
		fmt.Printf("\n%s", table)
		all = append(all, table)
	}
	var sessions []*session
	for _, n := range asked {
		t, err := traceOf(*data, n)
		if err != nil {
			return err
		}
		s, err := b.session(ctx, t)
		if err != nil {
			return fmt.Errorf("questions, %d packets: %w", n, err)
		}
		about()
		fmt.Printf("\n%s", s)
		sessions = append(sessions, s)
	}
	var logs []*handLog
	for _, n := range dragged {
		t, err := traceOf(*data, n)
		if err != nil {
			return err
		}
		log, err := b.hand(ctx, t)
		if err != nil {
			return fmt.Errorf("dragging, %d packets: %w", n, err)
		}
		about()
		fmt.Printf("\n%s", log)
		logs = append(logs, log)
	}
	if *out == "" {
		return nil
	}
	text, err := json.MarshalIndent(map[string]any{"about": b.about(), "versions": b.versions, "tables": all, "questions": sessions, "drags": logs}, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(*out, append(text, '\n'), 0o644)
}

// readers are the contenders of the tables that are asked for.
func readers(chosen []contender, plain, packed bool) (all []contender) {
	if plain {
		all = append(all, chosen...)
	}
	if packed {
		all = append(all, packedContenders...)
	}
	return all
}

// numbers reads a flag's list of row counts and sorts it. It is empty for 0.
func numbers(name, list string) (rows []int, err error) {
	if list == "0" {
		return nil, nil
	}
	for s := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(s))
		if err != nil || n < 1000 {
			return nil, fmt.Errorf("%s: %q is no number of packets, at least 1000", name, s)
		}
		rows = append(rows, n)
	}
	slices.Sort(rows)
	return slices.Compact(rows), nil
}
