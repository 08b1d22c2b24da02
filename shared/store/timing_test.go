package store

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"strconv"
	"testing"

	"tracelens/shared/dict"
	"tracelens/shared/lineblock"
	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// traffic fills batches with what a busy line carries: one machine and six thousand others of very different weight, mostly TCP to
// port 443, small and full packets, four thousand a second, in flows of ten packets each way on average, of which some hundred overlap.
type traffic struct {
	s      *Store
	r      *rand.Rand
	zipf   *rand.Zipf
	now    int64
	self   uint32
	host   []uint32
	active []connection
}

type connection struct {
	host uint32
	port uint16
	bits trace.PortBits
}

func newTraffic(s *Store) *traffic {
	r := rand.New(rand.NewPCG(1, 7))
	g := &traffic{s: s, r: r, zipf: rand.NewZipf(r, 1.2, 1, 5999), now: someHour, self: s.Endpoints().Number(netip.MustParseAddr("192.168.1.23"))}
	for range 6000 {
		g.host = append(g.host, s.Endpoints().Number(trace.IPv4(r.Uint32())))
	}
	for range 300 {
		g.active = append(g.active, g.connect())
	}
	return g
}

func (g *traffic) connect() connection {
	c := connection{g.host[g.zipf.Uint64()], uint16(32768 + g.r.IntN(28000)), trace.HasTCP}
	if g.r.IntN(100) < 15 {
		c.bits = trace.HasUDP
	}
	return c
}

func (g *traffic) fill(b *trace.Batch) {
	b.Clear()
	for i := range trace.BatchRows {
		g.now += g.r.Int64N(500_000)
		c := &g.active[g.r.IntN(len(g.active))]
		if g.r.IntN(20) == 0 {
			*c = g.connect()
		}
		src, dst, sp, dp := c.host, g.self, uint16(443), c.port
		down := g.r.IntN(100) < 55
		if !down {
			src, dst, sp, dp = dst, src, dp, sp
		}
		n := uint32(66)
		switch {
		case down && g.r.IntN(100) < 75:
			n = 1514
		case g.r.IntN(100) < 30:
			n = 60 + g.r.Uint32N(1400)
		}
		b.TimeNS[i], b.Len[i], b.Flow[i] = g.now, uint16(n), g.s.flows.Number(uint64(src)<<32|uint64(dst), dict.FlowKey(sp, dp, c.bits))
	}
	b.N = trace.BatchRows
}

// benchRows is how many packets the queries are over: half of ten million, as one of two workers has them. STORE_ROWS changes it.
func benchRows() int {
	if n, err := strconv.Atoi(os.Getenv("STORE_ROWS")); err == nil {
		return n
	}
	return 5_000_000
}

func filled(b *testing.B) *Store {
	b.Helper()
	s := New()
	g := newTraffic(s)
	var batch trace.Batch
	for s.rows < int64(benchRows()) {
		g.fill(&batch)
		s.Append(&batch)
	}
	return s
}

// BenchmarkAppend appends batches whose flows have numbers already.
func BenchmarkAppend(b *testing.B) {
	s := New()
	g := newTraffic(s)
	batches := make([]trace.Batch, 256)
	for i := range batches {
		g.fill(&batches[i])
	}
	span := g.now - someHour
	flows := make([]dict.Flow, s.flows.Len())
	for i := range flows {
		flows[i] = s.flows.At(i)
	}
	rows := 0
	b.ResetTimer()
	for b.Loop() {
		if s.rows > 10_000_000 {
			s = New()
			newTraffic(s)
		}
		if s.flows.Len() == 0 {
			for _, f := range flows {
				s.flows.Number(f.Ends, f.Key)
			}
		}
		batch := &batches[rows/trace.BatchRows%len(batches)]
		s.Append(batch)
		for i := range batch.TimeNS { // time goes on
			batch.TimeNS[i] += span
		}
		rows += trace.BatchRows
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(rows), "ns/row")
}

func BenchmarkQuery(b *testing.B) {
	s := filled(b)
	first, last := s.Span()
	span := last - first
	between := func(from, to float64) selection.Selection {
		return selection.Selection{FromNS: first + int64(from*float64(span)), ToNS: first + int64(to*float64(span))}
	}
	filter := func(filters ...selection.Filter) (s selection.Selection) {
		for _, f := range filters {
			s.Where = selection.All(s.Where, &selection.Expr{Filter: f})
		}
		return s
	}
	typed := func(text string) selection.Selection {
		where, err := selection.ParseFilter(text)
		if err != nil {
			b.Fatal(err)
		}
		return selection.Selection{Where: where}
	}
	host := func(n uint32) netip.Prefix { return netip.PrefixFrom(s.Endpoints().Addr(n), 32) }
	busy := s.convs.At(1).Src
	if s.Endpoints().Addr(busy) == netip.MustParseAddr("192.168.1.23") {
		busy = s.convs.At(1).Dst
	}
	cases := []struct {
		name string
		sel  selection.Selection
	}{
		{"all", selection.Selection{}},
		{"brush", between(0.213, 0.777)},
		{"brush-short", between(0.4, 0.41)},
		{"host", filter(selection.Filter{Field: selection.Either, Address: host(busy)})},
		{"rare-host", filter(selection.Filter{Field: selection.Source, Address: host(5000)})},
		{"protocol-udp", filter(selection.Filter{Field: selection.Protocol, Protocol: trace.UDP})},
		{"protocol-tcp", filter(selection.Filter{Field: selection.Protocol, Protocol: trace.TCP})},
		{"source", filter(selection.Filter{Field: selection.Source, Address: netip.MustParsePrefix("192.168.1.23/32")})},
		{"port-443", filter(selection.Filter{Field: selection.Port, Port: 443})},
		{"port-51000", filter(selection.Filter{Field: selection.Port, Port: 51000})},
		{"length-small", filter(selection.Filter{Field: selection.Length, Min: 0, Max: 100})},
		{"length-large", filter(selection.Filter{Field: selection.Length, Min: 1000, Max: 2000})},
		{"length-source", filter(selection.Filter{Field: selection.Length, Min: 1000, Max: 2000},
			selection.Filter{Field: selection.Source, Address: netip.MustParsePrefix("192.168.1.23/32")})},
		{"length-host-brush", selection.Selection{FromNS: first + span/4, ToNS: first + span/2, Where: filter(
			selection.Filter{Field: selection.Length, Min: 1000, Max: 2000}, selection.Filter{Field: selection.Source, Address: host(busy)}).Where}},
		{"source-port", typed("tcp.srcport == 443")},
		{"port-range", typed("port:40000..50000")},
		{"host-and-port-or", typed("host:" + host(busy).Addr().String() + " port:443 or udp && !port:443")},
		{"flows-or-lengths", typed("src:192.168.1.23 && len:>1000 or port:51000 or udp && len:<100")},
	}
	run := func(b *testing.B) {
		for _, c := range cases {
			b.Run(c.name, func(b *testing.B) {
				for b.Loop() {
					q := s.Query(&c.sel, 60)
					for q.Step() {
					}
					if p := q.Partial(); p.Packets == 0 || p.Packets > s.rows {
						b.Fatalf("%d packets", p.Packets)
					}
				}
				b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "ms/query")
			})
		}
	}
	b.Run("loaded", run)
	b.Run("improve", func(b *testing.B) {
		for b.Loop() {
			s.digested, s.lengthDigested = 0, 0
			for s.Improve() {
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(s.rows), "ns/packet")
	})
	b.Run("improved", run)
	b.Run("memory", func(b *testing.B) {
		for b.Loop() {
		}
		b.ReportMetric(float64(s.Bytes())/float64(s.rows), "B/packet")
		b.Log(fmt.Sprint(s.Endpoints().Len(), " endpoints, ", s.convs.Len(), " conversations"))
	})
}

// BenchmarkAnswer is all that there is between a question and its figures, for two counters and a lead.
func BenchmarkAnswer(b *testing.B) {
	stores := []*Store{filled(b), filled(b)}
	a := newAsker(b, rand.New(rand.NewPCG(1, 2)), stores)
	for _, s := range stores {
		for s.Improve() {
		}
	}
	first, last := stores[0].Span()
	brush := &selection.Selection{FromNS: first + (last-first)/5, ToNS: last - (last-first)/5}
	udp := &selection.Selection{Where: &selection.Expr{Filter: selection.Filter{Field: selection.Protocol, Protocol: trace.UDP}}}
	for _, c := range []struct {
		name string
		sel  *selection.Selection
	}{{"all", &selection.Selection{}}, {"brush", brush}, {"protocol-udp", udp}} {
		b.Run(c.name, func(b *testing.B) {
			for b.Loop() {
				totals := a.trace.NewTotals(60)
				for i := range stores {
					a.add(b, totals, i, c.sel, 60)
				}
				if r := totals.Report(c.sel, report.Wish{}); r.Packets == 0 || r.Packets > stores[0].rows+stores[1].rows {
					b.Fatalf("%d packets", r.Packets)
				}
				totals.Release()
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N)/1000, "ms/answer")
		})
	}
}

// BenchmarkLoad is the way of a file's bytes into the store: a quarter of a megabyte at a time, as the reader gives them.
func BenchmarkLoad(b *testing.B) {
	s := New()
	g := newTraffic(s)
	var batch trace.Batch
	var text []byte
	for len(text) < 24<<20 {
		if s.flows.Len() > maxFlows {
			s.flows.Reset()
		}
		g.fill(&batch)
		for i := range batch.N {
			v := s.flows.At(int(batch.Flow[i]))
			srcPort, dstPort, bits := v.Ports()
			p := trace.Packet{TimeNS: batch.TimeNS[i], Len: uint32(batch.Len[i]),
				IPv4SrcAddr: be32(s.Endpoints().Addr(uint32(v.Ends >> 32))), IPv4DstAddr: be32(s.Endpoints().Addr(uint32(v.Ends)))}
			p.Has = trace.Time.Bit() | trace.Len.Bit() | trace.IPSrc.Bit() | trace.IPDst.Bit()
			src, dst := trace.TCPSrcPort, trace.TCPDstPort
			if bits == trace.HasUDP {
				src, dst = trace.UDPSrcPort, trace.UDPDstPort
			}
			p.SetPort(src, srcPort)
			p.SetPort(dst, dstPort)
			text = tracecsv.AppendRow(text, someHour/trace.Second, &p)
		}
	}
	f := tracecsv.Usual()
	var skips tracecsv.Skips
	rows, at, start := int64(0), 0, int64(someHour/trace.Second)
	s = New()
	b.ResetTimer()
	for b.Loop() {
		if s.rows > 10_000_000 {
			s = New()
		}
		if at+lineblock.Size > len(text) {
			at, start = 0, start+trace.HourS // so that time goes on
		}
		block := text[at : at+lineblock.Size]
		block = block[:bytes.LastIndexByte(block, '\n')+1]
		at += len(block)
		for len(block) > 0 {
			batch.Clear()
			block = block[f.Parse(block, start, &batch, s.Flows(), &skips):]
			s.Append(&batch)
			rows += int64(batch.N)
		}
	}
	if rows == 0 || skips.Total() > 0 {
		b.Fatalf("%d rows, skipped %v", rows, skips.Counts())
	}
	b.SetBytes(lineblock.Size)
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(rows), "ns/row")
}

func be32(a netip.Addr) uint32 {
	b := a.As4()
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}
