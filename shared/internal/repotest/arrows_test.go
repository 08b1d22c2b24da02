//go:build !js

package repotest

import (
	"path"
	"testing"
)

// arrows are imports that must not be, tests included, each with its reason.
var arrows = []struct{ from, to, reason string }{
	{"helper", module + "/app", "the helper meets the page in shared"},
	{"app", module + "/helper", "the page meets the helper in shared; tests run the built program"},
	{"shared", module + "/helper", "both sides import shared"},
	{"shared", module + "/app", "both sides import shared"},
	{"shared", module + "/web", "shared is code, not assets"},
	{"web", module, "web is assets only"},
	{"helper", "github.com/maxence-charriere/go-app", "the helper serves the built page and draws nothing"},
	{"helper", "github.com/vicanso/go-charts", "the helper serves the built page and draws nothing"},
}

func TestImportArrows(t *testing.T) {
	for _, s := range readSources(t) {
		for _, imported := range s.imports {
			for _, arrow := range arrows {
				if within(s.path, arrow.from) && within(imported, arrow.to) {
					t.Errorf("%s imports %s: %s", s.path, imported, arrow.reason)
				}
			}
			if imported == "syscall/js" && s.folder() != "app/internal/browser" {
				t.Errorf("%s imports syscall/js: only app/internal/browser talks to the browser", s.path)
			}
		}
	}
}

// heavy packages would make the worker's module, of which every core loads one, several times larger.
var heavy = []string{
	"net/http", "crypto/tls", "encoding/json", "encoding/gob", "encoding/xml", "text/template", "html/template", "regexp",
	"github.com/maxence-charriere/go-app", "github.com/vicanso/go-charts", "github.com/wcharczuk/go-chart",
	"github.com/google/gopacket", "github.com/gorilla/websocket", module + "/app/ui", module + "/app/chart",
}

func TestWorkerIsLight(t *testing.T) {
	worker := list(t, "js", "./app/cmd/worker")
	if len(worker) != 1 || len(worker[0].Deps) < 20 {
		t.Fatalf("app/cmd/worker is not there, or imports nothing: %v", worker)
	}
	reportDeps(t, worker[0], heavy, "a second, small program: see the design's size budget")
}

func TestSharedIsLight(t *testing.T) {
	for _, platform := range []string{"", "js"} {
		packages := list(t, platform, "./shared/...")
		seen := 0
		for _, p := range packages {
			if within(p.ImportPath, module+"/shared/tracegen/cmd") || path.Base(p.ImportPath) == "tracetest" {
				continue // a command and test data, for development only
			}
			seen++
			reportDeps(t, p, []string{"net/http", "github.com/maxence-charriere/go-app"}, "shared runs in the worker")
		}
		if seen < 8 {
			t.Errorf("only %d packages in shared on platform %q", seen, platform)
		}
	}
}

func reportDeps(t *testing.T, p listed, forbidden []string, reason string) {
	t.Helper()
	for _, dep := range p.Deps {
		if dep == "net/http/cookiejar" {
			continue // what stands in for it; the real one would bring net/http along
		}
		for _, f := range forbidden {
			if within(dep, f) {
				t.Errorf("%s depends on %s: %s", p.ImportPath, dep, reason)
			}
		}
	}
}

// What the go command builds on either platform must be among what the other tests look at.
func TestNoPackageIsOverlooked(t *testing.T) {
	folders := map[string]bool{}
	for _, s := range readSources(t) {
		folders[module+"/"+s.folder()] = true
	}
	for _, platform := range []string{"", "js"} {
		for _, p := range list(t, platform, "./...") {
			if !folders[p.ImportPath] {
				t.Errorf("%s is built, but not looked at", p.ImportPath)
			}
		}
	}
}
