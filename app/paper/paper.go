// Package paper is a report as one HTML file: every figure as SVG and tables, without a script, and with nothing to be fetched. It can be sent,
// printed, and opened in twenty years.
package paper

import (
	"fmt"
	"html"
	"strings"
	"time"

	"tracelens/app/chart"
	"tracelens/app/chart/label"
	"tracelens/shared/figures"
	"tracelens/shared/report"
)

// Options say how times and volumes are written.
type Options struct {
	Loc   *time.Location // of clock times; nil is UTC
	Units label.Units
}

// Widths of the pictures in CSS pixels, and the length whose share above is told.
const (
	wide    = 1040
	half    = 506
	largeAt = 1000
)

// The file may do nothing at all but look as it does: whoever opens it need not trust who made it.
const head = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<style>
body { margin: 32px auto; max-width: 1040px; padding: 0 16px; font: 14px/1.5 system-ui, sans-serif; color: #1b1f24; background: #fff; }
h1 { font-size: 22px; margin: 0; } h2 { font-size: 15px; margin: 32px 0 8px; } p { margin: 4px 0; color: #5c6570; overflow-wrap: anywhere; }
dl { display: flex; flex-wrap: wrap; gap: 8px 32px; margin: 24px 0; } dt { color: #5c6570; font-size: 12px; } dd { margin: 0; font-size: 18px; font-weight: 700; }
svg { max-width: 100%; height: auto; display: block; } figure { margin: 0; } .two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 0 28px; }
table { border-collapse: collapse; width: 100%; font-size: 13px; } th { text-align: left; font-weight: 400; color: #5c6570; }
th, td { padding: 4px 8px 4px 0; border-bottom: 1px solid #e3e5e1; overflow-wrap: anywhere; } .n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.lists { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 480px), 1fr)); gap: 0 32px; }
@media print { body { margin: 0; } h2, figure, tr { break-inside: avoid; } }
</style>
`

// A sheet is the file being written.
type sheet struct {
	strings.Builder
	r *report.Report
	o Options
	c label.Calendar
}

// HTML is the file. The report must be sound, as package stats makes it and reportjson reads it.
func HTML(r *report.Report, o Options) []byte {
	s := &sheet{r: r, o: o, c: label.Calendar{Loc: o.Loc, Relative: r.Relative}}
	s.WriteString(head)
	s.put("<title>%s</title>\n<h1>%s</h1>\n", "Traffic report", "What this traffic is")
	s.what()
	s.totals()
	s.pictures()
	s.tops()
	s.ranges()
	s.input()
	s.put("<p>%s</p>\n</html>\n", "Made by Tracelens. Everything is in this one file: nothing is fetched, and nothing runs.")
	return []byte(s.String())
}

// put writes markup with texts, which are never part of it.
func (s *sheet) put(markup string, texts ...string) {
	safe := make([]any, len(texts))
	for i, text := range texts {
		safe[i] = html.EscapeString(text)
	}
	fmt.Fprintf(s, markup, safe...)
}

// what says of which packets the report is.
func (s *sheet) what() {
	r := s.r
	if r.Packets > 0 {
		text := "Times count from the beginning of the trace."
		if !r.Relative {
			text = s.moment(r.Start) + " to " + s.moment(r.End) + ", " + s.zone()
		}
		s.put("<p>%s</p>\n", text)
	}
	var part []string
	if sel := r.Selection; sel.To > sel.From {
		part = append(part, "from "+s.moment(sel.From)+" and before "+s.moment(sel.To))
	}
	if r.Selection.Filter != "" {
		part = append(part, r.Selection.Filter)
	}
	if len(part) > 0 {
		s.put("<p>Only packets that are selected: %s</p>\n", strings.Join(part, ", "))
	}
}

func (s *sheet) moment(t report.Time) string {
	at := int64(t) / 1e9
	if s.r.Relative {
		return label.Elapsed(at, true)
	}
	return label.Date(at, s.o.Loc) + ", " + label.ClockSeconds(at, s.o.Loc)
}

func (s *sheet) zone() string {
	if s.o.Loc == nil {
		return "UTC"
	}
	return s.o.Loc.String()
}

func (s *sheet) totals() {
	r := s.r
	missing := 0
	for _, h := range r.Hours {
		if !h.Captured {
			missing++
		}
	}
	rate, ns := "–", int64(r.End-r.Start)
	if ns > 0 {
		rate = label.Rate(float64(r.Bytes) * 8 / (float64(ns) / 1e9))
	}
	s.WriteString("<dl>\n")
	for _, t := range [][2]string{
		{"Volume", s.o.Units.Bytes(r.Bytes)}, {"Packets", label.Count(r.Packets)}, {"Mean rate", rate}, {"Duration", label.Duration(ns)},
		{"Addresses", label.Count(r.Addresses)}, {"Hours, of them not captured", label.Count(int64(len(r.Hours))) + ", " + label.Count(int64(missing))},
		{"Median length", label.Number(r.Box.Median) + " B"},
	} {
		s.put("<div><dt>%s</dt><dd>%s</dd></div>\n", t[0], t[1])
	}
	s.WriteString("</dl>\n")
}

func (s *sheet) pictures() {
	r := s.r
	if r.Packets == 0 {
		return
	}
	options := func(width, height int) chart.Options {
		return chart.Options{Width: width, Height: height, Theme: chart.Light(), Loc: s.o.Loc, Relative: r.Relative, Units: s.o.Units}
	}
	start, end := int64(r.Start)/1e9/60*60, int64(r.End)/1e9+1
	s.figure("Traffic per hour, %", chart.Hours(r.Hours, nil, options(wide, 200)))
	s.figure("Traffic per minute, %", chart.Minutes(chart.Series{Bins: r.Minutes, Hours: r.Hours, Step: 60, Start: start, End: end}, options(wide, 220)))
	if c := r.Causes; c != nil && c.Programs+c.Sites > 0 {
		if c.Programs > 0 && c.Sites > 0 {
			s.figure("Programs and the sites they had to do with", chart.Sankey(chart.CausesOf(c), options(wide, 0)))
		}
		if c.Programs > 0 {
			s.figure("Traffic by program, %", chart.Stack(chart.StackedOf(c, false, r), options(wide, 0)))
		}
		if c.Sites > 0 {
			s.figure("Traffic by site, %", chart.Stack(chart.StackedOf(c, true, r), options(wide, 0)))
		}
	}
	s.WriteString("<div class=\"two\">\n")
	s.figure("Packet size: box, density and histogram, bytes", chart.Sizes(r, nil, options(half, 260)))
	s.figure("Packet size, cumulative: share of packets up to a size, bytes", chart.CDF(r.Lengths, nil, largeAt, options(half, 260)))
	s.WriteString("</div>\n")
}

// figure puts a picture, which is markup of ours. In its title a percent sign stands for its unit.
func (s *sheet) figure(title string, p chart.Picture) {
	s.put("<figure><h2>%s</h2>\n", strings.Replace(title, "%", p.Unit, 1))
	s.Write(p.SVG)
	s.put("<figcaption><p>%s</p></figcaption></figure>\n", p.Alt)
}

func (s *sheet) tops() {
	t, d := &s.r.Top, &s.r.Directions
	s.WriteString("<div class=\"lists\">\n")
	for list, name := range []string{"Sources", "Destinations", "Addresses at either end", "Pairs", "Conversations", "Ports", "Protocols", "Programs", "Sites"} {
		if s.r.Causes == nil && report.List(list) >= report.ListProgram {
			break
		}
		l := s.r.List(report.List(list))
		s.put("<div><h2>%s, by volume</h2>\n", name)
		var rows [][]string
		for _, row := range l.Rows {
			key := s.named(row.Key)
			switch report.List(list) {
			case report.ListPair:
				key += " → " + s.named(row.Other)
			case report.ListConversation:
				key += " ↔ " + s.named(row.Other)
			}
			rows = append(rows, []string{key, s.o.Units.Bytes(row.Bytes), label.Percent(row.Bytes, s.r.Bytes), label.Count(row.Packets)})
		}
		if report.List(list) >= report.ListProgram {
			for _, v := range []struct {
				name string
				report.Volume
			}{{"others", l.Rest}, {label.Unattributed, l.Without}} {
				rows = append(rows, []string{v.name, s.o.Units.Bytes(v.Bytes), label.Percent(v.Bytes, s.r.Bytes), label.Count(v.Packets)})
			}
		}
		s.table([]string{"", "Volume", "Share", "Packets"}, rows)
		s.WriteString("</div>\n")
	}
	s.WriteString("</div>\n")
	var rows [][]string
	for _, v := range []struct {
		name string
		report.Volume
	}{{"in", d.In}, {"out", d.Out}, {"within", d.Within}, {"between others", d.Beyond}, {"without an address", t.Unaddressed}} {
		rows = append(rows, []string{v.name, s.o.Units.Bytes(v.Bytes), label.Percent(v.Bytes, s.r.Bytes), label.Count(v.Packets)})
	}
	s.put("<h2>In and out of %s</h2>\n", strings.Join(d.Mine, ", "))
	s.table([]string{"", "Volume", "Share", "Packets"}, rows)
}

// named is an address and what it is called, if anybody has said it.
func (s *sheet) named(address string) string {
	if name := s.r.Names[address]; name != "" {
		return address + " (" + name + ")"
	}
	return address
}

func (s *sheet) ranges() {
	var rows [][]string
	for _, g := range figures.Ranges(s.r.Lengths) {
		rows = append(rows, []string{g.String(), label.Count(g.Packets), label.Percent(g.Packets, s.r.Packets)})
	}
	s.put("<h2>Packet lengths in Wireshark's ranges, bytes</h2>\n")
	s.table([]string{"", "Packets", "Share"}, rows)
}

func (s *sheet) input() {
	var rows [][]string
	for _, f := range s.r.Input.Files {
		skipped := int64(0)
		for _, n := range f.Skipped {
			skipped += n
		}
		rows = append(rows, []string{f.Name, s.o.Units.Bytes(f.Bytes), label.Count(f.Rows), label.Count(skipped)})
	}
	s.put("<h2>What was read</h2>\n")
	s.table([]string{"", "Size", "Rows", "Lines skipped"}, rows)
}

// table has names in its first column and numbers in the others.
func (s *sheet) table(heads []string, rows [][]string) {
	class := func(i int) string {
		if i > 0 {
			return "n"
		}
		return ""
	}
	s.WriteString("<table><thead><tr>")
	for i, text := range heads {
		s.put(`<th scope="col" class="%s">%s</th>`, class(i), text)
	}
	s.WriteString("</tr></thead><tbody>\n")
	for _, row := range rows {
		s.WriteString("<tr>")
		for i, text := range row {
			s.put(`<td class="%s">%s</td>`, class(i), text)
		}
		s.WriteString("</tr>\n")
	}
	s.WriteString("</tbody></table>\n")
}
