package hourly

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// A disk is what a Writer needs of a folder: what may fail, and what a crash may cut short. The tests have some that do both.
type disk interface {
	list() ([]File, error)
	open(name string, flags int) (diskFile, error) // for reading and appending
	remove(name string) error
	sync() error // the names of the files
}

type diskFile interface {
	io.ReaderAt
	io.Writer
	Truncate(size int64) error
	Sync() error
	Close() error
	size() (int64, error)
}

// folderDisk is a real folder.
type folderDisk struct{ folder *Folder }

func (d folderDisk) list() ([]File, error)    { return d.folder.Files() }
func (d folderDisk) remove(name string) error { return d.folder.root.Remove(name) }

func (d folderDisk) open(name string, flags int) (diskFile, error) {
	f, err := d.folder.regular(name, os.O_RDWR|os.O_APPEND|flags)
	if err != nil {
		return nil, err
	}
	return osFile{f}, nil
}

func (d folderDisk) sync() error {
	dir, err := d.folder.root.Open(".")
	if err != nil {
		return err
	}
	defer dir.Close()
	if err := dir.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, fs.ErrInvalid) && !errors.Is(err, fs.ErrPermission) {
		return err // elsewhere than on Unix folders cannot be synced
	}
	return nil
}

type osFile struct{ *os.File }

func (f osFile) size() (int64, error) {
	info, err := f.Stat()
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// probe finds out at once, not at the first packet, whether files can be made in the folder.
func (f *Folder) probe() error {
	const name = ".writable"
	f.root.Remove(name) // of one that was killed in between
	file, err := f.root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	file.Close()
	return f.root.Remove(name)
}

func cause(err error) error {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return p.Err
	}
	return err
}
