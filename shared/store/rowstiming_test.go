package store

import (
	"math"
	"net/netip"
	"testing"
	"time"

	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

// BenchmarkRows asks for a screen of packets from the middle on: all of them, with many before them, and with filters that hold for
// many, few and none. It reports the longest step, too: so long the worker does not hear of a newer request.
func BenchmarkRows(b *testing.B) {
	s := filled(b)
	first, last := s.Span()
	middle := first + (last-first)/2
	late := s.convs.At(uint32(s.convs.Len() * 99 / 100)) // of hosts that few packets are of
	host := netip.PrefixFrom(s.Endpoints().Addr(max(late.Src, late.Dst)), 32)
	for _, c := range []struct {
		name   string
		skip   int
		filter []selection.Filter
	}{
		{"all", 0, nil},
		{"all-after-300000", 300_000, nil},
		{"udp", 0, []selection.Filter{{Field: selection.Protocol, Protocol: trace.UDP}}},
		{"udp-after-300000", 300_000, []selection.Filter{{Field: selection.Protocol, Protocol: trace.UDP}}},
		{"rare-host", 0, []selection.Filter{{Field: selection.Either, Address: host}}},
		{"port-51000", 0, []selection.Filter{{Field: selection.Port, Port: 51000}}},
		{"length-777", 0, []selection.Filter{{Field: selection.Length, Min: 777, Max: 777}}},
		{"length-none", 0, []selection.Filter{{Field: selection.Length, Min: 40, Max: 40}}},
		{"port-none", 0, []selection.Filter{{Field: selection.Port, Port: 7}}},
	} {
		b.Run(c.name, func(b *testing.B) {
			sel, found, step := selection.Selection{}, 0, time.Duration(math.MaxInt64)
			for _, f := range c.filter {
				sel.Where = selection.All(sel.Where, &selection.Expr{Filter: f})
			}
			var times Times
			for b.Loop() {
				r := s.Rows(&sel, middle, c.skip+100)
				longest := time.Duration(0)
				for more := true; more; {
					began := time.Now()
					more = r.Step()
					longest = max(longest, time.Since(began))
				}
				step = min(step, longest) // whatever else the machine does is not of the step
				times = r.AppendTimes(times[:0])
				found = 0
				for i := c.skip; i < r.Len(); i++ {
					found += boolInt(r.Packet(i).TimeNS >= middle)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "ms/request")
			b.ReportMetric(float64(step.Microseconds())/1000, "ms/step")
			b.ReportMetric(float64(found), "rows")
		})
	}
}
