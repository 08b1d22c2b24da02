package serve

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
	"sync"
)

// A page serves the files of the built site, the compressed ones as they are to browsers that understand them.
type page struct {
	files fs.FS

	mu    sync.Mutex
	etags map[string]string // by the name of the file in files; the site does not change while we run
}

func newPage(files fs.FS) *page { return &page{files: files, etags: map[string]string{}} }

// contentTypes does not ask the system, whose table may be wrong or missing: WebAssembly runs only if its type is right.
var contentTypes = map[string]string{
	".css":         "text/css; charset=utf-8",
	".csv":         "text/csv; charset=utf-8",
	".html":        "text/html; charset=utf-8",
	".ico":         "image/x-icon",
	".js":          "text/javascript; charset=utf-8",
	".json":        "application/json",
	".mjs":         "text/javascript; charset=utf-8",
	".png":         "image/png",
	".svg":         "image/svg+xml",
	".txt":         "text/plain; charset=utf-8",
	".wasm":        "application/wasm",
	".webmanifest": "application/manifest+json",
	".woff2":       "font/woff2",
}

func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "the page can only be read", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(r.URL.Path, "/")
	if name == "" || strings.HasSuffix(name, "/") {
		name += "index.html"
	}
	if !fs.ValidPath(name) {
		http.NotFound(w, r)
		return
	}
	file, encoding, ok := p.choose(name, r.Header.Get("Accept-Encoding"))
	if !ok {
		if name == "index.html" {
			http.Error(w, "This tracelens was built without its page. Run: make build", http.StatusNotFound)
			return
		}
		http.NotFound(w, r)
		return
	}
	data, err := fs.ReadFile(p.files, file)
	if err != nil {
		http.Error(w, "cannot read "+file, http.StatusInternalServerError)
		return
	}
	h := w.Header()
	etag := p.etag(file, data)
	if strings.HasSuffix(file, ".gz") && encoding == "" && file != name { // for a client that cannot decompress
		if data, err = gunzip(data); err != nil {
			http.Error(w, "cannot decompress "+file, http.StatusInternalServerError)
			return
		}
		etag = strings.TrimSuffix(etag, `"`) + `-plain"`
	}
	contentType, known := contentTypes[path.Ext(name)]
	if !known {
		contentType = "application/octet-stream"
	}
	h.Set("Content-Type", contentType)
	h.Set("Cache-Control", "no-cache") // kept, but asked for again: page and helper must fit
	h.Set("Vary", "Accept-Encoding")
	h.Set("ETag", etag)
	if encoding != "" {
		h.Set("Content-Encoding", encoding)
	}
	if matches(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	h.Set("Content-Length", strconv.Itoa(len(data)))
	if r.Method == http.MethodGet {
		w.Write(data)
	}
}

// choose finds the smallest form of a file that the client takes. Of a file that there is only in gzip, it may give that without
// an encoding: it is to be decompressed here.
func (p *page) choose(name, accept string) (file, encoding string, ok bool) {
	for _, c := range []struct{ suffix, encoding string }{{".br", "br"}, {".gz", "gzip"}} {
		if p.has(name+c.suffix) && accepts(accept, c.encoding) {
			return name + c.suffix, c.encoding, true
		}
	}
	for _, file := range []string{name, name + ".gz"} {
		if p.has(file) {
			return file, "", true
		}
	}
	return "", "", false
}

func (p *page) has(name string) bool {
	info, err := fs.Stat(p.files, name)
	return err == nil && info.Mode().IsRegular()
}

func (p *page) etag(file string, data []byte) string {
	p.mu.Lock()
	defer p.mu.Unlock()
	tag, ok := p.etags[file]
	if !ok {
		sum := sha256.Sum256(data)
		tag = `"` + hex.EncodeToString(sum[:12]) + `"`
		p.etags[file] = tag
	}
	return tag
}

// accepts reads an Accept-Encoding header.
func accepts(header, encoding string) bool {
	for item := range strings.SplitSeq(header, ",") {
		name, parameter, _ := strings.Cut(item, ";")
		if !strings.EqualFold(strings.TrimSpace(name), encoding) {
			continue
		}
		q, given := strings.CutPrefix(strings.ReplaceAll(parameter, " ", ""), "q=")
		if !given {
			return true
		}
		quality, err := strconv.ParseFloat(q, 64)
		return err == nil && quality > 0
	}
	return false
}

func matches(ifNoneMatch, etag string) bool {
	for item := range strings.SplitSeq(ifNoneMatch, ",") {
		if tag := strings.TrimPrefix(strings.TrimSpace(item), "W/"); tag == etag || tag == "*" {
			return true
		}
	}
	return false
}

func gunzip(data []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(z)
}
