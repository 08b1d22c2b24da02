//go:build js

package main

import (
	"archive/zip"
	"io"
	"strconv"
	"strings"

	"tracelens/app/internal/browser"
)

// A bundle is what is written for the user: one file as it is, more of them as an archive, which begins with the second.
type bundle struct {
	name  string // of the archive
	first string // the first file's name, and what is in it as long as there is no archive
	plain partWriter
	n     int
	zip   *zip.Writer
	out   partWriter
	named map[string]int // how many of the archive's files had a name
}

// create begins the next file and ends the one before it.
func (b *bundle) create(name string) (io.Writer, error) {
	b.n++
	switch b.n {
	case 1:
		b.first = name
		return &b.plain, nil
	case 2:
		if err := b.archive(); err != nil {
			return nil, err
		}
	}
	return b.zip.Create(b.entry(name))
}

// archive begins the archive with the first file.
func (b *bundle) archive() error {
	b.zip, b.named = zip.NewWriter(&b.out), map[string]int{}
	w, err := b.zip.Create(b.entry(b.first))
	if err != nil {
		return err
	}
	r := browser.NewReader(b.plain.file(b.first))
	defer r.Close()
	_, err = io.Copy(w, r)
	b.plain = partWriter{}
	return err
}

// entry is what a file is called in the archive. A name says when its file began, so the second of a name gets it too, in a folder. No
// name leads anywhere else, whatever archive it came from.
func (b *bundle) entry(name string) string {
	name = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:`, r) {
			return '_'
		}
		return r
	}, name)
	if strings.Trim(name, ".") == "" {
		name = "_"
	}
	b.named[name]++
	if n := b.named[name]; n > 1 {
		return strconv.Itoa(n) + "/" + name
	}
	return name
}

// files is all that has been written.
func (b *bundle) files() ([]browser.File, error) {
	switch b.n {
	case 0:
		return nil, nil
	case 1:
		return []browser.File{b.plain.file(b.first)}, nil
	}
	if err := b.zip.Close(); err != nil {
		return nil, err
	}
	return []browser.File{b.out.file(b.name)}, nil
}
