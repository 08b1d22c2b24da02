// Command overlay writes the file by which the page is built without what a page cannot use: for go build's -overlay, with crypto/tls and
// net/http/cookiejar replaced by app/internal/notls and nocookies.
//
//	go run ./app/cmd/overlay -o FILE
package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

func main() {
	out := flag.String("o", "", "file to write")
	flag.Parse()
	if err := write(*out); err != nil {
		fmt.Fprintln(os.Stderr, "overlay:", err)
		os.Exit(1)
	}
}

// stands are packages of Go that others stand in for.
var stands = []struct{ of, in, file string }{
	{"crypto/tls", "./app/internal/notls", "tls.go"},
	{"net/http/cookiejar", "./app/internal/nocookies", "jar.go"},
}

func write(out string) error {
	replace := map[string]string{}
	for _, s := range stands {
		text, err := exec.Command("go", "list", "-f", "{{.Dir}}", s.of, s.in).Output()
		if err != nil {
			return fmt.Errorf("go list: %w", err)
		}
		dirs := strings.Fields(string(text))
		if len(dirs) != 2 {
			return fmt.Errorf("go list: %q", text)
		}
		files, err := filepath.Glob(filepath.Join(dirs[0], "*.go"))
		if err != nil || len(files) == 0 {
			return fmt.Errorf("no files in %s: %v", dirs[0], err)
		}
		for _, file := range files {
			replace[file] = "" // is not there
		}
		replace[filepath.Join(dirs[0], s.file)] = filepath.Join(dirs[1], s.file)
	}
	b, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(out), 0o755); err != nil {
		return err
	}
	part := fmt.Sprintf("%s.%d", out, os.Getpid()) // two builds may be at it
	if err := os.WriteFile(part, b, 0o644); err != nil {
		return err
	}
	return os.Rename(part, out)
}
