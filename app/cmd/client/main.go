//go:build js

// Command client is the page: the components of package ui, run in the browser.
package main

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/internal/browser"
	"tracelens/app/ui"
)

func main() {
	// The page is rendered before this program has come, so somebody may have chosen files already.
	newPage := ui.NewPageWith(browser.Chosen("[data-testid=files]"))
	app.RouteFunc("/", newPage)
	// A static host may serve the page under any path, and its 404 page is the same page.
	app.RouteWithRegexpFunc("^/.*", newPage)
	app.RunWhenOnBrowser()
}
