package reportjson

import (
	"bytes"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"tracelens/shared/called"
	"tracelens/shared/dict"
	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/stats"
	"tracelens/shared/store"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
	"tracelens/shared/tracegen"
)

// sample is the report of the sample, or of a part of it, as report.json has it.
func sample(t testing.TB, filter string) []byte {
	t.Helper()
	st, tr := store.New(), stats.NewTrace()
	format := tracecsv.Usual()
	var skips tracecsv.Skips
	for hour, file := range tracegen.Sample.Each {
		tr.Cover(hour)
		var batch trace.Batch
		for lines := file[len(tracecsv.Header)+1:]; len(lines) > 0; {
			batch.Clear()
			lines = lines[format.Parse(lines, hour, &batch, st.Flows(), &skips):]
			st.Append(&batch)
		}
	}
	where, wrong := selection.ParseFilter(filter)
	if wrong != nil {
		t.Fatal(wrong)
	}
	part := tr.NewPart()
	if err := part.Learn(dict.AppendSince(nil, st.Endpoints(), 1, st.Conversations(), 1)); err != nil {
		t.Fatal(err)
	}
	sel := selection.Selection{Where: where}
	first, last := st.Span()
	q := st.Query(&sel, stats.BinWidth(&sel, first, last))
	for q.Step() {
	}
	p := q.Partial()
	totals := tr.NewTotals(p.WidthS)
	if err := totals.Add(part, p); err != nil {
		t.Fatal(err)
	}
	st.SetBook(somebody(st.Endpoints()))
	c := st.Causes(&sel, stats.CauseWidth(&sel, first, last))
	for c.Step() {
	}
	if err := totals.AddCauses(c.Partial()); err != nil {
		t.Fatal(err)
	}
	r := totals.Report(&sel, report.Wish{})
	r.Hours = report.FillGaps(r.Hours)
	b, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// somebody is behind a part of the packets: of some addresses there are names and programs.
func somebody(ends *dict.Endpoints) *called.Book {
	var b called.Book
	for n := 1; n < ends.Len(); n++ {
		a := ends.Addr(uint32(n))
		b.Add(called.Name{Address: a, Kind: called.DNS, Text: fmt.Sprintf("host%d.site%d.example", n, n%40)})
		for port := range uint16(1000) {
			b.Add(called.Name{Address: a, Kind: called.TCP, Port: 50_000 + port, Text: fmt.Sprint("program ", (n+int(port))%30)})
		}
	}
	return &b
}

func TestParse(t *testing.T) {
	for _, filter := range []string{"", "udp", "frame.len == 1"} {
		b := sample(t, filter)
		r, err := Parse(b)
		if err != nil {
			t.Fatalf("%q: %v", filter, err)
		}
		again, err := json.Marshal(r)
		if err != nil || !bytes.Equal(again, b) {
			t.Errorf("%q: read and written it is another report: %v", filter, err)
		}
	}
}

// TestParseRefuses: whatever number of a report is changed so that it cannot be, the report is refused.
func TestParseRefuses(t *testing.T) {
	b := sample(t, "")
	f := func(name string, change func(r *report.Report)) {
		t.Helper()
		r, err := Parse(b)
		if err != nil {
			t.Fatal(err)
		}
		change(r)
		bad, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Parse(bad); err == nil {
			t.Errorf("%s: it is taken", name)
		}
	}
	f("schema", func(r *report.Report) { r.Schema = "tracelens-report/2" })
	f("packets", func(r *report.Report) { r.Packets++ })
	f("bytes", func(r *report.Report) { r.Bytes = -1 })
	f("addresses", func(r *report.Report) { r.Addresses = -1 })
	f("times", func(r *report.Report) { r.Start, r.End = r.End, r.Start })
	f("an hour", func(r *report.Report) { r.Hours[1].Start += 60 })
	f("hours", func(r *report.Report) { r.Hours[1], r.Hours[2] = r.Hours[2], r.Hours[1] })
	f("a minute", func(r *report.Report) { r.Minutes[3].Start++ })
	f("minutes", func(r *report.Report) { r.Minutes[3].Start = r.Minutes[4].Start })
	f("lengths", func(r *report.Report) { r.Lengths[1][0] = r.Lengths[0][0] })
	f("a length", func(r *report.Report) { r.Lengths[1][1] = 0 })
	f("edges", func(r *report.Report) { r.Histogram.Edges = r.Histogram.Edges[1:] })
	f("a bin", func(r *report.Report) { r.Histogram.Density[0] = 1e300 })
	f("density", func(r *report.Report) { r.KDE[1][0] = r.KDE[0][0] })
	f("box", func(r *report.Report) { r.Box.Median = 1e300 })
	f("a list", func(r *report.Report) { r.Top.Source[1].Bytes = r.Top.Source[0].Bytes + 1 })
	f("a name", func(r *report.Report) { r.Top.Port[0].Key = strings.Repeat("x", maxText+1) })
	f("pairs", func(r *report.Report) { r.Top.Pair[0].Packets = -1 })
	f("a long list", func(r *report.Report) { r.Top.Protocol = make([]report.Entry, report.MaxRows+1) })
	f("directions", func(r *report.Report) { r.Directions.In.Bytes = -1 })
	f("a program", func(r *report.Report) { r.Causes.Program[0].Key = "<b>" })
	f("a site", func(r *report.Report) { r.Causes.Site[0].Key = "a b" })
	f("programs", func(r *report.Report) { r.Causes.Programs = 1 })
	f("no program", func(r *report.Report) { r.Causes.NoProgram.Bytes++ })
	f("other sites", func(r *report.Report) { r.Causes.OtherSite.Packets-- })
	f("a link", func(r *report.Report) { r.Causes.Links[0].Program = len(r.Causes.Program) })
	f("another link", func(r *report.Report) { r.Causes.Links[0].Site = -3 })
	f("links", func(r *report.Report) { r.Causes.Links = r.Causes.Links[1:] })
	f("a bin of programs", func(r *report.Report) { r.Causes.Times[0].Program = r.Causes.Times[0].Program[1:] })
	f("bins of programs", func(r *report.Report) { r.Causes.Times[1].Start = r.Causes.Times[0].Start })
	f("width", func(r *report.Report) { r.Causes.WidthS = 0 })
	f("rows", func(r *report.Report) { r.Input.Rows = -1 })
	for _, text := range []string{"", "null", "[]", "5", `"x"`, "{", string(b[:len(b)/2]), string(b) + "x", `{"schema": 1}`} {
		if _, err := Parse([]byte(text)); err == nil {
			t.Errorf("%.40q is taken", text)
		}
	}
}

// FuzzParse: whatever is taken can be written and read again as the same.
func FuzzParse(f *testing.F) {
	f.Add([]byte(`{"schema":"tracelens-report/1","packets":1,"bytes":60,"start":3600.5,"end":3600.5,"hours":[{"start":3600,"captured":true,"bytes":60,"packets":1}],"lengths":[[60,1]]}`))
	f.Add([]byte(`{"schema":"tracelens-report/1","hours":null,"histogram":{"edges":[1,2],"packets":[1],"density":[1]},"kde":[[1,2]]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := Parse(b)
		if err != nil {
			return
		}
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatalf("%s is taken, and cannot be written: %v", b, err)
		}
		again, err := Parse(text)
		if err != nil || !reflect.DeepEqual(again, r) {
			t.Fatalf("%s is taken, and %s is not, or another: %v", b, text, err)
		}
		binary, err := report.DecodeBinary(report.AppendBinary(nil, r))
		if err != nil || binary.Packets != r.Packets {
			t.Fatalf("%s does not reach the page: %v", b, err)
		}
	})
}
