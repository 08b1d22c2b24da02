package ui

import (
	"strconv"
	"strings"
	"time"

	"github.com/maxence-charriere/go-app/v9/pkg/app"

	"tracelens/app/chart"
	"tracelens/app/internal/browser"
	"tracelens/shared/compare"
	"tracelens/shared/figures"
	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// A moreMenu is what can be done with a part of the page beside looking at it: its picture and its numbers to take away, and how others would
// come to the same. It is a component of its own, as there are many of them and little changes them.
type moreMenu struct {
	app.Compo
	ID      string // of the part
	Picture bool   // it has one
	Choice  string // for other programs
	page    *Page
}

func (p *Page) more(id string) app.UI {
	chart := chartOf[id]
	return &moreMenu{ID: id, Picture: p.pictures[chart].Width > 0 && (chart != "top" || p.who.asChart), Choice: p.told, page: p}
}

func (m *moreMenu) Render() app.UI {
	id, p := m.ID, m.page
	var saves []app.UI
	save := func(text, title string, do func()) {
		saves = append(saves, app.Button().Class("button").DataSet("testid", "save-"+id+"-"+strings.ToLower(text)).Title(title).Text(text).
			OnClick(func(app.Context, app.Event) { do() }, id, text))
	}
	if m.Picture {
		save("SVG", "Save the picture as SVG", func() { p.savePicture(chartOf[id], false) })
		save("PNG", "Save the picture as PNG, of twice the size", func() { p.savePicture(chartOf[id], true) })
	}
	if axes[id].choose != nil { // who has a table already
		save("Table", "Show the numbers as a table", func() { p.showNumbers(id) })
	}
	save("CSV", "Save the numbers as CSV", func() { p.saveTable(id) })
	return app.Details().Class("more").ID("more-"+id).Attr("name", "more").Body(
		app.Summary().Aria("label", "Save, or see how it is computed").Title("Save, or see how it is computed").Text("⋯"),
		app.Div().Class("menu").Body(
			app.P().Class("row").Body(append([]app.UI{app.Span().Class("muted").Text("Save or show as")}, saves...)...),
			app.P().Class("muted").Text(explanations[id].words),
			app.Pre().TabIndex(0).Text(withChoice(explanations[id].line, m.Choice)),
		),
	)
}

// chartOf is which chart a part of the page has.
var chartOf = map[string]string{"hours": "hours", "minutes": "minutes", "sizes": "sizes", "cdf": "cdf", "who": "top", "compare": "compare"}

// savePicture draws a chart once more, on light ground, for a file.
func (p *Page) savePicture(id string, png bool) {
	for _, d := range p.drawings() {
		if d.id != id {
			continue
		}
		o := p.pictures[id].look.Options
		o.Theme = chart.Light()
		pic := d.draw(o)
		if !png {
			browser.Download(browser.NewFile(p.fileName(id, "svg"), pic.SVG))
			return
		}
		draw := func(on *browser.Canvas) { pic.Play(o.Theme, on) }
		browser.PNG(pic.Width, pic.Height, 2, chart.UnitsPerPX, p.fileName(id, "png"), draw, func(f browser.File, err error) {
			if err != nil {
				p.do(func() { p.note = "The picture could not be saved: " + err.Error() + "." })
				return
			}
			browser.Download(f)
		})
	}
}

// saveTable writes the numbers of a part of the page as CSV.
func (p *Page) saveTable(id string) {
	rows := p.numbersOf(id)
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(csvCell(cell))
		}
		b.WriteByte('\n')
	}
	browser.Download(browser.NewFile(p.fileName(id, "csv"), []byte(b.String())))
}

// csvCell is a cell that a spreadsheet takes for text or a number, never for a formula: of text that could begin one it is a mark that it is
// text. A number may begin with a sign.
func csvCell(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n\x00", rune(s[0])) && !isNumber(s) {
		s = "'" + s
	}
	if strings.ContainsAny(s, ",\"\n\r") {
		s = `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
	}
	return s
}

func isNumber(s string) bool {
	_, err := strconv.ParseFloat(s, 64)
	return err == nil && strings.Trim(s, "+-.0123456789eE") == "" // and neither Inf nor hexadecimal
}

// numbersOf are the numbers of a part of the page, with a head. Amounts are bytes, times unix seconds and, beside them, as ISO 8601 has them.
func (p *Page) numbersOf(id string) [][]string {
	n := func(v int64) string { return strconv.FormatInt(v, 10) }
	at := func(s int64) string {
		if p.whole.Report.Relative {
			return ""
		}
		return time.Unix(s, 0).UTC().Format(time.RFC3339)
	}
	r, whole := p.times(), p.whole.Report
	switch id {
	case "hours":
		rows := [][]string{{"start", "utc", "captured", "bytes", "packets", "all_bytes", "all_packets"}}
		part := map[int64]report.Hour{}
		for _, h := range r.Hours {
			part[h.Start] = h
		}
		for _, h := range whole.Hours {
			rows = append(rows, []string{n(h.Start), at(h.Start), strconv.FormatBool(h.Captured), n(part[h.Start].Bytes), n(part[h.Start].Packets), n(h.Bytes), n(h.Packets)})
		}
		return rows
	case "minutes":
		rows := [][]string{{"start", "utc", "seconds", "bytes", "packets"}}
		bins, _ := p.minuteBins()
		view := p.shownSpan()
		for _, b := range bins {
			if b.Start+p.minuteStep() > view.From && b.Start < view.To {
				rows = append(rows, []string{n(b.Start), at(b.Start), n(p.minuteStep()), n(b.Bytes), n(b.Packets)})
			}
		}
		return rows
	case "sizes", "cdf":
		rows := [][]string{{"frame.len", "packets", "share_up_to"}}
		sum := int64(0)
		s := p.sizes()
		for _, l := range s.Lengths {
			sum += l[1]
			rows = append(rows, []string{n(l[0]), n(l[1]), strconv.FormatFloat(float64(sum)/float64(s.Packets), 'g', -1, 64)})
		}
		return rows
	}
	if id == "causes" || id == "stack" {
		return p.causeNumbers(id)
	}
	if id == "compare" {
		rows := [][]string{{"start", "utc", "captured", "bytes", "packets", "other_start", "other_captured", "other_bytes", "other_packets"}}
		shift := p.shift()
		these, others := compare.Hours(p.selected().Hours, p.other.report.Hours, shift)
		for i, h := range these {
			o := others[i]
			rows = append(rows, []string{n(h.Start), at(h.Start), strconv.FormatBool(h.Captured), n(h.Bytes), n(h.Packets),
				n(o.Start - shift), strconv.FormatBool(o.Captured), n(o.Bytes), n(o.Packets)})
		}
		return rows
	}
	if id == "ranges" {
		rows := [][]string{{"length", "packets", "bytes", "min", "max"}}
		for _, g := range figures.Ranges(p.selected().Lengths) {
			rows = append(rows, []string{g.String(), n(g.Packets), n(g.Bytes), n(g.Min), n(g.Max)})
		}
		return rows
	}
	l, kind := p.listing(), whoKinds[p.who.kind]
	two := l.Wish.List == report.ListPair || l.Wish.List == report.ListConversation
	rows := [][]string{{kind.csv}}
	named := len(p.names()) > 0 && l.Wish.List <= report.ListConversation
	if two {
		rows[0] = append(rows[0], "other")
	}
	if named {
		rows[0] = append(rows[0], "name")
		if two {
			rows[0] = append(rows[0], "other_name")
		}
	}
	if rows[0] = append(rows[0], "bytes", "packets"); both(l.Wish.List) && !p.readOnly() {
		rows[0] = append(rows[0], "sent_bytes", "sent_packets", "received_bytes", "received_packets")
	}
	for _, r := range p.who.rows(l) {
		row := []string{r.Key}
		if two {
			row = append(row, r.Other)
		}
		if named {
			row = append(row, p.names()[r.Key])
			if two {
				row = append(row, p.names()[r.Other])
			}
		}
		if row = append(row, n(r.Bytes), n(r.Packets)); both(l.Wish.List) && !p.readOnly() {
			row = append(row, n(r.Sent.Bytes), n(r.Sent.Packets), n(r.Received.Bytes), n(r.Received.Packets))
		}
		rows = append(rows, row)
	}
	return rows
}

// fileName is that of a file that is saved: what it is of, from when to when, and the filter.
func (p *Page) fileName(what, extension string) string {
	name := "tracelens-" + what
	r := p.selected()
	if s := p.choice.Time; !s.Any() {
		name += "-" + p.stamp(s.From) + "-" + p.stamp(s.To)
	} else if r.Packets > 0 {
		name += "-" + p.stamp(int64(r.Start)/1e9) + "-" + p.stamp(int64(r.End)/1e9)
	}
	if sel := p.choice.Selection(); sel.Where != nil {
		name += "-" + slug(sel.Text())
	}
	return name + "." + extension
}

func (p *Page) stamp(s int64) string {
	if p.whole.Report.Relative {
		return strconv.FormatInt(s, 10) + "s"
	}
	return time.Unix(s, 0).UTC().Format("20060102T150405Z")
}

// slug is a filter as part of a file's name.
func slug(filter string) string {
	text := strings.Map(func(r rune) rune {
		switch {
		case r == ' ':
			return -1
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '.', r == '=', r == '-':
			return r
		}
		return '_'
	}, filter)
	return text[:min(len(text), 80)]
}

// An explanation says how a figure is defined, and a line of tshark or pandas that gives the same. In it, FILTER stands for the choice.
type explanation struct{ words, line string }

const rows = `rows = pandas.concat(pandas.read_csv(f, dtype=str) for f in files)   # hour files; at: unix seconds of each row
`

var explanations = map[string]explanation{
	"hours": {"The sum of frame.len in each hour of absolute time. An hour without a file is not captured, which is not the same as no traffic.",
		"tshark -r capture.pcap FILTER -q -z io,stat,3600\n\n" + rows + "rows.groupby(at // 3600)['frame.len'].sum()"},
	"minutes": {"The sum of frame.len in each minute, or second, of absolute time. Where there are more of them than the picture has room for, the line is their mean, and the band is from the least to the most.",
		"tshark -r capture.pcap FILTER -q -z io,stat,60\n\n" + rows + "rows.groupby(at // 60)['frame.len'].sum()"},
	"sizes": {"Every length is counted exactly. Quartiles are interpolated linearly between order statistics, whiskers end at the last length within 1.5 interquartile ranges; the histogram's bins are Freedman and Diaconis', 50 at most; the density is Gaussian with Scott's bandwidth.",
		"tshark -r capture.pcap FILTER -q -z plen,tree\n\nnumpy.percentile(lengths, [25, 50, 75]); numpy.histogram(lengths, 'fd', density=True)\nscipy.stats.gaussian_kde(lengths, bw_method='scott')"},
	"compare": {"The hours of both, those of the other moved as chosen. Of a list, the rows of either report with the largest difference of bytes. A report has the first twenty of each list: of what only one of them lists, the other has no more than its twentieth row.",
		"a, b = (json.load(open(f)) for f in ('this.json', 'other.json'))\nsource = lambda r: pandas.DataFrame(r['top']['source']).set_index('key').bytes\nsource(a).sub(source(b))      pandas.DataFrame(a['hours'])"},
	"causes": {"Every packet counts for one program, that of the end on the machine that was captured on, as it was seen at the time, and for one site, the registered domain of the name of the end with the lower port, as DNS, TLS, QUIC or HTTP said it last. What nobody said is unattributed.",
		"lsof -i                     # at the time\n\ntshark -r capture.pcap FILTER -T fields -e ip.dst -e tls.handshake.extensions_server_name -e dns.qry.name -e dns.a"},
	"stack": {"The bytes of each stretch of time by program, or by site, as above.",
		"lsof -i                     # at the time\n\ntshark -r capture.pcap FILTER -q -z io,stat,60"},
	"ranges": {"Wireshark's packet length ranges: how many packets are as long as that, with the mean, the least and the greatest of their lengths.",
		"tshark -r capture.pcap FILTER -q -z plen,tree"},
	"cdf": {"The exact empirical distribution: the share of packets that are no longer than each length.",
		"lengths.value_counts(normalize=True).sort_index().cumsum()      (lengths > 1000).mean()"},
	"who": {"The sum of frame.len by key, largest first, equal ones by their text. Rows that lack a source or a destination are in no list of addresses but are told apart. A packet counts for a port if either end has it.",
		"tshark -r capture.pcap FILTER -q -z endpoints,ip -z conv,ip\n\nrows.groupby('ip.src')['frame.len'].agg(['sum', 'count']).nlargest(20, 'sum')"},
}

// toldOthers is the choice in the words of Wireshark; "" for everything.
func (p *Page) toldOthers() string {
	sel := p.choice.Selection()
	text := sel.Text()
	if sel.Ranged() {
		if text != "" {
			text = "(" + text + ") && "
		}
		text += "frame.time_epoch >= " + strconv.FormatInt(sel.FromNS/trace.Second, 10) + " && frame.time_epoch < " + strconv.FormatInt(sel.ToNS/trace.Second, 10)
	}
	return text
}

// withChoice is a line for other programs with a choice in it.
func withChoice(line, choice string) string {
	if choice == "" {
		return strings.ReplaceAll(line, " FILTER", "")
	}
	return strings.ReplaceAll(strings.ReplaceAll(line, "io,stat,3600", "io,stat,3600,"+quoted(choice)), "FILTER", "-Y "+quoted(choice))
}

// quoted is a text for a shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
