//go:build linux

package hourly

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"tracelens/helper/internal/isolate"
	"tracelens/shared/trace"
)

// TestSmallDisk fills a real disk of a few pages, which ends at every byte of a row, then makes room: no row is torn, what is missing is
// counted, and the rest is written.
func TestSmallDisk(t *testing.T) {
	dir := t.TempDir()
	isolate.Disk(t, dir, 20)
	const rows = 600 // more than fit
	filler := filepath.Join(dir, "filler")
	ends := map[int]bool{} // bytes of the torn row that had fitted
	for shift := range 50 {
		if err := os.WriteFile(filler, make([]byte, 8<<10), 0o600); err != nil {
			t.Fatal(err)
		}
		w := open(t, dir, Options{})
		var all []trace.Packet
		for i := range rows {
			p := trace.Packet{TimeNS: 1000*trace.Second + int64(i), Len: 1, Has: trace.Len.Bit()}
			if i < 10 { // rows that are up to nine bytes longer
				for range min(9, max(0, shift-9*i)) {
					p.Len *= 10
				}
			}
			all = append(all, p)
		}
		if err := w.Write(all); !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("shift %d: %v", shift, err)
		}
		if _, lasts := w.Gap(); !lasts || w.Rows()+w.Lost() != rows || w.Rows() == 0 {
			t.Fatalf("shift %d: %d rows, %d lost", shift, w.Rows(), w.Lost())
		}
		path := filepath.Join(dir, "0.csv")
		full, err := os.ReadFile(path)
		if err != nil || !bytes.HasSuffix(full, []byte("\n")) || bytes.Count(full, []byte("\n")) != int(w.Rows())+1 {
			t.Fatalf("shift %d: %v, %d bytes", shift, err, len(full))
		}
		ends[(4096-len(full)%4096)%4096] = true
		if err := os.Remove(filler); err != nil {
			t.Fatal(err)
		}
		later := []trace.Packet{{TimeNS: 1000*trace.Second + 500, Len: 7, Has: trace.Len.Bit()}, {TimeNS: 1010 * trace.Second, Len: 8, Has: trace.Len.Bit()}}
		for i := range later {
			if err := w.Write(later[i : i+1]); err != nil {
				t.Fatalf("shift %d: there is room again, but: %v", shift, err)
			}
		}
		if _, lasts := w.Gap(); lasts || w.Rows()+w.Lost() != rows+2 {
			t.Fatalf("shift %d: %d rows, %d lost", shift, w.Rows(), w.Lost())
		}
		lost := w.Lost()
		w.Close()
		after, _ := os.ReadFile(path)
		if want := string(full) + row(1000e9+500, 7) + row(1010e9, 8); string(after) != want {
			t.Fatalf("shift %d: %q", shift, after[len(full):])
		}
		log, _ := os.ReadFile(filepath.Join(dir, GapsFile))
		if !strings.HasSuffix(string(log), "\tno space left on device\n") || missing(t, string(log)) != lost {
			t.Fatalf("shift %d: the log of gaps is %q", shift, log)
		}
		os.Remove(path)
		os.Remove(filepath.Join(dir, GapsFile))
	}
	if len(ends) < 25 { // so many bytes has a row, at least
		t.Errorf("the disk ended at %d places of a row", len(ends))
	}
}
