package chart

import (
	"tracelens/app/chart/label"
	"tracelens/shared/report"
)

// Of programs and sites so many are drawn by name: beyond that, colours would be hard to tell from each other.
const (
	programsDrawn = 8
	sitesDrawn    = 12
	stackedDrawn  = 8
)

// drawnOf is a list for a chart: the first n by name, the others together, and nobody; to says where in it a place of the report's list is.
func drawnOf(list []report.Entry, n int, many int64, others, nobody report.Volume) (drawn []Cause, to func(place int) int) {
	n = min(n, len(list))
	for _, e := range list[:n] {
		drawn = append(drawn, Cause{Name: e.Key, Bytes: e.Bytes})
	}
	for _, e := range list[n:] {
		others.Bytes += e.Bytes
		others.Packets += e.Packets
	}
	other, none := -1, -1
	if others.Packets > 0 {
		other = len(drawn)
		drawn = append(drawn, Cause{Name: label.Count(many-int64(n)) + " others", Bytes: others.Bytes, Kind: Others})
	}
	if nobody.Packets > 0 {
		none = len(drawn)
		drawn = append(drawn, Cause{Name: label.Unattributed, Bytes: nobody.Bytes, Kind: Unattributed})
	}
	return drawn, func(place int) int {
		switch {
		case place == report.NoCause:
			return none
		case place == report.OtherCause || place >= n:
			return other
		}
		return place
	}
}

// CausesOf is what Sankey shows of a report: the largest programs and sites, each others together, and what is nobody's.
func CausesOf(c *report.Causes) Causes {
	programs, programAt := drawnOf(c.Program, programsDrawn, c.Programs, c.OtherProgram, c.NoProgram)
	sites, siteAt := drawnOf(c.Site, sitesDrawn, c.Sites, c.OtherSite, c.NoSite)
	bytes := map[[2]int]int64{}
	for _, l := range c.Links {
		bytes[[2]int{programAt(l.Program), siteAt(l.Site)}] += l.Bytes
	}
	drawn := Causes{Programs: programs, Sites: sites}
	for program := range programs {
		for site := range sites {
			if n := bytes[[2]int{program, site}]; n > 0 {
				drawn.Links = append(drawn.Links, CauseLink{Program: program, Site: site, Bytes: n})
			}
		}
	}
	return drawn
}

// StackedOf is what Stack shows of a report, by program or by site.
func StackedOf(c *report.Causes, bySite bool, r *report.Report) (s Stacked) {
	list, to := drawnOf(c.Program, stackedDrawn, c.Programs, c.OtherProgram, c.NoProgram)
	listed, of := len(c.Program), func(b *report.CauseBin) []int64 { return b.Program }
	if bySite {
		list, to = drawnOf(c.Site, stackedDrawn, c.Sites, c.OtherSite, c.NoSite)
		listed, of = len(c.Site), func(b *report.CauseBin) []int64 { return b.Site }
	}
	s.Step, s.Hours = c.WidthS, r.Hours
	if len(c.Times) == 0 {
		return s
	}
	s.First = c.Times[0].Start
	s.Start, s.End = s.First, c.Times[len(c.Times)-1].Start+s.Step
	if sel := r.Selection; sel.To > sel.From {
		s.Start, s.End = int64(sel.From)/1e9, int64(sel.To)/1e9
	}
	bins := (c.Times[len(c.Times)-1].Start-s.First)/s.Step + 1
	for _, cause := range list {
		s.Parts = append(s.Parts, Part{Name: cause.Name, Kind: cause.Kind, Bytes: make([]int64, bins)})
	}
	for i := range c.Times {
		b := &c.Times[i]
		for place, n := range of(b) {
			switch place {
			case listed:
				place = report.OtherCause
			case listed + 1:
				place = report.NoCause
			}
			if part := to(place); part >= 0 {
				s.Parts[part].Bytes[(b.Start-s.First)/s.Step] += n
			}
		}
	}
	return s
}
