//go:build js

package main

import (
	"fmt"

	"tracelens/app/internal/browser"
	"tracelens/shared/trace"
)

// A folderOutput writes files into a folder of the user's disk, each as its rows come. Nothing that is there already is overwritten.
type folderOutput struct {
	folder browser.Folder
	names  names
	made   []*folderFile
	within map[string]browser.Folder // folders in it, for the second of a name
}

// newFolder begins in a folder. One with hour files is refused: it may be the trace itself, and what is added to another one becomes a part of
// it for whoever opens the folder.
func newFolder(f browser.Folder) (*folderOutput, error) {
	there, err := f.Names(mostThere)
	if err != nil {
		return nil, fmt.Errorf("the folder %s cannot be read: %w", f.Name(), err)
	}
	if len(there) == mostThere {
		return nil, fmt.Errorf("the folder %s is too full: choose one without hour files", f.Name())
	}
	for _, name := range there {
		if _, hour := trace.StartOf(name); hour {
			return nil, fmt.Errorf("the folder %s has hour files already, such as %s: choose one without, so that nothing is mixed up", f.Name(), name)
		}
	}
	return &folderOutput{folder: f, names: names{}, within: map[string]browser.Folder{}}, nil
}

// mostThere is how many files of a folder are looked at.
const mostThere = 100_000

func (o *folderOutput) files() int64 { return int64(len(o.made)) }

func (o *folderOutput) create(name string) (file, error) {
	within, name := o.names.free(name)
	f := &folderFile{of: o, name: name}
	into := o.folder
	var err error
	if within != "" {
		f.name = within + "/" + name
		var there bool
		if into, there = o.within[within]; !there {
			if into, err = o.folder.Folder(within); err != nil {
				return nil, o.failed(within, err)
			}
			o.within[within] = into
		}
	}
	if f.disk, err = into.Create(name); err != nil {
		return nil, o.failed(f.name, err)
	}
	o.made = append(o.made, f)
	return f, nil
}

func (o *folderOutput) failed(name string, err error) error {
	return fmt.Errorf("writing %s into the folder %s: %w", name, o.folder.Name(), err)
}

func (o *folderOutput) finish() ([]browser.File, error) { return nil, nil }

func (o *folderOutput) abandon() {
	for _, f := range o.made {
		f.disk.Remove()
	}
	for name := range o.within {
		o.folder.Remove(name)
	}
}

// A folderFile is a file of the folder. The browser shows what is written to others once it rests.
type folderFile struct {
	of   *folderOutput
	name string
	disk *browser.DiskFile
	buf  []byte
}

func (f *folderFile) Write(b []byte) (int, error) {
	if f.buf = append(f.buf, b...); len(f.buf) >= partSize {
		return len(b), f.flush()
	}
	return len(b), nil
}

func (f *folderFile) flush() (err error) {
	if len(f.buf) > 0 {
		if err = f.disk.Write(f.buf); err != nil {
			err = f.of.failed(f.name, err)
		}
		f.buf = f.buf[:0]
	}
	return err
}

func (f *folderFile) rest() error {
	if err := f.flush(); err != nil {
		return err
	}
	f.buf = nil
	if err := f.disk.Close(); err != nil {
		return f.of.failed(f.name, err)
	}
	return nil
}

func (f *folderFile) close() error { return f.rest() }
