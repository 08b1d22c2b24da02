package chart

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"tracelens/shared/report"
)

// Invented programs and sites, and the edges: see causeCases.

// named are causes by their names; "+" begins what stands for several, "-" what is of nobody known.
func named(names ...string) []Cause {
	list := make([]Cause, len(names))
	for i, name := range names {
		switch name[0] {
		case '+':
			list[i] = Cause{Name: name[1:], Kind: Others}
		case '-':
			list[i] = Cause{Name: name[1:], Kind: Unattributed}
		default:
			list[i] = Cause{Name: name}
		}
	}
	return list
}

// linked are causes with links of so many kB: program, site, kB, ...
func linked(programs, sites []Cause, links ...int64) Causes {
	c := Causes{Programs: programs, Sites: sites}
	for i := 0; i+2 < len(links); i += 3 {
		l := CauseLink{int(links[i]), int(links[i+1]), links[i+2] * 1000}
		c.Links = append(c.Links, l)
		c.Programs[l.Program].Bytes += l.Bytes
		c.Sites[l.Site].Bytes += l.Bytes
	}
	return c
}

func someCauses() Causes {
	return linked(
		named("firefox", "apt", "thunderbird", "syncthing", "chronyd", "curl", "+4 others", "-unattributed"),
		named("googlevideo.com", "debian.org", "wikipedia.org", "office365.com", "github.com", "example.org", "+17 others", "-unattributed"),
		0, 0, 402100, 0, 2, 81700, 0, 4, 31200, 0, 5, 4100, 0, 6, 52300,
		1, 1, 121700, 1, 4, 2200,
		2, 3, 60900, 2, 6, 2300,
		3, 7, 48400, 3, 6, 8800,
		4, 6, 310,
		5, 5, 12300, 5, 4, 9100,
		6, 6, 14200, 6, 2, 900, 6, 7, 3300,
		7, 7, 61200, 7, 6, 17300, 7, 0, 9800)
}

// manyCauses are n programs and m sites, many of them linked, and shrinking fast.
func manyCauses(n, m int, r *rand.Rand, name func(side string, i int) string) Causes {
	var programs, sites []string
	for i := range n {
		programs = append(programs, name("program", i))
	}
	for i := range m {
		sites = append(sites, name("site", i))
	}
	var links []int64
	for i := range n {
		for j := range m {
			if r.IntN(3) > 0 || i == j {
				links = append(links, int64(i), int64(j), int64(1+4e5*math.Pow(0.7, float64(i)+float64(j))*r.ExpFloat64()))
			}
		}
	}
	return linked(named(programs...), named(sites...), links...)
}

func plainName(side string, i int) string {
	switch {
	case i == 18:
		return "+123 others"
	case i == 19:
		return "-unattributed"
	case side == "site":
		return fmt.Sprintf("site-%d.example.org", i)
	}
	return fmt.Sprintf("program%d", i)
}

func longName(side string, i int) string {
	return strings.Repeat(fmt.Sprintf("%s-%d-", side, i), 12)[:60]
}

func worldName(side string, i int) string {
	return [...]string{"ブラウザーの通信プログラム", "متصفح الإنترنت", "דפדפן רשת", "браузер", "浏览器", "πρόγραμμα", evil, "e\u0301\u0301\u0301\u0301x", "👩‍👩‍👧‍👦 family"}[i%9]
}

// stacked are n bins of causes, each of which comes and goes, in the hours that were captured.
func stacked(n int, step int64, hours []report.Hour, causes ...Cause) Stacked {
	r := rand.New(rand.NewPCG(11, 12))
	s := Stacked{First: start, Step: step, Hours: hours, Start: start, End: start + int64(n)*step}
	for k, c := range causes {
		p := Part{Name: c.Name, Kind: c.Kind, Bytes: make([]int64, n)}
		size := 4e6 * math.Pow(0.72, float64(k))
		for i := range p.Bytes {
			h := int(int64(i) * step / 3600)
			if h >= len(hours) || !hours[h].Captured {
				continue
			}
			v := size * (1.2 + math.Sin(float64(i)/(9+3*float64(k))+float64(k)) + 0.4*r.NormFloat64())
			if r.IntN(40) == 0 {
				v += 5 * size
			}
			p.Bytes[i] = int64(max(v, 0)) * step / 60
		}
		s.Parts = append(s.Parts, p)
	}
	return s
}

func causeCases() []drawn {
	sankey := func(name string, c Causes) drawn {
		return drawn{name, []int{700, 328}, func(o Options) Picture { return Sankey(c, o) }}
	}
	r := rand.New(rand.NewPCG(9, 10))
	wide := sankey("sankey-wide", someCauses())
	wide.wide[0] = 1120
	low := sankey("sankey-low", manyCauses(20, 20, r, plainName))
	low.draw = func(o Options) Picture {
		o.Height = 240
		return Sankey(manyCauses(20, 20, rand.New(rand.NewPCG(9, 10)), plainName), o)
	}
	none := manyCauses(3, 2, r, plainName)
	for i := range none.Programs {
		none.Programs[i].Bytes = 0
	}
	none.Sites, none.Links = nil, nil
	stack := func(name string, s Stacked) drawn {
		return drawn{name, []int{700, 328}, func(o Options) Picture { return Stack(s, o) }}
	}
	full := stack("stack-wide", stacked(11*60, 60, day(), someCauses().Programs...))
	full.wide[0] = 1120
	some := someCauses().Programs
	long, world := named(), named()
	for i := range 9 {
		long, world = append(long, named(longName("program", i))...), append(world, named(worldName("program", i))...)
	}
	two := someHours(300, 300)
	faint := stacked(120, 60, two, some[:3]...)
	for i := range faint.Parts[0].Bytes {
		faint.Parts[0].Bytes[i], faint.Parts[1].Bytes[i], faint.Parts[2].Bytes[i] = 1, 2, 0
	}
	faint.Parts[2].Bytes[7] = 1e9
	cut := stacked(4*60, 60, someHours(300, 300, -1, 200), some...)
	cut.Start, cut.End = start+1230, start+4*3600-90
	return []drawn{
		stack("stack", stacked(120, 60, two, some...)),
		full,
		stack("stack-hours", stacked(11, 3600, day(), some...)),
		stack("stack-cut", cut),
		stack("stack-10", stacked(40, 60, two, append(named("firefox", "apt", "thunderbird", "syncthing", "chronyd", "curl", "ssh", "git"), some[6:]...)...)),
		stack("stack-seconds", stacked(90, 1, two, some[1:5]...)),
		stack("stack-1", stacked(1, 60, two, some[:1]...)),
		stack("stack-nobody", stacked(60, 60, two, some[7:]...)),
		stack("stack-faint", faint),
		stack("stack-long", stacked(60, 60, two, long...)),
		stack("stack-world", stacked(60, 60, two, world...)),
		stack("stack-5000h", stacked(5000, 3600, manyHours(5000), some...)),
		stack("stack-none", stacked(60, 60, two)),
		stack("stack-empty", Stacked{}),
		sankey("sankey", someCauses()),
		wide,
		low,
		sankey("sankey-1", linked(named("curl"), named("example.org"), 0, 0, 12300)),
		sankey("sankey-20", manyCauses(20, 20, r, plainName)),
		sankey("sankey-long", manyCauses(6, 7, r, longName)),
		sankey("sankey-world", manyCauses(9, 9, r, worldName)),
		sankey("sankey-nobody", linked(named("-unattributed"), named("-unattributed"), 0, 0, 912000)),
		sankey("sankey-unnamed", linked(named("firefox", "-unattributed"), named("-unattributed"), 0, 0, 310000, 1, 0, 602000)),
		sankey("sankey-fan", linked(named("firefox"), named("a.example", "b.example", "c.example", "d.example", "+31 others"), 0, 0, 9, 0, 1, 7, 0, 2, 4, 0, 3, 1, 0, 4, 1)),
		sankey("sankey-none", none),
		sankey("sankey-empty", Causes{}),
	}
}
