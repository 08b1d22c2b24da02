//go:build js

package browser

import "syscall/js"

// OnPointer calls f with what the user does with mouse, finger, pen, wheel or keyboard at an element that matches the selector, and while
// a button is held that was pressed there, wherever the pointer is. f says whether that was for it: the browser then does nothing of its
// own, such as to scroll. f runs within the browser's event, so it must not wait for anything.
func OnPointer(selector string, f func(Pointer) bool) {
	document := js.Global().Get("document")
	var left, top, width float64 // of the element that a pointer is held at: to ask has the browser lay out the page
	held := false
	for name, kind := range map[string]PointerKind{
		"pointerdown": PointerDown, "pointermove": PointerMove, "pointerup": PointerUp, "pointercancel": PointerCancel, "pointerout": PointerLeave,
		"dblclick": PointerDouble, "wheel": PointerWheel, "keydown": PointerKey,
	} {
		handle := func(e js.Value) {
			at := e.Get("target").Call("closest", selector)
			if at.IsNull() {
				return
			}
			if kind == PointerLeave {
				if to := e.Get("relatedTarget"); !to.IsNull() && at.Call("contains", to).Bool() {
					return // to a part of it
				}
			}
			p := Pointer{Kind: kind, Shift: e.Get("shiftKey").Bool()}
			p.On = textOf(at.Get("dataset").Get("chart"))
			switch kind {
			case PointerKey:
				if e.Get("ctrlKey").Bool() || e.Get("metaKey").Bool() || e.Get("altKey").Bool() {
					return
				}
				p.Key = e.Get("key").String()
			default:
				if !held || kind != PointerMove {
					box := at.Call("getBoundingClientRect")
					left, top, width = box.Get("left").Float(), box.Get("top").Float(), box.Get("width").Float()
				}
				p.X, p.Y, p.Width = e.Get("clientX").Float()-left, e.Get("clientY").Float()-top, width
			}
			switch kind {
			case PointerWheel:
				p.Delta = e.Get("deltaY").Float()
				if e.Get("deltaMode").Int() == 1 { // lines
					p.Delta *= 16
				}
			case PointerDouble, PointerKey:
			default:
				p.ID, p.Touch = e.Get("pointerId").Int(), textOf(e.Get("pointerType")) == "touch"
				held = e.Get("buttons").Int()&1 != 0 && (held || kind == PointerDown)
				if kind == PointerDown {
					if p.On == "" {
						return
					}
					if e.Get("button").Int() != 0 {
						return
					}
					at.Call("setPointerCapture", p.ID)
				}
			}
			if f(p) {
				e.Call("preventDefault")
			}
		}
		fn := js.FuncOf(func(_ js.Value, args []js.Value) any {
			handle(args[0])
			return nil
		})
		document.Call("addEventListener", name, fn, map[string]any{"passive": false})
	}
}

func textOf(v js.Value) string {
	if v.Type() != js.TypeString {
		return ""
	}
	return v.String()
}

// OnKey calls f with the keys that are pressed while no input has the focus, and whether one has for Escape. f says whether it was for it.
func OnKey(f func(key string, inInput bool) bool) {
	listen(js.Global().Get("document"), "keydown", func(e js.Value) {
		if e.Get("defaultPrevented").Bool() || e.Get("ctrlKey").Bool() || e.Get("metaKey").Bool() || e.Get("altKey").Bool() {
			return
		}
		inInput := e.Get("target").Call("matches", "input, select, textarea").Bool()
		if f(e.Get("key").String(), inInput) {
			e.Call("preventDefault")
		}
	})
}

// Focus gives the first element that matches the keyboard's focus.
func Focus(selector string) {
	if e := js.Global().Get("document").Call("querySelector", selector); !e.IsNull() {
		e.Call("focus")
	}
}

// Remember puts a number into the browser's history, at the same address: going back and forward gives it to OnBack.
func Remember(n int) {
	js.Global().Get("history").Call("pushState", map[string]any{"choice": n}, "")
}

// OnBack calls f with the number of Remember that the user has gone back or forward to; 0 for where there was none yet.
func OnBack(f func(n int)) {
	listen(js.Global(), "popstate", func(e js.Value) {
		n := 0
		if state := e.Get("state"); state.Type() == js.TypeObject {
			if v := state.Get("choice"); v.Type() == js.TypeNumber {
				n = v.Int()
			}
		}
		f(n)
	})
}

// OnScrolled calls f with how far an element that matches has been scrolled down, and how high it is.
func OnScrolled(selector string, f func(top, height float64)) {
	fn := js.FuncOf(func(_ js.Value, args []js.Value) any {
		if e := args[0].Get("target"); e.Get("matches").Truthy() && e.Call("matches", selector).Bool() {
			f(e.Get("scrollTop").Float(), e.Get("clientHeight").Float())
		}
		return nil
	})
	js.Global().Get("document").Call("addEventListener", "scroll", fn, true) // such events are not told further up
}

// ScrollTo scrolls the first element that matches.
func ScrollTo(selector string, top float64) {
	if e := js.Global().Get("document").Call("querySelector", selector); !e.IsNull() {
		e.Set("scrollTop", top)
	}
}

// OnScroll calls f when the page has moved.
func OnScroll(f func()) { listen(js.Global(), "scroll", func(js.Value) { f() }) }

// FocusAt gives the input that matches the keyboard's focus, with the cursor before a character (of UTF-16); all of its text is selected
// if that is negative. It is done a turn later, when what was changed is on the page.
func FocusAt(selector string, at int) {
	AfterMS(0, func() {
		e := js.Global().Get("document").Call("querySelector", selector)
		if e.IsNull() {
			return
		}
		e.Call("focus")
		if at < 0 {
			e.Call("select")
		} else {
			e.Call("setSelectionRange", at, at)
		}
	})
}

// GoBack goes back in the browser's history if by is -1, and forward if it is 1.
func GoBack(by int) { js.Global().Get("history").Call("go", by) }

// Tell sets data-name of the page, for scripts and tests.
func Tell(name, value string) {
	js.Global().Get("document").Get("documentElement").Get("dataset").Set(name, value)
}

// Say makes text all that is in the element that matches, which tells it to who listens.
func Say(selector, text string) {
	js.Global().Get("document").Call("querySelector", selector).Set("textContent", text)
}
