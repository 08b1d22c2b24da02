package engine

import (
	"strconv"

	"tracelens/app/internal/browser"
	"tracelens/shared/report"
)

// Progress is how far a load or a saving is.
type Progress struct {
	File         string
	Bytes, Total int64
	Rows         int64
	MS           int64          // since the load began
	Reading      []FileProgress // of a load: the files that are being read right now
	Done, Files  int            // of a load: how many files have been read, and of how many
}

// FileProgress is how far the reading of a file is.
type FileProgress struct {
	Name         string
	Bytes, Total int64
}

func progressOf(m browser.Message) Progress {
	p := Progress{
		File: m.Text("file"), Bytes: m.Int("bytes"), Total: m.Int("total"), Rows: m.Int("rows"), MS: m.Int("ms"), Done: int(m.Int("done")), Files: int(m.Int("files")),
	}
	for reading := m.Texts("reading"); len(reading) >= 3; reading = reading[3:] {
		bytes, _ := strconv.ParseInt(reading[1], 10, 64) // the lead wrote it with strconv
		total, _ := strconv.ParseInt(reading[2], 10, 64)
		p.Reading = append(p.Reading, FileProgress{reading[0], bytes, total})
	}
	return p
}

// A Correction is how the user says that a file is to be read.
type Correction struct {
	Format string // code of a tracecsv.Format; "" as it was found
	Start  string // when its times count from: unix seconds, with a fraction if need be; "" as its name says
}

// A Preview is the beginning of a file as a format divides it into cells.
type Preview struct {
	Format string // its code: the one asked for, with what follows from it filled in; "" for a capture
	Words  string // the same for people
	Start  string // what times count from, unix seconds; "" where that is unknown, or does not matter
	Lines  [][]string
	Error  string // what is wrong with the format, in words
}

func previewOf(m browser.Message) Preview {
	p := Preview{Format: m.Text("format"), Words: m.Text("words"), Start: m.Text("start"), Error: m.Text("error")}
	for cells := m.Texts("cells"); len(cells) > 0; { // of each line how many cells, and these
		n, _ := strconv.Atoi(cells[0]) // likewise
		n = min(n, len(cells)-1)
		p.Lines = append(p.Lines, cells[1:1+n])
		cells = cells[1+n:]
	}
	return p
}

// Of is what figures are for.
type Of string

const (
	Whole     Of = "whole"      // the whole trace
	Selection Of = "selection"  // what the user has selected
	Times     Of = "times"      // the same filters, at all times: what a range of time is chosen from
	Near      Of = "near"       // the same filters, at the times that the chart by the minute shows, by the second
	NearWhole Of = "near whole" // everything at these times
	Before    Of = "before"     // how many of the selection are before a time
	Sizes     Of = "sizes"      // the same times and filters but for those on lengths: what a range of lengths is chosen from
)

// Figures are the analysis of the open trace. Final is false while it is still loading.
type Figures struct {
	Of     Of
	Report *report.Report
	Final  bool
}

// Live is the state of the connection to a helper.
type Live struct {
	Open      bool
	Lost      bool // the connection has broken, and is tried again
	Cancelled bool // closed because the user said so
	Capturing bool
	Source    string // what it captures
	Build     string // of the page that the helper brings
	Version   bool   // it is of a version that this page does not understand
	Captured  int64
	PerSecond int64    // captured of late; -1 if that is not known
	Dropped   int64    // by the kernel, the interface, and for want of a disk
	Gaps      int64    // times without a capture that are over
	FileBytes int64    // of all hour files
	FreeBytes int64    // that the disk has left; -1 if that is not known
	Problem   string   // what is wrong now
	Remedy    string   // what else there is to do than to open the helper's own page
	Notes     []string // what to know besides: gaps that are over, how to read the figures
}

func liveOf(m browser.Message) Live {
	state := m.Text("state")
	return Live{
		Open: state == "open", Lost: state == "lost", Cancelled: state == "cancelled", Capturing: m.Int("capturing") == 1, Source: m.Text("source"),
		Build: m.Text("build"), Version: m.Int("version") == 1, Captured: m.Int("captured"), PerSecond: m.Int("rate"), Dropped: m.Int("dropped"), Gaps: m.Int("gaps"),
		FileBytes: m.Int("files"), FreeBytes: m.Int("free"), Problem: m.Text("problem"), Remedy: m.Text("remedy"), Notes: m.Texts("notes"),
	}
}
