package chart

import (
	"strconv"

	charts "github.com/vicanso/go-charts/v2"
)

// A Theme is the page's palette, as in web's CSS: "#rrggbb" or "#rrggbbaa". Against the card, text has a contrast of 4.5 at least and a mark
// that tells something one of 3; areas are paler, so that what lies on them can be told from them, and have an edge.
type Theme struct {
	Dark   bool
	Card   string // behind the chart
	Ink    string // values and sentences
	Muted  string // axis labels
	Line   string // grid
	Accent string // what is selected
	Soft   string // accent, translucent: areas
	Rest   string // what is not selected: areas
	Part   string // text of what is selected
	Rim    string // the edge of an area of what is selected
	Edge   string // that of one of what is not selected, and its lines; hatching
	Hues   Hues   // of programs or sites, where several are told apart
}

// Hues tell up to eight named things apart, also for those who see two or one of the three primary colours less: of any two, the lightness differs
// where the hue does not. Against the card each has a contrast of 3 at least. The first is the accent.
type Hues [8]string

// Light is the palette of a light page.
func Light() Theme {
	return Theme{Card: "#ffffff", Ink: "#1b1e23", Muted: "#636a75", Line: "#e3e3de", Accent: "#2563c9", Soft: "#2563c91f", Rest: "#c9cdd4",
		Part: "#2563c9", Rim: "#6591d9", Edge: "#868c96",
		Hues: Hues{"#2563c9", "#c3842f", "#026a58", "#9d518b", "#7c6f02", "#2e9ad1", "#ca6869", "#7571b8"}}
}

// Dark is the palette of a dark page.
func Dark() Theme {
	return Theme{Dark: true, Card: "#161a21", Ink: "#e7eaee", Muted: "#949ca8", Line: "#272c35", Accent: "#6ea2ff", Soft: "#6ea2ff26", Rest: "#3b424e",
		Part: "#6ea2ff", Rim: "#547abe", Edge: "#626b7a",
		Hues: Hues{"#6ea2ff", "#d2a857", "#1b9d77", "#c87fbd", "#9a7700", "#8bbecd", "#f7979e", "#8171c1"}}
}

// Resting is t for what is not chosen of a chart: the same picture without colour. The page lays the coloured one over it, as far as is chosen.
func (t Theme) Resting() Theme {
	t.Ink, t.Part, t.Rim = t.Muted, t.Muted, t.Edge
	t.Accent, t.Soft, t.Rest = "#7a818c", "#7a818c1f", "#e2e4e8"
	if t.Dark {
		t.Accent, t.Soft, t.Rest = "#6e7888", "#6e788826", "#262b33"
	}
	for i := range t.Hues {
		t.Hues[i] = t.Accent
	}
	return t
}

const themeLight, themeDark = "tracelens-light", "tracelens-dark"

func init() {
	for name, t := range map[string]Theme{themeLight: Light(), themeDark: Dark()} {
		charts.AddTheme(name, charts.ThemeOption{
			IsDarkMode:         t.Dark,
			AxisStrokeColor:    color(t.Line),
			AxisSplitLineColor: color(t.Line),
			TextColor:          color(t.Muted),
			SeriesColors:       []charts.Color{color(t.Accent), color(t.Rest)},
			// No background: the canvas paints the card once, and layers of charts come on top of each other.
		})
	}
}

// palette is the theme as go-charts knows it, with one colour for the series to come.
func (t Theme) palette(series charts.Color) charts.ColorPalette {
	name := themeLight
	if t.Dark {
		name = themeDark
	}
	p := charts.NewTheme(name)
	p.SetSeriesColor([]charts.Color{series})
	return p
}

// soft is c as a translucent colour looks on the card. go-charts prints opacities with one decimal, so we mix ourselves.
func (t Theme) soft(c string) charts.Color { return mix(color(t.Card), color(c)) }

// faded is c with an opacity of a/255.
func faded(c charts.Color, a uint8) charts.Color {
	c.A = a
	return c
}

func mix(under, over charts.Color) charts.Color {
	a := int(over.A)
	blend := func(u, o uint8) uint8 { return uint8((int(u)*(255-a) + int(o)*a + 127) / 255) }
	return charts.Color{R: blend(under.R, over.R), G: blend(under.G, over.G), B: blend(under.B, over.B), A: 255}
}

func color(s string) charts.Color {
	if len(s) == 7 {
		s += "ff"
	}
	if len(s) != 9 || s[0] != '#' {
		return charts.Color{A: 255}
	}
	v, err := strconv.ParseUint(s[1:], 16, 32)
	if err != nil {
		return charts.Color{A: 255}
	}
	return charts.Color{R: uint8(v >> 24), G: uint8(v >> 16), B: uint8(v >> 8), A: uint8(v)}
}

func hex(c charts.Color) string {
	const digits = "0123456789abcdef"
	b := [7]byte{'#'}
	for i, v := range [...]uint8{c.R, c.G, c.B} {
		b[1+2*i], b[2+2*i] = digits[v>>4], digits[v&15]
	}
	return string(b[:])
}
