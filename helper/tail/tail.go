// Package tail reads the hour files of a folder as they grow, like tail -f over all of them: whole lines, oldest hour first, each
// hour from a place that the reader names.
package tail

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

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
	folder  *hourly.Folder
	done    map[int64]int64 // bytes of each hour that the reader has
	checked map[int64]bool  // whether done was found to be just after a newline
	todo    []hourly.File   // files that had more than done when the folder was last looked at, oldest first
	buf     []byte

	file *os.File // of hour open
	open int64

	lookAt time.Time // not again before this time
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

// Catalogue lists the hour files with the bytes that are whole lines, oldest first.
func Catalogue(folder *hourly.Folder) ([]hourly.File, error) {
	files, err := folder.Files()
	for i := range files {
		if end, err := folder.WholeLines(files[i].Hour, files[i].Size); err == nil {
			files[i].Size = end
		}
	}
	return files, err
}

// Follow starts after the bytes that the reader has of each hour. A range is at most limit bytes.
func Follow(folder *hourly.Folder, have map[int64]int64, limit int) *Follower {
	f := &Follower{folder: folder, done: map[int64]int64{}, checked: map[int64]bool{}, buf: make([]byte, limit)}
	for hour, offset := range have {
		f.done[hour] = offset
	}
	return f
}

// Next returns the next range, or ErrNothing.
func (f *Follower) Next() (Range, error) {
	if len(f.todo) == 0 {
		if err := f.look(); err != nil {
			return Range{}, err
		}
	}
	for len(f.todo) > 0 {
		hour := f.todo[0].Hour
		lines, err := f.read(hour)
		if errors.Is(err, fs.ErrNotExist) { // the oldest hours may be removed
			lines, err = nil, nil
		}
		if err != nil {
			return Range{}, err
		}
		if len(lines) == 0 {
			f.todo = f.todo[1:]
			continue
		}
		r := Range{hour, f.done[hour], lines}
		f.done[hour] += int64(len(lines))
		if f.done[hour] >= f.todo[0].Size {
			f.todo = f.todo[1:]
		}
		return r, nil
	}
	return Range{}, ErrNothing
}

// look finds the files that have grown. Looking costs time that grows with the number of files, so it is rationed to a small
// share of one core.
func (f *Follower) look() error {
	begin := time.Now()
	if begin.Before(f.lookAt) {
		return nil
	}
	files, err := f.folder.Files()
	if err != nil {
		return err
	}
	f.todo = f.todo[:0]
	for _, file := range files {
		if done := f.done[file.Hour]; file.Size < done {
			return &PositionError{file.Hour, done}
		} else if file.Size > done {
			f.todo = append(f.todo, file)
		}
	}
	f.lookAt = time.Now().Add(20 * time.Since(begin))
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
	file, err := f.folder.Open(hour)
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
