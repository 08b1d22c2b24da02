//go:build js

package browser

import (
	"io"
	"syscall/js"
)

// A File is a file that the user gave, or one made here; its bytes stay with the browser until they are read.
type File struct{ v js.Value }

// NewFile makes a file from bytes.
func NewFile(name string, b []byte) File { return newFile(name, toArray(b)) }

// Join makes a file of the bytes of others, in order. The browser shares their storage.
func Join(name string, parts []File) File {
	list := make([]any, len(parts))
	for i, p := range parts {
		list[i] = p.v
	}
	return newFile(name, list...)
}

func newFile(name string, parts ...any) File {
	return File{js.Global().Get("File").New(parts, name)}
}

func (f File) Name() string { return f.v.Get("name").String() }

// Size is the file's size in bytes.
func (f File) Size() int64 { return int64(f.v.Get("size").Float()) }

// Slice is bytes from..to of the file, as a file of its own. Nothing is read.
func (f File) Slice(name string, from, to int64) File {
	return newFile(name, f.v.Call("slice", float64(from), float64(to)))
}

// ReadAt reads like io.ReaderAt.
func (f File) ReadAt(b []byte, offset int64) (n int, err error) {
	n = int(min(int64(len(b)), max(0, f.Size()-offset)))
	if n > 0 {
		buffer, err := await(f.request(offset, offset+int64(n)))
		if err != nil {
			return 0, err
		}
		n = copyBuffer(b, buffer)
	}
	if n < len(b) {
		err = io.EOF
	}
	return n, err
}

func (f File) request(from, to int64) js.Value {
	return f.v.Call("slice", float64(from), float64(to)).Call("arrayBuffer")
}

func copyBuffer(b []byte, buffer js.Value) int {
	return js.CopyBytesToGo(b, js.Global().Get("Uint8Array").New(buffer))
}

// Chosen are the files that the input with the given selector holds now.
func Chosen(inputSelector string) []Given {
	input := js.Global().Get("document").Call("querySelector", inputSelector)
	if input.IsNull() {
		return nil
	}
	return listOf(input.Get("files"))
}

// OnFiles calls f with the files that the user chooses in the input with the given selector, or drops anywhere on the page.
// over says when files are held over the page. A drop never makes the browser leave the page.
func OnFiles(inputSelector string, f func([]Given), over func(bool)) {
	document := js.Global().Get("document")
	listen(document, "change", func(e js.Value) {
		input := e.Get("target")
		if !input.Call("matches", inputSelector).Bool() {
			return
		}
		files := listOf(input.Get("files"))
		input.Set("value", "") // so that choosing the same file again is a change
		f(files)
	})
	window := js.Global()
	listen(window, "dragover", func(e js.Value) {
		if holdsFiles(e) { // text that is dragged belongs to the input it is dropped on
			e.Call("preventDefault")
			over(true)
		}
	})
	listen(window, "dragleave", func(e js.Value) {
		if e.Get("relatedTarget").IsNull() {
			over(false)
		}
	})
	listen(window, "drop", func(e js.Value) {
		if !holdsFiles(e) {
			return
		}
		e.Call("preventDefault")
		over(false)
		if files := listOf(e.Get("dataTransfer").Get("files")); len(files) > 0 {
			f(files)
		}
	})
}

func holdsFiles(drag js.Value) bool {
	return drag.Get("dataTransfer").Get("types").Call("includes", "Files").Bool()
}

func listOf(list js.Value) []Given {
	files := make([]Given, list.Get("length").Int())
	for i := range files {
		files[i].File = File{list.Index(i)}
	}
	return files
}

// Download offers the file to the user under its name.
func Download(f File) {
	url := js.Global().Get("URL").Call("createObjectURL", f.v)
	document := js.Global().Get("document")
	a := document.Call("createElement", "a")
	a.Set("href", url)
	a.Set("download", f.Name())
	a.Call("click")
	AfterMS(60_000, func() { js.Global().Get("URL").Call("revokeObjectURL", url) }) // the browser needs it while it saves
}
