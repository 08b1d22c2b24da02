package tail

import (
	"bytes"
	"errors"
	"io"
	"io/fs"
	"slices"
)

// NextNames is Next for the names of hours of which the reader has rows: those that it has not been given by this Follower. They come from their
// beginning for every reader, also one that goes on where it stopped: there are few, and to be told twice does no harm.
func (f *Follower) NextNames() (Range, error) {
	for i := len(f.named) - 1; i >= 0; i-- {
		file := f.named[i]
		if f.done[file.Hour] == 0 {
			continue // its rows come first
		}
		lines, err := f.readNames(file.Hour)
		if errors.Is(err, fs.ErrNotExist) { // it went with its hour
			lines, err = nil, nil
		}
		if err != nil {
			return Range{}, err
		}
		r := Range{Hour: file.Hour, Offset: f.namesDone[file.Hour], Lines: lines}
		f.namesDone[file.Hour] += int64(len(lines))
		if f.namesDone[file.Hour] >= file.Names || len(lines) == 0 {
			f.named = slices.Delete(f.named, i, i+1)
		}
		if len(lines) > 0 {
			return r, nil
		}
	}
	return Range{}, ErrNothing
}

// readNames returns the whole lines of names that follow what has been given.
func (f *Follower) readNames(hour int64) ([]byte, error) {
	file, err := f.watch.folder.OpenNames(hour)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	n, err := file.ReadAt(f.buf, f.namesDone[hour])
	if err != nil && err != io.EOF {
		return nil, err
	}
	return f.buf[:bytes.LastIndexByte(f.buf[:n], '\n')+1], nil
}
