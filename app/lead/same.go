//go:build js

package lead

import (
	"bytes"
	"hash/fnv"
	"io"

	"tracelens/app/internal/browser"
)

// findSame looks for files that there are already, byte for byte: to drop a file twice is easily done, and would count every packet twice.
// They are left out until the user says that they are meant.
func (j *job) findSame(added []*source) {
	for _, s := range added {
		if s.input.Error == "" {
			j.compare(s)
		}
	}
}

// compare notes which of the sources before it a source is the same as, if any. One that has been read by then is not left out, but said to
// be there twice.
func (j *job) compare(s *source) {
	for _, o := range j.sources {
		if o == s {
			return
		}
		if o.input.Error == "" && o.input.Same == "" && o.bytes() > 0 && o.bytes() == s.bytes() && sameHour(s, o) && same(s, o) {
			s.input.Same = o.input.Name
			return
		}
	}
}

// sameHour reports whether two sources would be of the same time. Hours without packets have the same bytes and are not the same.
func sameHour(a, b *source) bool { return !a.started || !b.started || a.start == b.start }

// bytes is how many the file has as it was given, or had in the archive.
func (s *source) bytes() int64 {
	if s.entry {
		return s.size
	}
	return s.file.Size()
}

// same compares what has as many bytes: what was in an archive is gone, so that of it, its hash is compared.
func same(a, b *source) bool {
	if !a.entry && !b.entry {
		return sameBytes(a.file, b.file)
	}
	return a.hash() && b.hash() && a.sum == b.sum
}

// hash makes the sum known, if it can be.
func (s *source) hash() bool {
	if s.summed || s.entry {
		return s.summed
	}
	d, b := fnv.New64a(), make([]byte, stepBytes)
	for at := int64(0); at < s.file.Size(); {
		n, err := s.file.ReadAt(b, at)
		if err != nil && err != io.EOF {
			return false
		}
		d.Write(b[:n])
		at += int64(n)
	}
	s.sum, s.summed = d.Sum64(), true
	return true
}

// wanted reports whether a source is to be read.
func (s *source) wanted() bool {
	return s.input.Error == "" && (s.input.Same == "" || s.twice || s.entry)
}

// stepBytes is how much of a file is looked at at a time.
const stepBytes = 4 << 20

// sameBytes compares the ends of two files before all the rest.
func sameBytes(a, b browser.File) bool {
	const end = 64 << 10
	size := a.Size()
	if size != b.Size() {
		return false
	}
	return sameRange(a, b, 0, min(size, end)) && sameRange(a, b, max(0, size-end), size) && sameRange(a, b, min(size, end), max(0, size-end))
}

func sameRange(a, b browser.File, from, to int64) bool {
	one, two := make([]byte, min(stepBytes, max(0, to-from))), make([]byte, min(stepBytes, max(0, to-from)))
	for ; from < to; from += stepBytes {
		n := min(stepBytes, to-from)
		_, err1 := a.ReadAt(one[:n], from)
		_, err2 := b.ReadAt(two[:n], from)
		if err1 != nil && err1 != io.EOF || err2 != nil && err2 != io.EOF || !bytes.Equal(one[:n], two[:n]) {
			return false
		}
	}
	return true
}
