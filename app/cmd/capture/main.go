//go:build js

// Command capture is the page's web worker that reads captures, packed or not. It is loaded when the first capture is given: what decodes
// packets would be a third of everybody's first visit.
package main

import (
	"io"

	"tracelens/app/reader"
	"tracelens/shared/caprows"
)

func main() {
	reader.Run(func(name string, r io.ReadCloser) reader.Rows { return caprows.NewReader(name, r) })
}
