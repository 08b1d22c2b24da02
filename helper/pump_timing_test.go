package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"testing"

	"tracelens/helper/capture"
	"tracelens/helper/hourly"
)

// BenchmarkConvert converts a capture of a million packets, from memory to hour files.
func BenchmarkConvert(b *testing.B) {
	one, err := os.ReadFile(captureFile(b, "tplink_shp.pcap"))
	if err != nil {
		b.Fatal(err)
	}
	const copies, packets = 4000, 251
	big := append(one[:24:24], bytes.Repeat(one[24:], copies)...)
	b.SetBytes(int64(len(big)))
	b.ReportAllocs()
	for b.Loop() {
		source := capture.NewFile("big.pcap", io.NopCloser(bytes.NewReader(big)))
		dir, err := os.MkdirTemp(b.TempDir(), "")
		if err != nil {
			b.Fatal(err)
		}
		folder, err := hourly.OpenFolder(dir)
		if err != nil {
			b.Fatal(err)
		}
		files, err := hourly.Open(folder, hourly.Options{})
		if err != nil {
			b.Fatal(err)
		}
		p := &pump{source: source, files: files, failed: func(err error) error { return err }}
		if err := p.run(context.Background()); err != nil {
			b.Fatal(err)
		}
		if files.Close(); files.Rows() != copies*packets {
			b.Fatalf("%d rows of %d", files.Rows(), copies*packets)
		}
		folder.Close()
		os.RemoveAll(dir)
	}
	b.ReportMetric(float64(b.N)*copies*packets/b.Elapsed().Seconds(), "rows/s")
}
