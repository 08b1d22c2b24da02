package main

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// sumsFile has the hash of every file of a site, as sha256sum writes them: a build of the same sources by the same release of Go, which
// goFile names, has the same, so that anybody can compare what a host serves with what they have built.
const (
	sumsFile = "SHA256SUMS"
	goFile   = "GOVERSION"
)

func sums(out string) error {
	if err := os.WriteFile(filepath.Join(out, goFile), []byte(runtime.Version()+"\n"), 0o644); err != nil {
		return err
	}
	var text strings.Builder
	err := filepath.WalkDir(out, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == sumsFile || d.Name() == "placeholder" {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(out, path)
		fmt.Fprintf(&text, "%x  %s\n", sha256.Sum256(b), filepath.ToSlash(rel))
		return err
	})
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(out, sumsFile), []byte(text.String()), 0o644)
}
