package decode_test

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"tracelens/shared/capfile"
	"tracelens/shared/decode"
	"tracelens/shared/frame"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
	"tracelens/shared/tracetest"
)

// different says how many rows of a capture may differ from tshark's, and why.
var different = map[string]struct {
	rows int
	why  string
}{
	"dns_fragmented.pcap":  {14, "tshark moves the ports of a datagram to the fragment that completes it; we leave them on the first"},
	"fuzz-2021-10-13.pcap": {1, "it says 1 882 137 472 nanoseconds after a second, which tshark writes so; we carry the second"},
}

// -captures compares the rows of every capture in a folder, instead of those of the tests.
var capturesDir = flag.String("captures", "", "folder of captures to compare with tshark's rows, instead of those of the tests")

// TestSameRowsAsTshark compares every column of every row.
func TestSameRowsAsTshark(t *testing.T) {
	tshark := tracetest.Tshark(t)
	paths := tracetest.Captures()
	if *capturesDir != "" {
		var err error
		if paths, err = filepath.Glob(filepath.Join(*capturesDir, "*.pcap*")); err != nil || len(paths) == 0 {
			t.Fatalf("no captures in %s", *capturesDir)
		}
	}
	var all sameness
	t.Cleanup(func() { t.Logf("%d captures: %s", len(paths), all.text()) })
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			all.compare(t, path, ourRows(t, path), tsharkRows(t, tshark, path))
		})
	}
}

// TestGoldenRows compares with what tshark has said once, which is kept with the captures.
func TestGoldenRows(t *testing.T) {
	var all sameness
	for _, path := range tracetest.Captures() {
		want, err := tracetest.GoldenRows(path)
		if err != nil {
			t.Fatal(err)
		}
		all.compare(t, path, ourRows(t, path), want)
	}
	t.Log(all.text())
}

// sameness counts the rows that were compared, and those that differ by the columns in which they do.
type sameness struct {
	mu     sync.Mutex
	rows   int
	differ map[string]int
}

func (s *sameness) compare(t *testing.T, path string, got, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s: %d rows, tshark has %d", path, len(got), len(want))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.differ == nil {
		s.differ = map[string]int{}
	}
	wrong := 0
	for i := range got {
		if got[i] == want[i] {
			continue
		}
		if wrong++; wrong <= 3 {
			t.Logf("%s, packet %d:\n   ours %s\n tshark %s", filepath.Base(path), i+1, got[i], want[i])
		}
		var columns []string
		theirs := strings.Split(want[i], ",")
		for c, cell := range strings.Split(got[i], ",") {
			if c < len(theirs) && cell != theirs[c] {
				columns = append(columns, trace.Names[c])
			}
		}
		s.differ[strings.Join(columns, " ")]++
	}
	s.rows += len(got)
	if allowed := different[filepath.Base(path)]; wrong > allowed.rows {
		t.Errorf("%s: %d of %d rows differ, %d may", path, wrong, len(got), allowed.rows)
	}
}

func (s *sameness) text() string {
	n, kinds := 0, ""
	for columns, rows := range s.differ {
		n += rows
		kinds += fmt.Sprintf("; %d in %s", rows, columns)
	}
	return fmt.Sprintf("%d rows, %.3f %% are tshark's%s", s.rows, 100*float64(s.rows-n)/float64(max(1, s.rows)), kinds)
}

func tsharkRows(t *testing.T, tshark, path string) []string {
	t.Helper()
	args := []string{"-r", path, "-n", "-T", "fields", "-E", "separator=,", "-E", "occurrence=f", "-e", "frame.time_epoch"}
	for _, name := range trace.Names[1:] {
		args = append(args, "-e", name)
	}
	out, err := exec.Command(tshark, args...).Output()
	if len(out) == 0 {
		t.Logf("tshark finds no packets: %v", err)
		return nil
	}
	return strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
}

// ourRows gives rows whose time is unix time, which is that of an hour file of 1970's first hour.
func ourRows(t *testing.T, path string) (rows []string) {
	t.Helper()
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	source := capfile.New(path, file)
	defer source.Close()
	d := decode.New()
	var f frame.Frame
	var p trace.Packet
	for {
		switch err := source.Next(&f); err {
		case nil:
			d.Decode(&p, &f)
			rows = append(rows, strings.TrimSuffix(string(tracecsv.AppendRow(nil, 0, &p)), "\n"))
		case capfile.ErrIdle:
		case io.EOF:
			if d.Panics != 0 {
				t.Errorf("%d packets made a layer panic", d.Panics)
			}
			return rows
		default:
			t.Logf("ends with: %v", err) // a truncated capture: its rows are compared nevertheless
			return rows
		}
	}
}
