package e2e

import (
	"encoding/json"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"tracelens/shared/figures"
	"tracelens/shared/report"
	"tracelens/shared/tracetest"
)

// A golden is what the oracle (pandas, numpy, scipy) says of some hour files.
type golden struct {
	Packets        int64        `json:"packets"`
	Bytes          int64        `json:"bytes"`
	FirstNS        int64        `json:"first_ns"`
	LastNS         int64        `json:"last_ns"`
	MissingHours   []int64      `json:"missing_hours"`
	Hours          []report.Bin `json:"hours"`
	Minutes        []report.Bin `json:"minutes"`
	Box            report.Box   `json:"box"`
	Lengths        [][2]int64   `json:"lengths"`
	ShareAbove1000 float64      `json:"share_above_1000"`
	Addresses      int64        `json:"addresses"`
	Top            struct {
		Source      []report.Entry     `json:"source"`
		Destination []report.Entry     `json:"destination"`
		Pair        []report.PairEntry `json:"pair"`
	} `json:"top"`
	KDE [][2]float64 `json:"kde"`
}

func oracle(t *testing.T, name string) (g golden) {
	t.Helper()
	b, err := tracetest.Golden(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &g); err != nil {
		t.Fatalf("golden of %s: %v", name, err)
	}
	return g
}

// equal compares every number of the oracle with the report: integers exactly, the rest to 1e-9.
func (g golden) equal(t *testing.T, r *report.Report) {
	t.Helper()
	same := func(what string, got, want any) {
		t.Helper()
		a, _ := json.Marshal(got)
		b, _ := json.Marshal(want)
		if string(a) != string(b) {
			t.Errorf("%s: got %.400s, the oracle has %.400s", what, a, b)
		}
	}
	same("packets", r.Packets, g.Packets)
	same("bytes", r.Bytes, g.Bytes)
	same("start", int64(r.Start), g.FirstNS)
	same("end", int64(r.End), g.LastNS)
	same("addresses", r.Addresses, g.Addresses)
	missing, hours := []int64{}, []report.Bin{}
	for i, h := range r.Hours {
		if i > 0 && h.Start != r.Hours[i-1].Start+3600 {
			t.Errorf("hour %d follows %d", h.Start, r.Hours[i-1].Start)
		}
		if !h.Captured {
			missing = append(missing, h.Start)
		}
		if h.Packets > 0 {
			hours = append(hours, report.Bin{Start: h.Start, Bytes: h.Bytes, Packets: h.Packets})
		}
	}
	same("missing hours", missing, g.MissingHours)
	same("hours", hours, g.Hours)
	same("minutes", r.Minutes, g.Minutes)
	same("lengths", r.Lengths, g.Lengths)
	same("top sources", r.Top.Source, g.Top.Source)
	same("top destinations", r.Top.Destination, g.Top.Destination)
	same("top pairs", r.Top.Pair, g.Top.Pair)

	near := func(what string, got, want float64) {
		t.Helper()
		if math.Abs(got-want) > 1e-9*math.Abs(want) && math.Abs(got-want) > 1e-300 {
			t.Errorf("%s: got %v, the oracle has %v", what, got, want)
		}
	}
	same("smallest and largest", []int64{r.Box.Min, r.Box.Max, r.Box.WhiskerLow, r.Box.WhiskerHigh}, []int64{g.Box.Min, g.Box.Max, g.Box.WhiskerLow, g.Box.WhiskerHigh})
	near("first quartile", r.Box.Q1, g.Box.Q1)
	near("median", r.Box.Median, g.Box.Median)
	near("third quartile", r.Box.Q3, g.Box.Q3)
	near("mean", r.Box.Mean, g.Box.Mean)
	near("share above 1000", float64(figures.Above(r.Lengths, 1000))/float64(max(1, r.Packets)), g.ShareAbove1000)
	if len(r.KDE) != len(g.KDE) {
		t.Fatalf("density at %d lengths, the oracle has %d", len(r.KDE), len(g.KDE))
	}
	for i := range g.KDE {
		near("length of the density", r.KDE[i][0], g.KDE[i][0])
		near("density", r.KDE[i][1], g.KDE[i][1])
	}
}

// TestFiguresEqualTheOracle: hour files that the helper makes of real captures, given to the page, which must say of each what
// pandas says.
func TestFiguresEqualTheOracle(t *testing.T) {
	t.Parallel()
	captures := tracetest.Captures()
	if len(captures) < 20 {
		t.Fatalf("only %d captures", len(captures))
	}
	p := open(t, staticHost(t), desktop)
	for _, capture := range captures {
		name := filepath.Base(capture)
		r := p.ready(convert(t, capture)...)
		t.Run(name, func(t *testing.T) {
			oracle(t, name).equal(t, r)
			if r.Input.Rows != r.Packets || len(r.Input.Skipped) != 0 {
				t.Errorf("%d rows, %v skipped", r.Input.Rows, r.Input.Skipped)
			}
		})
	}
}

// TestSampleEqualsTheOracle: the 11-hour sample, generated in the page itself, with hours 5 and 6 missing.
func TestSampleEqualsTheOracle(t *testing.T) {
	t.Parallel()
	p := open(t, staticHost(t), desktop)
	p.opened("ready", func() { p.click("sample") })
	r := p.report()
	oracle(t, "sample").equal(t, r)
	if len(r.Hours) != 11 || r.Hours[5].Captured || r.Hours[6].Captured {
		t.Errorf("hours %v", r.Hours)
	}
	n := 0
	for _, f := range r.Input.Files {
		n += int(f.Rows)
	}
	if !slices.ContainsFunc(r.Top.Port, func(e report.Entry) bool { return e.Key == "443/tcp" }) || n != int(r.Packets) {
		t.Errorf("ports %v, %d rows", r.Top.Port, n)
	}
	if shown := p.text("[data-testid=share-above]"); shown == "" {
		t.Error("the page does not say how many packets are above the size")
	}
}
