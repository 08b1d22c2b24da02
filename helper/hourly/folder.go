package hourly

import (
	"cmp"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"

	"tracelens/shared/trace"
)

// A File is an hour file in a folder.
type File struct {
	Hour int64 // unix seconds
	Size int64
}

// List gives the hour files of a folder, oldest first. Other files do not matter.
func List(dir string) ([]File, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, err
	}
	var files []File
	for _, e := range entries {
		hour, ok := trace.StartOf(e.Name())
		if !ok || hour%trace.HourS != 0 || e.Name() != trace.HourFileName(hour) || !e.Type().IsRegular() {
			continue
		}
		info, err := e.Info()
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed meanwhile
		} else if err != nil {
			return nil, err
		}
		files = append(files, File{hour, info.Size()})
	}
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Hour, b.Hour) })
	return files, nil
}

// makeDir makes the folder for its owner only: addresses are personal data.
func makeDir(dir string) error {
	if info, err := os.Stat(dir); err == nil {
		if !info.IsDir() {
			return &fs.PathError{Op: "mkdir", Path: dir, Err: errors.New("there is a file of that name")}
		}
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	own(dir)
	return nil
}

// probe finds out at once, not at the first packet, whether files can be made in dir.
func probe(dir string) error {
	f, err := os.CreateTemp(dir, ".writable-*")
	if err != nil {
		return err
	}
	f.Close()
	return os.Remove(f.Name())
}

func cause(err error) error {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return p.Err
	}
	return err
}

// own gives what was made under sudo to the user who called it, who otherwise could not read it.
func own(path string) {
	uid, err := strconv.Atoi(os.Getenv("SUDO_UID"))
	gid, gidErr := strconv.Atoi(os.Getenv("SUDO_GID"))
	if os.Geteuid() != 0 || err != nil || gidErr != nil {
		return
	}
	os.Lchown(path, uid, gid) // as well as we can: the file is written either way
}

// prune removes the oldest hours beyond the bounds, never the one that is about to be written.
func (w *Writer) prune(writing int64) {
	if w.options.KeepFiles == 0 && w.options.KeepBytes == 0 {
		return
	}
	w.grown = 0
	files, err := List(w.dir)
	if err != nil {
		return
	}
	var total int64
	for _, f := range files {
		total += f.Size
	}
	for _, f := range files {
		tooMany := w.options.KeepFiles > 0 && len(files) > w.options.KeepFiles
		tooLarge := w.options.KeepBytes > 0 && total > w.options.KeepBytes
		if f.Hour == writing || !tooMany && !tooLarge {
			return
		}
		name := trace.HourFileName(f.Hour)
		w.forget(f.Hour)
		if os.Remove(filepath.Join(w.dir, name)) == nil && w.options.Removed != nil {
			w.options.Removed(name)
		}
		files, total = files[1:], total-f.Size
	}
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
