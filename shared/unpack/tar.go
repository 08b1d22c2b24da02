package unpack

import (
	"archive/tar"
	"io"
	"strings"
)

const tarBytes = "the tar archive's bytes"

// tar opens an item that is a tar archive, whose bytes are r's.
func (w *walk) tar(it item, r io.Reader) error {
	t := tar.NewReader(r)
	after := "" // the last entry
	for {
		h, err := t.Next()
		if err == io.EOF {
			if it.part == nil { // the sum of what was compressed is at its end
				_, err = io.Copy(io.Discard, r)
			}
			if err == nil || err == io.EOF {
				return nil
			}
		}
		if err != nil {
			err = inWords(tarBytes, err)
			if after != "" {
				err = problem("what follows " + after + " in it was not read: " + err.Error())
			}
			return w.broken(it, err)
		}
		if err := w.tarEntry(it, h, t); err != nil {
			return err
		}
		_, after, _ = split(h.Name)
		if seeker, ok := r.(io.Seeker); ok && it.part.walk != nil {
			at, _ := seeker.Seek(0, io.SeekCurrent)
			w.progress(it.part.from + at)
		}
	}
}

func (w *walk) tarEntry(of item, h *tar.Header, t *tar.Reader) error {
	folder, name, reason := split(h.Name)
	it := item{name: name, bare: name, within: join(join(of.within, of.name), folder), depth: of.depth}
	switch h.Typeflag {
	case tar.TypeDir, tar.TypeXGlobalHeader:
		return nil
	case tar.TypeReg, tar.TypeCont, tar.TypeGNUSparse:
	default:
		return w.refuse(it, refused{reason: "a link or a device, which holds nothing itself"})
	}
	if reason != "" {
		return w.refuse(it, refused{reason: reason})
	}
	// What a sparse file does not hold is given as zeros, of which an archive may have any number.
	if sparse(h) {
		it.r = w.limit(t, tarBytes)
	} else {
		it.r = &tarData{t}
	}
	return w.open(it)
}

func sparse(h *tar.Header) bool {
	for key := range h.PAXRecords {
		if strings.HasPrefix(key, "GNU.sparse.") {
			return true
		}
	}
	return h.Typeflag == tar.TypeGNUSparse
}

// tarData is the data of an entry, with errors in words.
type tarData struct{ t *tar.Reader }

func (d *tarData) Read(b []byte) (int, error) {
	n, err := d.t.Read(b)
	return n, inWords(tarBytes, err)
}
