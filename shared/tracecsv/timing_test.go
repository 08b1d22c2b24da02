package tracecsv

import (
	"math/rand/v2"
	"testing"

	"tracelens/shared/dict"
	"tracelens/shared/trace"
)

func BenchmarkParse(b *testing.B) {
	const rows = 4000 // about 256 KiB, as the reader gives them
	var block []byte
	r := rand.New(rand.NewPCG(4, 4))
	for range rows {
		p := usualPacket(r)
		block = AppendRow(block, 0, &p)
	}
	f, flows := Usual(), dict.NewFlows(dict.NewEndpoints())
	var batch trace.Batch
	var skips Skips
	b.SetBytes(int64(len(block)))
	b.ReportAllocs()
	for b.Loop() {
		total := 0
		for rest := block; len(rest) > 0; {
			batch.Clear()
			used := f.Parse(rest, 0, &batch, flows, &skips)
			total += batch.N
			rest = rest[used:]
		}
		if total != rows {
			b.Fatalf("%d rows", total)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
}
