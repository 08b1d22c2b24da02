//go:build js

package main

import (
	"io"

	"tracelens/app/internal/browser"
	"tracelens/shared/report"
	"tracelens/shared/reportjson"
)

// openReport reads a report.json, for the page to show as if it were counted now, or beside what it shows.
func openReport(m browser.Message) browser.Message {
	f := m.Files("files")[0]
	answer := browser.NewMessage("report").SetInt("trace", m.Int("trace")).SetText("of", m.Text("of")).SetInt("final", 1)
	if f.Size() > reportjson.MaxBytes {
		return answer.SetText("error", f.Name()+": it is too large to be a report of Tracelens.")
	}
	b := make([]byte, f.Size())
	if _, err := f.ReadAt(b, 0); err != nil && err != io.EOF {
		return answer.SetText("error", f.Name()+": it cannot be read: "+err.Error()+".")
	}
	r, err := reportjson.Parse(b)
	if err != nil {
		return answer.SetText("error", f.Name()+": "+err.Error()+".")
	}
	r.Hours = report.DropGaps(r.Hours)
	return answer.SetBytes("report", report.AppendBinary(nil, r))
}

// shareReport replaces names in a report.
func shareReport(m browser.Message) browser.Message {
	answer := browser.NewMessage("shared report")
	a, err := anonymiserOf(m)
	if err != nil {
		return answer.SetText("error", err.Error())
	}
	r, err := report.DecodeBinary(m.Bytes("report"))
	if err != nil {
		return answer.SetText("error", err.Error())
	}
	a.Report(r)
	return answer.SetBytes("report", report.AppendBinary(nil, r))
}
