package ui

import (
	"strings"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart/label"
	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// maxGaps is how many stretches that were not captured are listed in words.
const maxGaps = 12

// gapsNote says which hours are missing, and which are there in part only: the figures of those are not to be compared with others.
func (p *Page) gapsNote() app.UI {
	note := app.P().Class("above").DataSet("testid", "gaps")
	r := p.whole.Report
	if r.Packets == 0 {
		return note
	}
	var parts []string
	if gaps := gapsOf(r.Hours); len(gaps) > 0 {
		var names []string
		for _, g := range gaps[:min(len(gaps), maxGaps)] {
			names = append(names, p.spanInWords(g[0], g[1]))
		}
		text := "Not captured, so unknown and not 0: " + strings.Join(names, "; ")
		if more := len(gaps) - maxGaps; more > 0 {
			text += "; and " + label.Count(int64(more)) + " more"
		}
		parts = append(parts, text+".")
	}
	if text := p.partialHours(r); text != "" {
		parts = append(parts, text)
	}
	return note.Text(strings.Join(parts, " "))
}

// gapsOf are the stretches of hours for which there is no file, each from its first second to the one after its last.
func gapsOf(hours []report.Hour) (gaps [][2]int64) {
	for _, h := range hours {
		switch n := len(gaps); {
		case h.Captured:
		case n > 0 && gaps[n-1][1] == h.Start:
			gaps[n-1][1] += trace.HourS
		default:
			gaps = append(gaps, [2]int64{h.Start, h.Start + trace.HourS})
		}
	}
	return gaps
}

// minPartial is how many seconds of an hour may be without packets at the trace's beginning or end before that is worth a word.
const minPartial = 60

// partialHours says if the first or the last hour was captured in part only.
func (p *Page) partialHours(r *report.Report) string {
	start, end := int64(r.Start)/1e9, int64(r.End)/1e9
	late, early := start-trace.Floor(start, trace.HourS) > minPartial, trace.Floor(end, trace.HourS)+trace.HourS-end > minPartial
	first, last := p.calendar().Seconds(start), p.calendar().Seconds(end)
	switch {
	case late && early && trace.Floor(start, trace.HourS) == trace.Floor(end, trace.HourS):
		return "Its packets are from " + first + " to " + last + ", a part of the hour."
	case late && early:
		return "The first and the last hour are partial: the first packet is of " + first + ", the last of " + last + "."
	case late:
		return "The first hour is partial: its first packet is of " + first + "."
	case early:
		return "The last hour is partial: its last packet is of " + last + "."
	}
	return ""
}
