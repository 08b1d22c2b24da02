package chart

import (
	"bytes"
	"html"
	"strconv"
	"strings"
)

// A Surface is something that pictures are drawn on directly, such as a canvas of the browser. Lengths are in the picture's own units, a tenth
// of a CSS pixel; colours as CSS writes them, "" for none.
type Surface interface {
	// Path fills and strokes an outline, of which d is the data as SVG has it; a dash repeats itself.
	Path(d, fill, line string, width float64, dash []float64)
	// Text writes s in a font with its baseline at y; align is "start", "center" or "end", of x. A halo is a rim of width around it.
	Text(s string, x, y float64, font, align, fill, halo string, width float64)
}

// UnitsPerPX is how many units of a picture make a CSS pixel.
const UnitsPerPX = unit

// Play draws the picture on a surface, of which all was transparent before. The SVG is the list of its marks, in the order in which they are
// drawn, and every kind of mark is one that this package or its painter writes: a browser that is given the SVG to show takes ten times as
// long, since to it each picture is a document of its own.
func (p Picture) Play(t Theme, on Surface) {
	w, h := float64(p.Width*unit), float64(p.Height*unit)
	on.Path(rectangle(w, h), hex(color(t.Card)), "", 0, nil)
	var paths, style, dash string // paths that look alike, bars above all, are drawn at once
	draw := func() {
		if paths != "" {
			on.Path(paths, paint(style, "fill"), paint(style, "stroke"), property(style, "stroke-width"), numbers(dash))
		}
		paths = ""
	}
	rest := p.SVG
	for {
		_, after, ok := bytes.Cut(rest, []byte{'<'})
		if !ok {
			return
		}
		end := bytes.IndexByte(after, '>') // text and attributes hold none: it is escaped
		if end < 0 {
			return
		}
		tag := string(after[:end])
		rest = after[end+1:]
		kind, attributes, _ := strings.Cut(tag, " ")
		switch kind {
		case "path":
			d, looks, dashes := attribute(attributes, "d"), attribute(attributes, "style"), attribute(attributes, "stroke-dasharray")
			if paths == "" || looks != style || dashes != dash {
				draw()
				paths, style, dash = d, looks, dashes
			} else {
				paths += " " + d
			}
		case "circle":
			draw()
			looks := attribute(attributes, "style")
			on.Path(circle(number(attributes, "cx"), number(attributes, "cy"), number(attributes, "r")), paint(looks, "fill"), paint(looks, "stroke"), property(looks, "stroke-width"), nil)
		case "text":
			draw()
			text, _, _ := bytes.Cut(rest, []byte{'<'})
			t.write(on, html.UnescapeString(string(text)), number(attributes, "x"), number(attributes, "y"), attribute(attributes, "class"))
		case "/svg":
			draw()
		}
	}
}

// write writes a text as the style of the SVG has it for its classes.
func (t Theme) write(on Surface, s string, x, y float64, classes string) {
	size, align, fill, rim := small, "start", t.Muted, ""
	for _, class := range strings.Fields(classes) {
		switch " " + class {
		case value:
			fill = t.Ink
		case sentence:
			fill, size = t.Ink, large
		case accented:
			fill = t.Part
		case middle:
			align = "center"
		case end:
			align = "end"
		case halo:
			rim = hex(color(t.Card))
		}
	}
	on.Text(s, x, y, strconv.Itoa(size*unit)+"px "+fonts, align, hex(color(fill)), rim, haloWidth*unit)
}

// attribute is the value of an attribute; values hold no quotes: they are escaped.
func attribute(tag, name string) string {
	_, after, ok := strings.Cut(" "+tag, " "+name+`="`)
	if !ok {
		return ""
	}
	v, _, _ := strings.Cut(after, `"`)
	return v
}

// style is the value of a property of a style.
func style(list, name string) string {
	_, after, ok := strings.Cut(";"+list, ";"+name+":")
	if !ok {
		return ""
	}
	v, _, _ := strings.Cut(after, ";")
	return v
}

func paint(list, name string) string {
	if v := style(list, name); v != "none" {
		return v
	}
	return ""
}

// Numbers come from this package and its painter; what is none is 0, and draws nothing.
func property(list, name string) float64 { return parsed(style(list, name)) }
func number(tag, name string) float64    { return parsed(attribute(tag, name)) }

func parsed(s string) float64 {
	v, _ := strconv.ParseFloat(s, 64)
	return v
}

func numbers(list string) (ns []float64) {
	for _, s := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' }) {
		ns = append(ns, parsed(s))
	}
	return ns
}

func rectangle(w, h float64) string {
	return "M0 0H" + format(w) + "V" + format(h) + "H0Z"
}

func circle(x, y, r float64) string {
	across, arc := format(2*r), "a"+format(r)+" "+format(r)+" 0 1 0 "
	return "M" + format(x-r) + " " + format(y) + arc + across + " 0" + arc + "-" + across + " 0Z"
}

func format(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
