# Two commands do everything: make run, make test. make help lists the others.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

BASE ?= /
SITE ?= dist
BENCH ?=
FUZZ ?= 2m
NODE_WASM := $(shell go env GOROOT 2>/dev/null)/lib/wasm/go_js_wasm_exec
GO_WASM := GOOS=js GOARCH=wasm go build -tags nethttpomithttp2 -trimpath -ldflags="-s -w"
# Without inlining in these packages worker and tools are 50 kB smaller each with gzip, and nobody waits for them. (Others get larger.)
SMALL := runtime crypto/... math/big math/rand/v2 slices regexp/... text/... encoding/json fmt time os syscall io/... reflect strings sort net/netip internal/poll strconv tracelens/shared/report tracelens/shared/wire tracelens/shared/selection tracelens/shared/stats tracelens/shared/called tracelens/shared/cause golang.org/x/net/publicsuffix tracelens/app/lead tracelens/app/counter tracelens/app/internal/browser
WASM := $(GO_WASM) $(SMALL:%=-gcflags=%=-l)
# The page is mostly what go-app and go-charts bring along. With calls inlined where that is no larger than the call it is 100 kB smaller
# yet, and draws in a fifth less time. Only the compiler's newer inliner takes such a limit (as a difference from 80, the usual one);
# a Go without it builds the page like the others.
USUAL := tracelens/app/chart/... tracelens/shared/figures syscall/js internal/runtime/maps internal/strconv unicode/utf8
FRUGAL := -gcflags=all=-d=inlbudgetslack=-74 -gcflags=runtime=-d=inlbudgetslack=-60 -gcflags=github.com/maxence-charriere/...=-l $(USUAL:%=-gcflags=%=)
NEW_INLINER = $(shell GOEXPERIMENT=newinliner go tool compile -d help 2>&1 | grep -o inlbudgetslack)
# net/http would bring all of crypto/tls along, 300 kB with gzip that a page has no use for, and a list of domains all of net/http: see
# app/internal/notls and nocookies.
OVERLAY := bin/overlay.json
PAGE_WASM = go run ./app/cmd/overlay -o $(OVERLAY) && $(if $(NEW_INLINER),GOEXPERIMENT=newinliner $(GO_WASM) $(FRUGAL),$(WASM)) -overlay $(OVERLAY)
WORKER_WASM = go run ./app/cmd/overlay -light -o bin/overlay-light.json && $(WASM) -overlay bin/overlay-light.json
# Whatever the page is made of: a change of any of it makes the page anew.
PAGE_SOURCES := $(shell find app shared web/static -type f -not -name "*_test.go" -not -path "*/testdata/*" -not -path "app/bench/*" -not -path "app/e2e/*" 2>/dev/null) go.mod go.sum

.PHONY: help run build test test-go test-wasm test-e2e lint site dev bench bench-code bench-live fuzz deps clean

help: ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | while IFS=$$'\t' read -r name text; do printf '  make %-8s %s\n' "$$name" "$$text"; done

run: build ## builds everything and starts the helper: open the link that it prints
	@./bin/tracelens

build: deps bin/tracelens ## builds the helper, with the page in it, to bin/tracelens

deps:
	@.ci/deps build

bin/tracelens: web/dist/build.txt $(shell find helper web -name '*.go' 2>/dev/null) $(PAGE_SOURCES)
	@mkdir -p bin
	go build -trimpath -o $@ ./helper

web/dist/build.txt: $(PAGE_SOURCES)
	@find web/dist -mindepth 1 -not -name placeholder -delete
	@mkdir -p web/dist/web
	$(PAGE_WASM) -o web/dist/web/app.wasm ./app/cmd/client
	$(WORKER_WASM) -o web/dist/web/worker.wasm ./app/cmd/worker
	for name in tools unpack capture; do $(WASM) -overlay $(OVERLAY) -o web/dist/web/$$name.wasm ./app/cmd/$$name; done
	go run ./app/cmd/site -out web/dist -compress

test: ## every test there is, with whatever it needs installed first
	@.ci/deps test
	@$(MAKE) --no-print-directory build lint test-go test-wasm

# The browser's tests have every core for themselves, and so have those that measure what the helper loses: beside each other both are late.
test-go: # native tests: unit, helper, tree, and the browser ones
	go test -timeout 10m $$(go list ./... | grep -v -e /e2e -e /helper$$)
	go test -timeout 10m ./helper
	go test -timeout 15m ./app/e2e

# The packages that run in the page are tested there too, on Node's WebAssembly.
test-wasm:
	GOOS=js GOARCH=wasm go test -timeout 10m -exec "$(NODE_WASM)" ./shared/anon ./shared/called ./shared/caprows ./shared/capfile ./shared/cause ./shared/compare ./shared/dict ./shared/figures ./shared/lineblock ./shared/names ./shared/report ./shared/selection ./shared/sieve ./shared/stats ./shared/store ./shared/tracecsv ./shared/tracegen ./shared/unpack ./shared/wire

lint: ## formatting and vet: for this machine, the browser, and the systems that the helper is built for
	@unformatted=$$(gofmt -l app helper shared web); [ -z "$$unformatted" ] || { echo "gofmt would change: $$unformatted"; exit 1; }
	go vet ./...
	GOOS=js GOARCH=wasm go vet ./app/... ./shared/...
	go vet -tags nopcap ./helper/...
	GOOS=linux GOARCH=arm64 CGO_ENABLED=0 go vet -tags nopcap ./helper/...
	GOOS=darwin GOARCH=arm64 CGO_ENABLED=0 go vet -tags nopcap ./helper/...
	GOOS=windows GOARCH=amd64 go vet ./helper/...
	go mod tidy -diff

site: deps ## writes the page to dist/, for any static host; BASE=/name is the path that it will be served under
	rm -rf "$(SITE)" && mkdir -p "$(SITE)/web"
	$(PAGE_WASM) -o "$(SITE)/web/app.wasm" ./app/cmd/client
	$(WORKER_WASM) -o "$(SITE)/web/worker.wasm" ./app/cmd/worker
	for name in tools unpack capture; do $(WASM) -overlay $(OVERLAY) -o "$(SITE)/web/$$name.wasm" ./app/cmd/$$name; done
	go run ./app/cmd/site -out "$(SITE)" -base "$(BASE)"
	@echo "$(SITE)/ is ready to be served under $(BASE)"

dev: deps ## rebuilds and restarts the helper whenever a source changes
	@trap 'kill $$pid 2>/dev/null' EXIT; trap exit INT TERM; pid=; last=; \
	while sleep 1; do \
	  now=$$(find app helper shared web/static go.mod -type f -printf '%T@ %p\n' | sha1sum); \
	  if [ "$$now" != "$$last" ]; then last=$$now; if $(MAKE) --no-print-directory build; then [ -z "$$pid" ] || { kill $$pid; wait $$pid || true; }; ./bin/tracelens & pid=$$!; fi; fi; \
	done

bench: bench-code bench-live build ## measures the page and the helper beside their peers, and the engine's answers; the tables of README
	@$(MAKE) --no-print-directory site SITE=bin/site BASE=/
	go run ./app/bench -site bin/site $(BENCH)

# What is lost of a fast network, beside tcpdump, dumpcap and tshark; it makes a network of its own, which takes root.
bench-live: build
	@.ci/deps bench
ifeq ($(shell uname),Linux)
	go build -o bin/race ./helper/race
	$$([ $$(id -u) = 0 ] || echo sudo) ./bin/race
endif

# The code by itself: natively, and as the page runs it.
bench-code: deps
	go test -run '^$$' -bench . -benchtime 1s ./shared/... ./helper/... ./app/chart/...
	GOOS=js GOARCH=wasm go test -run '^$$' -bench . -benchtime 1s -exec "$(NODE_WASM)" ./shared/figures ./shared/store ./shared/tracecsv

fuzz: deps ## gives every reader of foreign bytes random ones, FUZZ=2m each
	@grep -rl '^func Fuzz' --include=*_test.go shared helper | while read -r file; do sed -n 's/^func \(Fuzz[A-Za-z]*\).*/\1/p' $$file | while read -r target; do \
		echo "$$target in $$(dirname $$file)"; go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZ) ./$$(dirname $$file) </dev/null; done; done

clean: ## removes what was built
	rm -rf bin dist
	find web/dist -mindepth 1 -not -name placeholder -delete
