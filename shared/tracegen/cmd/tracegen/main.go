// Command tracegen writes the generator's hour files into a folder.
//
//	go run ./shared/tracegen/cmd/tracegen -o DIR [-rows N] [-hours N] [-missing 5,6] [-seed N]
//
// Without flags the files are those of the page's sample.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"tracelens/shared/trace"
	"tracelens/shared/tracegen"
)

func main() {
	spec := tracegen.Sample
	dir := flag.String("o", "", "folder to write to; it is made if need be")
	flag.Int64Var(&spec.Start, "start", spec.Start, "first hour, unix seconds")
	flag.IntVar(&spec.Hours, "hours", spec.Hours, "hours spanned")
	flag.IntVar(&spec.Rows, "rows", spec.Rows, "packets in all")
	flag.Uint64Var(&spec.Seed, "seed", spec.Seed, "another seed, another trace")
	flag.BoolVar(&spec.IPv6, "ipv6", spec.IPv6, "one conversation in five over IPv6")
	flag.Func("missing", "hours without a file, counted from 0 (default 5,6)", func(list string) (err error) {
		spec.Missing, err = parseHours(list)
		return err
	})
	flag.Parse()
	if *dir == "" || flag.NArg() > 0 || spec.Rows < 0 || spec.Start%trace.HourS != 0 {
		fmt.Fprintln(os.Stderr, "tracegen: give a folder with -o; rows cannot be negative; the start must be a full hour")
		os.Exit(2)
	}
	if err := write(spec, *dir); err != nil {
		fmt.Fprintln(os.Stderr, "tracegen:", err)
		os.Exit(1)
	}
}

func write(spec tracegen.Spec, dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	for hour, file := range spec.Each {
		if err := os.WriteFile(filepath.Join(dir, trace.HourFileName(hour)), file, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// parseHours reads a list such as "5,6". An empty one is none.
func parseHours(list string) (hours []int, err error) {
	for hour := range strings.SplitSeq(list, ",") {
		if hour == "" {
			continue
		}
		h, err := strconv.Atoi(hour)
		if err != nil {
			return nil, fmt.Errorf("%q is no list of hours such as 5,6", list)
		}
		hours = append(hours, h)
	}
	return hours, nil
}
