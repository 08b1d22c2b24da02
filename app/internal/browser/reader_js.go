//go:build js

package browser

import (
	"io"
	"syscall/js"
)

// streamed is how much is asked of a file's stream at once, and sliced of a file itself where the browser's streams cannot read into
// a buffer of ours. Measured over a gigabyte, a stream takes half the time, and half of the processor's, of slices of any size.
const (
	streamed = 1 << 20
	sliced   = 4 << 20
)

// A Reader reads a file from its beginning. What follows is requested before the current piece is handed out, so that the browser
// reads while we count.
type Reader struct {
	// The reader of the file's stream; undefined where it is read in slices. It must be held for as long as a piece is waited for:
	// Chromium collects a stream that only its promises refer to, and then they are never kept.
	stream    js.Value
	file      File
	requested int64 // of slices
	size      int64
	next      js.Value // promise of the piece that follows; undefined at the end
	promises  promises
	spare     js.Value // ArrayBuffer for the second request
	piece     js.Value // Uint8Array
	at, len   int
}

// NewReader starts reading. Close it.
func NewReader(f File) *Reader {
	r := &Reader{file: f, size: f.Size(), next: js.Undefined(), stream: js.Undefined(), promises: newPromises()}
	if r.size > 0 {
		r.stream = streamOf(f)
		if !r.stream.IsUndefined() {
			r.spare = buffer()
			r.next = r.fill(buffer())
		} else {
			r.request()
		}
	}
	return r
}

// streamOf is a reader of f's stream that fills buffers of ours, undefined if this browser has none.
func streamOf(f File) (reader js.Value) {
	defer func() {
		if recover() != nil { // getReader throws where it does not know of buffers
			reader = js.Undefined()
		}
	}()
	return f.v.Call("stream").Call("getReader", map[string]any{"mode": "byob"})
}

func buffer() js.Value { return js.Global().Get("ArrayBuffer").New(streamed) }

func (r *Reader) fill(b js.Value) js.Value {
	return js.Global().Call("fill", r.stream, b)
}

func (r *Reader) request() {
	r.next = js.Undefined()
	if r.requested < r.size {
		to := min(r.size, r.requested+sliced)
		r.next = r.file.request(r.requested, to)
		r.requested = to
	}
}

// Read reads like io.Reader.
func (r *Reader) Read(b []byte) (int, error) {
	if r.at == r.len {
		if r.next.IsUndefined() {
			return 0, io.EOF
		}
		got, err := r.promises.wait(r.next)
		if err != nil {
			return 0, err
		}
		if r.stream.IsUndefined() {
			r.piece = js.Global().Get("Uint8Array").New(got)
			r.request()
		} else {
			if got.Get("done").Bool() {
				r.next = js.Undefined()
				return 0, io.EOF
			}
			free := r.spare
			if !r.piece.IsUndefined() {
				free = r.piece.Get("buffer") // it has been copied to its end
			}
			r.piece = got.Get("value")
			r.next = r.fill(free)
		}
		r.at, r.len = 0, r.piece.Get("length").Int()
	}
	n := min(len(b), r.len-r.at)
	js.CopyBytesToGo(b[:n], r.piece.Call("subarray", r.at, r.at+n))
	r.at += n
	return n, nil
}

// Close gives up what has not been read.
func (r *Reader) Close() {
	if !r.stream.IsUndefined() {
		r.stream.Call("cancel")
	}
	r.next = js.Undefined()
	r.promises.release()
}
