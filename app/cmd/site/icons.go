package main

import (
	"image"
	"image/color"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strconv"
)

// writeIcons draws icon.svg's ring as the bitmaps that browsers want for an installed page.
func writeIcons(dir string) error {
	for _, size := range []int{192, 512} {
		f, err := os.Create(filepath.Join(dir, "icon-"+strconv.Itoa(size)+".png"))
		if err != nil {
			return err
		}
		if err := png.Encode(f, ring(size)); err != nil {
			return err
		}
		if err := f.Close(); err != nil {
			return err
		}
	}
	return nil
}

func ring(size int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	radius, half := 22.0/64*float64(size), 5.5/64*float64(size)
	for y := range size {
		for x := range size {
			d := math.Abs(math.Hypot(float64(x)+0.5-float64(size)/2, float64(y)+0.5-float64(size)/2) - radius)
			cover := min(1, max(0, half-d+0.5)) // one pixel of soft edge
			img.SetNRGBA(x, y, color.NRGBA{0x25, 0x63, 0xc9, uint8(255 * cover)})
		}
	}
	return img
}
