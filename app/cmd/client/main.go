//go:build js

// Command client is the page: the components of package ui, run in the browser.
package main

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/ui"
)

func main() {
	app.RouteFunc("/", ui.NewPage)
	// A static host may serve the page under any path, and its 404 page is the same page.
	app.RouteWithRegexpFunc("^/.*", ui.NewPage)
	app.RunWhenOnBrowser()
}
