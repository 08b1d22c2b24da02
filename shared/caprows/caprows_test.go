package caprows

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tracelens/shared/capfile"
	"tracelens/shared/decode"
	"tracelens/shared/frame"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
	"tracelens/shared/tracetest"
)

// rows reads all rows with so much room at a time.
func rows(t *testing.T, b []byte, room int) (lines []byte, c *Reader, end error) {
	t.Helper()
	c = NewReader("x.pcap", io.NopCloser(bytes.NewReader(b)))
	t.Cleanup(func() { c.Close() })
	for {
		got, err := c.Append(make([]byte, 0, room))
		if len(got) > room || len(got) > 0 && got[len(got)-1] != '\n' {
			t.Fatalf("%d bytes in %d", len(got), room)
		}
		lines = append(lines, got...)
		if err != nil {
			return lines, c, err
		}
	}
}

// decoded is the packets of a capture as rows that count from 1970.
func decoded(b []byte) (lines []byte, end error) {
	source, d := capfile.New("x.pcap", io.NopCloser(bytes.NewReader(b))), decode.New()
	defer source.Close()
	var f frame.Frame
	var p trace.Packet
	for {
		switch err := source.Next(&f); err {
		case nil:
			d.Decode(&p, &f)
			lines = tracecsv.AppendRow(lines, 0, &p)
		case capfile.ErrIdle:
		default:
			return lines, err
		}
	}
}

// absolute has the rows count from 1970.
func absolute(t *testing.T, lines []byte, base int64) (out []byte) {
	t.Helper()
	format, skips := tracecsv.Usual(), tracecsv.Skips{}
	var p trace.Packet
	for len(lines) > 0 {
		used, ok := format.ParseRow(lines, base, &p, &skips)
		if !ok {
			t.Fatalf("no row: %q", lines[:used])
		}
		out = tracecsv.AppendRow(out, 0, &p)
		lines = lines[used:]
	}
	return out
}

// TestRowsOfCaptures: whatever room there is, the rows are the packets, in order, and their base is an hour. So they are of captures that are
// cut anywhere.
func TestRowsOfCaptures(t *testing.T) {
	for _, path := range tracetest.Captures() {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, size := range []int{len(b), len(b) - 1, len(b) / 2, 30, 24, 3, 0} {
			part := b[:size]
			want, wantEnd := decoded(part)
			for _, room := range []int{maxRow, 1000, 1 << 20} {
				lines, c, end := rows(t, part, room)
				if got := absolute(t, lines, c.Base()); !bytes.Equal(got, want) {
					t.Errorf("%s cut to %d, room for %d: rows differ", filepath.Base(path), size, room)
				}
				if end.Error() != wantEnd.Error() || c.Base()%trace.HourS != 0 {
					t.Errorf("%s cut to %d: ends with %v, want %v; base %d", filepath.Base(path), size, end, wantEnd, c.Base())
				}
				if size == len(b) && room == 1000 {
					t.Logf("%s: %s; %v", filepath.Base(path), c.Words(), end)
					if !strings.Contains(c.Words(), "capture") || len(want) > 0 && !strings.Contains(c.Words(), ",") {
						t.Errorf("%s is %q", filepath.Base(path), c.Words())
					}
				}
			}
		}
	}
}

func BenchmarkRows(b *testing.B) {
	one, err := os.ReadFile(filepath.Join(filepath.Dir(tracetest.Captures()[0]), "tplink_shp.pcap"))
	if err != nil {
		b.Fatal(err)
	}
	const copies, packets = 400, 251
	big := append(one[:24:24], bytes.Repeat(one[24:], copies)...)
	room := make([]byte, 0, 1<<20)
	for b.Loop() {
		c := NewReader("big.pcap", io.NopCloser(bytes.NewReader(big)))
		for err = nil; err == nil; {
			_, err = c.Append(room)
		}
		c.Close()
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*copies*packets), "ns/packet")
}
