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
