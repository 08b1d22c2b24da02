package hourly

import (
	"errors"
	"io/fs"
	"os"
	"slices"
	"tracelens/shared/trace"
)

// An hourFile is an open one.
type hourFile struct {
	hour  int64
	disk  diskFile
	size  int64 // always just after a newline, or 0
	dirty bool  // grown since it was last synced
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
		w.finish(w.open[0])
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
	name, flags := trace.HourFileName(hour), os.O_CREATE
	if w.options.Exclusive && !w.made[hour] {
		flags |= os.O_EXCL
	}
	f, err := w.disk.open(name, flags)
	if errors.Is(err, fs.ErrExist) {
		return nil, &ExistsError{w.path(name)}
	} else if err != nil {
		return nil, err
	}
	size, err := heal(f, w.path(name))
	if err != nil {
		f.Close()
		return nil, err
	}
	w.made[hour] = true
	delete(w.torn, hour)
	w.newName = w.newName || size == 0
	return &hourFile{hour: hour, disk: f, size: size}, nil
}

// finish syncs a file and closes it.
func (w *Writer) finish(h *hourFile) {
	if h.dirty && !w.options.Exclusive {
		w.doubt(h, h.disk.Sync())
	}
	w.forget(h.hour)
}

// forget closes the file of an hour, if it is open.
func (w *Writer) forget(hour int64) {
	for i, h := range w.open {
		if h.hour == hour {
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
