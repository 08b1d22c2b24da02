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
	stream := js.Global().Call("inPieces", f.v.Call("slice", float64(from), float64(to))).Call("pipeThrough", inflating)
	return &inflater{stream: stream.Call("getReader"), promises: newPromises(), room: js.Global().Get("Uint8Array").New(gatherBytes)}, nil
}

var errNoInflating = errors.New("this browser does not inflate")

// An inflater is held for as long as it is read: see Reader.
type inflater struct {
	stream   js.Value
	promises promises
	room     js.Value // Uint8Array
	at, len  int      // of the bytes in it that have not been read
}

// gatherBytes is how much is waited for at once: a promise is dear.
const gatherBytes = 256 << 10

func (r *inflater) Read(b []byte) (int, error) {
	if r.at == r.len {
		n, err := r.promises.wait(js.Global().Call("gather", r.stream, r.room))
		if err != nil {
			return 0, err
		}
		if r.at, r.len = 0, n.Int(); r.len == 0 {
			return 0, io.EOF
		}
	}
	n := js.CopyBytesToGo(b, r.room.Call("subarray", r.at, min(r.len, r.at+len(b))))
	r.at += n
	return n, nil
}

// Close must not be called while Read waits.
func (r *inflater) Close() error {
	cancelled := r.stream.Call("cancel")
	cancelled.Call("catch", js.Global().Get("ignored"))
	r.promises.release()
	return nil
}
