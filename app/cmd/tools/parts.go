//go:build js

package main

import "tracelens/app/internal/browser"

// partSize is how much is collected before it is handed to the browser. Every file that is being written holds that much.
const partSize = 2 << 20

// A partWriter collects what is written in the browser's storage, so that a large file does not stay in memory here.
type partWriter struct {
	parts  []browser.File
	stored int64 // bytes in them
	buf    []byte
}

func (w *partWriter) Write(b []byte) (int, error) {
	if w.buf = append(w.buf, b...); len(w.buf) >= partSize {
		w.store()
	}
	return len(b), nil
}

func (w *partWriter) store() {
	if len(w.buf) > 0 {
		w.parts = append(w.parts, browser.NewFile("", w.buf))
		w.stored += int64(len(w.buf))
		w.buf = w.buf[:0]
	}
}

// flush leaves nothing in memory.
func (w *partWriter) flush() {
	w.store()
	w.buf = nil
}

func (w *partWriter) size() int64 { return w.stored + int64(len(w.buf)) }

// file is everything written, as a file.
func (w *partWriter) file(name string) browser.File {
	w.flush()
	return browser.Join(name, w.parts)
}
