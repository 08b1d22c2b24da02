package chart

import (
	charts "github.com/vicanso/go-charts/v2"

	"tracelens/app/chart/label"
)

// A Kind says what a Cause or a Part stands for.
type Kind uint8

const (
	Named        Kind = iota // a program, or a site
	Others                   // those without a place of their own, together
	Unattributed             // what nobody is known to be behind
)

// A Cause is a program or a site that is behind traffic, or what stands for those that are not shown. Name is what is written: also "17 others"
// and "unattributed" are the caller's words.
type Cause struct {
	Name  string
	Bytes int64
	Kind  Kind
}

// A CauseLink is the traffic of a program with a site, which are indexes in Causes.
type CauseLink struct {
	Program, Site int
	Bytes         int64
}

// Causes are programs, the sites they had to do with, and how much. Either are drawn in the order given, from the top.
type Causes struct {
	Programs, Sites []Cause
	Links           []CauseLink
}

// total is all of the traffic: what its programs have, or its sites if these have more.
func (c Causes) total() int64 { return max(sum(c.Programs), sum(c.Sites)) }

func sum(causes []Cause) (bytes int64) {
	for _, c := range causes {
		bytes += c.Bytes
	}
	return bytes
}

// sound is a copy without links that lead nowhere, and in which every cause has as many bytes as its links at least: they fit on its bar.
func (c Causes) sound() Causes {
	s := Causes{append([]Cause(nil), c.Programs...), append([]Cause(nil), c.Sites...), make([]CauseLink, 0, len(c.Links))}
	programs, sites := make([]int64, len(s.Programs)), make([]int64, len(s.Sites))
	for _, l := range c.Links {
		if l.Bytes > 0 && l.Program >= 0 && l.Program < len(programs) && l.Site >= 0 && l.Site < len(sites) {
			s.Links = append(s.Links, l)
			programs[l.Program] += l.Bytes
			sites[l.Site] += l.Bytes
		}
	}
	for i := range s.Programs {
		s.Programs[i].Bytes = max(s.Programs[i].Bytes, programs[i])
	}
	for i := range s.Sites {
		s.Sites[i].Bytes = max(s.Sites[i].Bytes, sites[i])
	}
	return s
}

// Words say what a mark of Sankey is, in lines: "curl → example.org", "12.3 MB, 4.5 % of all"; nothing if it is of other Causes.
func (c Causes) Words(m Mark, u label.Units) []string {
	if m.Program >= len(c.Programs) || m.Site >= len(c.Sites) {
		return nil
	}
	name := ""
	switch {
	case m.Site < 0:
		name = c.Programs[m.Program].Name
	case m.Program < 0:
		name = c.Sites[m.Site].Name
	default:
		name = c.Programs[m.Program].Name + " → " + c.Sites[m.Site].Name
	}
	return []string{name, u.Bytes(m.Bytes) + ", " + label.Percent(m.Bytes, m.Of) + " of all"}
}

// Cause is the colour, "#rrggbb", of the i-th named program or site, counted from 0, or of what stands for several or for none. The ninth and
// those after it have the colours of the first ones, but nearer to ink.
func (t Theme) Cause(i int, k Kind) string {
	switch k {
	case Others:
		return t.Rest
	case Unattributed:
		return t.Edge
	}
	n := len(t.Hues)
	hue := t.Hues[i%n]
	if i/n%2 == 1 {
		return hex(mix(color(hue), faded(color(t.Ink), 110)))
	}
	return hue
}

// A tint is how a cause looks: its bars are filled, and have a rim where the fill alone is too pale to be seen.
type tint struct {
	fill, rim charts.Color
	flow      charts.Color // translucent
}

// tints are those of kinds, in their order.
func (t Theme) tints(kinds []Kind) []tint {
	list, named := make([]tint, len(kinds)), 0
	for i, k := range kinds {
		fill := color(t.Cause(named, k))
		list[i] = tint{fill: fill, flow: faded(fill, opacity(t.flowOpacity()))}
		switch k {
		case Named:
			named++
		case Others:
			list[i].rim = color(t.Edge)
			list[i].flow = faded(color(t.Edge), opacity(t.flowOpacity()/2))
		}
	}
	return list
}

// flowOpacity is how much of a ribbon covers what is below it, in tenths: the painter prints no more.
func (t Theme) flowOpacity() int {
	if t.Dark {
		return 4
	}
	return 3
}

func opacity(tenths int) uint8 { return uint8(255 * tenths / 10) }

// blocks fills rectangles in a cause's colour, all at once. A rim lies within them.
func (c *canvas) blocks(t tint, rects []Rect) {
	const rim = 1
	if t.rim.IsZero() {
		c.fill(t.fill)
		for _, r := range rects {
			c.outline(r)
		}
		c.p.Fill()
		return
	}
	c.p.SetDrawingStyle(styleOf(t.fill, t.rim, rim))
	for _, r := range rects {
		in := min(rim, r.W, r.H) / 2.0
		c.outline(Rect{r.X + in, r.Y + in, r.W - 2*in, r.H - 2*in})
	}
	c.p.FillStroke()
}
