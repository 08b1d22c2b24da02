package serve

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"

	"tracelens/web/csp"
)

func zipped(text string) []byte {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text))
	z.Close()
	return b.Bytes()
}

func (h *helper) get(path, acceptEncoding, ifNoneMatch string) (*http.Response, string) {
	h.t.Helper()
	r, _ := http.NewRequest("GET", h.origin()+path, nil)
	r.Header.Set("Accept-Encoding", acceptEncoding) // also stops the client from decompressing
	r.Header.Set("If-None-Match", ifNoneMatch)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		h.t.Fatal(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		h.t.Fatal(err)
	}
	return response, string(body)
}

func TestPage(t *testing.T) {
	h := start(t)
	for _, c := range []struct{ path, accept, encoding, contentType, body string }{
		{"/", "gzip, br", "", "text/html; charset=utf-8", "<!doctype html>"},
		{"/app.js", "gzip, deflate, br, zstd", "br", "text/javascript; charset=utf-8", "brotli"},
		{"/app.js", "gzip, br;q=0", "", "text/javascript; charset=utf-8", "plain"},
		{"/app.js", "identity", "", "text/javascript; charset=utf-8", "plain"},
		{"/web/app.wasm", "br, gzip;q=0.5", "gzip", "application/wasm", string(zipped("module"))},
		{"/web/app.wasm", "identity", "", "application/wasm", "module"},
	} {
		response, body := h.get(c.path, c.accept, "")
		header := response.Header
		if response.StatusCode != 200 || body != c.body || header.Get("Content-Encoding") != c.encoding || header.Get("Content-Type") != c.contentType {
			t.Errorf("%s for %q: %d %q %v", c.path, c.accept, response.StatusCode, body, header)
		}
		if header.Get("Cache-Control") != "no-cache" || header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("%s: %v", c.path, header)
		}
		again, body := h.get(c.path, c.accept, header.Get("ETag"))
		if again.StatusCode != http.StatusNotModified || body != "" {
			t.Errorf("%s again: %d %q", c.path, again.StatusCode, body)
		}
	}
	gz, _ := h.get("/web/app.wasm", "gzip", "")
	plain, _ := h.get("/web/app.wasm", "", "")
	if gz.Header.Get("ETag") == plain.Header.Get("ETag") {
		t.Error("two forms of a file have one ETag")
	}
	for _, path := range []string{"/nothing", "/web", "/web/", "/../go.mod", "/%2e%2e/go.mod", "/web/../../go.mod"} {
		if status, _ := h.raw("GET "+path, "Host: "+h.host()); status == "200" {
			t.Errorf("%s was served", path)
		}
	}
	if status, _ := h.raw("POST /", "Host: "+h.host(), "Content-Length: 0"); status != "405" {
		t.Errorf("POST: %s", status)
	}
}

func TestSecurityHeaders(t *testing.T) {
	h := start(t)
	for _, path := range []string{"/", "/nothing", "/ws"} {
		response, _ := h.get(path, "", "")
		for name, want := range map[string]string{
			"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Access-Control-Allow-Origin": "", "Content-Security-Policy": csp.Header,
		} {
			if got := response.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
	}
	if !strings.Contains(csp.Header, "frame-ancestors 'none'") {
		t.Error("the page may be framed")
	}
}
