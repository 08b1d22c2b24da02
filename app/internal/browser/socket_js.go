//go:build js

package browser

import (
	"errors"
	"io"
	"strings"
	"sync"
	"syscall/js"
)

// A Socket is a websocket of binary messages. Messages wait in the browser's queue until they are received: the other side must
// keep to a limit of what is not acknowledged.
type Socket struct {
	v        js.Value
	messages chan Block
	opened   chan struct{}
	closed   chan struct{} // the connection has ended, or nobody waits for its end
	ended    sync.Once
	code     int // with which the other side closed it
	funcs    []js.Func
}

// What a page may reach on this machine, see Reach.
const (
	Unknown   = ""          // nothing forbids it, as far as is known
	Asks      = "prompt"    // the browser asks the user, or would have
	Denied    = "denied"    // by the user, or whoever runs the browser
	Forbidden = "forbidden" // by the browser, whoever the user is
)

// Reach says whether the browser lets this worker's page connect to programs of this machine.
func Reach() string {
	p := newPromises()
	defer p.release()
	state, err := p.wait(js.Global().Call("reach"))
	if err != nil {
		return Unknown
	}
	return state.String()
}

// AllowOrigin is the flag by which a helper knows this page, empty if the page is the helper's own at url.
func AllowOrigin(url string) string {
	page := js.Global().Get("URL").New(js.Global().Get("root"))
	if strings.Contains(url, "://"+page.Get("host").String()+"/") {
		return ""
	}
	return " -allow-origin " + page.Get("origin").String()
}

// ErrConnect is returned when no connection came about. The browser does not tell pages why.
var ErrConnect = errors.New("no connection")

// Dial begins to open a websocket to url; Opened waits for it.
func Dial(url string) (*Socket, error) {
	v, err := construct("WebSocket", url)
	if err != nil {
		return nil, err
	}
	v.Set("binaryType", "arraybuffer")
	// Buffered beyond what the helper may send unacknowledged, so that the handler never blocks the event loop.
	s := &Socket{v: v, messages: make(chan Block, 1<<16), opened: make(chan struct{}), closed: make(chan struct{})}
	s.on("open", func(js.Value) { close(s.opened) })
	s.on("message", func(e js.Value) {
		select {
		case s.messages <- Block{js.Global().Get("Uint8Array").New(e.Get("data"))}:
		default:
			s.v.Call("close")
		}
	})
	s.on("close", func(e js.Value) {
		s.code = e.Get("code").Int()
		s.end()
		for _, f := range s.funcs { // nothing comes after it
			f.Release()
		}
	})
	return s, nil
}

// Opened waits until the connection is there, or returns ErrConnect when it is closed before.
func (s *Socket) Opened() error {
	select {
	case <-s.opened:
		return nil
	case <-s.closed:
		return ErrConnect
	}
}

func construct(class, arg string) (v js.Value, err error) {
	defer func() { // the constructor throws for an address that is none
		if e := recover(); e != nil {
			if jsErr, ok := e.(js.Error); ok {
				err = errorOf(jsErr.Value)
				return
			}
			panic(e)
		}
	}()
	return js.Global().Get(class).New(arg), nil
}

func (s *Socket) on(event string, f func(js.Value)) {
	fn := js.FuncOf(func(_ js.Value, args []js.Value) any {
		f(args[0])
		return nil
	})
	s.funcs = append(s.funcs, fn)
	s.v.Call("addEventListener", event, fn)
}

// Receive waits for the next message. It returns io.EOF after the last one when the connection is closed.
func (s *Socket) Receive() (Block, error) {
	select {
	case m := <-s.messages:
		return m, nil
	default:
	}
	select {
	case m := <-s.messages:
		return m, nil
	case <-s.closed:
		select { // what came before the close
		case m := <-s.messages:
			return m, nil
		default:
			return Block{}, io.EOF
		}
	}
}

// Send sends a message; after the connection is closed it does nothing.
func (s *Socket) Send(b []byte) {
	if s.v.Get("readyState").Int() == 1 {
		s.v.Call("send", toArray(b))
	}
}

// Close ends the connection, or the attempt at one; Receive gives what had come and then io.EOF. The browser may wait for a minute until the
// other side has closed, too; nobody here does.
func (s *Socket) Close() {
	s.v.Call("close")
	s.end()
}

// CloseCode is the code with which the connection was closed by the other side, after Receive has returned io.EOF: 1006 if it said none.
func (s *Socket) CloseCode() int { return s.code }

func (s *Socket) end() { s.ended.Do(func() { close(s.closed) }) }
