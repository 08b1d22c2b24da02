//go:build js

package counter

import (
	"tracelens/shared/selection"
	"tracelens/shared/stats"
	"tracelens/shared/store"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
	"tracelens/shared/tracegen"
)

// warmRounds is how often Warm reads its megabyte: until a browser finds the parser worth its optimising compiler.
const warmRounds = 6

// Warm reads and counts a small trace, and gives every answer to answered. Workers share a module, and what the browser makes of it, so
// one of them does it for all. goOn is asked every few milliseconds.
func Warm(goOn func() bool, answered func(*store.Store, *selection.Selection, *stats.Partial)) {
	spec := tracegen.Spec{Start: tracegen.Sample.Start, Hours: 1, Rows: 16_000, Seed: 2, IPv6: true}
	spec.Each(func(hour int64, file []byte) bool {
		format, skip, err := tracecsv.Detect(file)
		if err != nil {
			return false
		}
		var batch trace.Batch
		var skips tracecsv.Skips
		s := store.New()
		for round := range int64(warmRounds) {
			for rows := file[skip:]; len(rows) > 0; {
				for n := 0; n < 8 && len(rows) > 0; n++ {
					batch.Clear()
					rows = rows[format.Parse(rows, hour+round*trace.HourS, &batch, s.Flows(), &skips):]
					s.Append(&batch)
				}
				if !goOn() {
					return false
				}
			}
		}
		for range warmRounds {
			for _, sel := range []selection.Selection{
				{},
				{FromNS: hour * trace.Second, ToNS: (hour + 900) * trace.Second},
				{Filters: []selection.Filter{{Field: selection.Protocol, Protocol: trace.UDP}}},
				{Filters: []selection.Filter{{Field: selection.Port, Port: 443}}},
				{Filters: []selection.Filter{{Field: selection.Length, Min: 100, Max: 2000}}},
			} {
				q := s.Query(&sel, 1)
				for q.Step() {
				}
				answered(s, &sel, q.Partial())
				if !goOn() {
					return false
				}
			}
		}
		return true
	})
}
