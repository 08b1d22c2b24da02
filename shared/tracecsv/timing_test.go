package tracecsv

import (
	"cmp"
	"math/rand/v2"
	"slices"
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

// BenchmarkDialects reads the same packets as they stand in files of other dialects.
func BenchmarkDialects(b *testing.B) {
	const rows = 4000
	r := rand.New(rand.NewPCG(4, 4))
	packets := make([]trace.Packet, rows)
	for i := range packets {
		packets[i] = usualPacket(r)
		packets[i].TimeNS += 1483873200 * trace.Second
	}
	slices.SortFunc(packets, func(a, b trace.Packet) int { return cmp.Compare(a.TimeNS, b.TimeNS) })
	for _, d := range writtenDialects {
		b.Run(d.name, func(b *testing.B) {
			file := d.write(packets)
			f, skip, err := Detect(file)
			if err != nil {
				b.Fatal(err)
			}
			file = file[skip:]
			flows := dict.NewFlows(dict.NewEndpoints())
			var batch trace.Batch
			var skips Skips
			b.SetBytes(int64(len(file)))
			b.ReportAllocs()
			for b.Loop() {
				total := 0
				for rest := file; len(rest) > 0; {
					batch.Clear()
					rest = rest[f.Parse(rest, 1483873200, &batch, flows, &skips):]
					total += batch.N
				}
				if total != rows {
					b.Fatalf("%d rows, skipped %v", total, skips.Counts())
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
		})
	}
}

func BenchmarkAppendRow(b *testing.B) {
	const rows = 4000
	r := rand.New(rand.NewPCG(4, 4))
	packets := make([]trace.Packet, rows)
	var block []byte
	for i := range packets {
		packets[i] = usualPacket(r)
		block = AppendRow(block, 0, &packets[i])
	}
	size := len(block)
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		block = block[:0]
		for i := range packets {
			block = AppendRow(block, 0, &packets[i])
		}
		if len(block) != size {
			b.Fatalf("%d bytes, were %d", len(block), size)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/rows, "ns/row")
}
