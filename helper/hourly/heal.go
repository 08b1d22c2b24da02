package hourly

import (
	"bytes"
	"fmt"
	"io"
)

// heal makes an existing file fit to be appended to: it checks that the header is ours and cuts off a torn last line. It returns
// the size that remains, 0 if the header itself is to be written.
func heal(f diskFile, header []byte, name string) (size int64, err error) {
	head := make([]byte, len(header))
	n, err := f.ReadAt(head, 0)
	switch {
	case n == 0 && err == io.EOF:
		return 0, nil
	case err != nil && err != io.EOF:
		return 0, err
	case n < len(head) && bytes.HasPrefix(header, head[:n]): // torn within the header
		return 0, f.Truncate(0)
	case !bytes.Equal(head[:n], header):
		return 0, fmt.Errorf("%s is not an hour file of tracelens, its first line is another one; move it away, or choose another folder with -w", name)
	}
	all, err := f.size()
	if err != nil {
		return 0, err
	}
	end, err := lastLine(f, all)
	if err != nil || end == all {
		return end, err
	}
	return end, f.Truncate(end)
}

// lastLine returns the end of the last whole line within the first size bytes.
func lastLine(f io.ReaderAt, size int64) (int64, error) {
	buf := make([]byte, 4096)
	for end := size; end > 0; {
		begin := max(0, end-int64(len(buf)))
		b := buf[:end-begin]
		if _, err := f.ReadAt(b, begin); err != nil && err != io.EOF {
			return 0, err
		}
		if i := bytes.LastIndexByte(b, '\n'); i >= 0 {
			return begin + int64(i) + 1, nil
		}
		end = begin
	}
	return 0, nil
}

// healAll cuts off what a crash has torn, of every file: not only of those that will be appended to.
func (w *Writer) healAll() {
	files, err := w.disk.list()
	if err != nil {
		return // whoever made the Writer has looked at the folder already
	}
	for _, f := range files {
		for of, size := range map[id]int64{{rowsOf, f.Hour}: f.Size, {namesOf, f.Hour}: f.Names} {
			if size > 0 && w.endsTorn(of, size) {
				w.healOne(of)
			}
		}
	}
}

func (w *Writer) endsTorn(of id, size int64) bool {
	f, err := w.disk.open(of.name(), 0)
	if err != nil {
		return false
	}
	defer f.Close()
	var last [1]byte
	_, err = f.ReadAt(last[:], size-1)
	return err == nil && last[0] != '\n'
}

func (w *Writer) healOne(of id) {
	f, err := w.disk.open(of.name(), 0)
	if err != nil {
		return
	}
	defer f.Close()
	size, err := f.size()
	if err != nil {
		return
	}
	if end, err := heal(f, of.header(), of.name()); err == nil && end < size {
		w.warn("%s ended in the middle of a row, as after a crash or on a full disk: its last %d bytes were cut off", of.name(), size-end)
	}
}
