package chart

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"

	charts "github.com/vicanso/go-charts/v2"
)

// Sizes of type in CSS pixels.
const small, large = 11, 12

// Classes of text, to be joined: what it is, where its x is (start unless told), and a halo in the colour of the card for text
// that stands on lines.
const (
	muted    = ""
	value    = " v"
	accented = " a"
	sentence = " s"
	middle   = " m"
	end      = " e"
	halo     = " h"
)

// text writes s with its baseline at y. The width of the browser's font is unknown here, so x is the start, the middle or the
// end of the text, as the class says. s may come from the input: the renderer prints it as it is, so it is escaped here.
func (c *canvas) text(class, s string, x, y float64) {
	charts.Style{ClassName: strings.TrimSpace("t" + class)}.WriteTextOptionsToRenderer(c.p.GetRenderer())
	c.p.Text(html.EscapeString(clean(s)), units(x), units(y))
}

// clean replaces what XML forbids, one such byte makes the whole picture unreadable, and what turns the direction of text.
func clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == 0xFFFE || r == 0xFFFF || unicode.Is(unicode.Bidi_Control, r) {
			return '\uFFFD'
		}
		return r
	}, s)
}

// advance is the width of the characters from space to tilde in DejaVu Sans, the widest font of the stack, in hundredths of
// the size.
var advance = [...]uint8{
	32, 40, 46, 84, 64, 95, 78, 28, 39, 39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64, 64, 64, 34, 34, 84, 84, 84, 53,
	100, 68, 69, 70, 77, 63, 58, 78, 75, 30, 30, 66, 56, 86, 75, 79, 60, 79, 70, 64, 61, 73, 68, 99, 69, 61, 69, 39, 34, 39, 84, 50,
	50, 61, 64, 55, 64, 62, 35, 64, 63, 28, 28, 58, 28, 97, 63, 61, 64, 64, 41, 52, 39, 63, 59, 82, 59, 59, 53, 64, 34, 64, 84,
}

// textWidth is how wide s is at most, in CSS pixels. Measuring with the painter's font would be slow (it rasterises) and no
// more true: it is not the font the browser takes.
func textWidth(s string, size float64) float64 {
	sum := 0
	for _, r := range s {
		switch {
		case r >= ' ' && r <= '~':
			sum += int(advance[r-' '])
		case r == '\u202f':
			sum += 31
		case r >= 0x1100:
			sum += 105
		default:
			sum += 75
		}
	}
	return float64(sum) * size / 100
}

// widest is the width of the widest of texts.
func widest(texts []string, size float64) (w float64) {
	for _, s := range texts {
		w = max(w, textWidth(s, size))
	}
	return w
}

// fit cuts s in its middle, where addresses and names differ least, until it is at most width wide.
func fit(s string, width, size float64) string {
	if n := 1 + int(width/size*4); len(s) > 4*n { // no character is narrower than a quarter of the size
		s = s[:2*n] + "…" + s[len(s)-2*n:]
	}
	s = clean(s)
	if textWidth(s, size) <= width {
		return s
	}
	head, tail := utf8.RuneCountInString(s)/2, 0
	runes := []rune(s)
	tail = len(runes) - head
	for head+tail > 0 {
		short := string(runes[:head]) + "…" + string(runes[len(runes)-tail:])
		if textWidth(short, size) <= width {
			return short
		}
		if tail >= head {
			tail--
		} else {
			head--
		}
	}
	return ""
}

// A row of labels beside each other, none touching the one before it or leaving the picture.
type row struct {
	c     *canvas
	y     float64
	class string
	left  float64 // where the first may start
	right float64 // where the last label ends
}

func (c *canvas) row(class string, y float64) *row {
	return &row{c: c, y: y, class: class, left: 2, right: -1e9}
}

const apart = 8

// put writes s around x, moved inwards at the picture's edges. It reports whether there was room.
func (r *row) put(s string, x float64) bool {
	size := float64(small)
	if strings.Contains(r.class, sentence) {
		size = large
	}
	w := textWidth(s, size)
	x = min(max(x, r.left+w/2), r.c.w-w/2-2)
	if x-w/2 < r.right+apart || w > r.c.w-2-r.left {
		return false
	}
	r.c.text(r.class+middle, s, x, r.y)
	r.right = x + w/2
	return true
}
