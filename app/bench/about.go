package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// about names what was measured with: figures of another machine, or of other versions, are not to be compared with these.
func (b *bench) about() string {
	parts := []string{fmt.Sprintf("%d cores of %s", runtime.NumCPU(), processor())}
	for _, name := range []string{"Chromium", "DuckDB", "DuckDB in WebAssembly", "PapaParse", "pandas"} {
		version := b.versions[name]
		if _, after, ok := strings.Cut(version, "/"); ok { // "Chrome/156.0.8078.79"
			version = after
		}
		if version != "" {
			parts = append(parts, name+" "+strings.TrimPrefix(version, "v"))
		}
	}
	parts = append(parts, "Go "+strings.TrimPrefix(runtime.Version(), "go"), time.Now().UTC().Format(time.DateOnly))
	return strings.Join(parts, ", ")
}

// processor is the model's name, or only its architecture where nobody tells.
func processor() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if name, model, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(model)
		}
	}
	if model, err := exec.Command("sysctl", "-n", "machdep.cpu.brand_string").Output(); err == nil {
		return strings.TrimSpace(string(model))
	}
	return runtime.GOARCH
}
