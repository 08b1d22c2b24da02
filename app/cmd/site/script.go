package main

import (
	"fmt"
	"os"
	"regexp"
	"strings"
)

// program matches how go-app loads the page's program: through a stream of its own, to tell how far it is, which our label does not show.
var program = regexp.MustCompile(`fetchWithProgress\(\s*("[^"]+"),\s*showProgress\s*\)`)

// mendScript has go-app's script do first what somebody waits for. At a first visit the service worker stores all of the page, and on two cores
// takes a quarter of a second from the program that the page waits for: it is installed once that runs. And the program comes as the network
// brings it, which the browser compiles sooner, and keeps compiled for the next visit.
func mendScript(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	text := string(b)
	const install = "goappInitServiceWorker();\ngoappWatchForUpdate();"
	if strings.Count(text, install) != 1 || len(program.FindAllString(text, -1)) != 1 {
		return fmt.Errorf("%s is not what go-app v9.8.0 writes", path)
	}
	text = strings.Replace(text, install, "whenItRuns(goappInitServiceWorker);\ngoappWatchForUpdate();", 1)
	text = program.ReplaceAllString(text, "fetch($1)")
	return os.WriteFile(path, []byte(text), 0o644)
}
