package hourly

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"sync"

	"tracelens/shared/trace"
)

// A Folder holds hour files. Whoever has opened it reaches them by its handle, also after giving up the rights by which the path to it
// could be walked.
type Folder struct {
	root *os.Root

	mu      sync.Mutex
	changed chan struct{} // what Changed gave out last, or nil
}

// A File is an hour file in a folder.
type File struct {
	Hour  int64 // unix seconds
	Size  int64 // bytes
	Names int64 // bytes of its names, 0 if there are none
}

// OpenFolder opens the folder at dir. It is made, for its owner only, if it is not there: addresses are personal data.
func OpenFolder(dir string) (*Folder, error) {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("cannot make the folder of the hour files: mkdir %s: there is a file of that name", dir)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("cannot make the folder of the hour files: %w", err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("cannot use the folder of the hour files: %w", err)
	}
	return &Folder{root: root}, nil
}

// Name is the folder's path as it was given.
func (f *Folder) Name() string { return f.root.Name() }

// Close gives up the handle.
func (f *Folder) Close() error { return f.root.Close() }

// Changed returns a channel that is closed when a Writer of this folder has next written to it.
func (f *Folder) Changed() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.changed == nil {
		f.changed = make(chan struct{})
	}
	return f.changed
}

// tell closes what Changed gave out.
func (f *Folder) tell() {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.changed != nil {
		close(f.changed)
		f.changed = nil
	}
}

// Empty removes the hour files.
func (f *Folder) Empty() {
	files, _ := f.Files()
	for _, file := range files {
		f.root.Remove(trace.NamesFileName(file.Hour))
		f.root.Remove(trace.HourFileName(file.Hour))
	}
}

// Files lists the hour files, oldest first. Other files do not matter.
func (f *Folder) Files() ([]File, error) {
	dir, err := f.root.Open(".")
	if err != nil {
		return nil, err
	}
	defer dir.Close()
	entries, err := dir.ReadDir(-1)
	if err != nil {
		return nil, err
	}
	var files []File
	named := map[int64]bool{}
	for _, e := range entries {
		if hour, ok := trace.NamesOf(e.Name()); ok && e.Name() == trace.NamesFileName(hour) && e.Type().IsRegular() {
			named[hour] = true
		}
	}
	for _, e := range entries {
		hour, ok := trace.StartOf(e.Name())
		if !ok || hour%lengthS != 0 || e.Name() != trace.HourFileName(hour) || !e.Type().IsRegular() {
			continue
		}
		info, err := f.root.Lstat(e.Name()) // by the handle: the path may not be walked any more
		if errors.Is(err, fs.ErrNotExist) {
			continue // removed meanwhile
		} else if err != nil {
			return nil, err
		}
		file := File{Hour: hour, Size: info.Size()}
		if named[hour] {
			if info, err := f.root.Lstat(trace.NamesFileName(hour)); err == nil {
				file.Names = info.Size()
			}
		}
		files = append(files, file)
	}
	slices.SortFunc(files, func(a, b File) int { return cmp.Compare(a.Hour, b.Hour) })
	return files, nil
}

// Open opens the file of an hour for reading.
func (f *Folder) Open(hour int64) (*os.File, error) {
	return f.regular(trace.HourFileName(hour), os.O_RDONLY)
}

// OpenNames opens the names of an hour for reading.
func (f *Folder) OpenNames(hour int64) (*os.File, error) {
	return f.regular(trace.NamesFileName(hour), os.O_RDONLY)
}

// regular opens a file that is no symbolic link: somebody else may have put one there.
func (f *Folder) regular(name string, flags int) (*os.File, error) {
	file, err := f.root.OpenFile(name, flags, 0o600)
	if err != nil {
		return nil, err
	}
	opened, err := file.Stat()
	if err == nil {
		var named fs.FileInfo
		if named, err = f.root.Lstat(name); err == nil && (!named.Mode().IsRegular() || !os.SameFile(opened, named)) {
			err = &fs.PathError{Op: "open", Path: name, Err: errors.New("it is no regular file; symbolic links are not followed")}
		}
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	return file, nil
}

// Create begins a file beside the hour files, for the folder's owner only, of a name that there is none of yet.
func (f *Folder) Create(name string) (*os.File, error) {
	return f.regular(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL)
}

// Put is Create with the content, in the place of any file of the name.
func (f *Folder) Put(name, content string) error {
	if err := f.root.Remove(name); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	file, err := f.Create(name)
	if err != nil {
		return err
	}
	_, err = file.WriteString(content)
	return errors.Join(err, file.Close())
}

// Remove removes a file that Put or Create has made.
func (f *Folder) Remove(name string) error { return f.root.Remove(name) }

// WholeLines returns how many of the first size bytes of an hour's file are whole lines.
func (f *Folder) WholeLines(hour, size int64) (int64, error) {
	file, err := f.Open(hour)
	if err != nil {
		return 0, err
	}
	defer file.Close()
	return lastLine(file, size)
}
