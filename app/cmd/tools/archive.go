//go:build js

package main

import (
	"archive/zip"
	"io"
	"strings"

	"tracelens/app/internal/browser"
)

// Limits of an archive: what one could hold by deceit, far above what hour files are.
const (
	maxEntries = 10_000
	maxBytes   = 64 << 30 // unpacked
)

// unpack replaces each zip archive among files by the files in it. What cannot be unpacked is named, with the reason after it. The
// progress is told as that of a trace.
func unpack(files []browser.File, trace int64) (out []browser.File, refused []string) {
	p := &progress{kind: "progress", trace: trace}
	for _, f := range files {
		p.total += f.Size()
	}
	for _, f := range files {
		if !strings.HasSuffix(strings.ToLower(f.Name()), ".zip") {
			out = append(out, f)
			continue
		}
		entries, reason := entries(f, p)
		out = append(out, entries...)
		if reason != "" {
			refused = append(refused, f.Name(), reason)
		}
	}
	return out, refused
}

func entries(f browser.File, p *progress) (out []browser.File, reason string) {
	archive, err := zip.NewReader(f, f.Size())
	if err != nil {
		return nil, "not a readable zip archive: " + err.Error()
	}
	if len(archive.File) > maxEntries {
		return nil, "it holds more than 10 000 files"
	}
	left := int64(maxBytes)
	for _, e := range archive.File {
		if e.FileInfo().IsDir() {
			continue
		}
		name := e.Name[strings.LastIndexByte(e.Name, '/')+1:] // folders inside mean nothing here, and must not
		file, err := inflated(name, e, &left)
		if err != nil {
			return out, "what follows " + name + " in it was not read: " + err.Error()
		}
		p.add(name, int64(e.CompressedSize64))
		out = append(out, file)
	}
	if len(out) == 0 {
		return nil, "the archive is empty"
	}
	return out, ""
}

// inflated unpacks an entry, counting what comes out: what an archive says of its sizes is not to be trusted.
func inflated(name string, e *zip.File, left *int64) (browser.File, error) {
	r, err := e.Open()
	if err != nil {
		return browser.File{}, err
	}
	defer r.Close()
	var w partWriter
	n, err := io.Copy(&w, io.LimitReader(r, *left+1))
	if *left -= n; *left < 0 {
		return browser.File{}, errTooMuch
	}
	return w.file(name), err
}

type tooMuch struct{}

func (tooMuch) Error() string { return "it unpacks to more than 64 GiB" }

var errTooMuch error = tooMuch{}
