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

func (m Message) Files(key string) []File {
	if v := m.v.Get(key); v.Type() == js.TypeObject {
		return listOf(v)
	}
	return nil
}

// A Worker is a web worker as the page sees it.
type Worker struct{ v js.Value }

// StartWorker starts the script at url under a name, by which the script knows what to run. It calls f with every message that
// the worker posts, and failed if the worker cannot run or dies.
func StartWorker(url, name string, f func(Message), failed func(text string)) Worker {
	w := js.Global().Get("Worker").New(url, map[string]any{"name": name})
	listen(w, "message", func(e js.Value) {
		m := Message{e.Get("data")}
		if m.Kind() == "failed" {
			failed(m.Text("text"))
			return
		}
		f(m)
	})
	listen(w, "error", func(e js.Value) { failed(Message{e}.Text("message")) })
	return Worker{w}
}

func (w Worker) Post(m Message) { w.v.Call("postMessage", m.v) }

// Terminate ends the worker and gives its memory back.
func (w Worker) Terminate() { w.v.Call("terminate") }

// OnMessage is the worker's own side: f gets every message of the page. f must not block.
func OnMessage(f func(Message)) {
	listen(js.Global(), "message", func(e js.Value) { f(Message{e.Get("data")}) })
}

// Post is the worker's own side: it sends a message to the page.
func Post(m Message) { js.Global().Call("postMessage", m.v) }

// listen calls f for every event, for as long as the page lives.
func listen(target js.Value, event string, f func(js.Value)) {
	target.Call("addEventListener", event, js.FuncOf(func(_ js.Value, args []js.Value) any {
		f(args[0])
		return nil
	}))
}
