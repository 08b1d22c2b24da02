//go:build js

package main

import "tracelens/app/internal/browser"

// partSize is how much is collected before it is handed to the browser's storage.
const partSize = 8 << 20

// A partWriter collects what is written in the browser's storage, so that a large file does not stay in memory here.
type partWriter struct {
	parts []browser.File
	buf   []byte
}

func (w *partWriter) Write(b []byte) (int, error) {
	if w.buf = append(w.buf, b...); len(w.buf) >= partSize {
		w.flush()
	}
	return len(b), nil
}

func (w *partWriter) flush() {
	w.parts = append(w.parts, browser.NewFile("", w.buf))
	w.buf = w.buf[:0]
}

// file is everything written, as a file.
func (w *partWriter) file(name string) browser.File {
	w.flush()
	return browser.Join(name, w.parts)
}
