//go:build js

// Command worker is the program of the page's workers: of the lead, which the page starts, and of the counters, which the lead
// starts, one for every core. They are one program so that the browser compiles it once.
package main

import (
	"strings"

	"tracelens/app/counter"
	"tracelens/app/internal/browser"
	"tracelens/app/lead"
)

func main() {
	if strings.HasPrefix(browser.Name(), "counter") {
		counter.Run()
	}
	lead.Run()
}
