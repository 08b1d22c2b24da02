package chart

import (
	"bytes"
	"encoding/xml"
	"flag"
	"io"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"tracelens/app/chart/label"
	"tracelens/shared/report"
)

var update = flag.Bool("update", false, "write the golden files")

// A word is a text of a picture and the box it needs, in CSS pixels.
type word struct {
	text                     string
	left, top, right, bottom float64
}

// texts parses a picture, strictly, and returns its texts. The font is taken to be
// DejaVu Sans, the widest of the stack: 0.64 em for a digit.
func texts(t *testing.T, svg []byte) (words []word) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	in := map[string]string{}
	for {
		tok, err := d.Token()
		if err == io.EOF {
			return words
		}
		if err != nil {
			t.Fatalf("not XML: %v\n%.300s", err, svg)
		}
		switch tok := tok.(type) {
		case xml.StartElement:
			switch tok.Name.Local {
			case "svg", "style", "rect", "path", "circle":
				in = nil
			case "text":
				in = map[string]string{}
				for _, a := range tok.Attr {
					in[a.Name.Local] = a.Value
				}
			default:
				t.Fatalf("unexpected element %s", tok.Name.Local)
			}
		case xml.CharData:
			if in == nil || len(tok) == 0 {
				continue
			}
			x, _ := strconv.ParseFloat(in["x"], 64)
			y, _ := strconv.ParseFloat(in["y"], 64)
			class := " " + in["class"] + " "
			size := float64(small)
			if strings.Contains(class, " s ") {
				size = large
			}
			w := textWidth(string(tok), size)
			left := x / unit
			if strings.Contains(class, " m ") {
				left -= w / 2
			} else if strings.Contains(class, " e ") {
				left -= w
			}
			words = append(words, word{string(tok), left, y/unit - 0.76*size, left + w, y/unit + 0.2*size})
			in = nil
		}
	}
}

func TestTextsFit(t *testing.T) {
	const slack = 0.5
	for _, c := range cases() {
		for _, width := range append([]int{240, 286, 700, 1600}, c.wide...) {
			for _, u := range []label.Units{label.SI, label.Binary, label.Bits} {
				for _, relative := range []bool{false, true} {
					o := options(width, Light())
					o.Units, o.Relative = u, relative
					p := c.draw(o)
					if p.Alt == "" || p.Width < width {
						t.Errorf("%s at %d: alt %q, width %d", c.name, width, p.Alt, p.Width)
					}
					ws := texts(t, p.SVG)
					if len(ws) == 0 {
						t.Errorf("%s at %d: no text at all", c.name, width)
					}
					for i, a := range ws {
						if a.left < -slack || a.top < -slack || a.right > float64(p.Width)+slack || a.bottom > float64(p.Height)+slack {
							t.Errorf("%s at %d: %q leaves the picture: %.1f..%.1f, %.1f..%.1f", c.name, width, a.text, a.left, a.right, a.top, a.bottom)
						}
						for _, b := range ws[:i] {
							if a.left+slack < b.right && b.left+slack < a.right && a.top+slack < b.bottom && b.top+slack < a.bottom {
								t.Errorf("%s at %d: %q lies on %q", c.name, width, a.text, b.text)
							}
						}
					}
				}
			}
		}
	}
}

func TestNothing(t *testing.T) {
	for _, c := range cases() {
		if !strings.HasSuffix(c.name, "-none") && !strings.HasSuffix(c.name, "-empty") {
			continue
		}
		p := c.draw(options(500, Dark()))
		if ws := texts(t, p.SVG); len(ws) != 1 || ws[0].text != "no packets" {
			t.Errorf("%s says %v", c.name, ws)
		}
		if p.X(7) != 0 || p.Value(7) != 0 {
			t.Errorf("%s: an axis without data", c.name)
		}
	}
}

func TestEscape(t *testing.T) {
	p := Top([]string{evil, "a&amp;b", strings.Repeat("x", 1<<20)}, []int64{3, 2, 1}, options(600, Light()))
	if bytes.Contains(p.SVG, []byte("<img")) || bytes.Contains(p.SVG, []byte("\x00")) || !utf8.Valid(p.SVG) {
		t.Fatalf("markup in the picture: %s", p.SVG)
	}
	ws := texts(t, p.SVG)
	found := map[string]bool{}
	for _, w := range ws {
		found[w.text] = true
	}
	if want := `<img src=x onerror=alert(1)>&"'` + "\uFFFD\uFFFD\uFFFD"; !found[want] || !found["a&amp;b"] {
		t.Errorf("texts %v", ws)
	}
	if len(p.SVG) > 20000 {
		t.Errorf("%d bytes", len(p.SVG))
	}
}

// TestNumbers looks for coordinates that are none, and for what would make the picture depend on anything outside.
func TestNumbers(t *testing.T) {
	for _, c := range cases() {
		p := c.draw(options(c.wide[0], Dark()))
		for _, bad := range []string{"NaN", "Inf", "-9223372036854775808", "2147483647", "href", "url(", `d=""`, "fill:none\"/><path"} {
			if bytes.Contains(p.SVG, []byte(bad)) && (bad != `fill:none"/><path` || bytes.Contains(p.SVG, []byte(`stroke:none;fill:none`))) {
				t.Errorf("%s has %q", c.name, bad)
			}
		}
		if len(p.SVG) > 200_000 {
			t.Errorf("%s: %d bytes", c.name, len(p.SVG))
		}
	}
}

func TestAxes(t *testing.T) {
	p := Hours(day(), nil, options(1120, Light()))
	if p.XMin != start || p.XMax != start+11*3600 || p.Column != 3600 || p.Unit != "MB" || p.YMax != 510e6 {
		t.Errorf("%+v", p)
	}
	if x := p.X(start + 3600); math.Abs(p.Value(x)-(start+3600)) > 1e-3 || math.Abs(x-p.Plot.X-p.Plot.W/11) > 1e-6 {
		t.Errorf("X and Value: %v", x)
	}
	if p.Y(0) != p.Plot.Y+p.Plot.H || math.Abs(p.Y(510e6)-p.Plot.Y) > 1e-9 {
		t.Error("Y")
	}
	if p := Hours(manyHours(5000), nil, options(1120, Light())); p.Column != 24*3600 || mod(int64(p.XMin)+3600, 24*3600) != 0 {
		t.Errorf("columns of %d s from %f", p.Column, p.XMin)
	}
}

// TestBars pins what we rely on in go-charts: heights from zero to our top, lengths from zero to 1200.
func TestBars(t *testing.T) {
	top := Top([]string{"a", "b"}, []int64{1000, 500}, options(600, Light()))
	edges := rights(t, top.SVG)
	if want := top.Plot.X + top.Plot.W; len(edges) != 2 || math.Abs(max(edges[0], edges[1])-want) > 0.2 {
		t.Errorf("bars end at %v, want %.1f", edges, want)
	}
	if want := top.Plot.X + top.Plot.W/2; math.Abs(min(edges[0], edges[1])-want) > 0.2 {
		t.Errorf("bars end at %v, want %.1f", edges, want)
	}
	hs := someHours(100, -1, 25, 0)
	hours := Hours(hs, nil, options(600, Light()))
	if n := bytes.Count(hours.SVG, []byte("fill:rgba(37,99,201,1.0)")); n != 2 {
		t.Errorf("%d bars of two hours with packets", n)
	}
}

// rights are the rightmost places of the accent coloured paths.
func rights(t *testing.T, svg []byte) (xs []float64) {
	for _, tag := range strings.SplitAfter(string(svg), ">") {
		if !strings.HasPrefix(tag, "<path") || !strings.Contains(tag, "37,99,201") {
			continue
		}
		_, d, _ := strings.Cut(tag, `d="`)
		right := 0.0
		for _, line := range strings.Split(d, "\n") {
			if f := strings.Fields(line); len(f) == 3 {
				x, err := strconv.ParseFloat(f[1], 64)
				if err != nil {
					t.Fatal(err)
				}
				right = max(right, x/unit)
			}
		}
		xs = append(xs, right)
	}
	return xs
}

func TestGolden(t *testing.T) {
	light, dark := options(360, Light()), options(360, Dark())
	h := report.Histogram{Edges: []float64{60, 500, 1000, 1514}, Packets: []int64{6, 2, 2}, Density: []float64{.0014, .0004, .0004}}
	kde := [][2]float64{{60, .001}, {500, .0008}, {1000, .0003}, {1514, .0005}}
	for name, p := range map[string]Picture{
		"hours":   Hours(day(), nil, light),
		"minutes": Minutes(series(someBins(240, 60), someHours(300, -1, 200), 60, 3000, 8400), dark),
		"sizes":   Sizes(&report.Report{Box: someBox(), Histogram: h, KDE: kde}, nil, light),
		"cdf":     CDF([][2]int64{{60, 40}, {590, 20}, {1514, 40}}, nil, 1000, dark),
		"top":     Top([]string{"192.0.2.1", "2001:db8:85a3:1234:5678:8a2e:370:7334", "<&>"}, []int64{402e6, 61e6, 9}, light),
		"sankey":  Sankey(someCauses(), light),
		"stack":   Stack(stacked(11, 3600, day(), someCauses().Programs...), dark),
	} {
		file := filepath.Join("testdata", name+".svg")
		if *update {
			if err := os.WriteFile(file, p.SVG, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(p.SVG, want) {
			t.Errorf("%s has changed; look at it, then: go test ./app/chart -update", file)
		}
	}
}
