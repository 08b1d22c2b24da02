package ui

import (
	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// A measure is what the charts of times show.
type measure int

const (
	volume     measure = iota // bytes
	bitRate                   // bits a second, the mean of an hour, minute or second
	packetsPer                // packets
)

// toolbar chooses how amounts and times are written.
func (p *Page) toolbar() app.UI {
	list := []app.UI{
		p.toggle("Charts show", []string{"bytes", "bits/s", "packets"}, int(p.measure), func(i int) { p.measure = measure(i); p.drawAll() }),
		p.toggle("Units of bytes", []string{"MB", "MiB"}, boolIndex(p.binary), func(i int) { p.binary = i == 1; p.drawAll() }),
	}
	if !p.whole.Report.Relative {
		list = append(list,
			p.toggle("Times", []string{"clock", "since start"}, boolIndex(p.elapsed), func(i int) { p.elapsed = i == 1; p.drawAll() }),
			p.toggle("Time zone", []string{"local", "UTC"}, boolIndex(p.utc), func(i int) { p.utc = i == 1; p.drawAll() }))
	}
	return app.Div().Class("toolbar").Body(list...)
}

// bytes writes a volume of traffic in the units of the user's choice.
func (p *Page) bytes(n int64) string { return p.volumeUnits().Bytes(n) }

func (p *Page) volumeUnits() label.Units {
	if p.binary {
		return label.Binary
	}
	return label.SI
}

// units are those of the charts of times.
func (p *Page) units() label.Units {
	return [...]label.Units{volume: p.volumeUnits(), bitRate: label.BitRate, packetsPer: label.Packets}[p.measure]
}

// of is a bin in the measure of the user's choice, to be drawn as if it were bytes.
func (m measure) of(bytes, packets, seconds int64) int64 {
	switch m {
	case bitRate:
		return (bytes*8 + seconds/2) / seconds
	case packetsPer:
		return packets
	}
	return bytes
}

func (m measure) bins(bins []report.Bin, seconds int64) []report.Bin {
	if m == volume || bins == nil {
		return bins
	}
	list := make([]report.Bin, len(bins))
	for i, b := range bins {
		list[i] = report.Bin{Start: b.Start, Bytes: m.of(b.Bytes, b.Packets, seconds), Packets: b.Packets}
	}
	return list
}

// hours are hours as they are drawn. A rate is of the whole hour, also where the capture began or ended within it.
func (m measure) hours(hours []report.Hour) []report.Hour {
	if m == volume {
		return hours
	}
	list := make([]report.Hour, len(hours))
	for i, h := range hours {
		h.Bytes = m.of(h.Bytes, h.Packets, trace.HourS)
		list[i] = h
	}
	return list
}

// relative reports whether times are written as counted from origin.
func (p *Page) relative() bool { return p.whole.Report.Relative || p.elapsed }

// origin is where times are counted from, unix seconds: the beginning of the first hour where there are many, else the first packet.
func (p *Page) origin() int64 {
	r := p.whole.Report
	if r.Relative || !p.elapsed || r.Packets == 0 {
		return 0
	}
	start := trace.Floor(int64(r.Start), trace.Second) / trace.Second
	if int64(r.End-r.Start) > 2*trace.Hour {
		return trace.Floor(start, trace.HourS)
	}
	return start
}

func (p *Page) calendar() label.Calendar {
	return label.Calendar{Loc: p.loc(), Relative: p.relative(), Origin: p.origin()}
}
