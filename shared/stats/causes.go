package stats

import (
	"slices"

	"tracelens/shared/report"
)

// causeTotals are the sum of the CausePartials of one query.
type causeTotals struct {
	widthS   int64
	programs named
	sites    named
	links    map[[2]int]volume // by numbers of a program and a site
	bins     map[int64]*causeBin
	// Of a partial, by number of the cause.
	programOf, siteOf []int
	sums              []volume
}

// A causeBin is bytes by number of a program, and of a site, as far as there are any.
type causeBin struct{ programs, sites []int64 }

// named are programs, or sites, with their traffic. The number 0 is that of nobody known.
type named struct {
	numbers map[string]int
	names   []string
	volumes []volume
}

func newNamed() named { return named{map[string]int{"": 0}, []string{""}, make([]volume, 1)} }

func (n *named) number(name string) int {
	i, known := n.numbers[name]
	if !known {
		i = len(n.names)
		n.numbers[name] = i
		n.names, n.volumes = append(n.names, name), append(n.volumes, volume{})
	}
	return i
}

// list is all of them but nobody.
func (n *named) list() topList {
	if n.names == nil {
		return topList{}
	}
	return topList{items{volumes: n.volumes[1:], text: func(b []byte, item int) []byte { return append(b, n.names[item+1]...) }}, n.volumes[0]}
}

// AddCauses adds what a store has counted by who is behind it. All partials of a query have bins of one width.
//
// There may be a hundred thousand cells, of which many of a bin come one after the other: for one cell nothing is looked up but its bin.
func (t *Totals) AddCauses(p *CausePartial) error {
	c := t.causes
	if c == nil {
		c = &causeTotals{widthS: p.WidthS, programs: newNamed(), sites: newNamed(), links: map[[2]int]volume{}, bins: map[int64]*causeBin{}}
		t.causes = c
	}
	if p.WidthS != c.widthS {
		return ErrPartial
	}
	c.programOf, c.siteOf, c.sums = c.programOf[:0], c.siteOf[:0], make([]volume, len(p.Causes))
	for _, of := range p.Causes {
		c.programOf, c.siteOf = append(c.programOf, c.programs.number(of.Program)), append(c.siteOf, c.sites.number(of.Site))
	}
	bin, start := (*causeBin)(nil), int64(0)
	for i := range p.Cells {
		cell := &p.Cells[i]
		if bin == nil || cell.Start != start {
			bin, start = c.bins[cell.Start], cell.Start
			if bin == nil {
				bin = new(causeBin)
				c.bins[start] = bin
			}
		}
		c.sums[cell.Cause].add(volume{cell.Bytes, cell.Packets})
		addAt(&bin.programs, c.programOf[cell.Cause], cell.Bytes)
		addAt(&bin.sites, c.siteOf[cell.Cause], cell.Bytes)
	}
	for i, v := range c.sums {
		c.programs.volumes[c.programOf[i]].add(v)
		c.sites.volumes[c.siteOf[i]].add(v)
		at := [2]int{c.programOf[i], c.siteOf[i]}
		link := c.links[at]
		link.add(v)
		c.links[at] = link
	}
	return nil
}

// addAt adds to a number of a list, which grows for that.
func addAt(list *[]int64, i int, n int64) {
	if i >= len(*list) {
		*list = append(*list, make([]int64, i+1-len(*list))...)
	}
	(*list)[i] += n
}

// lists are those of programs and of sites.
func (c *causeTotals) lists() (programs, sites topList) {
	if c == nil {
		return programs, sites
	}
	return c.programs.list(), c.sites.list()
}

// places says where each of named is in a list, or that it is not, by number; and in places after those of the list the others, and nobody.
func (n *named) places(best []candidate) []int {
	places := make([]int, len(n.names))
	for i := range places {
		places[i] = len(best)
	}
	for place, c := range best {
		places[c.item+1] = place
	}
	places[0] = len(best) + 1
	return places
}

// report is who is behind the traffic; programs and sites are the best of either list.
func (c *causeTotals) report(programs, sites []candidate) *report.Causes {
	if c == nil {
		return nil
	}
	programs, sites = programs[:min(report.TopN, len(programs))], sites[:min(report.TopN, len(sites))]
	programList, siteList := c.programs.list(), c.sites.list()
	r := &report.Causes{
		Program: programList.entries(programs), Site: siteList.entries(sites), NoProgram: c.programs.volumes[0].report(), NoSite: c.sites.volumes[0].report(),
		WidthS: c.widthS, Links: []report.CauseLink{}, Times: []report.CauseBin{},
	}
	r.Programs, r.OtherProgram = others(&programList, r.Program)
	r.Sites, r.OtherSite = others(&siteList, r.Site)
	programAt, siteAt := c.programs.places(programs), c.sites.places(sites)
	links := make([]volume, (len(programs)+2)*(len(sites)+2))
	for of, v := range c.links {
		links[programAt[of[0]]*(len(sites)+2)+siteAt[of[1]]].add(v)
	}
	for i, v := range links {
		if v.packets > 0 {
			r.Links = append(r.Links, report.CauseLink{Program: placed(i/(len(sites)+2), len(programs)), Site: placed(i%(len(sites)+2), len(sites)), Bytes: v.bytes, Packets: v.packets})
		}
	}
	starts := make([]int64, 0, len(c.bins))
	for start := range c.bins {
		starts = append(starts, start)
	}
	slices.Sort(starts)
	for _, start := range starts {
		of := report.CauseBin{Start: start, Program: make([]int64, len(programs)+2), Site: make([]int64, len(sites)+2)}
		for number, bytes := range c.bins[start].programs {
			of.Program[programAt[number]] += bytes
		}
		for number, bytes := range c.bins[start].sites {
			of.Site[siteAt[number]] += bytes
		}
		r.Times = append(r.Times, of)
	}
	return r
}

// placed is a place as links have it.
func placed(place, listed int) int {
	switch place {
	case listed:
		return report.OtherCause
	case listed + 1:
		return report.NoCause
	}
	return place
}

// others is how many there are, and the traffic of those that are not among the entries.
func others(l *topList, entries []report.Entry) (keys int64, rest report.Volume) {
	keys, all := l.sum()
	for _, e := range entries {
		all.add(volume{-e.Bytes, -e.Packets})
	}
	return keys, all.report()
}
