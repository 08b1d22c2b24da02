//go:build js

package browser

import (
	"slices"
	"syscall/js"
)

// A Message is what the page and its worker post to each other: a kind, and fields by name.
type Message struct{ v js.Value }

// NewMessage is a message without fields.
func NewMessage(kind string) Message {
	v := js.Global().Get("Object").New()
	v.Set("kind", kind)
	return Message{v}
}

func (m Message) Kind() string { return m.Text("kind") }

// Setters return the message, so that one can be written in a line.

func (m Message) SetText(key, s string) Message         { m.v.Set(key, s); return m }
func (m Message) SetInt(key string, n int64) Message    { m.v.Set(key, float64(n)); return m }
func (m Message) SetBytes(key string, b []byte) Message { m.v.Set(key, toArray(b)); return m }

// A Space is memory of the browser's that two workers hand to each other: large messages need no new memory each time, which the
// browser would have to clear first and to collect later.
type Space struct{ v js.Value }

// None reports whether there is no memory.
func (s Space) None() bool { return s.v.IsUndefined() }

// SetBytesIn is SetBytes with the bytes in space, if they fit. The message is to be sent with PostMoved.
func (m Message) SetBytesIn(key string, b []byte, space Space) Message {
	buffer := space.v
	if space.None() || buffer.Get("byteLength").Int() < len(b) {
		buffer = js.Global().Get("ArrayBuffer").New(len(b) + len(b)/4)
	}
	array := js.Global().Get("Uint8Array").New(buffer, 0, len(b))
	js.CopyBytesToJS(array, b)
	m.v.Set(key, array)
	return m
}

// TakeBytes reads bytes into b, or into new memory if that is too short. It gives their space too, to be used again.
func (m Message) TakeBytes(key string, b []byte) ([]byte, Space) {
	v := m.v.Get(key)
	if v.Type() != js.TypeObject {
		return b[:0], Space{}
	}
	n := v.Get("length").Int()
	if cap(b) < n {
		b = make([]byte, n+n/4)
	}
	js.CopyBytesToGo(b[:n], v)
	return b[:n], Space{v.Get("buffer")}
}

// SetSpace hands a space over, if it is one. The message is to be sent with PostMoved.
func (m Message) SetSpace(key string, s Space) Message {
	if !s.None() {
		m.v.Set(key, s.v)
	}
	return m
}

// Space is a space that was handed over, or none.
func (m Message) Space(key string) Space { return Space{m.v.Get(key)} }

// spaces are those of some fields.
func (m Message) spaces(fields []string) []any {
	var list []any
	for _, field := range fields {
		v := m.v.Get(field)
		if v.IsUndefined() {
			continue
		}
		if buffer := v.Get("buffer"); !buffer.IsUndefined() {
			v = buffer
		}
		list = append(list, v)
	}
	return list
}

// A Block is bytes of a message that are handed on, from worker to worker, without being looked at.
type Block struct{ v js.Value } // a Uint8Array

// None reports whether there is none.
func (b Block) None() bool { return b.v.IsUndefined() }

// Size is how many bytes there are.
func (b Block) Size() int64 { return int64(b.v.Get("length").Int()) }

// Append appends the bytes.
func (b Block) Append(to []byte) []byte {
	at := len(to)
	to = slices.Grow(to, b.v.Get("length").Int())
	return to[:at+js.CopyBytesToGo(to[at:cap(to)], b.v)]
}

// Head copies the first bytes, n at most.
func (b Block) Head(n int) []byte { return fromArray(b.v.Call("subarray", 0, n)) }

// From is the bytes from at on, in the same place.
func (b Block) From(at int) Block { return Block{b.v.Call("subarray", at)} }

// Space is where the bytes are, for others.
func (b Block) Space() Space {
	if b.None() {
		return Space{b.v}
	}
	return Space{b.v.Get("buffer")}
}

// AsFile makes a file of the bytes.
func (b Block) AsFile() File { return newFile("", b.v) }

// Block is what SetBytes or SetBlock has set, or none.
func (m Message) Block(key string) Block { return Block{m.v.Get(key)} }

// SetBlock hands a block on, if it is one. The message is to be sent with PostMoved; the block is not there any more then.
func (m Message) SetBlock(key string, b Block) Message {
	if !b.None() {
		m.v.Set(key, b.v)
	}
	return m
}

// SetFile sets a file, whose bytes stay where they are.
func (m Message) SetFile(key string, f File) Message { m.v.Set(key, f.v); return m }

func (m Message) SetTexts(key string, list []string) Message {
	values := make([]any, len(list))
	for i, s := range list {
		values[i] = s
	}
	m.v.Set(key, values)
	return m
}

func (m Message) SetFiles(key string, files []File) Message {
	values := make([]any, len(files))
	for i, f := range files {
		values[i] = f.v
	}
	m.v.Set(key, values)
	return m
}

// Getters give zero values for fields that are not there.

func (m Message) Text(key string) string {
	if v := m.v.Get(key); v.Type() == js.TypeString {
		return v.String()
	}
	return ""
}

func (m Message) Int(key string) int64 {
	if v := m.v.Get(key); v.Type() == js.TypeNumber {
		return int64(v.Float())
	}
	return 0
}

func (m Message) Bytes(key string) []byte {
	if v := m.v.Get(key); v.Type() == js.TypeObject {
		return fromArray(v)
	}
	return nil
}

func (m Message) Texts(key string) []string {
	v := m.v.Get(key)
	if v.Type() != js.TypeObject {
		return nil
	}
	list := make([]string, v.Get("length").Int())
	for i := range list {
		list[i] = v.Index(i).String()
	}
	return list
}

func (m Message) File(key string) File { return File{m.v.Get(key)} }

func (m Message) Files(key string) []File {
	if v := m.v.Get(key); v.Type() == js.TypeObject {
		files := make([]File, v.Get("length").Int())
		for i := range files {
			files[i] = File{v.Index(i)}
		}
		return files
	}
	return nil
}
