//go:build js

package browser

import (
	"errors"
	"syscall/js"
)

// A Folder is one on the user's disk that files may be written to.
type Folder struct{ v js.Value } // a FileSystemDirectoryHandle

// CanWrite reports whether the browser lets pages write into folders.
func CanWrite() bool { return js.Global().Get("showDirectoryPicker").Truthy() }

// ChooseFolder lets the user choose a folder to write to, and calls got with it; not if they think better of it. It must be called soon after
// a click.
func ChooseFolder(got func(Folder), failed func(text string)) {
	go func() {
		v, err := await(js.Global().Call("chooseFolder"))
		switch {
		case err != nil:
			failed(err.Error())
		case v.Truthy():
			got(Folder{v})
		}
	}()
}

// SetFolder hands a folder on, if it is one.
func (m Message) SetFolder(key string, f Folder) Message {
	if !f.None() {
		m.v.Set(key, f.v)
	}
	return m
}

// Folder is what SetFolder has set, or none.
func (m Message) Folder(key string) Folder { return Folder{m.v.Get(key)} }

// None reports whether there is none.
func (f Folder) None() bool { return f.v.IsUndefined() }

// Name is the folder's own, without its path; empty if there is none.
func (f Folder) Name() string {
	if f.None() {
		return ""
	}
	return f.v.Get("name").String()
}

// Names are those of what is in the folder, of the first most.
func (f Folder) Names(most int) ([]string, error) {
	v, err := await(js.Global().Call("namesIn", f.v, most))
	if err != nil {
		return nil, err
	}
	names := make([]string, v.Length())
	for i := range names {
		names[i] = v.Index(i).String()
	}
	return names, nil
}

// Folder makes a folder in this one.
func (f Folder) Folder(name string) (Folder, error) {
	v, err := await(f.v.Call("getDirectoryHandle", name, created))
	return Folder{v}, err
}

var created = map[string]any{"create": true}

// Create makes a file that is not there yet.
func (f Folder) Create(name string) (*DiskFile, error) {
	if _, err := await(f.v.Call("getFileHandle", name)); err == nil {
		return nil, errThere
	}
	handle, err := await(f.v.Call("getFileHandle", name, created))
	if err != nil {
		return nil, err
	}
	return &DiskFile{in: f, name: name, handle: handle, open: js.Undefined()}, nil
}

var errThere = errors.New("it is there already")

// Remove removes a file, or an empty folder, if it can.
func (f Folder) Remove(name string) { await(f.v.Call("removeEntry", name)) }

// A DiskFile is a file in a folder. What is written is there for others once it has been closed; it may be written to again then, at its end.
type DiskFile struct {
	in     Folder
	name   string
	handle js.Value
	open   js.Value // a FileSystemWritableFileStream, or undefined
	size   int
}

// Write appends.
func (d *DiskFile) Write(b []byte) error {
	if d.open.IsUndefined() {
		open, err := await(js.Global().Call("appending", d.handle, d.size))
		if err != nil {
			return err
		}
		d.open = open
	}
	_, err := await(d.open.Call("write", toArray(b)))
	d.size += len(b)
	return err
}

// Close puts what has been written where others see it.
func (d *DiskFile) Close() error {
	if d.open.IsUndefined() {
		return nil
	}
	open := d.open
	d.open = js.Undefined()
	_, err := await(open.Call("close"))
	return err
}

// Remove gives the file up.
func (d *DiskFile) Remove() {
	if !d.open.IsUndefined() {
		await(d.open.Call("abort"))
		d.open = js.Undefined()
	}
	d.in.Remove(d.name)
}
