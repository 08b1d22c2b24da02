//go:build js

package main

import (
	"archive/zip"
	"compress/flate"
	"hash/crc32"
	"io"

	"tracelens/app/internal/browser"
)

// packing is how hard is tried to make an archive small. Measured on hour files in WebAssembly, a fifth larger than by flate's usual level, in
// under half of the time (60 MB/s for 26); the fastest one would take a tenth more room for a quarter of the time.
const packing = 2

// A bundle is one file as it is, or an archive of several: it becomes one with the second. What is written is packed at once, so that the
// browser never stores a trace as large as it is.
type bundle struct {
	name  string // of the archive
	names names
	first *entry // until there is an archive
	n     int64
	zip   *zip.Writer
	out   partWriter
	free  []*flate.Writer // of entries that rest
}

func newBundle(name string) *bundle { return &bundle{name: name, names: names{}} }

func (b *bundle) files() int64 { return b.n }

func (b *bundle) create(name string) (file, error) {
	e := &entry{in: b, name: name}
	if folder, free := b.names.free(name); folder != "" {
		e.name = folder + "/" + free
	} else {
		e.name = free
	}
	b.n++
	if b.n == 1 {
		b.first = e
		return e, nil
	}
	if b.n == 2 {
		b.zip = zip.NewWriter(&b.out)
		if err := b.first.pack(); err != nil {
			return nil, err
		}
		b.first = nil
	}
	e.packed = true
	return e, nil
}

func (b *bundle) finish() ([]browser.File, error) {
	switch {
	case b.n == 0:
		return nil, nil
	case b.first != nil:
		return []browser.File{b.first.parts.file(b.first.name)}, nil
	}
	if err := b.zip.Close(); err != nil {
		return nil, err
	}
	return []browser.File{b.out.file(b.name)}, nil
}

func (b *bundle) abandon() {} // the browser forgets what nobody refers to

// An entry is a file of a bundle.
type entry struct {
	in     *bundle
	name   string
	parts  partWriter // as it is, or packed
	packed bool
	packer *flate.Writer // while it is being written to
	crc    uint32
	size   uint64
	closed bool
}

func (e *entry) Write(b []byte) (int, error) {
	e.crc = crc32.Update(e.crc, crc32.IEEETable, b)
	e.size += uint64(len(b))
	if !e.packed {
		return e.parts.Write(b)
	}
	if err := e.wake(); err != nil {
		return 0, err
	}
	return e.packer.Write(b)
}

// wake gives a packed entry a packer. What one packer has flushed another can go on with.
func (e *entry) wake() (err error) {
	switch n := len(e.in.free); {
	case e.packer != nil:
	case n > 0:
		e.packer, e.in.free = e.in.free[n-1], e.in.free[:n-1]
		e.packer.Reset(&e.parts)
	default:
		e.packer, err = flate.NewWriter(&e.parts, packing)
	}
	return err
}

func (e *entry) rest() (err error) {
	if e.packer != nil {
		err = e.packer.Flush()
		e.in.free, e.packer = append(e.in.free, e.packer), nil
	}
	e.parts.flush()
	return err
}

func (e *entry) close() error {
	e.closed = true
	if !e.packed {
		return nil // it may be all that there will be
	}
	if err := e.wake(); err != nil {
		return err
	}
	if err := e.packer.Close(); err != nil {
		return err
	}
	e.in.free, e.packer = append(e.in.free, e.packer), nil
	const (
		version20  = 20
		sizesLater = 0x8   // they stand behind the bytes, where there is room for those over 4 GB
		utf8       = 0x800 // in the name
	)
	w, err := e.in.zip.CreateRaw(&zip.FileHeader{
		Name: e.name, Method: zip.Deflate, Flags: sizesLater | utf8, CreatorVersion: version20, ReaderVersion: version20,
		CRC32: e.crc, CompressedSize64: uint64(e.parts.size()), UncompressedSize64: e.size,
	})
	if err != nil {
		return err
	}
	r := browser.NewReader(e.parts.file(""))
	defer r.Close()
	_, err = io.Copy(w, r)
	e.parts = partWriter{}
	return err
}

// pack packs what was written as it is: there is another file.
func (e *entry) pack() error {
	plain := e.parts.file("")
	e.packed, e.parts = true, partWriter{}
	if err := e.wake(); err != nil {
		return err
	}
	r := browser.NewReader(plain)
	defer r.Close()
	if _, err := io.Copy(e.packer, r); err != nil || !e.closed {
		return err
	}
	return e.close()
}
