package stats

import (
	"sort"

	"tracelens/shared/figures"
	"tracelens/shared/report"
	"tracelens/shared/selection"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// An InputFile says how a file was read; see report.File.
type InputFile struct {
	ID              int64
	Name, Within    string
	Format          string
	Bytes           int64
	Rows            int64
	FirstNS, LastNS int64 // of the packets, if there are rows
	Skips           tracecsv.Skips
	Error           string // why it was not read, in words
	Ignored         bool
	Names           bool
	Same            string
}

// Report derives every figure of a selection whose packets have been added, and the list that is wished for (report.ParseWish checks a
// wish). It can be called once: the totals are spent.
func (t *Totals) Report(sel *selection.Selection, wish report.Wish) *report.Report {
	tr, f := t.trace, t.fold()
	r := &report.Report{
		Schema: report.Schema, Packets: t.packets, Bytes: t.bytes, Relative: tr.relative,
		Addresses: f.addresses, Lengths: t.lengths,
		Selection: report.Selection{From: report.Time(sel.FromNS), To: report.Time(sel.ToNS), Filter: sel.Text()},
	}
	if t.packets > 0 {
		r.Start, r.End = report.Time(t.firstNS), report.Time(t.lastNS)
	}
	r.Minutes, r.Seconds = t.series()
	r.Hours = hours(r.Minutes, tr.covered, sel)
	r.Box = figures.Box(r.Lengths)
	r.Histogram = figures.Histogram(r.Lengths)
	r.KDE = figures.KDE(r.Lengths)
	r.Top, r.Causes, r.Listing = t.top(f, wish)
	r.Directions = f.report(tr.mine.prefixes)
	r.Input = tr.inputReport()
	t.Release()
	return r
}

// hours sums minutes to hours, from the first to the last that has packets, or is covered by a file and in the selection's time.
func hours(minutes []report.Bin, covered map[int64]bool, sel *selection.Selection) []report.Hour {
	at := map[int64]*report.Hour{}
	for h := range covered {
		if !sel.Ranged() || (h+trace.HourS)*trace.Second > sel.FromNS && h*trace.Second < sel.ToNS {
			at[h] = &report.Hour{Start: h, Captured: true}
		}
	}
	for _, m := range minutes {
		start := trace.Floor(m.Start, trace.HourS)
		h := at[start]
		if h == nil {
			h = &report.Hour{Start: start, Captured: true}
			at[start] = h
		}
		h.Bytes += m.Bytes
		h.Packets += m.Packets
	}
	list := make([]report.Hour, 0, len(at))
	for _, h := range at {
		list = append(list, *h)
	}
	sort.Sort(byHour(list))
	return report.FillGaps(list)
}

type byHour []report.Hour

func (b byHour) Len() int           { return len(b) }
func (b byHour) Less(i, j int) bool { return b[i].Start < b[j].Start }
func (b byHour) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

func (t *Trace) inputReport() report.Input {
	in := report.Input{Files: []report.File{}, Skipped: map[string]int64{}}
	for _, f := range t.input {
		skipped := f.Skips.Counts()
		in.Files = append(in.Files, report.File{
			ID: f.ID, Name: f.Name, Within: f.Within, Format: f.Format, Start: report.Time(f.FirstNS), End: report.Time(f.LastNS),
			Bytes: f.Bytes, Rows: f.Rows, Skipped: skipped, Lines: f.Skips.FirstByReason(), Error: f.Error, Ignored: f.Ignored, Names: f.Names, Same: f.Same,
		})
		in.Rows += f.Rows
		for reason, n := range skipped {
			in.Skipped[reason] += n
		}
	}
	sort.Stable(byBegin(in.Files))
	return in
}

// byBegin is the order of time, whatever order files were read in.
type byBegin []report.File

func (b byBegin) Len() int      { return len(b) }
func (b byBegin) Swap(i, j int) { b[i], b[j] = b[j], b[i] }
func (b byBegin) Less(i, j int) bool {
	startI, _ := trace.StartOf(b[i].Name)
	startJ, _ := trace.StartOf(b[j].Name)
	if startI != startJ {
		return startI < startJ
	}
	return b[i].Name < b[j].Name
}
