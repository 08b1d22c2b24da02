package e2e

import (
	"fmt"
	"regexp"
	"testing"
)

// maxTask bounds a task of the page's own thread while a file loads, in milliseconds. The bar in the design is 50, on a machine
// that does nothing else; tests share theirs.
const maxTask = 200

// progressText is what the page must say while it loads: bytes done, and how fast.
var progressText = regexp.MustCompile(`^[0-9.]+ [kMG]?B of [0-9.]+ [MG]B · .* rows · .* rows/s$`)

// TestResponsiveWhileLoading gives the page 200 MB and watches its own thread. It runs by itself, not beside other tests.
func TestResponsiveWhileLoading(t *testing.T) {
	file, rows := bigFile(t, 200<<20)
	p := open(t, staticHost(t), desktop)
	p.workerRuns()
	p.run(watchTasks())
	p.opened("ready", func() { p.give(file) })
	type seen struct {
		Given, Ready float64
		Tasks        []float64
		Texts        []string
	}
	s := eval[seen](p, "window.seen")
	if r := p.report(); r.Packets != rows || r.Input.Rows != rows {
		t.Errorf("%d packets, want %d", r.Packets, rows)
	}
	longest, told := 0.0, map[string]bool{}
	for _, ms := range s.Tasks {
		longest = max(longest, ms)
	}
	for _, text := range s.Texts {
		if progressText.MatchString(text) {
			told[text] = true
		}
	}
	seconds := (s.Ready - s.Given) / 1000
	t.Logf("%d rows in %.2f s: %.2f million rows/s", rows, seconds, float64(rows)/seconds/1e6)
	t.Logf("%d tasks over 50 ms, the longest %.0f ms: %v", len(s.Tasks), longest, s.Tasks)
	t.Logf("progress was told %d times", len(told))
	if longest > maxTask {
		t.Errorf("a task of the page's own thread took %.0f ms", longest)
	}
	if len(told) < 2 {
		t.Errorf("while it loaded the page said only %s", fmt.Sprint(s.Texts))
	}
}
