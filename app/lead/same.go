//go:build js

package lead

import (
	"bytes"
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
		if o.input.Error == "" && o.input.Same == "" && o.original().Size() > 0 && sameHour(s, o) && sameBytes(s.original(), o.original()) {
			s.input.Same = o.input.Name
			return
		}
	}
}

// sameHour reports whether two sources would be of the same time. Hours without packets have the same bytes and are not the same.
func sameHour(a, b *source) bool { return !a.started || !b.started || a.start == b.start }

// original is the file as it was given, or as it was in the archive.
func (s *source) original() browser.File {
	if s.entry {
		return s.all()
	}
	return s.file
}

// wanted reports whether a source is to be read.
func (s *source) wanted() bool {
	return s.input.Error == "" && (s.input.Same == "" || s.twice || s.entry)
}

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
	const step = 4 << 20
	one, two := make([]byte, min(step, max(0, to-from))), make([]byte, min(step, max(0, to-from)))
	for ; from < to; from += step {
		n := min(step, to-from)
		_, err1 := a.ReadAt(one[:n], from)
		_, err2 := b.ReadAt(two[:n], from)
		if err1 != nil && err1 != io.EOF || err2 != nil && err2 != io.EOF || !bytes.Equal(one[:n], two[:n]) {
			return false
		}
	}
	return true
}
