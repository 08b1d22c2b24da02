package chart

import (
	"math"
	"os"
	"regexp"
	"strconv"
	"testing"

	charts "github.com/vicanso/go-charts/v2"
)

// TestContrast holds the palettes to WCAG: 4.5 for text on the card, 3 for marks on the card, and for marks on areas and areas beside marks.
func TestContrast(t *testing.T) {
	for name, th := range map[string]Theme{"light": Light(), "dark": Dark(), "light, resting": Light().Resting(), "dark, resting": Dark().Resting()} {
		least := func(want float64, what, a, b string) {
			t.Helper()
			if got := contrast(color(a), color(b)); got < want {
				t.Errorf("%s: %s is %.2f, want %v", name, what, got, want)
			}
		}
		least(4.5, "ink on the card", th.Ink, th.Card)
		least(4.5, "muted text on the card", th.Muted, th.Card)
		least(4.5, "text of a part on the card", th.Part, th.Card)
		least(3, "accent on the card", th.Accent, th.Card)
		least(3, "the rim on the card", th.Rim, th.Card)
		least(3, "the edge on the card", th.Edge, th.Card)
		least(3, "accent beside what is not selected", th.Accent, th.Rest)
		least(3, "a line on its area", th.Accent, hex(th.soft(th.Soft)))
	}
}

// TestHues holds the hues to a contrast of 3 to the card, and any two of them, and each and the greys, to a distance in OKLab that can be seen: by everybody, and
// by those who lack one of the three kinds of cones, as Machado, Oliveira and Fernandes (2009) simulate them.
func TestHues(t *testing.T) {
	lacking := map[string][9]float64{
		"all cones": {1, 0, 0, 0, 1, 0, 0, 0, 1},
		"no red":    {0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998},
		"no green":  {0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.011820, 0.042940, 0.968881},
		"no blue":   {1.255528, -0.076749, -0.178779, -0.078411, 0.930809, 0.147602, 0.004733, 0.691367, 0.303900},
	}
	least := map[string]float64{"all cones": 0.08, "no red": 0.06, "no green": 0.06, "no blue": 0.045}
	for theme, th := range map[string]Theme{"light": Light(), "dark": Dark()} {
		if th.Hues[0] != th.Accent {
			t.Errorf("%s: the first hue is %s", theme, th.Hues[0])
		}
		all := append(th.Hues[:], th.Cause(0, Unattributed), th.Cause(0, Others))
		for i, a := range all {
			if got := contrast(color(a), color(th.Card)); i < len(th.Hues) && got < 3 {
				t.Errorf("%s: %s on the card is %.2f, want 3", theme, a, got)
			}
			for _, b := range all[:i] {
				for who, m := range lacking {
					x, y := oklab(seen(color(a), m)), oklab(seen(color(b), m))
					if d := math.Hypot(math.Hypot(x[0]-y[0], x[1]-y[1]), x[2]-y[2]); d < least[who] {
						t.Errorf("%s: with %s, %s and %s are %.3f apart, want %.3f", theme, who, a, b, d, least[who])
					}
				}
			}
		}
		for i := range 16 { // also the second eight, and what stands for several has a rim
			if got := contrast(color(th.Cause(i, Named)), color(th.Card)); got < 3 {
				t.Errorf("%s: hue %d on the card is %.2f, want 3", theme, i, got)
			}
		}
		if rim := th.tints([]Kind{Others})[0].rim; contrast(rim, color(th.Card)) < 3 {
			t.Errorf("%s: a rim of %s", theme, hex(rim))
		}
		if th.Cause(8, Named) == th.Cause(0, Named) {
			t.Errorf("%s: the ninth is like the first", theme)
		}
	}
}

// seen is a colour, linear, to who sees it through a matrix.
func seen(c charts.Color, m [9]float64) (v [3]float64) {
	r, g, b := linear(c.R), linear(c.G), linear(c.B)
	for i := range v {
		v[i] = min(max(m[3*i]*r+m[3*i+1]*g+m[3*i+2]*b, 0), 1)
	}
	return v
}

func oklab(c [3]float64) [3]float64 {
	l := math.Cbrt(0.4122214708*c[0] + 0.5363325363*c[1] + 0.0514459929*c[2])
	m := math.Cbrt(0.2119034982*c[0] + 0.6806995451*c[1] + 0.1073969566*c[2])
	s := math.Cbrt(0.0883024619*c[0] + 0.2817188376*c[1] + 0.6299787005*c[2])
	return [3]float64{
		0.2104542553*l + 0.7936177850*m - 0.0040720468*s, 1.9779984951*l - 2.4285922050*m + 0.4505937099*s,
		0.0259040371*l + 0.7827717662*m - 0.8086757660*s,
	}
}

// TestThemesAreThePages compares the palettes with the properties in the page's CSS, which has the dark ones twice: as chosen, and as the
// system wishes; and the light ones once more, for paper.
func TestThemesAreThePages(t *testing.T) {
	css, err := os.ReadFile("../../web/static/tracelens.css")
	if err != nil {
		t.Fatal(err)
	}
	blocks := regexp.MustCompile(`(?s):root[^{]*\{([^}]*)\}`).FindAllSubmatch(css, -1)
	if len(blocks) != 4 {
		t.Fatalf("%d palettes in the CSS", len(blocks))
	}
	for i, th := range []Theme{Light(), Dark(), Dark(), Light()} {
		p := map[string]string{}
		for _, m := range regexp.MustCompile(`--([a-z-]+): (#[0-9a-f]+);`).FindAllSubmatch(blocks[i][1], -1) {
			p[string(m[1])] = string(m[2])
			if len(m[2]) == 4 { // #fff
				p[string(m[1])] = hex(charts.Color{R: 17 * unhex(m[2][1]), G: 17 * unhex(m[2][2]), B: 17 * unhex(m[2][3])})
			}
		}
		for name, want := range map[string]string{
			"card": th.Card, "ink": th.Ink, "muted": th.Muted, "line": th.Line, "accent": th.Accent, "soft": th.Soft, "rest": th.Rest, "edge": th.Edge,
		} {
			if p[name] != want {
				t.Errorf("palette %d: --%s is %q, the charts have %q", i, name, p[name], want)
			}
		}
		on := func(under string, over ...string) charts.Color {
			c := color(p[under])
			for _, o := range over {
				c = mix(c, color(p[o]))
			}
			return c
		}
		for _, pair := range []struct {
			least float64
			text  string
			on    charts.Color
		}{
			{4.5, "ink", on("bg")}, {4.5, "muted", on("bg")}, {4.5, "accent", on("bg")}, {4.5, "live", on("card")}, {4.5, "warn", on("card")},
			{4.5, "warn", on("bg", "warn-soft")}, {4.5, "warn", on("card", "warn-soft")}, {4.5, "ink", on("bg", "soft")},
			{4.5, "accent", on("card", "soft")}, {4.5, "muted", on("card", "soft")}, {4.5, "accent-ink", on("accent")}, {4.5, "card", on("ink")},
			{3, "edge", on("bg")},
		} {
			if got := contrast(color(p[pair.text]), pair.on); got < pair.least {
				t.Errorf("palette %d: --%s on %s is %.2f, want %v", i, pair.text, hex(pair.on), got, pair.least)
			}
		}
	}
}

func unhex(c byte) uint8 {
	v, _ := strconv.ParseUint(string(c), 16, 8)
	return uint8(v)
}

func linear(v uint8) float64 {
	s := float64(v) / 255
	if s <= 0.04045 {
		return s / 12.92
	}
	return math.Pow((s+0.055)/1.055, 2.4)
}

func contrast(a, b charts.Color) float64 {
	l := func(c charts.Color) float64 {
		return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
	}
	x, y := l(a), l(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}
