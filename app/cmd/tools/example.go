//go:build js

package main

import (
	"strconv"
	"strings"

	"tracelens/app/internal/browser"
	"tracelens/shared/selection"
	"tracelens/shared/sieve"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// example is what lines of hour files would be in a copy.
func example(m browser.Message) browser.Message {
	a, err := anonymiserOf(m)
	if err != nil { // the page has looked at it before
		return browser.NewMessage("example")
	}
	lines, hours := m.Texts("lines"), m.Texts("hours")
	for i, line := range lines {
		start, err := strconv.ParseInt(hours[i], 10, 64)
		dated := err == nil
		s := sieve.New(tracecsv.Usual(), start, &selection.Selection{})
		s.Alter(a, dated)
		lines[i] = "left out"
		s.Copy([]byte(line+"\n"), func(hour int64, row []byte) error {
			lines[i] = strings.TrimSpace(string(row))
			if dated {
				lines[i] = trace.HourFileName(hour) + ": " + lines[i]
			}
			return nil
		})
	}
	return browser.NewMessage("example").SetInt("number", m.Int("number")).SetTexts("lines", lines)
}
