package store

import (
	"fmt"
	"testing"

	"tracelens/shared/called"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
)

// BenchmarkCauses counts two million packets by who is behind them: again, as when somebody selects, and after something has been said, so that it is
// found out anew. Every host has a name, and every port of the machine a program; a tenth of the hosts are called otherwise half-way.
func BenchmarkCauses(b *testing.B) {
	const packets = 2_000_000
	s := New()
	g := newTraffic(s)
	var batch trace.Batch
	for s.Packets() < packets {
		g.fill(&batch)
		s.Append(&batch)
	}
	var book called.Book
	first, last := s.Span()
	ends := s.Endpoints()
	for n := 1; n < ends.Len(); n++ {
		book.Add(called.Name{TimeNS: first, Address: ends.Addr(uint32(n)), Kind: called.DNS, Text: fmt.Sprintf("www.site%d.example", n%500)})
		if n%10 == 0 {
			book.Add(called.Name{TimeNS: first + (last-first)/2, Address: ends.Addr(uint32(n)), Kind: called.TLS, Text: fmt.Sprintf("www.other%d.example", n%500)})
		}
	}
	for port := range 28_000 {
		for _, kind := range []called.Kind{called.TCP, called.UDP} {
			book.Add(called.Name{TimeNS: first, Address: ends.Addr(g.self), Kind: kind, Port: uint16(32768 + port), Text: fmt.Sprint("program ", port%40)})
		}
	}
	s.SetBook(&book)
	where, wrong := selection.ParseFilter(`process:"program 7","program 8"`)
	if wrong != nil {
		b.Fatal(wrong)
	}
	for _, c := range []struct {
		name string
		sel  selection.Selection
		new  bool
	}{{"all", selection.Selection{}, false}, {"all, after news", selection.Selection{}, true}, {"a filter", selection.Selection{Where: where}, false}} {
		b.Run(c.name, func(b *testing.B) {
			n := int64(0)
			for b.Loop() {
				if n++; c.new {
					book.Add(called.Name{TimeNS: last + n, Address: ends.Addr(2), Kind: called.DNS, Text: "www.example.org"})
				}
				q := s.Causes(&c.sel, 10)
				for q.Step() {
				}
				q.Partial()
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n*s.Packets()), "ns/packet")
		})
	}
	b.Run("figures of the filter", func(b *testing.B) {
		n := int64(0)
		for b.Loop() {
			n++
			q := s.Query(&selection.Selection{Where: where}, 60)
			for q.Step() {
			}
			q.Partial()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(n*s.Packets()), "ns/packet")
	})
}
