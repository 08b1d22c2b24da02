package tracegen

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// The page's sample, the tests' trace and the golden figures are one and the same: these bytes, natively and under js/wasm. After
// a change on purpose: pin the new sum, and run shared/tracetest/golden.sh.
const sampleSum = "ad94b0fac67c1c5ddba7df42d42f683e8399245f8628dfd51ecfe13e6dc72077"

func TestSampleIsPinned(t *testing.T) {
	h := sha256.New()
	for hour, file := range Sample.Each {
		h.Write([]byte(trace.HourFileName(hour)))
		h.Write(file)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != sampleSum {
		t.Errorf("sha256 of the sample is %s, want %s", got, sampleSum)
	}
}

func TestSampleShape(t *testing.T) {
	var hours []int64
	rows, tcp, udp, ipv6, none, icmp := 0, 0, 0, 0, 0, 0
	addresses := map[string]bool{}
	for hour, file := range Sample.Each {
		hours = append(hours, hour)
		lines := strings.Split(string(file), "\n")
		if lines[0] != tracecsv.Header || lines[len(lines)-1] != "" {
			t.Fatalf("hour %d: first line %q, last %q", hour, lines[0], lines[len(lines)-1])
		}
		before := int64(-1)
		for _, line := range lines[1 : len(lines)-1] {
			cells := strings.Split(line, ",")
			ns := nanoseconds(t, cells[trace.Time])
			if length, err := strconv.Atoi(cells[trace.Len]); ns < before || ns >= trace.Hour || err != nil || length < 42 || length > 1514 {
				t.Fatalf("hour %d: %q after %d ns", hour, line, before)
			}
			before = ns
			source, destination := cells[trace.IPSrc]+cells[trace.IPv6Src], cells[trace.IPDst]+cells[trace.IPv6Dst]
			addresses[source], addresses[destination] = true, true
			rows++
			count(&tcp, cells[trace.TCPSrcPort] != "")
			count(&udp, cells[trace.UDPSrcPort] != "")
			count(&ipv6, cells[trace.IPv6Src] != "")
			count(&none, source == "")
			count(&icmp, source != "" && cells[trace.TCPSrcPort]+cells[trace.UDPSrcPort] == "")
		}
	}
	if want := []int64{0, 1, 2, 3, 4, 7, 8, 9, 10}; !slices.EqualFunc(hours, want, func(h, i int64) bool { return h == Sample.Start+i*trace.HourS }) {
		t.Errorf("hours %v", hours)
	}
	if rows != Sample.Rows {
		t.Errorf("%d rows, want %d", rows, Sample.Rows)
	}
	between := func(what string, got, low, high int) {
		t.Helper()
		if got < low || got > high {
			t.Errorf("%s: %d, want %d to %d", what, got, low, high)
		}
	}
	between("tcp", tcp, rows*80/100, rows*90/100)
	between("udp", udp, rows*10/100, rows*20/100)
	between("ipv6", ipv6, rows*15/100, rows*25/100)
	between("without an address", none, rows/1000, rows/100)
	between("icmp", icmp, rows/1000, rows/50)
	between("addresses", len(addresses)-1, 1500, 5000)
}

func count(n *int, yes bool) {
	if yes {
		*n++
	}
}

func nanoseconds(t *testing.T, cell string) int64 {
	ns, err := strconv.ParseInt(strings.Replace(cell, ".", "", 1), 10, 64)
	if err != nil || len(cell) < len("0.000000000") || cell[len(cell)-10] != '.' {
		t.Fatalf("time %q", cell)
	}
	return ns
}

// What is not the sample must hold as well: no rows at all, one row, more hours than there are weights, every hour missing.
func TestSpecs(t *testing.T) {
	f := func(s Spec, wantFiles int) {
		t.Helper()
		files, rows := 0, 0
		for _, file := range s.Each {
			files++
			rows += bytes.Count(file, []byte("\n")) - 1
			if !s.IPv6 && bytes.Contains(file, []byte("2001:db8:")) {
				t.Errorf("%+v has IPv6 rows", s)
			}
		}
		wantRows := s.Rows
		if wantFiles == 0 {
			wantRows = 0
		}
		if files != wantFiles || rows != wantRows {
			t.Errorf("%+v: %d files, %d rows", s, files, rows)
		}
	}
	f(Spec{Start: 3600, Hours: 3}, 3)
	f(Spec{Start: 3600, Hours: 1, Rows: 1}, 1)
	f(Spec{Start: -3600, Hours: 30, Rows: 1000, Missing: []int{0, 29}, Seed: 9}, 28)
	f(Spec{Start: 3600, Hours: 2, Missing: []int{0, 1}, Rows: 10}, 0)
	f(Spec{}, 0)
}

func TestSeedsDiffer(t *testing.T) {
	one := func(seed uint64) (file []byte) {
		Spec{Hours: 1, Rows: 100, Seed: seed}.Each(func(_ int64, f []byte) bool {
			file = slices.Clone(f)
			return false
		})
		return file
	}
	if !bytes.Equal(one(1), one(1)) || bytes.Equal(one(1), one(2)) {
		t.Error("the seed does not decide the trace")
	}
}

func BenchmarkSample(b *testing.B) {
	size := 0
	for b.Loop() {
		size = 0
		for _, file := range Sample.Each {
			size += len(file)
		}
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
}
