//go:build js

// Package browser is the only place that speaks to JavaScript: files, workers, messages, sockets, timers, pictures. Everything
// else in the page is plain Go, so it also compiles natively, where this package has nothing behind it.
//
// Waiting here blocks the calling goroutine, never the event loop. Failures of promises become errors.
package browser

import (
	"errors"
	"syscall/js"
)

// await waits for a promise. It must not be called from an event handler, which would stop the loop that settles the promise.
func await(promise js.Value) (js.Value, error) {
	p := newPromises()
	defer p.release()
	return p.wait(promise)
}

// promises waits for one promise after the other. Whoever waits often keeps one: what JavaScript calls back is dear to make.
type promises struct {
	settled    chan outcome
	ok, failed js.Func
}

type outcome struct {
	value js.Value
	err   error
}

func newPromises() promises {
	settled := make(chan outcome, 1)
	settle := func(failed bool) js.Func {
		return js.FuncOf(func(_ js.Value, args []js.Value) any {
			v := js.Undefined()
			if len(args) > 0 {
				v = args[0]
			}
			if failed {
				settled <- outcome{err: errorOf(v)}
			} else {
				settled <- outcome{value: v}
			}
			return nil
		})
	}
	return promises{settled, settle(false), settle(true)}
}

func (p promises) wait(promise js.Value) (js.Value, error) { return p.call(promise, "then") }

// call calls a method that takes what to call back when it is done, and what if it has failed.
func (p promises) call(on js.Value, method string) (js.Value, error) {
	on.Call(method, p.ok, p.failed)
	o := <-p.settled
	return o.value, o.err
}

func (p promises) release() {
	p.ok.Release()
	p.failed.Release()
}

func errorOf(v js.Value) error {
	if v.Type() == js.TypeObject {
		if m := v.Get("message"); m.Type() == js.TypeString {
			return errors.New(m.String())
		}
	}
	return errors.New(js.Global().Call("String", v).String())
}

func toArray(b []byte) js.Value {
	a := js.Global().Get("Uint8Array").New(len(b))
	js.CopyBytesToJS(a, b)
	return a
}

func fromArray(a js.Value) []byte {
	b := make([]byte, a.Get("length").Int())
	js.CopyBytesToGo(b, a)
	return b
}

// AfterMS calls f once, after ms milliseconds.
func AfterMS(ms int, f func()) {
	var fn js.Func
	fn = js.FuncOf(func(js.Value, []js.Value) any {
		fn.Release()
		f()
		return nil
	})
	js.Global().Call("setTimeout", fn, ms)
}

// SleepMS waits. Package time would, too, and is a fiftieth of a worker.
func SleepMS(ms int64) {
	done := make(chan struct{})
	AfterMS(int(ms), func() { close(done) })
	<-done
}

// NowMS is a monotonic clock in milliseconds.
func NowMS() float64 { return js.Global().Get("performance").Call("now").Float() }
