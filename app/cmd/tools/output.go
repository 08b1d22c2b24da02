//go:build js

package main

import (
	"io"
	"strconv"
	"strings"

	"tracelens/app/internal/browser"
)

// An output takes the files that are written for the user: an archive for the browser to save, or a folder.
type output interface {
	// create begins a file. Several may be written at once.
	create(name string) (file, error)
	// finish is called when all files are closed. It returns what the browser is to save, if anything.
	finish() ([]browser.File, error)
	// abandon takes back what it can: half a copy could be taken for a whole one.
	abandon()
	// files is how many have been begun.
	files() int64
}

// A file of an output holds some of what is written in memory. Rest hands that on; more may be written later, but that is dear.
type file interface {
	io.Writer
	rest() error
	close() error
}

// names are what the files of an output are called. A name says when its file began, so the second of a name gets it too, in a folder. No name
// leads anywhere else, whatever archive it came from.
type names map[string]int

// free is a name that no file has yet, and the folder that it is in, if any.
func (n names) free(name string) (folder, free string) {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:`, r) {
			return '_'
		}
		return r
	}, name)
	if strings.Trim(name, ".") == "" {
		name = "_"
	}
	if n[name]++; n[name] > 1 {
		folder = strconv.Itoa(n[name])
	}
	return folder, name
}
