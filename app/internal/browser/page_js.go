//go:build js

package browser

import (
	"sync"
	"syscall/js"
)

// WidthOf is the width in CSS pixels of the content of the first element that matches, 0 if there is none.
func WidthOf(selector string) int {
	e := js.Global().Get("document").Call("querySelector", selector)
	if e.IsNull() {
		return 0
	}
	style := js.Global().Call("getComputedStyle", e)
	padding := js.Global().Call("parseFloat", style.Get("paddingLeft")).Float() + js.Global().Call("parseFloat", style.Get("paddingRight")).Float()
	return int(e.Get("clientWidth").Float() - padding)
}

// SetProperties sets properties of the style of the first element that matches, if there is one, given as name, value, name, value, ...
func SetProperties(selector string, properties ...string) {
	e := js.Global().Get("document").Call("querySelector", selector)
	if e.IsNull() {
		return
	}
	style := e.Get("style")
	for i := 0; i < len(properties); i += 2 {
		style.Call("setProperty", properties[i], properties[i+1])
	}
}

// InSight reports whether any of the first element that matches is within the window.
func InSight(selector string) bool {
	e := js.Global().Get("document").Call("querySelector", selector)
	if e.IsNull() {
		return false
	}
	box := e.Call("getBoundingClientRect")
	return box.Get("bottom").Float() > 0 && box.Get("top").Float() < js.Global().Get("innerHeight").Float()
}

// OnResize calls f when the window's size has changed and has stayed so for a moment.
func OnResize(f func()) {
	generation := 0
	listen(js.Global(), "resize", func(js.Value) {
		generation++
		mine := generation
		AfterMS(120, func() {
			if mine == generation {
				f()
			}
		})
	})
}

// Dark reports whether the page is shown dark, by the user's choice or else the system's. Paper is light.
func Dark() bool {
	if printing {
		return false
	}
	if t := js.Global().Get("document").Get("documentElement").Get("dataset").Get("theme"); t.Type() == js.TypeString {
		return t.String() == "dark"
	}
	return systemDark().Get("matches").Bool()
}

var systemDark = sync.OnceValue(func() js.Value { return js.Global().Call("matchMedia", "(prefers-color-scheme: dark)") })

// SetTheme chooses "light" or "dark" and remembers it.
func SetTheme(theme string) {
	js.Global().Get("document").Get("documentElement").Get("dataset").Set("theme", theme)
	if storage := js.Global().Get("localStorage"); storage.Truthy() {
		storage.Call("setItem", "theme", theme)
	}
}

// RestoreTheme applies the choice remembered, if any.
func RestoreTheme() {
	if storage := js.Global().Get("localStorage"); storage.Truthy() {
		if t := storage.Call("getItem", "theme"); t.Type() == js.TypeString {
			js.Global().Get("document").Get("documentElement").Get("dataset").Set("theme", t.String())
		}
	}
}

// OnThemeChange calls f when the system changes between light and dark.
func OnThemeChange(f func()) { listen(systemDark(), "change", func(js.Value) { f() }) }

// ToggleDialog opens the dialog that matches the selector, in front of a page that rests meanwhile, or closes it.
func ToggleDialog(selector string) {
	dialog := js.Global().Get("document").Call("querySelector", selector)
	if dialog.Get("open").Bool() {
		dialog.Call("close")
	} else {
		dialog.Call("showModal")
	}
}

// GoTo scrolls to the first element that matches and gives it the keyboard's focus.
func GoTo(selector string) {
	if e := js.Global().Get("document").Call("querySelector", selector); !e.IsNull() {
		e.Call("scrollIntoView")
		e.Call("focus", map[string]any{"preventScroll": true})
	}
}

// DialogOpen reports whether a dialog is open.
func DialogOpen() bool {
	return !js.Global().Get("document").Call("querySelector", "dialog[open]").IsNull()
}

// CloseDetails closes the details that match the selector and are open, and reports whether there were any. The focus, if it was within, goes
// to their summary.
func CloseDetails(selector string) bool {
	document := js.Global().Get("document")
	details := document.Call("querySelector", selector+"[open]")
	if details.IsNull() {
		return false
	}
	if details.Call("contains", document.Get("activeElement")).Bool() {
		details.Call("querySelector", "summary").Call("focus")
	}
	details.Set("open", false)
	return true
}

// TakeFragment returns the part of the page's address after # and removes it from the address bar and the history: it may hold
// a secret.
func TakeFragment() string {
	location := js.Global().Get("location")
	fragment := location.Get("hash").String()
	if fragment != "" {
		js.Global().Get("history").Call("replaceState", nil, "", location.Get("pathname").String()+location.Get("search").String())
	}
	return fragment
}

// Origin is the scheme, host and port that the page came from.
func Origin() string { return js.Global().Get("location").Get("origin").String() }

// OpenTab opens an address in another tab, which learns nothing of this one.
func OpenTab(url string) { js.Global().Call("open", url, "_blank", "noopener,noreferrer") }

// Renew loads the page anew because it is not of the build it should be, past every cache, with a fragment in its address. It returns false if
// that has been tried for this build. With again, Again returns true afterwards.
func Renew(build, fragment string, again bool) bool {
	return js.Global().Call("renew", build, fragment, again).Bool()
}

// Again reports once whether the page was loaded anew by Renew in the middle of something.
func Again() bool { return js.Global().Call("again").Bool() }

// Zone is the user's time zone by its IANA name, and its offset from UTC in seconds at the given time, unix seconds.
func Zone(at int64) (name string, offset int) {
	if zoneName == "" {
		zoneName = js.Global().Get("Intl").Get("DateTimeFormat").New().Call("resolvedOptions").Get("timeZone").String()
	}
	return zoneName, -60 * js.Global().Get("Date").New(float64(at)*1000).Call("getTimezoneOffset").Int()
}

// zoneName is asked for once: that takes tens of milliseconds.
var zoneName string

// Copy puts text into the clipboard and calls done with whether that worked.
func Copy(text string, done func(bool)) {
	clipboard := js.Global().Get("navigator").Get("clipboard")
	if !clipboard.Truthy() {
		done(false)
		return
	}
	go func() {
		_, err := await(clipboard.Call("writeText", text))
		done(err == nil)
	}()
}
