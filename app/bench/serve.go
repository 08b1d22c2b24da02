package main

import (
	"context"
	"encoding/json"
	"fmt"
	"mime"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// servePage serves the built page under the path that it was built for, and beside it the one that only has its workers.
func (b *bench) servePage(context.Context) error {
	text, err := os.ReadFile(filepath.Join(b.site, "manifest.webmanifest"))
	if err != nil {
		return fmt.Errorf("no page in %s: make site writes it there, and -site says where it is", b.site)
	}
	var manifest struct {
		Start string `json:"start_url"`
	}
	if err := json.Unmarshal(text, &manifest); err != nil {
		return fmt.Errorf("the page's manifest: %w", err)
	}
	base := strings.TrimSuffix("/"+strings.Trim(manifest.Start, "/"), "/")
	mux := http.NewServeMux()
	mux.Handle(base+"/", http.StripPrefix(base, http.FileServer(http.Dir(b.site))))
	mux.Handle(base+"/"+enginePath, answer("text/html; charset=utf-8", []byte(enginePage)))
	link, err := b.serve(mux)
	b.pageLink = link + base + "/"
	return err
}

// answer says the same to everybody.
func answer(kind string, body []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", kind)
		w.Write(body)
	}
}

const peersPage = `<!doctype html><meta charset="utf-8"><title>Peers</title><input type="file" multiple data-testid="files"><script type="module" src="page.js"></script>`

// servePeers serves a page with the peers that run in a browser.
func (b *bench) servePeers(ctx context.Context) error {
	if err := b.install(ctx); err != nil {
		return err
	}
	script, err := b.command(ctx, b.node, b.peer("node_modules/esbuild/bin/esbuild"), b.peer("page.mjs"), "--bundle", "--format=esm", "--log-level=error")
	if err != nil {
		return fmt.Errorf("bundling the peers' page: %w", err)
	}
	mux := http.NewServeMux()
	mux.Handle("/{$}", answer("text/html; charset=utf-8", []byte(peersPage)))
	mux.Handle("/page.js", answer("text/javascript; charset=utf-8", script))
	mux.Handle("/duckdb/", http.StripPrefix("/duckdb", http.FileServer(http.Dir(b.peer("node_modules/@duckdb/duckdb-wasm/dist")))))
	b.peerLink, err = b.serve(mux)
	return err
}

// serve starts a server on a free port of this machine alone.
func (b *bench) serve(handler http.Handler) (link string, err error) {
	// What the system says of these differs, and browsers insist on them.
	for ending, kind := range map[string]string{".wasm": "application/wasm", ".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8"} {
		if err := mime.AddExtensionType(ending, kind); err != nil {
			return "", err
		}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	server := &http.Server{Handler: handler}
	b.servers = append(b.servers, server)
	go server.Serve(listener)
	return "http://" + listener.Addr().String(), nil
}

// install has npm fetch the peers, at the versions in the lock file, when they are not there or are others.
func (b *bench) install(ctx context.Context) (err error) {
	if b.node, err = exec.LookPath("node"); err != nil {
		return fmt.Errorf("no Node: install it (Debian: apt-get install nodejs npm)")
	}
	locked, err := os.Stat(b.peer("package-lock.json"))
	if err != nil {
		return err
	}
	if installed, err := os.Stat(b.peer("node_modules/.package-lock.json")); err == nil && !installed.ModTime().Before(locked.ModTime()) {
		return nil
	}
	npm, err := exec.LookPath("npm")
	if err != nil {
		return fmt.Errorf("no npm: install it (Debian: apt-get install npm)")
	}
	fmt.Fprintln(os.Stderr, "npm ci in", b.peers)
	if _, err := b.command(ctx, npm, "ci", "--prefix", b.peers, "--ignore-scripts", "--no-audit", "--no-fund"); err != nil {
		return fmt.Errorf("installing the peers: %w", err)
	}
	return nil
}
