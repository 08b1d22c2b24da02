package tracetest

import (
	"os"
	"os/exec"
	"runtime"
	"testing"
)

// Tshark is the program that judges. Who has none may go without, but not CI.
func Tshark(t testing.TB) (program string) {
	t.Helper()
	program, err := exec.LookPath("tshark")
	if err != nil && os.Getenv("CI") == "true" && runtime.GOOS != "js" { // WebAssembly runs no programs
		t.Fatal("tshark is not installed: apt-get install tshark")
	}
	if err != nil {
		t.Skip("tshark is not installed")
	}
	return program
}
