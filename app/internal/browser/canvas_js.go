//go:build js

package browser

import (
	"strconv"
	"syscall/js"
)

// A Canvas is a bitmap to draw on, measured in units of which unitsPerPX make a CSS pixel.
type Canvas struct {
	context                 js.Value
	fill, line, font, align string // as set last: to ask for the same again would cost as much as to draw
	width                   float64
}

var path2D = js.Global().Get("Path2D")

// CanvasAt empties the first canvas that matches the selector and makes it as large as width times height CSS pixels need; false if there is none.
func CanvasAt(selector string, width, height int, unitsPerPX float64) (*Canvas, bool) {
	e := js.Global().Get("document").Call("querySelector", selector)
	if e.IsNull() {
		return nil, false
	}
	return canvasOn(e, width, height, Scale(), unitsPerPX), true
}

func canvasOn(e js.Value, width, height int, scale, unitsPerPX float64) *Canvas {
	c := &Canvas{context: e.Call("getContext", "2d")}
	w, h := int(float64(width)*scale+0.5), int(float64(height)*scale+0.5)
	if e.Get("width").Int() != w || e.Get("height").Int() != h {
		e.Set("width", w)
		e.Set("height", h)
	}
	c.context.Call("setTransform", scale/unitsPerPX, 0, 0, scale/unitsPerPX, 0, 0)
	c.context.Call("clearRect", 0, 0, float64(width)*unitsPerPX, float64(height)*unitsPerPX)
	c.context.Set("lineJoin", "round")
	return c
}

// Path fills and strokes an outline, of which d is the data as SVG has it; no colour is "", and a dash repeats itself.
func (c *Canvas) Path(d, fill, line string, width float64, dash []float64) {
	if d == "" {
		return
	}
	path := path2D.New(d)
	if fill != "" {
		c.set(&c.fill, "fillStyle", fill)
		c.context.Call("fill", path)
	}
	if line != "" && width > 0 {
		c.setLine(line, width)
		if len(dash) > 0 {
			c.context.Call("setLineDash", anyOf(dash))
		}
		c.context.Call("stroke", path)
		if len(dash) > 0 {
			c.context.Call("setLineDash", []any{})
		}
	}
}

// Text writes s in a font, as CSS has it, with its baseline at y; align is "start", "center" or "end", of x. A halo is a rim of width around it.
func (c *Canvas) Text(s string, x, y float64, font, align, fill, halo string, width float64) {
	c.set(&c.font, "font", font)
	c.set(&c.align, "textAlign", align)
	if halo != "" {
		c.setLine(halo, width)
		c.context.Call("strokeText", s, x, y)
	}
	c.set(&c.fill, "fillStyle", fill)
	c.context.Call("fillText", s, x, y)
}

// set sets a property of the context that was set to was last.
func (c *Canvas) set(was *string, property, value string) {
	if *was != value {
		*was = value
		c.context.Set(property, value)
	}
}

func (c *Canvas) setLine(colour string, width float64) {
	c.set(&c.line, "strokeStyle", colour)
	if c.width != width {
		c.width = width
		c.context.Set("lineWidth", width)
	}
}

func anyOf(v []float64) []any {
	list := make([]any, len(v))
	for i, x := range v {
		list[i] = x
	}
	return list
}

// PNG has something drawn, scale times as large as it is in CSS pixels, for a file.
func PNG(width, height int, scale, unitsPerPX float64, name string, draw func(*Canvas), done func(File, error)) {
	e := js.Global().Get("OffscreenCanvas").New(1, 1)
	draw(canvasOn(e, width, height, scale, unitsPerPX))
	go func() {
		png, err := await(e.Call("convertToBlob", map[string]any{"type": "image/png"}))
		if err != nil {
			done(File{}, err)
			return
		}
		done(newFile(name, png), nil)
	}()
}

// printScale is how many dots of paper a CSS pixel has: 96 of them are an inch.
const printScale = 3

var printing bool

// Scale is how many dots a CSS pixel has where the page is shown.
func Scale() float64 {
	if printing {
		return printScale
	}
	return js.Global().Get("devicePixelRatio").Float()
}

// OnScale calls f when the scale has changed: another screen, another zoom, and, to be done with before f returns, paper.
func OnScale(f func(now bool)) {
	listen(js.Global(), "beforeprint", func(js.Value) { printing = true; f(true) })
	listen(js.Global(), "afterprint", func(js.Value) { printing = false; f(true) })
	var watch func()
	watch = func() { // a query answers for one scale only
		query := js.Global().Call("matchMedia", "(resolution: "+strconv.FormatFloat(js.Global().Get("devicePixelRatio").Float(), 'g', -1, 64)+"dppx)")
		var fn js.Func
		fn = js.FuncOf(func(js.Value, []js.Value) any {
			fn.Release()
			watch()
			f(false)
			return nil
		})
		query.Call("addEventListener", "change", fn, map[string]any{"once": true})
	}
	watch()
}
