package hourly

import (
	"bytes"
	"fmt"
	"io"
	"os"

	"tracelens/shared/tracecsv"
)

// heal makes an existing file fit to be appended to: it checks that the header is ours and cuts off a torn last line. It returns
// the size that remains, 0 if the header itself is to be written.
func heal(f *os.File) (size int64, err error) {
	want := []byte(tracecsv.Header + "\n")
	head := make([]byte, len(want))
	n, err := io.ReadFull(f, head)
	switch {
	case err == io.EOF:
		return 0, nil
	case err == io.ErrUnexpectedEOF && bytes.HasPrefix(want, head[:n]): // torn within the header
		return 0, f.Truncate(0)
	case err != nil && err != io.ErrUnexpectedEOF:
		return 0, err
	case !bytes.Equal(head[:n], want):
		return 0, fmt.Errorf("%s is not an hour file of tracelens, its first line is another one; move it away, or choose another folder with -w", f.Name())
	}
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	end, err := lastLine(f, info.Size())
	if err != nil || end == info.Size() {
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

// WholeLines returns how many of the first size bytes of a file are whole lines.
func WholeLines(path string, size int64) (int64, error) {
	f, err := os.Open(path)
	if err != nil {
		return 0, err
	}
	defer f.Close()
	return lastLine(f, size)
}
