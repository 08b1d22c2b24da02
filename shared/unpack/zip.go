package unpack

import (
	"archive/zip"
	"bufio"
	"compress/bzip2"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zstd"
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
	size := int64(min(e.CompressedSize64, 1<<62))
	z := &zipData{part: *p, from: from, size: size, entry: e}
	defer z.close()
	f := &inflated{walk: w, size: -1, again: z.open}
	defer f.close()
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

// zipData is what Go unpacks of an entry. Unlike archive/zip's own it gives all bytes that there are, before it finds that they are too
// few or not the right ones.
type zipData struct {
	part
	from, size int64 // of the compressed bytes in the part
	entry      *zip.File
	r          io.Reader
	zstd       *zstd.Decoder
	given      uint64
	sum        uint32
}

func (z *zipData) open() (r io.Reader, err error) {
	raw := bufio.NewReader(io.NewSectionReader(z.part, z.from, z.size))
	switch z.entry.Method {
	case zip.Store:
		z.r = raw
	case zip.Deflate:
		z.r = flate.NewReader(raw)
	case methodBzip2:
		z.r = bzip2.NewReader(raw)
	case methodZstd:
		z.zstd, err = newZstd(raw)
		z.r = z.zstd
	}
	return z, err
}

func (z *zipData) close() {
	if z.zstd != nil {
		z.zstd.Close()
	}
}

var (
	errSize = errors.New("it is longer than it should be")
	errSum  = errors.New("its checksum is wrong")
)

func (z *zipData) Read(b []byte) (int, error) {
	n, err := z.r.Read(b)
	if left := z.entry.UncompressedSize64 - z.given; uint64(n) > left {
		n, err = int(left), errSize
	}
	z.given += uint64(n)
	z.sum = crc32.Update(z.sum, crc32.IEEETable, b[:n])
	if err == io.EOF {
		switch {
		case z.given < z.entry.UncompressedSize64:
			err = io.ErrUnexpectedEOF
		case z.sum != z.entry.CRC32:
			err = errSum
		}
	}
	return n, err
}
