// Package tail reads the hour files of a folder as they grow, like tail -f over all of them: whole lines, each hour from a place that the
// reader names, the oldest hour first or the newest.
//
//	folder -> Watch, which looks at it for all -> a Follower for each reader -> ranges of whole lines
//
// A reader that is slow reads later from the disk. Nothing is kept for it, and whoever writes the files does not know of it.
package tail

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"

	"tracelens/helper/hourly"
	"tracelens/shared/trace"
)

// A Range is a stretch of an hour file that ends on a newline.
type Range struct {
	Hour   int64 // unix seconds
	Offset int64
	Lines  []byte // valid until the next call of Next
}

// A Follower reads the hour files of one folder for one reader.
type Follower struct {
	watch       *Watch
	newestFirst bool
	done        map[int64]int64 // bytes of each hour that the reader has
	checked     map[int64]bool  // whether done was found to be just after a newline
	seen        *listing        // that todo is of
	todo        []hourly.File   // files that have more than done, oldest first
	buf         []byte

	named     []hourly.File   // hours that have names beyond namesDone
	namesDone map[int64]int64 // bytes of the names of each hour that have been given

	file *os.File // of hour open
	open int64
}

// ErrNothing says that the reader has every whole line there is; more may come.
var ErrNothing = errors.New("tail: nothing new")

// A PositionError says that a reader cannot go on where it stopped, because the file is another one now.
type PositionError struct {
	Hour, Offset int64
}

func (e *PositionError) Error() string {
	return fmt.Sprintf("%s is not the file it was: it cannot be read on from byte %d", trace.HourFileName(e.Hour), e.Offset)
}

// Follow starts after the bytes that the reader has of each hour. A range is at most limit bytes. With newestFirst, what has been written
// last comes first, and older hours are read while there is nothing new.
func Follow(watch *Watch, have map[int64]int64, newestFirst bool, limit int) *Follower {
	f := &Follower{watch: watch, newestFirst: newestFirst, done: map[int64]int64{}, checked: map[int64]bool{}, namesDone: map[int64]int64{}, buf: make([]byte, limit)}
	for hour, offset := range have {
		f.done[hour] = offset
	}
	return f
}

// Next returns the next range, or ErrNothing.
func (f *Follower) Next() (Range, error) {
	if err := f.look(); err != nil {
		return Range{}, err
	}
	for len(f.todo) > 0 {
		at := 0
		if f.newestFirst {
			at = len(f.todo) - 1
		}
		hour, size := f.todo[at].Hour, f.todo[at].Size
		lines, err := f.read(hour)
		if errors.Is(err, fs.ErrNotExist) { // the oldest hours may be removed
			lines, err = nil, nil
		}
		if err != nil {
			return Range{}, err
		}
		r := Range{hour, f.done[hour], lines}
		f.done[hour] += int64(len(lines))
		if f.done[hour] >= size || len(lines) == 0 {
			f.todo = slices.Delete(f.todo, at, at+1)
		}
		if len(lines) > 0 {
			return r, nil
		}
	}
	return Range{}, ErrNothing
}

// Newer returns a channel that is closed when Next may have something after it had nothing.
func (f *Follower) Newer() <-chan struct{} { return f.seen.newer }

// look finds the files that have grown, if the folder has been looked at anew.
func (f *Follower) look() error {
	l := f.watch.listing()
	if l == f.seen {
		return nil
	}
	f.seen, f.todo, f.named = l, f.todo[:0], f.named[:0]
	if l.err != nil {
		return l.err
	}
	for _, file := range l.files {
		if file.Names > f.namesDone[file.Hour] {
			f.named = append(f.named, file)
		}
		if done := f.done[file.Hour]; file.Size < done {
			return &PositionError{file.Hour, done}
		} else if file.Size > done {
			f.todo = append(f.todo, file)
		}
	}
	return nil
}

// read returns the whole lines that follow what the reader has of an hour, as many as fit.
func (f *Follower) read(hour int64) ([]byte, error) {
	if err := f.openFile(hour); err != nil {
		return nil, err
	}
	offset := f.done[hour]
	if offset > 0 && !f.checked[hour] {
		var before [1]byte
		if _, err := f.file.ReadAt(before[:], offset-1); err != nil || before[0] != '\n' {
			return nil, &PositionError{hour, offset}
		}
	}
	f.checked[hour] = true
	n, err := f.file.ReadAt(f.buf, offset)
	if err != nil && err != io.EOF {
		return nil, err
	}
	end := bytes.LastIndexByte(f.buf[:n], '\n') + 1
	if end == 0 && n == len(f.buf) {
		return nil, fmt.Errorf("%s has a line of more than %d bytes after byte %d", trace.HourFileName(hour), n, offset)
	}
	return f.buf[:end], nil
}

func (f *Follower) openFile(hour int64) error {
	if f.file != nil && f.open == hour {
		return nil
	}
	f.Close()
	file, err := f.watch.folder.Open(hour)
	if err != nil {
		return err
	}
	f.file, f.open = file, hour
	return nil
}

// Close closes what the follower has open. It may be used again afterwards.
func (f *Follower) Close() {
	if f.file != nil {
		f.file.Close()
		f.file = nil
	}
}
