package stats_test

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"testing"

	"tracelens/shared/dict"
	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/stats"
	"tracelens/shared/store"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
	"tracelens/shared/tracegen"
)

// TestSampleDirections: in the sample a household talks with the world. Whose addresses are whose is found, and the traffic in and out is
// what adding up the file's cells gives.
func TestSampleDirections(t *testing.T) {
	st, tr := store.New(), stats.NewTrace()
	var in, out, all report.Volume
	var differ []int64
	busiest := map[string][2]int64{} // bytes from and to each host
	tracegen.Sample.Each(func(hour int64, file []byte) bool {
		_, rows, _ := strings.Cut(string(file), "\n")
		for row := range strings.Lines(rows) {
			cells := strings.Split(strings.TrimSuffix(row, "\n"), ",")
			src, dst := cells[trace.IPSrc]+cells[trace.IPv6Src], cells[trace.IPDst]+cells[trace.IPv6Dst]
			length, _ := strconv.ParseInt(cells[trace.Len], 10, 64)
			add := func(v *report.Volume) { v.Bytes, v.Packets = v.Bytes+length, v.Packets+1 }
			add(&all)
			switch {
			case home(src) && !home(dst):
				add(&out)
				n := busiest[dst]
				busiest[dst] = [2]int64{n[0], n[1] + length}
			case home(dst) && !home(src):
				add(&in)
				n := busiest[src]
				busiest[src] = [2]int64{n[0] + length, n[1]}
			case src != "" || dst != "":
				t.Fatalf("%q is of nobody at home, or only of them", row)
			}
		}
		format, skip, err := tracecsv.Detect(file)
		if err != nil {
			t.Fatal(err)
		}
		var batch trace.Batch
		var skips tracecsv.Skips
		for lines := file[skip:]; len(lines) > 0; {
			batch.Clear()
			lines = lines[format.Parse(lines, hour, &batch, st.Flows(), &skips):]
			st.Append(&batch)
		}
		return true
	})
	part := tr.NewPart()
	if err := part.Learn(dict.AppendSince(nil, st.Endpoints(), 1, st.Conversations(), 1)); err != nil {
		t.Fatal(err)
	}
	mine := tr.GuessMine()
	want := []netip.Prefix{netip.MustParsePrefix("192.168.0.0/16"), netip.MustParsePrefix("2001:db8::/64")}
	if !slices.Equal(mine, want) {
		t.Fatalf("guessed %v, want %v", mine, want)
	}
	tr.SetMine(mine)
	sel := &selection.Selection{}
	q := st.Query(sel, 60)
	for q.Step() {
	}
	totals := tr.NewTotals(60)
	if err := totals.Add(part, q.Partial()); err != nil {
		t.Fatal(err)
	}
	r := totals.Report(sel, report.Wish{List: report.ListEither, Rows: 3})
	d := r.Directions
	if none := (report.Volume{}); d.In != in || d.Out != out || d.Within != none || d.Beyond != none || all.Packets != r.Packets {
		t.Errorf("%+v of %d packets, want %+v in, %+v out of %d", d, r.Packets, in, out, all.Packets)
	}
	for _, row := range r.Listing.Rows {
		if n, is := busiest[row.Key]; is {
			differ = append(differ, row.Sent.Bytes-n[0], row.Received.Bytes-n[1])
		}
	}
	if len(differ) == 0 || slices.Max(differ) != 0 || slices.Min(differ) != 0 {
		t.Errorf("the busiest hosts %+v differ by %d", r.Listing.Rows, differ)
	}
}

// home reports whether an address is the household's: 192.168.1.0/24, or 2001:db8:: with only its last group set.
func home(address string) bool {
	rest, six := strings.CutPrefix(address, "2001:db8::")
	return strings.HasPrefix(address, "192.168.1.") || six && !strings.Contains(rest, ":")
}
