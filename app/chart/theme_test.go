package chart

import (
	"math"
	"testing"

	charts "github.com/vicanso/go-charts/v2"
)

// TestContrast holds the palettes to WCAG: 4.5 for text, 3 for marks.
func TestContrast(t *testing.T) {
	for name, th := range map[string]Theme{"light": Light(), "dark": Dark()} {
		card := color(th.Card)
		for what, c := range map[string]string{"ink": th.Ink, "muted": th.Muted, "accent": th.Accent} {
			if got := contrast(card, color(c)); got < 4.5 {
				t.Errorf("%s: %s on card is %.2f", name, what, got)
			}
		}
		if got := contrast(th.soft(th.Soft), color(th.Accent)); got < 3 {
			t.Errorf("%s: line on its area is %.2f", name, got)
		}
	}
}

func contrast(a, b charts.Color) float64 {
	l := func(c charts.Color) float64 {
		f := func(v uint8) float64 {
			s := float64(v) / 255
			if s <= 0.04045 {
				return s / 12.92
			}
			return math.Pow((s+0.055)/1.055, 2.4)
		}
		return 0.2126*f(c.R) + 0.7152*f(c.G) + 0.0722*f(c.B)
	}
	x, y := l(a), l(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}
