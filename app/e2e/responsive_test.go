package e2e

import (
	"encoding/json"
	"flag"
	"fmt"
	"regexp"
	"slices"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/tracing"
	"github.com/chromedp/chromedp"
)

// maxTask bounds a task of the page's own thread while a file loads, in milliseconds of processor time: other tests on the same
// machine make tasks last longer, not work more. The page's bar is 50, and on a quiet machine the most laborious task takes 16 to 32; a
// virtual machine whose memory others use too was seen to take three times as long for the same.
const maxTask = 100

// progressText is what the page must say while it loads: bytes done, and how fast.
var progressText = regexp.MustCompile(`^[0-9.]+ [kMG]?B of [0-9.]+ [MG]B · .* rows · .* rows/s$`)

var loadMB = flag.Int("load", 200, "megabytes that the page is given while its own thread is watched")

// TestResponsiveWhileLoading gives the page a large file and watches its own thread. It runs by itself, not beside other tests of the
// browser.
func TestResponsiveWhileLoading(t *testing.T) {
	file, rows := bigFile(t, *loadMB<<20)
	p := open(t, staticHost(t), desktop)
	p.workerRuns()
	p.run(watchTasks())
	stop := p.traceTasks()
	p.opened("ready", func() { p.give(file) })
	tasks := stop()
	type seen struct {
		Given, Ready float64
		Tasks        []float64
		Texts        []string
	}
	s := eval[seen](p, "window.seen")
	if r := p.report(); r.Packets != rows || r.Input.Rows != rows {
		t.Errorf("%d packets, want %d", r.Packets, rows)
	}
	told := map[string]bool{}
	for _, text := range s.Texts {
		if progressText.MatchString(text) {
			told[text] = true
		}
	}
	seconds := (s.Ready - s.Given) / 1000
	t.Logf("%d rows in %.2f s: %.2f million rows/s", rows, seconds, float64(rows)/seconds/1e6)
	t.Logf("%d tasks over 50 ms by the clock, the longest of them %.0f ms", len(s.Tasks), slices.Max(append(s.Tasks, 0)))
	t.Logf("the most laborious tasks, in milliseconds of processor time: %.0f", tasks[:min(10, len(tasks))])
	t.Logf("progress was told %d times", len(told))
	if len(tasks) == 0 {
		t.Fatal("no task was seen")
	}
	if tasks[0] > maxTask {
		t.Errorf("a task of the page's own thread took %.0f ms of processor time", tasks[0])
	}
	if len(told) < 2 {
		t.Errorf("while it loaded the page said only %s", fmt.Sprint(s.Texts))
	}
}

// traceTasks has the browser record what its pages' own threads do, until stop, which returns the processor time of every task,
// in milliseconds, the longest first.
func (p *page) traceTasks() (stop func() []float64) {
	p.t.Helper()
	type event struct {
		Name, Ph string
		Pid, Tid int
		TDur     float64 // microseconds
		Args     map[string]any
	}
	var mu sync.Mutex
	var events []event
	complete := make(chan struct{}, 1)
	chromedp.ListenTarget(p.ctx, func(e any) {
		switch e := e.(type) {
		case *tracing.EventDataCollected:
			mu.Lock()
			defer mu.Unlock()
			for _, v := range e.Value {
				var x event
				if json.Unmarshal(v, &x) == nil && (x.Name == "thread_name" || x.Name == "ThreadControllerImpl::RunTask") {
					events = append(events, x)
				}
			}
		case *tracing.EventTracingComplete:
			complete <- struct{}{}
		}
	})
	p.run(tracing.Start().WithTransferMode(tracing.TransferModeReportEvents).
		WithTraceConfig(&tracing.TraceConfig{IncludedCategories: []string{"toplevel", "__metadata"}, ExcludedCategories: []string{"*"}}))
	return func() (tasks []float64) {
		p.t.Helper()
		p.run(tracing.End())
		select {
		case <-complete:
		case <-p.ctx.Done():
			p.t.Fatal("the browser does not give its record")
		}
		mu.Lock()
		defer mu.Unlock()
		type thread struct{ pid, tid int }
		main := map[thread]bool{}
		for _, e := range events {
			if e.Name == "thread_name" && e.Args["name"] == "CrRendererMain" {
				main[thread{e.Pid, e.Tid}] = true
			}
		}
		for _, e := range events {
			if e.Name != "thread_name" && main[thread{e.Pid, e.Tid}] {
				tasks = append(tasks, e.TDur/1000)
			}
		}
		slices.SortFunc(tasks, func(a, b float64) int { return int(1000 * (b - a)) })
		return tasks
	}
}
