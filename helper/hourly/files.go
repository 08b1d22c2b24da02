package hourly

import (
	"errors"
	"io/fs"
	"os"
	"slices"

	"tracelens/shared/called"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// A series is a kind of file, of which there is one for each hour.
type series uint8

const (
	rowsOf  series = iota // the hour file
	namesOf               // the names that were seen in it
)

// An id is which file one is.
type id struct {
	series series
	hour   int64
}

func (f id) name() string {
	if f.series == namesOf {
		return trace.NamesFileName(f.hour)
	}
	return trace.HourFileName(f.hour)
}

// header is its first line.
func (f id) header() []byte { return headers[f.series] }

var headers = [...][]byte{rowsOf: []byte(tracecsv.Header + "\n"), namesOf: []byte(called.Header + "\n")}

// An hourFile is an open one.
type hourFile struct {
	id
	disk  diskFile
	size  int64 // always just after a newline, or 0
	dirty bool  // grown since it was last synced
}

// file gives an open file, opening it and closing the one unused for longest as needed.
func (w *Writer) file(f id) (*hourFile, error) {
	last := len(w.open) - 1
	for i := last; i >= 0; i-- {
		if h := w.open[i]; h.id == f {
			copy(w.open[i:], w.open[i+1:])
			w.open[last] = h
			return h, nil
		}
	}
	if len(w.open) == maxOpen {
		w.finish(w.open[0])
	}
	h, err := w.openFile(f)
	if err != nil {
		return nil, err
	}
	w.open = append(w.open, h)
	if f.series == rowsOf && !w.touched[f.hour] {
		w.touched[f.hour] = true
		w.files.Add(1)
		w.prune(f.hour)
	}
	return h, nil
}

func (w *Writer) openFile(of id) (*hourFile, error) {
	name, flags := of.name(), os.O_CREATE
	if w.options.Exclusive && !w.made[of] {
		flags |= os.O_EXCL
	}
	f, err := w.disk.open(name, flags)
	if errors.Is(err, fs.ErrExist) {
		return nil, &ExistsError{w.path(name)}
	} else if err != nil {
		return nil, err
	}
	size, err := heal(f, of.header(), w.path(name))
	if err != nil {
		f.Close()
		return nil, err
	}
	w.made[of] = true
	delete(w.torn, of)
	w.newName = w.newName || size == 0
	return &hourFile{id: of, disk: f, size: size}, nil
}

// finish syncs a file and closes it.
func (w *Writer) finish(h *hourFile) {
	if h.dirty && !w.options.Exclusive {
		w.doubt(h, h.disk.Sync())
	}
	w.forget(h.id)
}

// forget closes a file, if it is open.
func (w *Writer) forget(f id) {
	for i, h := range w.open {
		if h.id == f {
			h.disk.Close()
			w.open = slices.Delete(w.open, i, i+1)
			return
		}
	}
}

func (w *Writer) path(name string) string {
	if w.folder == nil {
		return name
	}
	return w.folder.Name() + string(os.PathSeparator) + name
}

// An ExistsError says that an exclusive Writer met an hour file that it has not made.
type ExistsError struct{ Path string }

func (e *ExistsError) Error() string {
	return e.Path + " exists already; choose an empty folder with -w"
}
