//go:build !js

package figures

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"tracelens/shared/tracetest"
)

// TestRangesEqualTshark compares the lengths of real captures with what tshark's own statistic says: number, mean to the hundredth, least
// and greatest. No capture has packets in all ranges, so one is made that has, on either side of every edge.
func TestRangesEqualTshark(t *testing.T) {
	tshark := tracetest.Tshark(t)
	some := map[string]bool{"bacnet.pcap": true, "codm.pcap": true, "corba.pcap": true, "dns_fragmented.pcap": true, "vxlan-first60.pcap": true}
	compared := 0
	for _, path := range tracetest.Captures() {
		if !some[filepath.Base(path)] {
			continue
		}
		compared++
		golden, err := tracetest.Golden(path)
		if err != nil {
			t.Fatal(err)
		}
		var figures struct {
			Lengths [][2]int64 `json:"lengths"`
		}
		if err := json.Unmarshal(golden, &figures); err != nil {
			t.Fatal(err)
		}
		sameRanges(t, tshark, path, figures.Lengths)
	}
	if compared != len(some) {
		t.Errorf("only %d captures", compared)
	}
	lengths := []int64{0, 1, 65535, 65535, 262144}
	for _, end := range rangeEnds[:len(rangeEnds)-1] {
		lengths = append(lengths, end-1, end, end+1)
	}
	path := filepath.Join(t.TempDir(), "edges.pcap")
	if err := os.WriteFile(path, pcapOf(lengths), 0o600); err != nil {
		t.Fatal(err)
	}
	sameRanges(t, tshark, path, count(lengths))
}

// pcapOf is a capture of packets of these lengths, of which no bytes were captured.
func pcapOf(lengths []int64) []byte {
	b := []byte{0xd4, 0xc3, 0xb2, 0xa1, 2, 0, 4, 0}
	for _, n := range []int{0, 0, 1 << 18, 1} { // time zone, accuracy, most bytes of a packet, Ethernet
		b = binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	for _, l := range lengths {
		for _, n := range []int64{1483873200, 0, 0, l} { // seconds, microseconds, bytes captured, length
			b = binary.LittleEndian.AppendUint32(b, uint32(n))
		}
	}
	return b
}

func sameRanges(t *testing.T, tshark, path string, counts [][2]int64) {
	t.Helper()
	var got []string
	for _, r := range Ranges(counts) {
		line := r.String() + " 0 - - -"
		if r.Packets > 0 {
			line = fmt.Sprintf("%v %d %.2f %d %d", r, r.Packets, float64(r.Bytes)/float64(r.Packets), r.Min, r.Max)
		}
		got = append(got, line)
	}
	if want := tsharkRanges(t, tshark, path); strings.Join(got, "\n") != strings.Join(want, "\n") {
		t.Errorf("%s: got\n%s\ntshark has\n%s", filepath.Base(path), strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// tsharkRanges are the lines of the ranges, each without the rates and shares that follow.
func tsharkRanges(t *testing.T, tshark, path string) (lines []string) {
	t.Helper()
	out, err := exec.Command(tshark, "-r", path, "-n", "-q", "-z", "plen,tree").Output()
	if len(out) == 0 && err != nil {
		t.Fatalf("tshark: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		cells := strings.Fields(line)
		if !strings.HasPrefix(line, " ") || len(cells) < 5 { // what is not indented is a title, a rule or the sum
			continue
		}
		n := 5
		if cells[1] == "and" {
			n = 7
		}
		lines = append(lines, strings.Join(cells[:n], " "))
	}
	return lines
}
