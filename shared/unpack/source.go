package unpack

import "io"

// blockBytes is how much is read of a file at least: decoders ask for little at a time, and a browser takes its time for each.
const blockBytes = 256 << 10

// A source reads a file in blocks. Of the outermost file it tells how far it has come.
type source struct {
	file  File
	walk  *walk // nil for what has been set aside
	block []byte
	at    int64 // of the block
}

func newSource(f File, w *walk) *source { return &source{file: f, walk: w} }

// ReadAt is that of io.ReaderAt, for one caller at a time.
func (s *source) ReadAt(b []byte, off int64) (n int, err error) {
	n, err = s.readAt(b, off)
	if s.walk != nil && n > 0 {
		s.walk.in += int64(n)
		s.walk.progress(off + int64(n))
	}
	return n, err
}

func (s *source) readAt(b []byte, off int64) (n int, err error) {
	for n < len(b) {
		if off >= s.file.Size() {
			return n, io.EOF
		}
		if i := off - s.at; i >= 0 && i < int64(len(s.block)) {
			m := copy(b[n:], s.block[i:])
			n, off = n+m, off+int64(m)
			continue
		}
		if len(b)-n >= blockBytes {
			m, err := s.file.ReadAt(b[n:], off)
			return n + m, failedReading(err)
		}
		if s.block == nil {
			s.block = make([]byte, 0, min(blockBytes, s.file.Size()))
		}
		s.block = s.block[:min(int64(cap(s.block)), s.file.Size()-off)]
		m, err := s.file.ReadAt(s.block, off)
		s.block, s.at = s.block[:m], off
		if m == 0 {
			if err == nil {
				err = io.ErrNoProgress
			}
			return n, failedReading(err)
		}
	}
	return n, nil
}

// A part is a range of a source.
type part struct {
	*source
	from, size int64
}

func (p part) reader() *io.SectionReader { return io.NewSectionReader(p.source, p.from, p.size) }

func (p part) ReadAt(b []byte, off int64) (int, error) {
	if off < 0 || off >= p.size {
		return 0, io.EOF
	}
	if left := p.size - off; int64(len(b)) > left {
		n, err := p.source.ReadAt(b[:left], p.from+off)
		if err == nil {
			err = io.EOF
		}
		return n, err
	}
	return p.source.ReadAt(b, p.from+off)
}

// inflate unpacks bytes of the part by the platform, or returns nil if it cannot.
func (p part) inflate(from, size int64, format string) io.ReadCloser {
	i, ok := p.file.(Inflater)
	if !ok || from < 0 || size < 0 || from > p.size-size {
		return nil
	}
	r, err := i.Inflate(p.from+from, p.from+from+size, format)
	if err != nil {
		return nil
	}
	return r
}

// A held is a file in memory.
type held []byte

func (h held) Name() string { return "" }
func (h held) Size() int64  { return int64(len(h)) }
func (h held) ReadAt(b []byte, off int64) (int, error) {
	if off >= int64(len(h)) {
		return 0, io.EOF
	}
	n := copy(b, h[off:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}
