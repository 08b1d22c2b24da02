package unpack

import (
	"archive/zip"
	"compress/bzip2"
	"encoding/binary"
	"io"
	"strings"
)

// What a zip archive's directory may be. Ten thousand files' is far smaller, and all of it is held.
const (
	maxDirectory = 8 << 20 // bytes
	maxClaimed   = 1 << 20 // entries that it may say to have
)

var errDirectory error = problem("a zip archive of far too many files: unpack it, and choose those that matter")

// zipOf opens an item that is a zip archive, whose bytes from its beginning b reads.
func (w *walk) zipOf(it item, b io.Reader) error {
	p := it.part
	if p == nil {
		f, err := w.keep(b)
		if err != nil {
			return w.broken(it, err)
		}
		p = &part{newSource(f, nil), 0, f.Size()}
	}
	told := w.told
	w.told = w.size // the directory is at the end, of which nothing is to be told
	archive, err := zip.NewReader(&directory{part: *p}, p.size)
	w.told = told
	switch {
	case err == zip.ErrFormat:
		return w.broken(it, problem("the zip archive has no directory where it should end: it was not copied or written to its end. Get all of it, and choose it again"))
	case err != nil:
		return w.broken(it, inWords("the zip archive's directory", err))
	}
	archive.RegisterDecompressor(methodBzip2, func(r io.Reader) io.ReadCloser { return io.NopCloser(bzip2.NewReader(r)) })
	archive.RegisterDecompressor(methodZstd, func(r io.Reader) io.ReadCloser {
		z, err := newZstd(r)
		if err != nil {
			return io.NopCloser(&failed{err})
		}
		return z.IOReadCloser()
	})
	if r := office(archive); r != nil {
		return w.refuse(it, *r)
	}
	if len(archive.File) == 0 {
		return w.refuse(it, refused{reason: "an archive that nothing is in"})
	}
	for _, e := range archive.File {
		if strings.HasSuffix(e.Name, "/") || strings.HasSuffix(e.Name, `\`) {
			continue
		}
		if p.walk != nil && p.from == 0 && p.size == w.size {
			w.in = 0
		}
		if err := w.zipEntry(it, p, e); err != nil {
			return err
		}
	}
	return nil
}

// The methods by which an entry may be compressed.
const (
	methodBzip2 = 12
	methodZstd  = 93
)

func (w *walk) zipEntry(of item, p *part, e *zip.File) error {
	folder, name, reason := split(e.Name)
	it := item{name: name, bare: name, within: join(join(of.within, of.name), folder), depth: of.depth}
	const encrypted = 1
	switch {
	case reason != "":
		return w.refuse(it, refused{reason: reason})
	case e.Flags&encrypted != 0:
		return w.refuse(it, refused{reason: "encrypted, and passwords are not asked for here" + unpackIt, trace: true})
	case e.Method != zip.Store && e.Method != zip.Deflate && e.Method != methodBzip2 && e.Method != methodZstd:
		return w.refuse(it, refused{reason: "compressed by a method of zip archives that is not read here" + unpackIt, trace: true})
	}
	from, err := e.DataOffset()
	if err != nil {
		return w.broken(it, inWords("the zip archive's data", err))
	}
	f := &inflated{walk: w, size: -1}
	var opened io.Closer
	f.again = func() (io.Reader, error) {
		r, err := e.Open()
		opened = r
		return r, err
	}
	defer func() {
		f.close()
		if opened != nil {
			opened.Close()
		}
	}()
	size := int64(min(e.CompressedSize64, 1<<62))
	switch fits := from <= p.size && size <= p.size-from; {
	case e.Method == zip.Deflate && fits && w.next >= w.limits.From && e.UncompressedSize64 < 1<<62:
		if f.native = p.inflate(from, size, "deflate-raw"); f.native != nil {
			f.size, f.expected = int64(e.UncompressedSize64), int64(e.UncompressedSize64)
			f.packed, f.base, f.before = size, p.from+from, w.in
		}
	case e.Method == zip.Store && fits:
		it.part = &part{p.source, p.from + from, size}
	}
	it.r = w.limit(f, "the zip archive's data of it")
	return w.open(it)
}

// office tells an archive that is a document of an office program, of which nobody means the files in it.
func office(archive *zip.Reader) *refused {
	document, workbook := false, false
	for _, e := range archive.File {
		document = document || e.Name == "[Content_Types].xml"
		workbook = workbook || strings.HasPrefix(e.Name, "xl/")
	}
	switch {
	case document && workbook:
		return &refused{reason: "an Excel workbook: save it as CSV"}
	case document:
		return &refused{reason: "an office document, no trace"}
	}
	return nil
}

// A directory is the archive while its directory is read: of which it gives only so much, and no end that makes room for more.
type directory struct {
	part
	given int64
}

func (d *directory) ReadAt(b []byte, off int64) (int, error) {
	if d.given += int64(len(b)); d.given > maxDirectory {
		return 0, errDirectory
	}
	n, err := d.part.ReadAt(b, off)
	const end64, claimed = 56, 32
	if n == end64 && begins(b, "PK\x06\x06") && binary.LittleEndian.Uint64(b[claimed:]) > maxClaimed {
		return 0, errDirectory
	}
	return n, err
}

// A failed reader gives an error only.
type failed struct{ err error }

func (f *failed) Read([]byte) (int, error) { return 0, f.err }
