package unpack

import (
	"compress/gzip"
	"io"
	"testing"

	"tracelens/shared/tracetest"

	kgzip "github.com/klauspost/compress/gzip"
)

// BenchmarkGzip: what a walk costs beside inflating.
func BenchmarkGzip(b *testing.B) {
	text := rows(200_000)
	f := file{tracetest.Gzip(text), "x.csv.gz"}
	buffer := make([]byte, 256<<10)
	read := func(b *testing.B, r io.Reader) {
		n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{r}, buffer)
		if err != nil || n != int64(len(text)) {
			b.Fatal(n, err)
		}
	}
	b.Run("walk", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			if err := Walk(f, Limits{}, Visitor{Entry: func(e Entry) error { read(b, e.Reader); return nil }}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("gzip alone", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			z, err := gzip.NewReader(io.NewSectionReader(f, 0, f.Size()))
			if err != nil {
				b.Fatal(err)
			}
			read(b, z)
		}
	})
	b.Run("klauspost alone", func(b *testing.B) {
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			z, err := kgzip.NewReader(io.NewSectionReader(f, 0, f.Size()))
			if err != nil {
				b.Fatal(err)
			}
			read(b, z)
		}
	})
}
