// Command overlay writes the file by which the page is built without what a page cannot use: for go build's -overlay, with crypto/tls and
// net/http/cookiejar replaced by app/internal/notls and nocookies. With -light it is for the workers that are loaded at once, which do without
// embed and fmt, too.
//
//	go run ./app/cmd/overlay [-light] -o FILE
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
	light := flag.Bool("light", false, "for the workers that are loaded at once")
	flag.Parse()
	list := stands
	if *light {
		list = append(list, lightStands...)
	}
	if err := write(*out, list); err != nil {
		fmt.Fprintln(os.Stderr, "overlay:", err)
		os.Exit(1)
	}
}

// A stand is a package of Go that another stands in for, in one file.
type stand struct{ of, in, file string }

var (
	stands      = []stand{{"crypto/tls", "./app/internal/notls", "tls.go"}, {"net/http/cookiejar", "./app/internal/nocookies", "jar.go"}}
	lightStands = []stand{{"embed", "./app/internal/noembed", "embed.go"}, {"fmt", "./app/internal/nofmt", "fmt.go"}}
)

func write(out string, list []stand) error {
	replace := map[string]string{}
	for _, s := range list {
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
