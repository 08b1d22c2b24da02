//go:build js

package browser

import (
	"errors"
	"io"
	"syscall/js"
)

// Inflate reads the bytes from..to of a file as the browser inflates them, which it does several times faster than Go. The format is
// "gzip", of one member, or "deflate-raw". It returns an error where the browser knows no such format.
func (f File) Inflate(from, to int64, format string) (io.ReadCloser, error) {
	if js.Global().Get("DecompressionStream").IsUndefined() {
		return nil, errNoInflating
	}
	inflating, err := construct("DecompressionStream", format)
	if err != nil {
		return nil, err
	}
	stream := f.v.Call("slice", float64(from), float64(to)).Call("stream").Call("pipeThrough", inflating)
	return &inflater{stream: stream.Call("getReader"), promises: newPromises()}, nil
}

var errNoInflating = errors.New("this browser does not inflate")

// An inflater is held for as long as it is read: see Reader.
type inflater struct {
	stream   js.Value
	promises promises
	piece    js.Value // Uint8Array
	at, len  int
}

func (r *inflater) Read(b []byte) (int, error) {
	for r.at == r.len {
		result, err := r.promises.wait(r.stream.Call("read"))
		if err != nil {
			return 0, err
		}
		if result.Get("done").Bool() {
			return 0, io.EOF
		}
		r.piece = result.Get("value")
		r.at, r.len = 0, r.piece.Get("byteLength").Int()
	}
	piece := r.piece
	if r.at > 0 || r.len > len(b) {
		piece = r.piece.Call("subarray", r.at, min(r.len, r.at+len(b)))
	}
	n := js.CopyBytesToGo(b, piece)
	r.at += n
	return n, nil
}

// Close must not be called while Read waits.
func (r *inflater) Close() error {
	cancelled := r.stream.Call("cancel")
	cancelled.Call("catch", js.Global().Get("Function").New())
	r.promises.release()
	return nil
}
