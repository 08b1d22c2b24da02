package unpack

import (
	"bufio"
	"compress/bzip2"
	"encoding/binary"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

// maxWindow is how far back zstd data may refer, which is what their decoder holds: as much as zstd itself makes with --ultra -22.
const maxWindow = 128 << 20

// decompress opens what a compressed item is.
func (w *walk) decompress(it item, form form, b *bufio.Reader) error {
	var r io.Reader
	var what string
	switch form {
	case gzipped:
		what = "the gzip data"
		z := w.gunzip(it.part, b)
		defer z.close()
		r = z
	case zstandard:
		what = "the zstd data"
		z, err := newZstd(b)
		if err != nil {
			return w.broken(it, err)
		}
		defer z.Close()
		r = z
	case bzipped:
		what = "the bzip2 data"
		r = bzip2.NewReader(b)
	}
	it.bare, it.undone, it.part, it.r = uncompressed(it.bare), true, nil, w.limit(r, what)
	return w.open(it)
}

func newZstd(r io.Reader) (*zstd.Decoder, error) {
	return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderMaxMemory(maxWindow))
}

// gunzip unpacks gzip data, which are b, and the part as well if there is one.
func (w *walk) gunzip(p *part, b *bufio.Reader) *inflated {
	f := &inflated{walk: w, size: -1, again: func() (io.Reader, error) { return gzip.NewReader(b) }}
	if p == nil {
		return f
	}
	if f.native = p.inflate(0, p.size, "gzip"); f.native == nil {
		return f
	}
	f.packed, f.base, f.before = p.size, p.from, w.in
	f.again = func() (io.Reader, error) { return gzip.NewReader(bufio.NewReader(p.reader())) }
	var length [4]byte // of what was packed, modulo 4 GiB, ends the data
	if n, _ := p.readAt(length[:], p.from+p.size-4); n == 4 && p.size >= 4 {
		f.expected = int64(binary.LittleEndian.Uint32(length[:]))
	}
	for f.expected < p.size-p.size/8 {
		f.expected += 1 << 32
	}
	return f
}

// An inflated is unpacked by the platform, and if that fails anywhere, by Go from where it failed: then every byte that can be had comes,
// and the error is Go's.
type inflated struct {
	walk   *walk
	native io.ReadCloser             // nil if there is none, or none any more
	again  func() (io.Reader, error) // Go's, from the beginning
	size   int64                     // that has to come, or -1
	given  int64
	r      io.Reader // Go's
	err    error     // its last

	packed   int64 // bytes that the platform unpacks
	expected int64 // bytes that will come of it, most likely
	base     int64 // where they are in the file
	before   int64 // bytes that had been read before
}

func (f *inflated) Read(b []byte) (n int, err error) {
	for f.native != nil {
		n, err = f.readNative(b)
		f.given += int64(n)
		if err != nil && err != io.EOF || f.native != nil && f.doubtful() {
			f.close()
			f.walk.in = f.before // Go counts it anew
			err = nil
		}
		if n > 0 || err == io.EOF {
			return n, err
		}
	}
	if f.r == nil && f.err == nil {
		if f.r, f.err = f.again(); f.err == nil && f.given > 0 {
			_, f.err = io.CopyN(io.Discard, f.r, f.given)
		}
		if f.err == io.EOF {
			f.err = io.ErrUnexpectedEOF
		}
	}
	if f.err != nil {
		return 0, f.err
	}
	n, f.err = f.r.Read(b)
	return n, f.err
}

// readNative reads from the platform's stream, as many bytes as there have to be.
func (f *inflated) readNative(b []byte) (int, error) {
	var beyond [1]byte
	left := int64(len(b))
	if f.size >= 0 {
		left = min(left, f.size-f.given)
		if b = b[:left]; left == 0 {
			b = beyond[:]
		}
	}
	n, err := f.native.Read(b)
	if int64(n) > left || f.size >= 0 && err == io.EOF && f.given+int64(n) < f.size {
		return int(min(int64(n), left)), io.ErrUnexpectedEOF
	}
	return n, err
}

// doubtful reports whether the platform may be unpacking far too much, by a guess of how many bytes it has consumed.
func (f *inflated) doubtful() bool {
	consumed := int64(float64(f.packed) * min(1, float64(f.given)/float64(max(1, f.expected))))
	f.walk.in = f.before + consumed
	f.walk.progress(f.base + consumed)
	return f.given > ratioFrom && f.given/maxRatio > consumed
}

func (f *inflated) close() {
	if f.native != nil {
		f.native.Close()
		f.native = nil
	}
}
