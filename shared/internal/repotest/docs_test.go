//go:build !js

package repotest

import (
	"strings"
	"testing"
)

// Every package opens with one true sentence. The test cannot see whether it is true.
func TestEveryPackageSaysWhatItIs(t *testing.T) {
	documented := map[string]bool{}
	for _, s := range readSources(t) {
		if s.test {
			continue
		}
		documented[s.folder()] = documented[s.folder()] || s.syntax.Doc != nil
		if s.syntax.Doc == nil {
			continue
		}
		name := s.syntax.Name.Name
		begin := "Package " + name + " "
		if name == "main" {
			begin = "Command "
		}
		if text := s.syntax.Doc.Text(); !strings.HasPrefix(text, begin) {
			first, _, _ := strings.Cut(text, "\n")
			t.Errorf("%s: the package comment begins %q, want %q", s.path, first, begin+"...")
		}
	}
	for folder, has := range documented {
		if !has {
			t.Errorf("%s: no file has a package comment", folder)
		}
	}
}
