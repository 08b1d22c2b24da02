//go:build js

// Command unpack is the page's web worker that opens what is packed. It is loaded when the first such file is given.
package main

import "tracelens/app/reader"

func main() { reader.Run(nil) }
