package tracetest

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"

	"github.com/klauspost/compress/zstd"
)

// Gzip packs each part as a member of its own.
func Gzip(parts ...[]byte) []byte {
	var b bytes.Buffer
	for _, part := range parts {
		z := gzip.NewWriter(&b)
		z.Write(part)
		z.Close()
	}
	return b.Bytes()
}

// Zstandard packs something as one frame.
func Zstandard(content []byte) []byte {
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		panic(err)
	}
	return z.EncodeAll(content, nil)
}

// Zip is an archive of files by a method of package archive/zip.
func Zip(method uint16, names []string, contents [][]byte) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for i, name := range names {
		w, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err != nil {
			panic(err)
		}
		w.Write(contents[i])
	}
	z.Close()
	return b.Bytes()
}

// Tar is an archive of files.
func Tar(names []string, contents [][]byte) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	for i, name := range names {
		if err := w.WriteHeader(&tar.Header{Name: name, Size: int64(len(contents[i])), Mode: 0o600}); err != nil {
			panic(err)
		}
		w.Write(contents[i])
	}
	w.Close()
	return b.Bytes()
}
