package chart

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

// A heard surface writes down what is drawn on it.
type heard struct{ marks []string }

func (h *heard) Path(d, fill, line string, width float64, dash []float64) {
	if strings.HasPrefix(d, "M0 0H") {
		d = "everything"
	}
	if width == 0 || line == "" {
		width, line = 0, ""
	}
	h.marks = append(h.marks, fmt.Sprint("path ", d, "|", fill, "|", line, "|", width, "|", dash))
}

func (h *heard) Text(s string, x, y float64, font, align, fill, halo string, width float64) {
	h.marks = append(h.marks, fmt.Sprint("text ", s, "|", x, "|", y, "|", font, "|", align, "|", fill, "|", halo != ""))
}

// TestPlay reads each picture by an XML parser too: every mark of it is drawn, in order, in the colours and fonts that its style sheet gives.
func TestPlay(t *testing.T) {
	for _, c := range cases() {
		for _, theme := range []Theme{Light(), Dark(), Light().Resting()} {
			p := c.draw(options(c.wide[0], theme))
			var got heard
			p.Play(theme, &got)
			if want := joined(marks(t, p.SVG, theme)); !slices.Equal(got.marks, want) {
				i := 0
				for i < min(len(got.marks), len(want)) && got.marks[i] == want[i] {
					i++
				}
				t.Fatalf("%s: of %d and %d marks, drawn \n%s\nwant\n%s", c.name, len(got.marks), len(want), got.marks[i:min(i+1, len(got.marks))], want[i:min(i+1, len(want))])
			}
		}
	}
	evil := Top([]string{evil, "a&amp;b"}, []int64{3, 2}, options(600, Light()))
	var got heard
	evil.Play(Light(), &got)
	if !slices.ContainsFunc(got.marks, func(m string) bool { return strings.HasPrefix(m, `text <img src=x onerror=alert(1)>&"'`) }) {
		t.Errorf("drawn %q", got.marks)
	}
}

// joined are marks, but paths that follow each other and look alike as one.
func joined(marks []string) (list []string) {
	last := ""
	for _, m := range marks {
		d, looks, _ := strings.Cut(m, "|")
		if isPath := strings.HasPrefix(m, "path M "); isPath && looks == last {
			before, _, _ := strings.Cut(list[len(list)-1], "|")
			list[len(list)-1] = before + strings.TrimPrefix(d, "path") + "|" + looks
		} else if list = append(list, m); isPath {
			last = looks
		} else {
			last = ""
		}
	}
	return list
}

// marks are what a picture's SVG says, in the words of heard.
func marks(t *testing.T, svg []byte, theme Theme) (list []string) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(svg))
	var text map[string]string
	for {
		token, err := d.Token()
		if err == io.EOF {
			return list
		}
		if err != nil {
			t.Fatal(err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			a := map[string]string{}
			for _, v := range token.Attr {
				a[v.Name.Local] = v.Value
			}
			css := map[string]string{}
			for _, part := range strings.Split(a["style"], ";") {
				if name, v, ok := strings.Cut(part, ":"); ok && v != "none" {
					css[name] = v
				}
			}
			if css["stroke-width"] == "0" || css["stroke"] == "" {
				css["stroke"], css["stroke-width"] = "", "0"
			}
			text = nil
			switch kind := token.Name.Local; kind {
			case "svg", "style":
			case "rect":
				list = append(list, "path everything|"+a["fill"]+"||0|[]")
			case "path":
				list = append(list, "path "+a["d"]+"|"+css["fill"]+"|"+css["stroke"]+"|"+css["stroke-width"]+"|["+strings.NewReplacer(",", "", ".0", "").Replace(a["stroke-dasharray"])+"]")
			case "circle":
				var x, y, r float64
				fmt.Sscan(a["cx"]+" "+a["cy"]+" "+a["r"], &x, &y, &r)
				list = append(list, fmt.Sprintf("path M%v %va%v %v 0 1 0 %v 0a%v %v 0 1 0 -%v 0Z|%s|%s|%s|[]", x-r, y, r, r, 2*r, r, r, 2*r, css["fill"], css["stroke"], css["stroke-width"]))
			case "text":
				text = a
			default:
				t.Fatalf("an element %s", kind)
			}
		case xml.CharData:
			if text == nil {
				continue
			}
			has := func(class string) bool { return slices.Contains(strings.Fields(text["class"]), class) }
			fill, align, size := theme.Muted, "start", 110
			for class, do := range map[string]func(){
				"v": func() { fill = theme.Ink }, "s": func() { fill, size = theme.Ink, 120 }, "a": func() { fill = theme.Part },
				"m": func() { align = "center" }, "e": func() { align = "end" },
			} {
				if has(class) {
					do()
				}
			}
			list = append(list, fmt.Sprint("text ", string(token), "|", text["x"], "|", text["y"], "|", size, "px ", fonts, "|", align, "|", fill, "|", has("h")))
			text = nil
		}
	}
}
