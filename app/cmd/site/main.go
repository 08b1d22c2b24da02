// Command site writes the page as files that any static host can serve. The helper embeds the same files.
//
//	site -out web/dist -compress       for the helper
//	site -out dist -base /tracelens    for a host that serves the page under a path
//
// The WebAssembly modules must have been built into OUT/web before, as app.wasm, worker.wasm and those that are loaded when they
// are needed. They are rewritten
// there so that they get smaller when compressed.
package main

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"io/fs"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"
	"golang.org/x/net/html"

	"tracelens/app/ui"
	"tracelens/web/csp"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("site: ")
	out := flag.String("out", "", "folder to write the site to; it holds web/app.wasm and web/worker.wasm already")
	base := flag.String("base", "", "path under which the site will be served, such as /tracelens")
	assets := flag.String("assets", "web/static", "folder of the static files")
	compress := flag.Bool("compress", false, "add .gz and .br beside large files")
	flag.Parse()
	if err := build(*out, *assets, "/"+strings.Trim(*base, "/"), *compress); err != nil {
		log.Fatal(err)
	}
}

func build(out, assets, base string, compress bool) error {
	if out == "" {
		return fmt.Errorf("-out is missing")
	}
	if err := os.CopyFS(filepath.Join(out, "web"), os.DirFS(assets)); err != nil {
		return err
	}
	if err := writeIcons(filepath.Join(out, "web")); err != nil {
		return err
	}
	for _, name := range []string{"app.wasm", "worker.wasm", "tools.wasm", "unpack.wasm", "capture.wasm"} {
		if err := joinData(filepath.Join(out, "web", name)); err != nil {
			return err
		}
	}
	version, err := hashOf(filepath.Join(out, "web"))
	if err != nil {
		return err
	}
	app.RouteFunc("/", ui.NewPage)
	handler := &app.Handler{
		Name: "Tracelens", ShortName: "Tracelens", Title: "Tracelens: what is this traffic, and who is behind it?",
		Description: "Finds out what network traffic is and who is behind it, without the data leaving the machine.",
		// go-app's default icons come from another host; ours are files of the site.
		Icon:            app.Icon{Default: "/web/icon-192.png", Large: "/web/icon-512.png", SVG: "/web/icon.svg", AppleTouch: "/web/icon-192.png"},
		BackgroundColor: "#f6f6f3", ThemeColor: "#2563c9", LoadingLabel: "Loading", Lang: "en",
		Styles:             []string{"/web/tracelens.css"},
		CacheableResources: []string{"/web/icon.svg", "/web/page.js", "/web/worker.js", "/web/worker.wasm"},
		Version:            version,
		Resources:          app.CustomProvider("", base),
	}
	if base == "/" {
		handler.Resources = app.LocalDir("")
	}
	if err := app.GenerateStaticWebsite(out, handler); err != nil {
		return err
	}
	if err := finish(out, base); err != nil {
		return err
	}
	if compress {
		err = compressAll(out)
	} else {
		err = sums(out)
	}
	if err != nil {
		return err
	}
	// It comes last: make takes a site that has it for a whole one.
	return os.WriteFile(filepath.Join(out, "build.txt"), []byte(version), 0o644)
}

// serverAddress matches the tag with the rendering server's address; go-app writes attributes in any order.
var serverAddress = regexp.MustCompile(`<meta[^>]*og:url[^>]*>\s*`)

// finish mends what go-app wrote: its wasm_exec.js is that of an old Go release and must be the compiler's own, and its index
// page forbids zooming, names the address of the server that rendered it, and may do whatever it likes.
func finish(out, base string) error {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return fmt.Errorf("go env GOROOT: %w", err)
	}
	script, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(goroot)), "lib", "wasm", "wasm_exec.js"))
	if err != nil {
		return err
	}
	if err := os.WriteFile(filepath.Join(out, "wasm_exec.js"), script, 0o644); err != nil {
		return err
	}
	page, err := os.ReadFile(filepath.Join(out, "index.html"))
	if err != nil {
		return err
	}
	text, err := mend(string(page), base)
	if err != nil {
		return fmt.Errorf("index.html is not what go-app v9.8.0 writes: %w", err)
	}
	for _, name := range []string{"index.html", "404.html"} { // hosts show the latter for any path they do not know
		if err := os.WriteFile(filepath.Join(out, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	if err := mendScript(filepath.Join(out, "app.js")); err != nil {
		return err
	}
	if err := install(filepath.Join(out, "manifest.webmanifest"), base); err != nil {
		return err
	}
	if base != "/" { // go-app stores the page under BASE, which hosts redirect; it is asked for under BASE/
		worker, err := os.ReadFile(filepath.Join(out, "app-worker.js"))
		if err != nil {
			return err
		}
		text := strings.Replace(string(worker), `["`+base+`",`, `["`+base+`/",`, 1)
		if text == string(worker) {
			return fmt.Errorf("app-worker.js is not what go-app v9.8.0 writes: it does not store %q", base)
		}
		if err := os.WriteFile(filepath.Join(out, "app-worker.js"), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// mend takes from go-app's page what must not be there, and adds what the page may do (package csp), before anything else is loaded.
func mend(page, base string) (string, error) {
	for _, c := range []struct{ old, new string }{
		{", maximum-scale=1, user-scalable=0", ""},
		{`<meta charset="UTF-8">`, `<meta charset="UTF-8">` + "\n" + `<meta http-equiv="Content-Security-Policy" content="` + csp.Page + `">` + "\n" +
			`<meta name="referrer" content="no-referrer">` + "\n" +
			// What takes longest begins first.
			`<link rel="preload" href="` + strings.TrimSuffix(base, "/") + `/web/app.wasm" as="fetch" type="application/wasm" crossorigin="anonymous">` + "\n" +
			`<script src="` + strings.TrimSuffix(base, "/") + `/web/page.js" defer></script>`},
		{serverAddress.FindString(page), ""},
	} {
		if strings.Count(page, c.old) != 1 {
			return "", fmt.Errorf("it lacks %q", c.old)
		}
		page = strings.Replace(page, c.old, c.new, 1)
	}
	return inOrder(page), nil
}

var attribute = strings.NewReplacer("&", "&amp;", `"`, "&quot;")

// inOrder has the attributes of every tag in the order of their names, from the last: go-app writes them in any, and a build is to be the same each time.
func inOrder(text string) string {
	var b strings.Builder
	for z := html.NewTokenizer(strings.NewReader(text)); z.Next() != html.ErrorToken; {
		raw := string(z.Raw()) // which Token may change
		if t := z.Token(); len(t.Attr) > 1 {
			slices.SortFunc(t.Attr, func(a, b html.Attribute) int { return strings.Compare(b.Key, a.Key) }) // what it is before what it says
			raw = "<" + t.Data
			for _, a := range t.Attr {
				raw += " " + a.Key + `="` + attribute.Replace(a.Val) + `"`
			}
			raw += ">"
		}
		b.WriteString(raw)
	}
	return b.String()
}

// hashOf names the build: the same sources give the same version, and any change gives another, so that caches never mix builds.
func hashOf(dir string) (string, error) {
	h := sha256.New()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(dir, path)
		fmt.Fprintf(h, "%s %d\n", filepath.ToSlash(rel), len(b))
		h.Write(b)
		return err
	})
	return hex.EncodeToString(h.Sum(nil))[:16], err
}
