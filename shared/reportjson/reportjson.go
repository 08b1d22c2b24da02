// Package reportjson reads report.json, from whoever it may come: what is not as package report describes it is refused, with what is wrong,
// so that whoever draws a report need not doubt it. (Package report itself does without encoding/json, as the workers do that are loaded at
// once.)
package reportjson

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"

	"tracelens/shared/called"
	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// MaxBytes is more than a report of ten years has.
const MaxBytes = 64 << 20

const (
	maxHours  = 400_000 // 45 years
	maxText   = 4096    // bytes of a name
	maxLength = 1<<32 - 1
)

// Parse reads a report. The errors are for the user, in words that go on after a file's name and a colon.
func Parse(b []byte) (*report.Report, error) {
	var head struct {
		Schema string `json:"schema"`
	}
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, fmt.Errorf("it is no JSON: %w", err)
	}
	switch {
	case head.Schema == report.Schema:
	case strings.HasPrefix(head.Schema, "tracelens-report/"):
		return nil, fmt.Errorf("it was written by another version of Tracelens, which can open it: its schema is %.40q, here it is %q", head.Schema, report.Schema)
	default:
		return nil, errors.New("it is no report of Tracelens, whose schema is " + report.Schema)
	}
	r := new(report.Report)
	if err := json.Unmarshal(b, r); err != nil {
		return nil, fmt.Errorf("it is no report of Tracelens: %w", err)
	}
	if what := wrong(r); what != "" {
		return nil, errors.New("it is no report of Tracelens, or it was changed: " + what)
	}
	return r, nil
}

// wrong is what in a report cannot be, "" if nothing.
func wrong(r *report.Report) string {
	var bytes, packets int64
	for i, h := range r.Hours {
		if h.Start%trace.HourS != 0 || i > 0 && h.Start != r.Hours[i-1].Start+trace.HourS || !sane(h.Bytes, h.Packets) {
			return "its hours are not one after the other"
		}
		bytes, packets = bytes+h.Bytes, packets+h.Packets
	}
	most := trace.MaxSecond * trace.Second
	switch {
	case len(r.Hours) > maxHours:
		return "it has too many hours"
	case !sane(r.Bytes, r.Packets, r.Addresses) || bytes != r.Bytes || packets != r.Packets:
		return "its hours do not add up to its total"
	case r.Start > r.End || int64(r.Start) < -most || int64(r.End) > most:
		return "its times make no sense"
	case !ascending(r.Minutes, 60) || !ascending(r.Seconds, 1):
		return "its minutes or seconds are not in order"
	}
	for i, l := range r.Lengths {
		if l[0] < 0 || l[0] > maxLength || l[1] <= 0 || i > 0 && l[0] <= r.Lengths[i-1][0] {
			return "its lengths are not in order"
		}
	}
	h := &r.Histogram
	if len(h.Density) != len(h.Packets) || len(h.Edges) != len(h.Packets)+min(1, len(h.Edges)) || !sane(h.Packets...) || !rising(h.Edges) || !below(h.Density) {
		return "its histogram is none"
	}
	for i, k := range r.KDE {
		if !below(k[:]) || i > 0 && k[0] <= r.KDE[i-1][0] {
			return "its density is none"
		}
	}
	b := &r.Box
	if !sane(b.Min, b.Max, b.WhiskerLow, b.WhiskerHigh) || !below([]float64{b.Q1, b.Median, b.Q3, b.Mean}) || b.Max > maxLength {
		return "its box is none"
	}
	return wrongNames(r)
}

// wrongNames is wrong for what has names.
func wrongNames(r *report.Report) string {
	for _, list := range [][]report.Entry{r.Top.Source, r.Top.Destination, r.Top.Either, r.Top.Port, r.Top.Protocol} {
		if len(list) > report.MaxRows {
			return "a list is too long"
		}
		for i, e := range list {
			if !sane(e.Bytes, e.Packets) || len(e.Key) > maxText || i > 0 && e.Bytes > list[i-1].Bytes {
				return "a list is not in order"
			}
		}
	}
	for _, list := range [][]report.PairEntry{r.Top.Pair, r.Top.Conversation} {
		if len(list) > report.MaxRows {
			return "a list is too long"
		}
		for i, e := range list {
			if !sane(e.Bytes, e.Packets) || len(e.Key[0])+len(e.Key[1]) > maxText || i > 0 && e.Bytes > list[i-1].Bytes {
				return "a list is not in order"
			}
		}
	}
	if len(r.Names) > report.MaxRows*2*report.Lists {
		return "it has too many names"
	}
	for address, name := range r.Names {
		if text, ok := called.Clean([]byte(name), called.MDNS); !ok || text != name || len(address) > maxText {
			return "a name is none"
		}
	}
	if what := wrongCauses(r); what != "" {
		return what
	}
	d := &r.Directions
	for _, v := range []report.Volume{r.Top.Unaddressed, d.In, d.Out, d.Within, d.Beyond} {
		if !sane(v.Bytes, v.Packets) {
			return "its directions make no sense"
		}
	}
	for _, f := range r.Input.Files {
		if len(f.Name)+len(f.Within)+len(f.Format)+len(f.Error)+len(f.Same) > 5*maxText || !sane(f.Bytes, f.Rows) || f.Start > f.End {
			return "what it says of its files makes no sense"
		}
	}
	if !sane(r.Input.Rows) || len(r.Selection.Filter) > 16*maxText {
		return "what it says of its input makes no sense"
	}
	return ""
}

// sane reports whether counts are some, and small enough to be added up.
func sane(counts ...int64) bool {
	for _, n := range counts {
		if n < 0 || n > 1<<53 {
			return false
		}
	}
	return true
}

// ascending reports whether bins of a width, in seconds, are in order.
func ascending(bins []report.Bin, width int64) bool {
	for i, b := range bins {
		if b.Start%width != 0 || b.Start < -trace.MaxSecond || b.Start > trace.MaxSecond || i > 0 && b.Start <= bins[i-1].Start || !sane(b.Bytes, b.Packets) {
			return false
		}
	}
	return true
}

func rising(values []float64) bool {
	for i, v := range values {
		if math.Abs(v) > maxLength+1e6 || i > 0 && v <= values[i-1] {
			return false
		}
	}
	return true
}

// below reports whether no value is beyond what lengths and densities can be.
func below(values []float64) bool {
	for _, v := range values {
		if math.Abs(v) > maxLength+1e6 {
			return false
		}
	}
	return true
}
