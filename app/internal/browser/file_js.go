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

// Chosen are the files that the inputs that match the selector hold now, and what of them could not be taken, in words.
func Chosen(inputs string) (files []Given, refused []string) {
	list := js.Global().Get("document").Call("querySelectorAll", inputs)
	for i := range list.Get("length").Int() {
		f, r := inFolders(list.Index(i).Get("files"), func(int) {})
		files, refused = append(files, f...), append(refused, r...)
	}
	return files, refused
}

// TakeChosen is Chosen, and empties the inputs, so that choosing the same file again is a change.
func TakeChosen(inputs string) (files []Given) {
	files, _ = Chosen(inputs)
	list := js.Global().Get("document").Call("querySelectorAll", inputs)
	for i := range list.Get("length").Int() {
		list.Index(i).Set("value", "")
	}
	return files
}

// OnFiles calls f with the files that the user chooses in the inputs that match the selector, or drops anywhere on the page, and with what
// of that could not be taken, in words. Folders are looked through, which takes a while: finding then tells how many files have been found.
// over says when files are held over the page. A drop never makes the browser leave the page.
func OnFiles(inputs string, f func(files []Given, refused []string), finding func(found int), over func(bool)) {
	document := js.Global().Get("document")
	listen(document, "change", func(e js.Value) {
		input := e.Get("target")
		if !input.Call("matches", inputs).Bool() {
			return
		}
		list := js.Global().Get("Array").Call("from", input.Get("files")) // the input's own is emptied with it
		input.Set("value", "")                                            // so that choosing the same file again is a change
		go func() {
			tell := seldom(finding)
			f(inFolders(list, func(found int) {
				tell(found)
				Yield()
			}))
		}()
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
		files, folders := dropped(e.Get("dataTransfer")) // which is empty once this event is over
		if len(folders) == 0 {
			f(files, nil)
			return
		}
		go func() {
			within, refused := walkFolders(folders, finding)
			f(append(files, within...), refused)
		}()
	})
}

// OnLaunched calls f with the files that the system has opened with the page, where that is installed as a program.
func OnLaunched(f func(files []Given)) {
	js.Global().Call("launched", js.FuncOf(func(_ js.Value, args []js.Value) any { // as long as the page
		files := make([]Given, args[0].Length())
		for i := range files {
			files[i].File = File{args[0].Index(i)}
		}
		f(files)
		return nil
	}))
}

// dropped are the files and folders of a drop.
func dropped(data js.Value) (files []Given, folders []js.Value) {
	items := data.Get("items")
	for i := range items.Get("length").Int() {
		item := items.Index(i)
		if textOf(item.Get("kind")) != "file" {
			continue
		}
		if item.Get("webkitGetAsEntry").Truthy() {
			if entry := item.Call("webkitGetAsEntry"); entry.Truthy() && entry.Get("isDirectory").Bool() {
				folders = append(folders, entry)
				continue
			}
		}
		if file := item.Call("getAsFile"); file.Truthy() {
			files = append(files, Given{File: File{file}})
		}
	}
	return files, folders
}

func holdsFiles(drag js.Value) bool {
	return drag.Get("dataTransfer").Get("types").Call("includes", "Files").Bool()
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
