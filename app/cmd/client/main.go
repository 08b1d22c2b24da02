//go:build js

// Command client is the page: the components of package ui, run in the browser.
package main

import (
	"runtime/debug"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/internal/browser"
	"tracelens/app/ui"
)

// gcPercent lets garbage come to several times of what is in use before it is collected, which the page's one thread does itself: a
// trace's first drawing makes a few megabytes of it.
const gcPercent = 400

func main() {
	debug.SetGCPercent(gcPercent)
	// The page is rendered before this program has come, so somebody may have chosen files already.
	newPage := ui.NewPageWith(browser.Chosen("[data-testid=files], [data-testid=folder]"))
	app.RouteFunc("/", newPage)
	// A static host may serve the page under any path, and its 404 page is the same page.
	app.RouteWithRegexpFunc("^/.*", newPage)
	app.RunWhenOnBrowser()
}
