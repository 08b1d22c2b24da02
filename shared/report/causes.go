package report

// Causes divide the traffic by who is behind it, as far as what lies beside the trace says so: by the program of the helper's machine that packets
// are from or to, and by the site, which is the registered domain of a host's name (package cause says which of two). Every packet counts once for a
// program, or for none that is known, and once for a site, or for none.
type Causes struct {
	Program      []Entry `json:"program"` // top list
	Site         []Entry `json:"site"`
	Programs     int64   `json:"programs"` // how many there are
	Sites        int64   `json:"sites"`
	OtherProgram Volume  `json:"other_program"` // of those that are not in the list
	OtherSite    Volume  `json:"other_site"`
	NoProgram    Volume  `json:"no_program"` // unattributed
	NoSite       Volume  `json:"no_site"`
	// Links say which programs have to do with which sites, by their places in the lists; those with packets, programs in the order of the list, then
	// the others, then nobody known; likewise sites. They add up to all packets.
	Links  []CauseLink `json:"links"`
	WidthS int64       `json:"bin_seconds"`
	Times  []CauseBin  `json:"times"` // ascending, only those with packets
}

// In place of the place of a program or a site in its list.
const (
	OtherCause = -1 // all that are not in it
	NoCause    = -2 // nobody known
)

// A CauseLink is the traffic of a program with a site.
type CauseLink struct {
	Program int   `json:"program"`
	Site    int   `json:"site"`
	Bytes   int64 `json:"bytes"`
	Packets int64 `json:"packets"`
}

// A CauseBin is the bytes of a stretch of time by program and by site: of each that is listed, then of the others, then of nobody known.
type CauseBin struct {
	Start   int64   `json:"start"`
	Program []int64 `json:"program"`
	Site    []int64 `json:"site"`
}

// listing is the list of programs, or of sites, as report.json has it; an empty one of nothing.
func (c *Causes) listing(list List) *Listing {
	l := &Listing{Wish: Wish{list, ByBytes, MaxRows}}
	if c == nil {
		return l
	}
	entries := c.Program
	l.Keys, l.Rest, l.Without = c.Programs, c.OtherProgram, c.NoProgram
	if list == ListSite {
		entries, l.Keys, l.Rest, l.Without = c.Site, c.Sites, c.OtherSite, c.NoSite
	}
	for _, e := range entries {
		l.Rows = append(l.Rows, Row{Key: e.Key, Bytes: e.Bytes, Packets: e.Packets})
		l.Total.Bytes += e.Bytes
		l.Total.Packets += e.Packets
	}
	l.Total.Bytes += l.Rest.Bytes
	l.Total.Packets += l.Rest.Packets
	return l
}

// List is a list as report.json has it: by bytes, without what its keys sent and received, and of the rest, but for programs and sites, only
// that there may be one.
func (r *Report) List(list List) *Listing {
	if list >= ListProgram {
		return r.Causes.listing(list)
	}
	return r.Top.listing(list)
}

func (c *codec) causes(to **Causes) {
	is := *to != nil
	if c.bool(&is); !is {
		return
	}
	if !c.writing {
		*to = new(Causes)
	}
	v := *to
	for _, entries := range []*[]Entry{&v.Program, &v.Site} {
		list(c, entries, func(e *Entry) {
			c.text(&e.Key)
			c.ints(&e.Bytes, &e.Packets)
		})
	}
	c.ints(&v.Programs, &v.Sites, &v.WidthS)
	c.volumes(&v.OtherProgram, &v.OtherSite, &v.NoProgram, &v.NoSite)
	list(c, &v.Links, func(l *CauseLink) {
		program, site := int64(l.Program), int64(l.Site)
		c.ints(&program, &site, &l.Bytes, &l.Packets)
		l.Program, l.Site = int(program), int(site)
	})
	list(c, &v.Times, func(b *CauseBin) {
		c.ints(&b.Start)
		list(c, &b.Program, func(n *int64) { c.ints(n) })
		list(c, &b.Site, func(n *int64) { c.ints(n) })
	})
}
