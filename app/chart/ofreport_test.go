package chart

import (
	"testing"

	"tracelens/shared/report"
)

// TestOfReport: what is drawn of who is behind the traffic adds up to what the report says, also where not all of it has a place of its own.
func TestOfReport(t *testing.T) {
	c := &report.Causes{WidthS: 60, Programs: 30, Sites: 2, OtherProgram: report.Volume{Bytes: 10, Packets: 1}, NoProgram: report.Volume{Bytes: 7, Packets: 1}, NoSite: report.Volume{Bytes: 5, Packets: 1}}
	total := int64(17)
	for i := range int64(report.TopN) {
		c.Program = append(c.Program, report.Entry{Key: string(rune('a' + i)), Bytes: 100 - i, Packets: 1})
		c.Links = append(c.Links, report.CauseLink{Program: int(i), Site: int(i % 2), Bytes: 100 - i, Packets: 1})
		total += 100 - i
	}
	c.Links = append(c.Links, report.CauseLink{Program: report.OtherCause, Site: 1, Bytes: 10, Packets: 1}, report.CauseLink{Program: report.NoCause, Site: report.NoCause, Bytes: 5, Packets: 1},
		report.CauseLink{Program: report.NoCause, Site: 0, Bytes: 2, Packets: 1})
	c.Site = []report.Entry{{Key: "one.example", Bytes: (total - 5) / 2}, {Key: "two.example", Bytes: total - 5 - (total-5)/2}}
	bin := report.CauseBin{Start: 120, Program: make([]int64, report.TopN+2), Site: []int64{1, 2, 0, 3}}
	for i := range bin.Program {
		bin.Program[i] = int64(i + 1)
	}
	c.Times = []report.CauseBin{bin, {Start: 300, Program: bin.Program, Site: bin.Site}}

	d := CausesOf(c)
	sum := int64(0)
	for _, l := range d.Links {
		sum += l.Bytes
	}
	if len(d.Programs) != programsDrawn+2 || d.Programs[programsDrawn].Name != "22 others" || d.Programs[programsDrawn+1].Kind != Unattributed || len(d.Sites) != 3 || sum != total {
		t.Errorf("%+v: links of %d bytes, want %d", d, sum, total)
	}
	for bySite, want := range map[bool]int64{false: 2 * 22 * 23 / 2, true: 12} {
		s, sum := StackedOf(c, bySite, &report.Report{}), int64(0)
		for _, part := range s.Parts {
			for _, n := range part.Bytes {
				sum += n
			}
		}
		if s.First != 120 || s.Start != 120 || s.End != 360 || len(s.Parts[0].Bytes) != 4 || sum != want {
			t.Errorf("by site %v: %+v: %d bytes, want %d", bySite, s, sum, want)
		}
	}
}
