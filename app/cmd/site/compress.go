package main

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/andybalholm/brotli"
)

// worthCompressing is the size above which a file gets compressed copies.
const worthCompressing = 1 << 10

// compressAll puts X.gz and X.br beside each X that gets smaller by it. The modules are then served from these alone, so the
// helper need not carry them a third time.
func compressAll(out string) error {
	return filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		ext := filepath.Ext(path)
		if err != nil || d.IsDir() || ext == ".gz" || ext == ".br" || ext == ".png" {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil || len(b) < worthCompressing {
			return err
		}
		for _, c := range []struct {
			suffix string
			writer func(io.Writer) io.WriteCloser
		}{
			{".gz", func(w io.Writer) io.WriteCloser { z, _ := gzip.NewWriterLevel(w, gzip.BestCompression); return z }},
			{".br", func(w io.Writer) io.WriteCloser { return brotli.NewWriterLevel(w, brotliLevel(len(b))) }},
		} {
			var packed bytes.Buffer
			w := c.writer(&packed)
			if _, err := w.Write(b); err != nil {
				return err
			}
			if err := w.Close(); err != nil {
				return err
			}
			if err := os.WriteFile(path+c.suffix, packed.Bytes(), 0o644); err != nil {
				return err
			}
		}
		if ext == ".wasm" {
			return os.Remove(path)
		}
		return nil
	})
}

// brotliLevel: the last two levels take 20 s a module for 5 % less; a small file is worth them.
func brotliLevel(size int) int {
	if size > 1<<20 {
		return 9
	}
	return brotli.BestCompression
}
