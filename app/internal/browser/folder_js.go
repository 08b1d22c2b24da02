//go:build js

package browser

import (
	"sort"
	"strings"
	"syscall/js"
)

// Looking through folders, the page is let on after turnMS, and told after tellMS how many files have been found.
const (
	turnMS = 8
	tellMS = 250
)

// A listed is what a folder has: a file or folder by its name, or a file by its path. Browsers list a folder in any order, and in another
// one each time.
type listed struct {
	name   string
	v      js.Value
	within string
}

type byName []listed

func (b byName) Len() int           { return len(b) }
func (b byName) Less(i, j int) bool { return b[i].name < b[j].name }
func (b byName) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

// seldom calls f, but not so often that it would be all that the page does.
func seldom(f func(found int)) func(found int) {
	last := NowMS()
	return func(found int) {
		if now := NowMS(); now-last > tellMS {
			last = now
			f(found)
		}
	}
}

// askedAtOnce is how many files of a folder are asked of the browser at a time: one after the other, most of the time is waiting.
const askedAtOnce = 32

// A walk finds the files in folders that were dropped, in the order of their paths.
type walk struct {
	files   []Given // those that the browser has not given have no File
	refused refusals
	lists   promises
	free    chan promises // for the files that may be asked for: all, when none is waited for
	top     string        // the folder that was dropped
	full    bool
	tell    func(found int)
}

// walkFolders finds the files in folders, which are FileSystemDirectoryEntries. It must not be called from an event handler.
func walkFolders(folders []js.Value, tell func(found int)) (files []Given, refused []string) {
	w := &walk{lists: newPromises(), free: make(chan promises, askedAtOnce), tell: seldom(tell)}
	for range askedAtOnce {
		w.free <- newPromises()
	}
	for _, f := range folders {
		before := len(w.files) + len(w.refused.told)
		w.top = f.Get("name").String()
		if w.folder(f, w.top, 1); before == len(w.files)+len(w.refused.told) {
			w.refused.none(w.top)
		}
	}
	w.lists.release()
	for range askedAtOnce {
		(<-w.free).release()
	}
	for _, f := range w.files {
		if !f.File.v.IsUndefined() {
			files = append(files, f)
		}
	}
	return files, w.refused.all()
}

func (w *walk) folder(folder js.Value, path string, depth int) {
	if depth > maxDepth {
		w.refused.tooDeep(path)
		return
	}
	list, err := w.list(folder)
	if err != nil {
		w.refused.unread(path, err)
	}
	for _, e := range list {
		if w.full {
			return
		}
		if e.v.Get("isDirectory").Bool() {
			w.folder(e.v, path+"/"+e.name, depth+1)
		} else {
			w.file(e.v, path, e.name)
		}
	}
}

// list is what is in a folder, which the browser tells some at a time.
func (w *walk) list(folder js.Value) (list []listed, err error) {
	reader := folder.Call("createReader")
	for len(list) <= maxFound {
		some, err := w.lists.call(reader, "readEntries")
		n := 0
		if err == nil {
			n = some.Get("length").Int()
		}
		if n == 0 {
			sort.Sort(byName(list))
			return list, err
		}
		for i := range n {
			e := some.Index(i)
			if name := e.Get("name").String(); !hidden(name) {
				list = append(list, listed{name: name, v: e})
			}
		}
	}
	sort.Sort(byName(list))
	return list, nil
}

func (w *walk) file(entry js.Value, within, name string) {
	i := len(w.files)
	if i == maxFound {
		w.full = true
		w.refused.tooMany(w.top)
		return
	}
	w.files = append(w.files, Given{Within: within})
	p := <-w.free
	entry.Call("file", p.ok, p.failed)
	go func() {
		if o := <-p.settled; o.err != nil {
			w.refused.unread(within+"/"+name, o.err)
		} else {
			w.files[i].File = File{o.value}
		}
		w.free <- p
	}()
	w.tell(len(w.files))
}

// inFolders are the files of a list, each with the folder that it is in: those of a folder that was chosen, by their paths, and as they are
// if they were chosen by themselves. pause lets the page on.
func inFolders(list js.Value, pause func(found int)) (files []Given, refused []string) {
	var r refusals
	var all []listed
	top, deep, last := "", "", NowMS()
	for i := range list.Get("length").Int() {
		file := list.Index(i)
		path := textOf(file.Get("webkitRelativePath"))
		within, depth, taken := folderOf(path)
		if depth > 0 {
			top, _, _ = strings.Cut(path, "/")
		}
		if depth > 0 && len(all) == maxFound {
			r.tooMany(top)
			break
		}
		switch {
		case !taken:
		case depth > maxDepth:
			if within != deep { // the files of a folder follow each other
				deep = within
				r.tooDeep(within)
			}
		default:
			all = append(all, listed{path, file, within})
		}
		if NowMS()-last > turnMS {
			pause(len(all))
			last = NowMS()
		}
	}
	if top != "" {
		sort.Sort(byName(all))
	}
	for _, f := range all {
		files = append(files, Given{File{f.v}, f.within})
	}
	if top != "" && len(files)+len(r.told) == 0 {
		r.none(top)
	}
	return files, r.all()
}
