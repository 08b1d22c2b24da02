// Package web carries the built page: the site generator writes it to dist/, and the helper embeds it from there.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files is the built site, index.html at its root. Before the first build it holds only a placeholder.
var Files = mustSub(dist, "dist")

// Build identifies the page's build: the hash that the site generator wrote. It is "none" before the first build.
func Build() string {
	b, err := fs.ReadFile(Files, "build.txt")
	if err != nil {
		return "none"
	}
	return string(b)
}

func mustSub(f fs.FS, dir string) fs.FS {
	sub, err := fs.Sub(f, dir)
	if err != nil {
		panic(err) // the name is a constant
	}
	return sub
}
