package anon_test

import (
	"slices"
	"testing"
	"time"

	"tracelens/shared/anon"
	"tracelens/shared/dict"
	"tracelens/shared/selection"
	"tracelens/shared/sieve"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
	"tracelens/shared/tracegen"
)

// BenchmarkCopy is what copying rows costs, beside only parsing the same lines: in turns, since a machine is not as fast at every moment.
// The bar is 60 % of the parser's speed.
func BenchmarkCopy(b *testing.B) {
	spec := tracegen.Sample
	spec.Hours, spec.Rows = 1, 200_000
	var lines []byte
	var start int64
	for at, file := range spec.Each {
		lines, start = file[len(tracecsv.Header)+1:], at
	}
	blocks := slices.Collect(func(yield func([]byte) bool) {
		for rest := lines; len(rest) > 0; {
			n := min(len(rest), 1<<20)
			for n < len(rest) && rest[n-1] != '\n' {
				n++
			}
			if !yield(rest[:n]) {
				return
			}
			rest = rest[n:]
		}
	})
	for _, text := range []string{"cryptopan", "ipcrypt-pfx,classes=kept", "numbers,times=shifted", "truncate,ports=bucketed,times=minutes"} {
		b.Run(text, func(b *testing.B) {
			b.SetBytes(int64(len(lines)))
			format, flows := tracecsv.Usual(), dict.NewFlows(dict.NewEndpoints())
			var batch trace.Batch
			var skips tracecsv.Skips
			r, err := anon.ParseRecipe(text)
			if err != nil {
				b.Fatal(err)
			}
			a, err := anon.New(r, anon.NewKey())
			if err != nil {
				b.Fatal(err)
			}
			s := sieve.New(tracecsv.Usual(), start, &selection.Selection{})
			s.Alter(a, true)
			var parsing, copying []float64
			for b.Loop() {
				began := time.Now()
				for _, block := range blocks {
					for rest := block; len(rest) > 0; {
						batch.Clear()
						rest = rest[format.Parse(rest, start, &batch, flows, &skips):]
					}
				}
				parsed := time.Now()
				for _, block := range blocks {
					if n, _, err := s.Copy(block, func(int64, []byte) error { return nil }); n == 0 || err != nil {
						b.Fatal(n, err)
					}
				}
				parsing, copying = append(parsing, float64(parsed.Sub(began))), append(copying, float64(time.Since(parsed)))
			}
			slices.Sort(parsing)
			slices.Sort(copying)
			b.ReportMetric(100*parsing[len(parsing)/2]/copying[len(copying)/2], "%-of-parser")
			b.ReportMetric(copying[len(copying)/2]/1e6, "ms/copy")
		})
	}
}
