//go:build !js

package repotest

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
)

const module = "tracelens"

// root is the repository's top folder.
func root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "..")
}

// A source is one Go file. Files are parsed whatever their build constraints, so that no platform's imports go unseen.
type source struct {
	path    string // from the root, with slashes
	test    bool
	lines   int
	syntax  *ast.File // package clause, its comment, imports
	imports []string
}

// folder is the package's folder, as "shared/trace".
func (s source) folder() string { return path.Dir(s.path) }

// built holds what is made here, not written here.
var built = map[string]bool{".git": true, "bin": true, "dist": true, "traces": true, "testdata": true, "generated": true, "node_modules": true}

var sources = sync.OnceValues(func() (all []source, err error) {
	top := os.DirFS(root())
	err = fs.WalkDir(top, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			if errors.Is(err, fs.ErrNotExist) { // another test's temporary file
				return nil
			}
			return err
		case d.IsDir() && built[d.Name()]:
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		text, err := fs.ReadFile(top, name)
		if err != nil {
			return err
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, text, parser.ImportsOnly|parser.ParseComments)
		if err != nil {
			return err
		}
		if ast.IsGenerated(f) {
			return nil
		}
		s := source{path: name, test: strings.HasSuffix(name, "_test.go"), lines: strings.Count(string(text), "\n"), syntax: f}
		for _, i := range f.Imports {
			s.imports = append(s.imports, strings.Trim(i.Path.Value, `"`))
		}
		all = append(all, s)
		return nil
	})
	return all, err
})

// readSources fails if it finds so little that it must have looked in the wrong place.
func readSources(t *testing.T) []source {
	t.Helper()
	all, err := sources()
	if err != nil {
		t.Fatal(err)
	}
	folders := map[string]bool{}
	for _, s := range all {
		folders[s.folder()] = true
	}
	for _, must := range []string{"shared/trace", "shared/tracecsv", "shared/anon", "web"} {
		if !folders[must] {
			t.Fatalf("%s was not found", must)
		}
	}
	if len(folders) < 12 || len(all) < 40 {
		t.Fatalf("only %d packages and %d Go files found", len(folders), len(all))
	}
	return all
}

// A listed package is what the go command says of it for one platform.
type listed struct {
	ImportPath string
	Deps       []string // direct and indirect, of the package without its tests
}

// list asks the go command for packages. platform is "js" or empty for the machine's own.
func list(t *testing.T, platform string, patterns ...string) (packages []listed) {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-e", "-json=ImportPath,Deps", "-overlay", overlay(t)}, patterns...)...)
	cmd.Dir, cmd.Env = root(), os.Environ()
	if platform == "js" {
		cmd.Env = append(cmd.Env, "GOOS=js", "GOARCH=wasm")
	}
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, stderr.String())
	}
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); err == io.EOF {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// overlay is what the page is built with: where it matters what a package brings along, that counts.
func overlay(t *testing.T) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "overlay.json")
	cmd := exec.Command("go", "run", "./app/cmd/overlay", "-o", file)
	cmd.Dir = root()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return file
}

// within reports whether the import path is the package pattern or below it.
func within(importPath, pattern string) bool {
	return importPath == pattern || strings.HasPrefix(importPath, pattern+"/")
}
