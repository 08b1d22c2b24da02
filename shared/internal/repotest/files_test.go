//go:build !js

package repotest

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// topLevel is fixed by the project's owner; dot files may stand beside it.
var topLevel = map[string]bool{
	"app": true, "helper": true, "shared": true, "web": true,
	"go.mod": true, "go.sum": true, "Makefile": true, "README.md": true, "LICENSE": true,
}

const (
	maxFile  = 1_000_000 // bytes of a file in the repository
	maxLines = 400       // of a Go file
)

// tracked are the files in the repository, and those that the next commit would add.
func tracked(t *testing.T) []string {
	t.Helper()
	cmd := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	cmd.Dir = root()
	var stderr strings.Builder
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd, err, stderr.String())
	}
	files := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	if len(files) < 50 {
		t.Fatalf("git knows only %d files", len(files))
	}
	return files
}

func TestTopLevel(t *testing.T) {
	names := map[string]string{}
	for _, file := range tracked(t) {
		top, _, _ := strings.Cut(file, "/")
		names[top] = "is in the repository"
	}
	entries, err := os.ReadDir(root())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if name := e.Name(); name != "bin" && name != "dist" && name != "traces" { // built, or captured, and ignored by git
			names[name] = "lies in the top folder"
		}
	}
	for name, where := range names {
		if !topLevel[name] && !strings.HasPrefix(name, ".") {
			t.Errorf("%s %s, where only these may be: app helper shared web go.mod go.sum Makefile README.md LICENSE", name, where)
		}
	}
}

func TestFilesAreSmall(t *testing.T) {
	for _, file := range tracked(t) {
		info, err := os.Lstat(filepath.Join(root(), file))
		if err != nil {
			continue // deleted, but not yet from the index
		}
		if info.Size() >= maxFile {
			t.Errorf("%s has %d bytes, want fewer than %d", file, info.Size(), maxFile)
		}
	}
}

func TestGoFilesAreShort(t *testing.T) {
	for _, s := range readSources(t) {
		if s.lines > maxLines {
			t.Errorf("%s has %d lines, want %d at most", s.path, s.lines, maxLines)
		}
	}
}

// A page whose wasm_exec.js is from another Go release than its modules fails in ways that are hard to read.
func TestBuiltPageHasTheCompilersLoader(t *testing.T) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(goroot)), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		t.Fatal(err)
	}
	dist := filepath.Join(root(), "web", "dist")
	found, isBuilt := 0, false
	err = filepath.WalkDir(dist, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		isBuilt = isBuilt || strings.HasSuffix(path, ".wasm")
		if d.Name() != "wasm_exec.js" {
			return nil
		}
		found++
		got, err := os.ReadFile(path)
		if err == nil && !bytes.Equal(got, want) {
			t.Errorf("%s is not the compiler's; build the page again", path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if isBuilt && found == 0 {
		t.Error("web/dist has modules but no wasm_exec.js")
	}
	if !isBuilt {
		t.Log("the page is not built: nothing to compare")
	}
}
