//go:build js

package main

import (
	"archive/zip"
	"io"
	"strings"

	"tracelens/app/internal/browser"
	"tracelens/shared/tracegen"
)

// filesOf finds the sources in the files that the user gave: each file is one, and so is each entry of a zip archive, which is
// how the page itself hands out several hour files.
func filesOf(files []browser.File) func() []*source {
	return func() (sources []*source) {
		for _, f := range files {
			if strings.HasSuffix(strings.ToLower(f.Name()), ".zip") {
				sources = append(sources, zipEntries(f)...)
				continue
			}
			sources = append(sources, fileSource(f))
		}
		return sources
	}
}

func fileSource(f browser.File) *source {
	return newSource(f.Name(), f.Size(), func() (io.Reader, error) { return browser.NewReader(f), nil })
}

// Limits of an archive: what one could hold by deceit, far above what hour files are.
const (
	maxEntries      = 10_000
	maxUncompressed = 64 << 30
)

func zipEntries(f browser.File) (sources []*source) {
	refused := func(reason string) []*source {
		s := fileSource(f)
		s.input.Error = reason
		return []*source{s}
	}
	archive, err := zip.NewReader(f, f.Size())
	if err != nil {
		return refused("not a readable zip archive: " + err.Error())
	}
	if len(archive.File) > maxEntries {
		return refused("an archive of more than 10 000 files is not opened")
	}
	total := uint64(0)
	for _, entry := range archive.File {
		if entry.FileInfo().IsDir() {
			continue
		}
		if total += entry.UncompressedSize64; total > maxUncompressed {
			return append(sources, refused("the archive unpacks to more than 64 GiB; what comes after that is not read")...)
		}
		name := entry.Name
		name = name[strings.LastIndexByte(name, '/')+1:]
		sources = append(sources, newSource(name, int64(entry.UncompressedSize64), func() (io.Reader, error) { return entry.Open() }))
	}
	if len(sources) == 0 {
		return refused("the archive is empty")
	}
	return sources
}

// sample makes the sample trace, an hour at a time. Its files are given to the browser like any others, so that they can be
// read again.
func sample() func() []*source {
	return func() (sources []*source) {
		tracegen.Sample.Each(func(hour int64, file []byte) bool {
			sources = append(sources, fileSource(browser.NewFile(itoa(hour)+".csv", file)))
			return true
		})
		return sources
	}
}
