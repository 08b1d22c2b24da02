package e2e

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"image"
	"image/png"
	"math"
	"strings"
	"testing"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"tracelens/shared/tracegen"
)

// TestPrint: paper is light, whatever the screen, and its charts are as sharp as print; afterwards the screen is as before.
func TestPrint(t *testing.T) {
	t.Parallel()
	p := sample(t, look{1440, 900, true})
	p.brush("hours", float64(tracegen.Sample.Start)+3600, float64(tracegen.Sample.Start)+3*3600)
	type canvas struct {
		Scale  float64
		Corner [4]int
	}
	const canvases = `[...document.querySelectorAll('.plot canvas')].filter(c => c.clientWidth).map(c => ({
		scale: c.width / c.clientWidth, corner: [...c.getContext('2d').getImageData(1, 1, 1, 1).data]}))`
	screen := eval[[]canvas](p, canvases)
	if len(screen) != 5 || screen[0].Scale != 1 || screen[0].Corner != [4]int{0x16, 0x1a, 0x21, 255} {
		t.Fatalf("on the screen %v", screen)
	}
	p.run(chromedp.Evaluate("addEventListener('beforeprint', () => { window.printed = "+canvases+"; })", nil),
		chromedp.ActionFunc(func(ctx context.Context) error {
			pdf, _, err := cdppage.PrintToPDF().WithPrintBackground(true).Do(ctx)
			if err == nil && !bytes.HasPrefix(pdf, []byte("%PDF-")) {
				err = errors.New("no PDF")
			}
			return err
		}))
	paper := eval[[]canvas](p, "window.printed")
	for _, c := range paper {
		if c.Scale < 2.9 || c.Corner != [4]int{255, 255, 255, 255} {
			t.Errorf("on paper %v", c)
		}
	}
	if len(paper) != len(screen) {
		t.Errorf("on paper are %d charts, on the screen %d", len(paper), len(screen))
	}
	p.until("(" + canvases + ").every(c => c.scale === 1 && c.corner[0] === 0x16)")
}

// sameLooks compares a PNG that was drawn mark by mark with how the browser shows the SVG of the same chart. Edges differ by how each
// smooths them; a mark in another place, colour or font differs by more.
func (p *page) sameLooks(id string, svg, drawn []byte) {
	p.t.Helper()
	blank, _ := newTab(p.t, browser) // the page itself may not show what it was not built with
	var shown string
	if err := chromedp.Run(blank, chromedp.Evaluate(`(async () => {
		const img = new Image(), data = Uint8Array.from(atob(`+quote(base64.StdEncoding.EncodeToString(svg))+`), c => c.charCodeAt(0));
		img.src = URL.createObjectURL(new Blob([data], {type: 'image/svg+xml'}));
		await img.decode();
		const canvas = document.createElement('canvas');
		canvas.width = 2 * img.width, canvas.height = 2 * img.height;
		canvas.getContext('2d').drawImage(img, 0, 0, canvas.width, canvas.height);
		return canvas.toDataURL();
	})()`, &shown, func(e *runtime.EvaluateParams) *runtime.EvaluateParams { return e.WithAwaitPromise(true) })); err != nil {
		p.t.Fatalf("%s: %v", id, err)
	}
	shown = strings.TrimPrefix(shown, "data:image/png;base64,")
	want, err := png.Decode(base64.NewDecoder(base64.StdEncoding, strings.NewReader(shown)))
	if err != nil {
		p.t.Fatalf("%s: %v in %.80s", id, err, shown)
	}
	got, err := png.Decode(bytes.NewReader(drawn))
	if err != nil || got.Bounds() != want.Bounds() {
		p.t.Fatalf("%s: %v, want %v, %v", id, got.Bounds(), want.Bounds(), err)
	}
	off := difference(got, want)
	p.t.Logf("%s: drawn and shown differ in %.3f %% of their light", id, 100*off)
	if off > 0.0005 {
		p.t.Errorf("%s: the picture that is drawn differs from its SVG in %.2f %% of its light", id, 100*off)
	}
}

// difference is how far apart two pictures of one size are, of all the light there could be.
func difference(a, b image.Image) float64 {
	box := a.Bounds()
	sum := 0.0
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			r, g, b1, _ := a.At(x, y).RGBA()
			r2, g2, b2, _ := b.At(x, y).RGBA()
			sum += math.Abs(float64(r)-float64(r2)) + math.Abs(float64(g)-float64(g2)) + math.Abs(float64(b1)-float64(b2))
		}
	}
	return sum / 3 / 65535 / float64(box.Dx()*box.Dy())
}
