package hourly

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"tracelens/shared/trace"
)

// A Gap is a time of which packets are missing from the files.
type Gap struct {
	Begin, End int64  // unix nanoseconds; End is 0 while it lasts
	Packets    int64  // how many are missing; -1 if nobody could count them
	Why        string // in words
}

// GapsFile is the log of gaps in a folder: a line for each that is over, with begin and end (UTC), packets missing (- if nobody could
// count them), and why, with tabs between them. The helper only ever appends to it, and never reads it.
const GapsFile = "gaps.log"

// settled is how long writing must have gone well for a gap to be over: a nearly full disk takes a row now and then.
const settled = trace.Second

// failing is the gap that lasts, or has not settled yet.
type failing struct {
	Gap         // Packets are those lost before it
	last  int64 // time of the last packet that could not be written
	again int64 // time of the first one after it that could, 0 if there is none yet
}

// mind takes down whether a packet of a time could be written. lost is how many had been lost before it.
func (w *Writer) mind(err error, at, lost int64) {
	w.lastNS = at
	f := w.failing
	switch {
	case err != nil && f == nil:
		f = &failing{Gap: Gap{Begin: at, Packets: lost, Why: cause(err).Error()}, last: at}
		w.failing = f
		w.lasting.Store(&f.Gap)
		w.warn("%s  packets are not written, and that is tried again until it succeeds: %v", Clock(at), err)
	case err != nil:
		f.last, f.again = at, 0
	case f == nil:
	case f.again == 0 || at < f.again: // the clock may have been set back
		f.again = at
	case at-f.again >= settled:
		w.endGap(f.again)
	}
}

// endGap writes down the gap that lasts, if one does, as having ended at a time.
func (w *Writer) endGap(at int64) {
	f := w.failing
	if f == nil {
		return
	}
	w.failing = nil
	w.lasting.Store(nil)
	g := Gap{Begin: f.Begin, End: at, Packets: w.lost.Load() - f.Packets, Why: f.Why}
	w.warn("%s  packets are written again: %d since %s are missing", Clock(at), g.Packets, Clock(g.Begin))
	if w.options.GapOver != nil {
		w.options.GapOver(g)
	}
	w.LogGap(g)
	w.logGaps()
}

// Gap is the gap that lasts, if one does. It does not wait for a disk that does not answer.
func (w *Writer) Gap() (g Gap, lasts bool) {
	at := w.lasting.Load()
	if at == nil {
		return g, false
	}
	g = *at
	g.Packets = w.lost.Load() - g.Packets
	return g, true
}

// LogGap has a gap written down, soon. It does not wait for a disk that does not answer.
func (w *Writer) LogGap(g Gap) {
	w.gapsMu.Lock()
	defer w.gapsMu.Unlock()
	w.gaps = append(w.gaps, g)
}

// logGaps appends the gaps not yet written down to GapsFile. If that fails they wait for the next time.
func (w *Writer) logGaps() {
	w.gapsMu.Lock()
	gaps := slices.Clone(w.gaps)
	w.gapsMu.Unlock()
	if len(gaps) == 0 {
		return
	}
	f, err := w.disk.open(GapsFile, os.O_CREATE)
	if err != nil {
		return
	}
	defer f.Close()
	var lines []byte
	size, err := f.size()
	if err != nil {
		return
	}
	var last [1]byte
	if _, err := f.ReadAt(last[:], size-1); err == nil && last[0] != '\n' {
		lines = append(lines, '\n') // a crash has torn the last line
	}
	for _, g := range gaps {
		packets := "-"
		if g.Packets >= 0 {
			packets = fmt.Sprint(g.Packets)
		}
		lines = fmt.Appendf(lines, "%s\t%s\t%s\t%s\n", Clock(g.Begin), Clock(g.End), packets, oneCell.Replace(g.Why))
	}
	if _, err := f.Write(lines); err != nil {
		f.Truncate(size) // or what was written would be there twice
		return
	}
	w.gapsMu.Lock()
	w.gaps = slices.Delete(w.gaps, 0, len(gaps))
	w.gapsMu.Unlock()
}

// oneCell keeps words, which may quote a path, from looking like something else.
var oneCell = strings.NewReplacer("\t", " ", "\n", " ")

// Clock is a time (unix nanoseconds) as logs have it.
func Clock(ns int64) string { return time.Unix(0, ns).UTC().Format("2006-01-02T15:04:05.000Z") }
