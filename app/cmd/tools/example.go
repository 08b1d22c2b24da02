//go:build js

package main

import (
	"strconv"
	"strings"

	"tracelens/app/internal/browser"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// example is what lines of hour files would be in a copy.
func example(m browser.Message) browser.Message {
	a, err := anonymiserOf(m)
	if err != nil { // the page has looked at it before
		return browser.NewMessage("example")
	}
	lines, hours, format := m.Texts("lines"), m.Texts("hours"), tracecsv.Usual()
	for i, line := range lines {
		var p trace.Packet
		var skips tracecsv.Skips
		start, err := strconv.ParseInt(hours[i], 10, 64)
		dated := err == nil
		_, row := format.ParseRow([]byte(line+"\n"), start, &p, &skips)
		if !row || !a.Packet(&p, dated) {
			lines[i] = "left out"
			continue
		}
		hour, name := int64(0), ""
		if dated {
			hour = trace.Floor(p.TimeNS, trace.Hour) / trace.Second
			name = trace.HourFileName(hour) + ": "
		}
		lines[i] = name + strings.TrimSpace(string(tracecsv.AppendRow(nil, hour, &p)))
	}
	return browser.NewMessage("example").SetInt("number", m.Int("number")).SetTexts("lines", lines)
}
