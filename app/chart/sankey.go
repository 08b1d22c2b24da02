package chart

import (
	"fmt"

	"tracelens/app/chart/label"
)

// Heads of the two sides.
const programHead, siteHead = "Program", "Site"

// Sankey draws who had how much to do with whom: programs on the left, sites on the right, and ribbons between them as wide as they have
// bytes. A ribbon has the colour of its program, and so has its end on the site's bar. Labels stand outside: one line with columns, as a table,
// where the picture is wide, else two. A Height of 0 has room for every label; a lower picture leaves out those of the smallest.
//
// Marks are the nodes, with their labels, and the ribbons.
func Sankey(causes Causes, o Options) Picture {
	causes = causes.sound()
	links := causes.Links
	programs, sites := nodesOf(causes.Programs), nodesOf(causes.Sites)
	total := causes.total()
	left, right := newLedger(causes.Programs, total, o), newLedger(causes.Sites, total, o)

	const head, foot = 24, 6
	s := slate{top: head, label: left.height(), flow: 220, gap: 5}
	most := max(bytesOf(programs), bytesOf(sites))
	own := 0.0
	if most > 0 {
		own = max(s.fits(programs, s.flow/most), s.fits(sites, s.flow/most))
	}
	o = o.orElse(int(own)+1+head+foot, 90)
	if most <= 0 {
		return nothing(o)
	}
	s.height = float64(o.Height) - head - foot
	perByte := s.place(programs, sites)

	const bar, apart, edge = 10, 8, 2
	c := newCanvas(o)
	left.names, right.names = max(left.names, textWidth(programHead, small)), max(right.names, textWidth(siteHead, small))
	shareOut(&left, &right, c.w-max(c.w*0.26, 72)-2*(bar+apart+edge))
	plot := Rect{X: edge + left.width() + apart + bar, Y: s.top, H: s.height}
	plot.W = c.w - edge - right.width() - apart - bar - plot.X
	marks := ribbons(links, programs, sites, plot.X, plot.W, perByte)
	c.flows(causes.Programs, marks, Rect{plot.X - bar, plot.Y, plot.W + 2*bar, plot.H}, bar, programs, sites)

	c.text(muted+end, programHead, plot.X-bar-apart, 12)
	c.text(muted, siteHead, plot.X+plot.W+bar+apart, 12)
	for i := range programs {
		if programs[i].labelled {
			left.write(c, i, edge, programs[i].mid, true)
		}
		marks = programs[i].mark(marks, Mark{Program: i, Site: -1}, 0, plot.X)
	}
	for i := range sites {
		if sites[i].labelled {
			right.write(c, i, plot.X+plot.W+bar+apart, sites[i].mid, false)
		}
		marks = sites[i].mark(marks, Mark{Program: -1, Site: i}, plot.X+plot.W, c.w)
	}
	for i := range marks {
		marks[i].Of = total
	}
	p := c.picture(causes.alt(o), plot)
	p.Marks = marks
	return p
}

// mark adds the mark of a node, which reaches from its label to the ribbons.
func (n *node) mark(marks []Mark, m Mark, from, to float64) []Mark {
	if n.bytes == 0 {
		return marks
	}
	m.Rect, m.Bytes = Rect{from, n.mid - n.slot/2, to - from, n.slot}, n.bytes
	return append(marks, m)
}

// flows draws the ribbons, and the bars at the edges of r. Those of a program are one path each: where its ribbons lie side by side there is no seam.
func (c *canvas) flows(causes []Cause, marks []Mark, r Rect, bar float64, programs, sites []node) {
	kinds := make([]Kind, len(causes))
	for i := range causes {
		kinds[i] = causes[i].Kind
	}
	tints := c.o.Theme.tints(kinds)
	block := func(x, y, h float64) Rect { // one that can be seen
		lacks := max(1-h, 0)
		return Rect{x, y - lacks/2, bar, h + lacks}
	}
	c.fill(color(c.o.Theme.Edge))
	for i := range sites {
		n := &sites[i]
		if n.bytes > 0 && n.bar < 1 {
			c.outline(block(r.X+r.W-bar, n.top(), n.bar))
		} else if rest := n.bar - n.used; rest >= 0.1 { // of what no link tells the program
			c.outline(Rect{r.X + r.W - bar, n.top() + n.used, bar, rest})
		}
	}
	c.p.Fill()
	order := make([]int, 0, len(causes)) // the coloured ones lie on the grey ones
	for _, named := range [...]bool{false, true} {
		for i, k := range kinds {
			if (k == Named) == named && programs[i].bytes > 0 {
				order = append(order, i)
			}
		}
	}
	for _, i := range order {
		c.fill(tints[i].flow)
		blocks := []Rect{block(r.X, programs[i].top(), programs[i].bar)}
		for j := range marks {
			if m := &marks[j]; m.Program == i {
				c.ribbon(m)
				blocks = append(blocks, Rect{r.X + r.W - bar, m.right, bar, m.thick})
			}
		}
		c.p.Fill()
		c.blocks(tints[i], blocks)
	}
}

// alt says who is behind most.
func (c Causes) alt(o Options) string {
	total := c.total()
	most := func(causes []Cause) string {
		best := -1
		for i, c := range causes {
			if c.Kind == Named && c.Bytes > 0 && (best < 0 || c.Bytes > causes[best].Bytes) {
				best = i
			}
		}
		if best < 0 {
			return "nobody known"
		}
		return fmt.Sprintf("%s (%s, %s)", fit(causes[best].Name, 4000, large), o.Units.Bytes(causes[best].Bytes), label.Percent(causes[best].Bytes, total))
	}
	return fmt.Sprintf("Traffic of %s programs with %s sites, %s in all; most by %s, and with %s.", label.Count(int64(len(c.Programs))),
		label.Count(int64(len(c.Sites))), o.Units.Bytes(total), most(c.Programs), most(c.Sites))
}
