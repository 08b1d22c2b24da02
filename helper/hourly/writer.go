// Package hourly writes rows into hour files: one file per hour of the packets' own time, named after the hour's first second.
//
// A file's name and its last newline are its whole state. There is nothing else to get out of step after a crash: a line that a
// crash tore is cut off when the file is opened again.
package hourly

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync/atomic"

	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// maxOpen bounds the open files. A capture needs two, around the full hour; a file whose clocks disagree may need more.
const maxOpen = 8

// pruneEvery is how many bytes may be written before the folder's size is looked at again, within an hour.
const pruneEvery = 4 << 20

// Options say how a Writer treats the folder.
type Options struct {
	// Exclusive is for conversions: an hour file that exists already is an error, not appended to.
	Exclusive bool
	// KeepFiles and KeepBytes bound what is kept, 0 for no bound: the oldest hours are removed.
	KeepFiles int
	KeepBytes int64
	// Removed is called with the name of each file removed for that.
	Removed func(name string)
}

// A Writer appends rows to the hour files of one folder. Its methods belong to one goroutine, but for Rows, Lost and Files.
type Writer struct {
	dir     string
	options Options
	lock    *os.File
	open    []*hourFile // the one used last at the end
	made    map[int64]bool
	touched map[int64]bool
	grown   int64 // bytes since the folder was pruned

	rows, lost, files atomic.Int64
}

type hourFile struct {
	hour int64
	disk disk
	size int64 // always just after a newline, or 0
}

// disk is what an hour file needs of *os.File; a test has one that is full.
type disk interface {
	io.WriteCloser
	Truncate(size int64) error
}

// Open prepares the folder, making it if need be, and locks it against a second writer.
func Open(dir string, o Options) (*Writer, error) {
	if err := makeDir(dir); err != nil {
		return nil, fmt.Errorf("cannot make the folder of the hour files: %w", err)
	}
	lock, err := lockDir(dir)
	if errors.Is(err, errLocked) {
		return nil, fmt.Errorf("another tracelens is writing to %s; stop it, or choose another folder with -w", dir)
	} else if err != nil {
		return nil, fmt.Errorf("cannot use the folder %s: %w", dir, err)
	}
	if err := probe(dir); err != nil {
		lock.Close()
		return nil, fmt.Errorf("cannot write to the folder %s: %w; choose another one with -w", dir, cause(err))
	}
	return &Writer{dir: dir, options: o, lock: lock, made: map[int64]bool{}, touched: map[int64]bool{}}, nil
}

// Write appends the rows of b, each to the file of its hour. After an error the rows that it could not write are counted by Lost
// and the files still end on a newline, so writing may go on with the next batch.
func (w *Writer) Write(b *Batch) error {
	var firstErr error
	begin := 0
	for _, r := range b.runs {
		if err := w.append(r, b.text[begin:r.end]); err != nil && firstErr == nil {
			firstErr = err
		}
		begin = r.end
	}
	return firstErr
}

func (w *Writer) append(r run, lines []byte) error {
	h, err := w.file(r.hour)
	if err != nil {
		w.lost.Add(r.rows)
		return err
	}
	if h.size == 0 {
		if _, err := h.write([]byte(tracecsv.Header + "\n")); err != nil {
			w.lost.Add(r.rows)
			return err
		}
	}
	n, err := h.write(lines)
	written := r.rows
	if err != nil {
		written = int64(bytes.Count(lines[:n], []byte{'\n'}))
	}
	w.rows.Add(written)
	w.lost.Add(r.rows - written)
	if w.grown += int64(len(lines)); w.options.KeepBytes > 0 && w.grown > pruneEvery {
		w.prune(r.hour)
	}
	return err
}

// write appends whole lines. If only a part fits, it cuts the torn line off again; n is what stays.
func (h *hourFile) write(lines []byte) (n int, err error) {
	n, err = h.disk.Write(lines)
	if err != nil {
		n = bytes.LastIndexByte(lines[:n], '\n') + 1
		if cutErr := h.disk.Truncate(h.size + int64(n)); cutErr != nil {
			err = errors.Join(err, cutErr)
		}
	}
	h.size += int64(n)
	return n, err
}

// file gives the open file of an hour, opening it and closing the one unused for longest as needed.
func (w *Writer) file(hour int64) (*hourFile, error) {
	last := len(w.open) - 1
	for i := last; i >= 0; i-- {
		if h := w.open[i]; h.hour == hour {
			copy(w.open[i:], w.open[i+1:])
			w.open[last] = h
			return h, nil
		}
	}
	if len(w.open) == maxOpen {
		if err := w.open[0].disk.Close(); err != nil {
			return nil, err
		}
		w.open = append(w.open[:0], w.open[1:]...)
	}
	h, err := w.openFile(hour)
	if err != nil {
		return nil, err
	}
	w.open = append(w.open, h)
	if !w.touched[hour] {
		w.touched[hour] = true
		w.files.Add(1)
		w.prune(hour)
	}
	return h, nil
}

func (w *Writer) openFile(hour int64) (*hourFile, error) {
	path := filepath.Join(w.dir, trace.HourFileName(hour))
	flags := os.O_RDWR | os.O_CREATE | os.O_APPEND | noFollow
	if w.options.Exclusive && !w.made[hour] {
		flags |= os.O_EXCL
	}
	f, err := os.OpenFile(path, flags, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil, &ExistsError{path}
	} else if err != nil {
		return nil, err
	}
	own(path)
	size, err := heal(f)
	if err != nil {
		f.Close()
		return nil, err
	}
	w.made[hour] = true
	return &hourFile{hour, f, size}, nil
}

// Close closes the files and unlocks the folder.
func (w *Writer) Close() error {
	var errs []error
	for _, h := range w.open {
		errs = append(errs, h.disk.Close())
	}
	w.open = nil
	w.lock.Close()
	return errors.Join(errs...)
}

// Undo removes the files that an exclusive Writer has made. Call it before Close.
func (w *Writer) Undo() {
	if !w.options.Exclusive {
		return
	}
	for hour := range w.made {
		os.Remove(filepath.Join(w.dir, trace.HourFileName(hour)))
	}
}

// Rows is how many rows have been written, Lost how many could not be, Files how many files they went to.
func (w *Writer) Rows() int64  { return w.rows.Load() }
func (w *Writer) Lost() int64  { return w.lost.Load() }
func (w *Writer) Files() int64 { return w.files.Load() }

// An ExistsError says that an exclusive Writer met an hour file that it has not made.
type ExistsError struct{ Path string }

func (e *ExistsError) Error() string {
	return e.Path + " exists already; choose an empty folder with -w"
}
