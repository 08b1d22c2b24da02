// Package tracetest is test data for every package: real captures of many kinds, and the figures that pandas and scipy give for
// them. It is imported by tests only.
//
// The golden figures are what the tests' own code has no part in: see golden.sh for how they are made. Their fields are those of
// the oracle, not those of report.json.
package tracetest

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Sample is the golden figures' name of tracegen.Sample. Those of parts of it, which selected.py chooses, are named after it: "sample-evening".
const Sample = "sample"

// Captures are the absolute paths of all captures, pcap and pcapng, by name. What is in them: testdata/captures/README.md.
func Captures() []string {
	names, err := filepath.Glob(filepath.Join(testdata(), "captures", "*.pcap*"))
	if err != nil || len(names) == 0 {
		panic("tracetest: no captures in " + testdata()) // a test over nothing would pass
	}
	return names
}

// Golden is the oracle's figures, in JSON, for the hour files that the helper makes of a capture, which is named by its path or
// file name; or those of the Sample. It fails if there are none.
func Golden(name string) ([]byte, error) {
	return os.ReadFile(filepath.Join(testdata(), "golden", filepath.Base(name)+".json"))
}

// GoldenRows is what tshark has said of a capture: a line for each packet, with its unix time and then the columns of an hour file.
func GoldenRows(capture string) ([]string, error) {
	text, err := os.ReadFile(filepath.Join(testdata(), "golden", filepath.Base(capture)+".rows.csv"))
	return strings.Split(strings.TrimSuffix(string(text), "\n"), "\n"), err
}

func testdata() string {
	_, file, _, ok := runtime.Caller(0)
	if !ok {
		panic("tracetest: the program was built without file names")
	}
	return filepath.Join(filepath.Dir(file), "testdata")
}
