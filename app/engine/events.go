package engine

import (
	"tracelens/shared/report"
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
	Cancelled bool // closed because the user said so
	Capturing bool
	Source    string // what it captures
	Captured  int64
	Dropped   int64 // by the kernel and the interface
	Rows      int64
	Problem   string
}
