package engine

import (
	"strconv"

	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// Progress is how far a load, an unpacking or a saving is.
type Progress struct {
	File         string
	Bytes, Total int64
	Rows         int64
	MS           int64 // since the load began
}

// Of is what figures are for.
type Of string

const (
	Whole     Of = "whole"      // the whole trace
	Selection Of = "selection"  // what the user has selected
	Times     Of = "times"      // the same filters, at all times: what a range of time is chosen from
	Near      Of = "near"       // the same filters, at the times that the chart by the minute shows, by the second
	NearWhole Of = "near whole" // everything at these times
	Sizes     Of = "sizes"      // the same times and filters but for those on lengths: what a range of lengths is chosen from
)

// Figures are the analysis of the open trace. Final is false while it is still loading.
type Figures struct {
	Of     Of
	Report *report.Report
	Rows   []Row // the first packets
	Final  bool
}

// A Row is a packet as text, for the table.
type Row struct {
	TimeNS int64
	Cells  [trace.Columns]string
}

// Live is the state of the connection to a helper.
type Live struct {
	Open      bool
	Cancelled bool // closed because the user said so
	Capturing bool
	Source    string // what it captures
	Captured  int64
	Dropped   int64 // by the kernel and the interface
	Rows      int64
	Problem   string
}

// rows unpacks the table: for each row its time, then its cells.
func rows(texts []string) []Row {
	const width = trace.Columns + 1
	list := make([]Row, 0, len(texts)/width)
	for ; len(texts) >= width; texts = texts[width:] {
		var r Row
		r.TimeNS, _ = strconv.ParseInt(texts[0], 10, 64) // the worker wrote it with strconv
		copy(r.Cells[:], texts[1:width])
		list = append(list, r)
	}
	return list
}
