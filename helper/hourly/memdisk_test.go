package hourly

import (
	"errors"
	"io"
	"io/fs"
	"maps"
	"os"
	"slices"

	"tracelens/shared/trace"
)

// A memDisk is a folder in memory that keeps a log of what was done to it, and can fail.
type memDisk struct {
	files map[string][]byte
	done  []change
	// fail is asked before everything that can fail: n bytes of a write are done before the error. nil for never.
	fail func(what string, size int) (n int, err error)
}

// A change is one entry of the log. Only what changes the folder, or says what a power failure leaves of it, is in it.
type change struct {
	what string // "make", "write", "truncate", "remove", "sync", "sync names"
	name string
	data []byte
	size int64
}

func newMemDisk() *memDisk { return &memDisk{files: map[string][]byte{}} }

// apply does a change again. It is how the log is replayed.
func (d *memDisk) apply(c change) {
	switch c.what {
	case "make":
		d.files[c.name] = []byte{}
	case "write":
		d.files[c.name] = append(d.files[c.name], c.data...)
	case "truncate":
		d.files[c.name] = d.files[c.name][:c.size]
	case "remove":
		delete(d.files, c.name)
	}
	d.done = append(d.done, c)
}

func (d *memDisk) ask(what string, size int) (int, error) {
	if d.fail == nil {
		return size, nil
	}
	return d.fail(what, size)
}

func (d *memDisk) list() (all []File, err error) {
	if _, err := d.ask("list", 0); err != nil {
		return nil, err
	}
	for name, data := range d.files {
		if hour, ok := trace.StartOf(name); ok {
			all = append(all, File{Hour: hour, Size: int64(len(data)), Names: int64(len(d.files[trace.NamesFileName(hour)]))})
		}
	}
	slices.SortFunc(all, func(a, b File) int { return int((a.Hour - b.Hour) / lengthS) })
	return all, nil
}

func (d *memDisk) open(name string, flags int) (diskFile, error) {
	if _, err := d.ask("open", 0); err != nil {
		return nil, &fs.PathError{Op: "open", Path: name, Err: err}
	}
	_, exists := d.files[name]
	switch {
	case exists && flags&os.O_EXCL != 0:
		return nil, fs.ErrExist
	case !exists && flags&os.O_CREATE == 0:
		return nil, fs.ErrNotExist
	case !exists:
		d.apply(change{what: "make", name: name})
	}
	return &memFile{disk: d, name: name}, nil
}

func (d *memDisk) remove(name string) error {
	if _, err := d.ask("remove", 0); err != nil {
		return err
	}
	d.apply(change{what: "remove", name: name})
	return nil
}

func (d *memDisk) sync() error {
	if _, err := d.ask("sync names", 0); err != nil {
		return err
	}
	d.apply(change{what: "sync names"})
	return nil
}

type memFile struct {
	disk   *memDisk
	name   string
	closed bool
}

func (f *memFile) ReadAt(b []byte, at int64) (int, error) {
	if _, err := f.disk.ask("read", 0); err != nil {
		return 0, err
	}
	data := f.disk.files[f.name]
	if at < 0 || at >= int64(len(data)) {
		return 0, io.EOF
	}
	n := copy(b, data[at:])
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

func (f *memFile) Write(b []byte) (int, error) {
	if f.closed {
		return 0, os.ErrClosed
	}
	n, err := f.disk.ask("write", len(b))
	if n > 0 {
		f.disk.apply(change{what: "write", name: f.name, data: slices.Clone(b[:n])})
	}
	return n, err
}

func (f *memFile) Truncate(size int64) error {
	if f.closed {
		return os.ErrClosed
	}
	if _, err := f.disk.ask("truncate", 0); err != nil {
		return err
	}
	if size > int64(len(f.disk.files[f.name])) {
		return errors.New("truncate makes the file longer")
	}
	f.disk.apply(change{what: "truncate", name: f.name, size: size})
	return nil
}

func (f *memFile) Sync() error {
	if f.closed {
		return os.ErrClosed
	}
	if _, err := f.disk.ask("sync", 0); err != nil {
		return err
	}
	f.disk.apply(change{what: "sync", name: f.name})
	return nil
}

func (f *memFile) size() (int64, error) {
	_, err := f.disk.ask("size", 0)
	return int64(len(f.disk.files[f.name])), err
}

func (f *memFile) Close() error {
	f.closed = true
	return nil
}

// hours is the text of every hour file.
func (d *memDisk) hours() map[string]string {
	all := map[string]string{}
	for name, data := range maps.All(d.files) {
		if _, is := trace.StartOf(name); is {
			all[name] = string(data)
		}
	}
	return all
}
