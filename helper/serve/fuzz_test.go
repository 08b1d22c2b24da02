package serve

import (
	"bufio"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// onAll is on for a list.
func (h *helper) onAll(list []string) (all []string) {
	for _, text := range list {
		all = append(all, h.on(text))
	}
	return all
}

// parsed is a request with the given header lines, as net/http reads it. It is nil if it cannot be read.
func parsed(headers ...string) *http.Request {
	r, err := http.ReadRequest(bufio.NewReader(strings.NewReader("GET / HTTP/1.1\r\n" + strings.Join(headers, "\r\n") + "\r\n\r\n")))
	if err != nil {
		return nil
	}
	return r
}

// FuzzHost: whatever stands in Host, the guard lets through what is on the list, byte for byte, and nothing else. Blanks around a header's
// value are none of it.
func FuzzHost(f *testing.F) {
	for _, host := range append(slices.Clone(ourHosts), otherHosts...) {
		f.Add(host)
	}
	h := start(f)
	ours := h.onAll(ourHosts)
	passes := func(r *http.Request) (passed bool) {
		h.guard(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { passed = true })).ServeHTTP(httptest.NewRecorder(), r)
		return passed
	}
	f.Fuzz(func(t *testing.T, host string) {
		if strings.ContainsAny(host, "\r\n\x00") {
			t.Skip() // no value of a header
		}
		host = h.on(host)
		if got := passes(&http.Request{Method: "GET", Host: host, URL: &url.URL{Path: "/"}}); got != slices.Contains(ours, host) {
			t.Errorf("Host %q passes: %t", host, got)
		}
		r := parsed("Host: " + host)
		if got := r != nil && passes(r); got != slices.Contains(ours, strings.Trim(host, " \t")) {
			t.Errorf("Host %q of a request passes: %t", host, got)
		}
	})
}

// FuzzOrigin: whatever stands in Origin, the websocket is given to what is on the list, byte for byte, and nothing else; and never to two.
func FuzzOrigin(f *testing.F) {
	for _, origin := range append(slices.Clone(ourOrigins), otherOrigins...) {
		f.Add(origin)
	}
	h := start(f)
	ours := h.onAll(ourOrigins)
	allowed := func(origins ...string) bool {
		return h.originAllowed(&http.Request{Header: http.Header{"Origin": origins}})
	}
	f.Fuzz(func(t *testing.T, origin string) {
		if strings.ContainsAny(origin, "\r\n\x00") {
			t.Skip() // no value of a header
		}
		origin = h.on(origin)
		if got := allowed(origin); got != slices.Contains(ours, origin) {
			t.Errorf("Origin %q is allowed: %t", origin, got)
		}
		r := parsed("Host: "+h.host(), "Origin: "+origin)
		if got := r != nil && h.originAllowed(r); got != slices.Contains(ours, strings.Trim(origin, " \t")) {
			t.Errorf("Origin %q of a request is allowed: %t", origin, got)
		}
		if allowed(h.origin(), origin) || allowed(origin, h.origin()) {
			t.Errorf("Origin %q besides ours is allowed", origin)
		}
	})
}
