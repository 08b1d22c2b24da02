package main

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// counted is the times that count, in milliseconds.
func (a *askedFor) counted() (ms []float64) {
	for _, one := range a.Answers[min(warmUp, len(a.Answers)-1):] {
		ms = append(ms, one.MS)
	}
	return ms
}

// percentile is the least of all that p of 100 are not above.
func percentile(all []float64, p int) float64 {
	s := slices.Sorted(slices.Values(all))
	return s[int(math.Ceil(float64(p)/100*float64(len(s))))-1]
}

// String is the session as Markdown.
func (s *session) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Questions to %s packets, %s, %s; loaded in %s (engine only: figures counted, nothing drawn)\n\n", spaced(s.Packets), megabytes(s.Bytes), hourFiles(s.Files), seconds(s.LoadMS))
	b.WriteString("| | n | median | p95 | max | p95 is to be at most |\n|---|---|---|---|---|---|\n")
	for _, k := range s.Kinds {
		ms, limit := k.counted(), "–"
		if k.LimitMS > 0 {
			limit = milliseconds(k.LimitMS) + ", missed"
			if percentile(ms, 95) <= k.LimitMS {
				limit = milliseconds(k.LimitMS) + ", met"
			}
		}
		fmt.Fprintf(&b, "| %s | %d | %s | %s | %s | %s |\n", k.Kind, len(ms), milliseconds(median(ms)), milliseconds(percentile(ms, 95)), milliseconds(slices.Max(ms)), limit)
	}
	fmt.Fprintf(&b, "\nFrom the question's leaving the page to the answer's arrival, one at a time; the first %d questions of each kind are warm-up and not counted. "+
		"%d answers were counted again by a plain loop: all are right.\n", s.WarmUp, s.Checked)
	fmt.Fprintf(&b, "\nMemory after the load: %s; after the questions: %s\n", s.memory(s.Loaded), s.memory(s.Asked))
	return b.String()
}

func (s *session) memory(h held) string {
	perPacket := func(n int64) string {
		return fmt.Sprintf("%s, %s bytes a packet", megabytes(n), digits(float64(n)/float64(s.Packets)))
	}
	said := perPacket(h.Counters) + " (WebAssembly memory of the counters)"
	if h.Grown > 0 {
		said += "; " + perPacket(h.Grown) + " (what the renderer's resident memory grew by)"
	}
	return said
}

// milliseconds has a decimal below 10.
func milliseconds(ms float64) string {
	if ms < 9.95 {
		return fmt.Sprintf("%.1f ms", ms)
	}
	return fmt.Sprintf("%.0f ms", ms)
}
