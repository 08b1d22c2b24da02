package decode_test

import (
	"flag"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
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
	var rows, differ atomic.Int64
	t.Cleanup(func() { t.Logf("%d captures: of %d rows %d differ", len(paths), rows.Load(), differ.Load()) })
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			want := tsharkRows(t, tshark, path)
			got := ourRows(t, path)
			if len(got) != len(want) {
				t.Fatalf("%d rows, tshark has %d", len(got), len(want))
			}
			wrong := 0
			for i := range got {
				if got[i] != want[i] {
					if wrong++; wrong <= 3 {
						t.Logf("packet %d:\n   ours %s\n tshark %s", i+1, got[i], want[i])
					}
				}
			}
			rows.Add(int64(len(got)))
			differ.Add(int64(wrong))
			if allowed := different[filepath.Base(path)]; wrong > allowed.rows {
				t.Errorf("%d of %d rows differ, %d may", wrong, len(got), allowed.rows)
			}
		})
	}
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
