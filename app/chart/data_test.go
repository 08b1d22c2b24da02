package chart

import (
	"fmt"
	"math"
	"math/rand/v2"
	"time"

	"tracelens/shared/report"
)

// Invented figures like those of shared/look, and the edges: see cases.

const start = 1483876800 // 8 January 2017, 12:00 UTC

var stockholm = time.FixedZone("CET", 3600)

func someHours(mb ...int64) []report.Hour {
	hs := make([]report.Hour, len(mb))
	for i, v := range mb {
		hs[i] = report.Hour{Start: start + int64(i)*3600, Captured: v >= 0, Bytes: max(v, 0) * 1e6, Packets: max(v, 0) * 1300}
	}
	return hs
}

func day() []report.Hour { return someHours(41, 58, 77, 63, 120, -1, -1, 88, 510, 402, 265) }

func manyHours(n int) []report.Hour {
	r := rand.New(rand.NewPCG(1, 2))
	mb := make([]int64, n)
	for i := range mb {
		mb[i] = int64(60 + 50*math.Sin(float64(i)/24*2*math.Pi) + 40*r.ExpFloat64())
		if i%97 > 88 || i > n/2 && i < n/2+n/30 {
			mb[i] = -1
		}
	}
	return someHours(mb...)
}

func someBins(n int, step int64) []report.Bin {
	r := rand.New(rand.NewPCG(3, 4))
	var bins []report.Bin
	for i := range n {
		f := float64(i)
		v := max(0, 7+4*math.Sin(f/9)+3*math.Sin(f/2.3)+1.4*r.NormFloat64())
		if i%160 > 40 && i%160 < 52 {
			v += 5
		}
		if v > 0 {
			bins = append(bins, report.Bin{Start: start + int64(i)*step, Bytes: int64(v * 1e6), Packets: int64(v * 900)})
		}
	}
	return bins
}

func inHours(bins []report.Bin, hours []report.Hour) (kept []report.Bin) {
	for _, b := range bins {
		if i := (b.Start - start) / 3600; int(i) < len(hours) && hours[i].Captured {
			kept = append(kept, b)
		}
	}
	return kept
}

func series(bins []report.Bin, hours []report.Hour, step int64, from, to int64) Series {
	return Series{Bins: inHours(bins, hours), Hours: hours, Step: step, Start: start + from, End: start + to}
}

func someLengths() [][2]int64 {
	r := rand.New(rand.NewPCG(5, 6))
	count := map[int64]int64{}
	for range 60000 {
		var l float64
		switch p := r.Float64(); {
		case p < 0.48:
			l = 60 + 14*r.ExpFloat64()
		case p < 0.62:
			l = 100 + 400*r.Float64()
		case p < 0.7:
			l = 100 + 1300*r.Float64()
		default:
			l = 1514 - 20*r.ExpFloat64()
		}
		count[int64(min(max(l, 54), 1514))]++
	}
	var ls [][2]int64
	for l := int64(0); l <= 1514; l++ {
		if count[l] > 0 {
			ls = append(ls, [2]int64{l, count[l]})
		}
	}
	return ls
}

func someBox() report.Box {
	return report.Box{Min: 54, Q1: 66, Median: 118, Q3: 1434, Max: 1514, Mean: 611, WhiskerLow: 54, WhiskerHigh: 1514}
}

func someHistogram(ls [][2]int64) (report.Histogram, [][2]float64) {
	const bins = 32
	var h report.Histogram
	lo, hi := float64(ls[0][0]), float64(ls[len(ls)-1][0])
	if lo == hi {
		lo, hi = lo-0.5, hi+0.5
	}
	w := (hi - lo) / bins
	var n int64
	h.Packets, h.Density = make([]int64, bins), make([]float64, bins)
	for i := range bins + 1 {
		h.Edges = append(h.Edges, lo+float64(i)*w)
	}
	for _, l := range ls {
		h.Packets[min(int((float64(l[0])-lo)/w), bins-1)] += l[1]
		n += l[1]
	}
	for i, p := range h.Packets {
		h.Density[i] = float64(p) / float64(n) / w
	}
	var kde [][2]float64
	if len(ls) > 1 {
		for i := range 256 {
			x := lo + (hi-lo)*float64(i)/255
			d, bw := 0.0, (hi-lo)/26
			for _, l := range ls {
				z := (x - float64(l[0])) / bw
				d += float64(l[1]) * math.Exp(-z*z/2)
			}
			kde = append(kde, [2]float64{x, d / float64(n) / bw / math.Sqrt(2*math.Pi)})
		}
	}
	return h, kde
}

func someTop(long bool) (labels []string, values []int64) {
	v := 402.1e6
	for i := range 20 {
		l := fmt.Sprintf("192.168.%d.%d", i*7%256, i*13%200+1)
		if i%3 == 1 {
			l = fmt.Sprintf("2a00:1450:4010:c0f::%x", i)
		}
		if long && i%4 == 0 {
			l = fmt.Sprintf("2001:0db8:85a3:1234:5678:8a2e:0370:%04x", 0xabcd+i)
		}
		labels, values = append(labels, l), append(values, int64(v))
		v *= 0.72
	}
	return labels, values
}

const evil = `<img src=x onerror=alert(1)>&"'` + "\x00\xff\u202e"

// A case is a picture to be checked: drawn at the widths of the page, in both themes.
type drawn struct {
	name string
	wide []int
	draw func(Options) Picture
}

var full, half = []int{1120, 358}, []int{520, 326}

func cases() []drawn {
	hours := func(name string, hs, all []report.Hour) drawn {
		return drawn{name, full, func(o Options) Picture { return Hours(hs, all, o) }}
	}
	compared := func(name string, this, other []report.Hour) drawn {
		return drawn{name, full, func(o Options) Picture { return Compare(this, other, o) }}
	}
	minutes := func(name string, s Series) drawn {
		return drawn{name, full, func(o Options) Picture { return Minutes(s, o) }}
	}
	sizes := func(name string, b report.Box, ls [][2]int64) drawn {
		h, kde := someHistogram(ls)
		return drawn{name, half, func(o Options) Picture { return Sizes(&report.Report{Box: b, Histogram: h, KDE: kde}, nil, o) }}
	}
	cdf := func(name string, ls [][2]int64, at int64) drawn {
		return drawn{name, half, func(o Options) Picture { return CDF(ls, nil, at, o) }}
	}
	top := func(name string, ls []string, vs []int64) drawn {
		return drawn{name, full, func(o Options) Picture { return Top(ls, vs, o) }}
	}
	equal := func(l int64) report.Box {
		f := float64(l)
		return report.Box{Min: l, Q1: f, Median: f, Q3: f, Max: l, Mean: f, WhiskerLow: l, WhiskerHigh: l}
	}
	selected := day()
	for i := range selected {
		if i < 8 || i > 9 {
			selected[i].Bytes, selected[i].Packets = 0, 0
		}
	}
	filtered := day()
	for i := range filtered {
		filtered[i].Bytes, filtered[i].Packets = filtered[i].Bytes/int64(i+2), filtered[i].Packets/int64(i+2)
	}
	two := someHours(300, 300)
	hole := someHours(300, 300, -1, 200)
	lone := Series{Bins: []report.Bin{{Start: start + 1800, Bytes: 1514, Packets: 1}}, Hours: someHours(1), Step: 60, Start: start + 1800, End: start + 1860}
	behind := series(someBins(240, 60), hole, 60, 0, 4*3600)
	behind.All = behind.Bins
	behind.Bins = nil
	for _, b := range behind.All {
		b.Bytes /= 3
		behind.Bins = append(behind.Bins, b)
	}
	mixed := someBins(7, 60)
	mixed = append(mixed[:2:2], report.Bin{Start: start + 3*3600 + 600, Bytes: 9e6, Packets: 9})
	long, longV := someTop(true)
	short, shortV := someTop(false)
	giant := someBox()
	giant.Max, giant.WhiskerHigh = 65226, 3480
	outlier := append(someLengths(), [2]int64{9014, 40}, [2]int64{65226, 3})
	tiny := append([]report.Hour{}, someHours(1, 0, 0, 900)...)
	tiny[1].Bytes, tiny[1].Packets = 60, 1
	return append(causeCases(), []drawn{
		hours("hours", day(), nil),
		hours("hours-selected", selected, day()),
		hours("hours-filtered", filtered, day()),
		hours("hours-1", someHours(41), nil),
		hours("hours-1-packet", []report.Hour{{Start: start, Captured: true, Bytes: 60, Packets: 1}}, nil),
		hours("hours-none", someHours(0, -1, 0), nil),
		hours("hours-empty", nil, nil),
		hours("hours-tiny", tiny, nil),
		hours("hours-48", manyHours(48), nil),
		hours("hours-200", manyHours(200), nil),
		hours("hours-5000", manyHours(5000), nil),
		compared("compare", day(), filtered),
		compared("compare-gaps", someHours(300, -1, 300, 20), someHours(-1, 100, 200, -1)),
		compared("compare-1", someHours(41), someHours(60)),
		compared("compare-tiny", tiny, someHours(0, 0, 0, 0)),
		compared("compare-none", someHours(0, -1), someHours(-1, 0)),
		compared("compare-empty", nil, nil),
		compared("compare-5000", manyHours(5000), manyHours(5000)),
		minutes("minutes", series(someBins(120, 60), two, 60, 0, 7200)),
		minutes("minutes-day", series(someBins(660, 60), day(), 60, 0, 11*3600)),
		minutes("minutes-behind", behind),
		minutes("minutes-gap", Series{Bins: mixed, Hours: hole, Step: 60, Start: start, End: start + 4*3600}),
		minutes("minutes-1", lone),
		minutes("minutes-5000h", series(someBins(300000, 60), manyHours(5000), 60, 0, 5000*3600)),
		minutes("seconds", series(someBins(700, 1), two, 1, 600, 690)),
		minutes("seconds-2h", series(someBins(7200, 1), two, 1, 0, 7200)),
		minutes("minutes-none", Series{Hours: two, Step: 60, Start: start, End: start + 7200}),
		sizes("sizes", someBox(), someLengths()),
		sizes("sizes-1", equal(60), [][2]int64{{60, 1}}),
		sizes("sizes-2", report.Box{Min: 60, Q1: 60, Median: 787, Q3: 1514, Max: 1514, Mean: 787, WhiskerLow: 60, WhiskerHigh: 1514}, [][2]int64{{60, 3}, {1514, 3}}),
		sizes("sizes-giant", giant, outlier),
		drawn{"sizes-none", half, func(o Options) Picture { return Sizes(&report.Report{}, nil, o) }},
		cdf("cdf", someLengths(), 1000),
		cdf("cdf-100", someLengths(), 100),
		cdf("cdf-1500", someLengths(), 1500),
		cdf("cdf-60", someLengths(), 60),
		cdf("cdf-1", [][2]int64{{60, 1}}, 1000),
		cdf("cdf-narrow", [][2]int64{{1400, 5}, {1450, 9}, {1514, 4}}, 1450),
		cdf("cdf-giant", outlier, 1000),
		cdf("cdf-none", nil, 1000),
		top("top", short, shortV),
		top("top-long", long, longV),
		top("top-1", long[:1], longV[:1]),
		top("top-evil", []string{evil, evil + evil + evil + evil + "日本語日本語日本語日本語日本語日本語日本語日本語"}, []int64{90, 1}),
		top("top-none", nil, nil),
	}...)
}

func options(width int, t Theme) Options { return Options{Width: width, Theme: t, Loc: stockholm} }
