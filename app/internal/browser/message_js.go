//go:build js

package browser

import "syscall/js"

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
		return listOf(v)
	}
	return nil
}
