//go:build js

package browser

import "syscall/js"

// A Worker is a web worker as whoever started it sees it.
type Worker struct{ v js.Value }

// StartWorker starts a worker under a name, by which its script knows what to run. It calls f with every message that the worker posts, and
// failed if the worker cannot run or dies.
func StartWorker(name string, f func(Message), failed func(text string)) Worker {
	w := js.Global().Call("startWorker", name)
	listen(w, "message", func(e js.Value) {
		m := Message{e.Get("data")}
		if m.Kind() == "failed" {
			failed(m.Text("text"))
			return
		}
		f(m)
	})
	listen(w, "error", func(e js.Value) {
		e.Call("preventDefault") // or the browser reports it as an error of this worker too, to whoever started that
		failed(Message{e}.Text("message"))
	})
	return Worker{w}
}

// Post sends a message to the worker.
func (w Worker) Post(m Message) { w.v.Call("postMessage", m.v) }

// PostMoved is Post, and moves what is in some fields, as the function PostMoved does.
func (w Worker) PostMoved(m Message, fields ...string) {
	w.v.Call("postMessage", m.v, m.spaces(fields))
}

// PostModule hands this worker's own compiled module to w, which begins with that: all of them share one, and what the browser has
// learned of it.
func (w Worker) PostModule() {
	w.Post(Message{js.ValueOf(map[string]any{"module": js.Global().Get("module")})})
}

// Terminate ends the worker and gives its memory back.
func (w Worker) Terminate() { w.v.Call("terminate") }

// The rest is a worker's own side.

// Name is the name that this worker was started under.
func Name() string { return js.Global().Get("name").String() }

// Cores is how many processors the browser says that there are.
func Cores() int { return Message{js.Global().Get("navigator")}.count("hardwareConcurrency") }

func (m Message) count(key string) int { return int(m.Int(key)) }

// OnMessage calls f with every message of whoever started this worker. f must not block.
func OnMessage(f func(Message)) {
	listen(js.Global(), "message", func(e js.Value) { f(Message{e.Get("data")}) })
}

// PostMoved is Post for a message whose bytes or spaces in the fields with the given names are moved, not copied: large ones would
// otherwise stay here until Go finds that it holds them, which takes until there is other garbage.
func PostMoved(m Message, fields ...string) { js.Global().Call("postMessage", m.v, m.spaces(fields)) }

// Post sends a message to whoever started this worker.
func Post(m Message) { js.Global().Call("postMessage", m.v) }

// listen calls f for every event, for as long as the page lives.
func listen(target js.Value, event string, f func(js.Value)) {
	target.Call("addEventListener", event, js.FuncOf(func(_ js.Value, args []js.Value) any {
		f(args[0])
		return nil
	}))
}

// turns lets the event loop run: a message to ourselves comes back behind all that wait, without the pause that a timer has.
var turns struct {
	port js.Value
	wake chan struct{}
}

// Yield waits until the messages that have arrived meanwhile have been handled.
func Yield() {
	if turns.wake == nil {
		turns.wake = make(chan struct{}, 1)
		channel := js.Global().Get("MessageChannel").New()
		turns.port = channel.Get("port2")
		channel.Get("port1").Set("onmessage", js.FuncOf(func(js.Value, []js.Value) any {
			turns.wake <- struct{}{}
			return nil
		}))
	}
	turns.port.Call("postMessage", nil)
	<-turns.wake
}

// Soon calls f once the messages and events that have arrived meanwhile have been handled.
func Soon(f func()) {
	go func() {
		Yield()
		f()
	}()
}

// MemoryBytes is how much memory this program has taken from the browser. It never gives any back.
func MemoryBytes() int64 {
	return int64(js.Global().Get("memory").Get("buffer").Get("byteLength").Float())
}
