package figures

import "testing"

// BenchmarkFigures makes box, histogram and density of a million packets of every usual length.
func BenchmarkFigures(b *testing.B) {
	var counts [][2]int64
	for length := int64(60); length <= 1514; length++ {
		counts = append(counts, [2]int64{length, 1 + length*7919%1373})
	}
	packets := Packets(counts)
	b.SetBytes(int64(len(counts)) * 16)
	b.ReportAllocs()
	for b.Loop() {
		box, histogram, kde := Box(counts), Histogram(counts), KDE(counts)
		n := int64(0)
		for _, c := range histogram.Packets {
			n += c
		}
		if n != packets || box.Max != 1514 || len(kde) != GridPoints {
			b.Fatalf("%d packets of %d, %+v, %d points", n, packets, box, len(kde))
		}
	}
}
