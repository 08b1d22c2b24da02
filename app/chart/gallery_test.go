package chart

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var gallery = flag.String("gallery", "", "folder to write every picture to, and pages that show them on the page's cards")

// TestGallery is for looking at: go test ./app/chart -run Gallery -gallery /tmp/gallery
func TestGallery(t *testing.T) {
	if *gallery == "" {
		t.Skip("no -gallery folder given")
	}
	for name, theme := range map[string]Theme{"light": Light(), "dark": Dark()} {
		for k, size := range []string{"wide", "narrow"} {
			pages := map[string]*strings.Builder{}
			for _, c := range cases() {
				p := c.draw(options(c.wide[k], theme))
				file := fmt.Sprintf("%s-%s-%d.svg", c.name, name, c.wide[k])
				if err := os.WriteFile(filepath.Join(*gallery, file), p.SVG, 0o666); err != nil {
					t.Fatal(err)
				}
				kind, _, _ := strings.Cut(c.name, "-")
				page := pages[kind]
				if page == nil {
					page = &strings.Builder{}
					pages[kind] = page
					back := map[bool]string{false: "#f6f6f3", true: "#0e1116"}[theme.Dark]
					fmt.Fprintf(page, galleryHead, back, theme.Ink, theme.Card, theme.Line)
				}
				fmt.Fprintf(page, `<figure>%s %s<img src="%s"></figure>`, c.name, p.Unit, file)
			}
			for kind, page := range pages {
				file := filepath.Join(*gallery, kind+"-"+name+"-"+size+".html")
				if err := os.WriteFile(file, []byte(page.String()), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

const galleryHead = `<!doctype html><meta charset=utf-8><style>
body{margin:12px;background:%s;color:%s;font:12px sans-serif;display:flex;flex-wrap:wrap;gap:12px;align-items:start}
figure{margin:0;background:%s;padding:14px 16px 8px;border:1px solid %s;border-radius:10px}img{display:block}
</style>`
