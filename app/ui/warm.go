package ui

import (
	"tracelens/app/chart"
	"tracelens/app/internal/browser"
	"tracelens/shared/figures"
	"tracelens/shared/report"
)

// warmPauseMS lets the page answer between two charts of warm.
const warmPauseMS = 20

// warm draws every kind of chart while the user reads the empty page, one at a turn, and nobody sees them: the first drawing parses the
// fonts, and has the browser compile the code, which together take longer than all the charts of a trace do after it. It stops when
// there is something real to draw.
func (p *Page) warm() {
	r := &report.Report{Start: 0, End: report.Time(3600 * 1e9)}
	for hour := range int64(3) {
		r.Hours = append(r.Hours, report.Hour{Start: hour * 3600, Captured: hour != 1, Bytes: 1e6 * (1 + hour), Packets: 1e4})
	}
	for minute := range int64(180) {
		r.Minutes = append(r.Minutes, report.Bin{Start: minute * 60, Bytes: 1e5 * (1 + minute%7), Packets: 1000})
	}
	for length := int64(60); length <= 1514; length += 2 {
		r.Lengths = append(r.Lengths, [2]int64{length, 1 + length%13})
	}
	r.Box, r.Histogram, r.KDE = figures.Box(r.Lengths), figures.Histogram(r.Lengths), figures.KDE(r.Lengths)
	browser.Zone(0)
	p.whole.Report = r // for as long as it takes to say what there is to draw
	queue, o := p.drawings(), chart.Options{Width: 600, Theme: chart.Light(), Loc: p.loc()}
	p.whole.Report = nil
	var next func()
	next = func() {
		if p.state != Empty {
			return
		}
		if len(queue) == 0 {
			p.rehearse()
			return
		}
		queue[0].draw(o)
		queue = queue[1:]
		browser.AfterMS(warmPauseMS, next)
	}
	next()
}
