package stats

import (
	"cmp"
	"slices"

	"tracelens/shared/figures"
	"tracelens/shared/report"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// TopN is the length of the top lists.
const TopN = 20

// An InputFile says how a file was read.
type InputFile struct {
	Name  string
	Bytes int64
	Rows  int64
	Skips tracecsv.Skips
	Error string // why it was not read, in words
}

// Cover notes that there is a file for the hour of start, unix seconds, whether it has rows or not.
func (p *Partial) Cover(start int64) { p.covered[trace.Floor(start, trace.HourS)] = true }

// SetRelative notes that the trace's start is unknown: its times count from 0.
func (p *Partial) SetRelative() { p.relative = true }

// SetInput notes the files that were read, or why they were not. It replaces what was noted before, so that a trace that grows
// can say so again.
func (p *Partial) SetInput(files []InputFile) { p.input = append(p.input[:0], files...) }

// Report derives every figure.
func (p *Partial) Report() *report.Report {
	r := &report.Report{
		Schema: report.Schema, Packets: p.packets, Bytes: p.bytes, Relative: p.relative,
		Addresses: int64(len(p.hosts.addrs)), Lengths: p.lengths.list(),
	}
	if p.packets > 0 {
		r.Start, r.End = report.Time(p.firstNS), report.Time(p.lastNS)
	}
	short := p.packets > 0 && (p.lastNS-p.firstNS)/trace.Second <= report.MaxSecondsSpan
	r.Minutes, r.Seconds = p.times.bins(short)
	r.Hours = hours(r.Minutes, p.covered)
	r.Box = figures.Box(r.Lengths)
	r.Histogram = figures.Histogram(r.Lengths)
	r.KDE = figures.KDE(r.Lengths)
	host := func(i int) string { return p.hosts.addrs[i].String() }
	portKeys, portVolumes := p.ports.list()
	r.Top = report.Top{
		Source:      entries(TopN, p.hosts.source, host),
		Destination: entries(TopN, p.hosts.destination, host),
		Pair:        p.hosts.pairEntries(TopN),
		Port:        entries(TopN, portVolumes, func(i int) string { return portKeys[i] }),
		Protocol:    entries(TopN, p.protocols[:], func(i int) string { return protocolNames[i] }),
		Unaddressed: report.Volume{Bytes: p.hosts.unaddressed.bytes, Packets: p.hosts.unaddressed.packets},
	}
	r.Input = p.inputReport()
	return r
}

func (p *Partial) inputReport() report.Input {
	in := report.Input{Files: []report.File{}, Skipped: map[string]int64{}}
	for _, f := range p.input {
		skipped := f.Skips.Counts()
		in.Files = append(in.Files, report.File{Name: f.Name, Bytes: f.Bytes, Rows: f.Rows, Skipped: skipped, Error: f.Error})
		in.Rows += f.Rows
		for reason, n := range skipped {
			in.Skipped[reason] += n
		}
	}
	slices.SortStableFunc(in.Files, func(a, b report.File) int { // in the order of time, whatever order they were read in
		startA, _ := trace.StartOf(a.Name)
		startB, _ := trace.StartOf(b.Name)
		if startA != startB {
			return cmp.Compare(startA, startB)
		}
		return compareText(a.Name, b.Name)
	})
	return in
}
