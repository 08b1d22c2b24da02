package hourly

import (
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// A Batch collects rows in memory, in the order in which they came, each with the hour file it belongs to. One goroutine fills
// it, then another may write it.
type Batch struct {
	text []byte
	runs []run
}

// NewBatch makes a batch with room for size bytes of rows; it grows beyond them if need be.
func NewBatch(size int) *Batch { return &Batch{text: make([]byte, 0, size)} }

// A run is a stretch of rows of the same hour.
type run struct {
	hour int64 // unix seconds
	end  int   // of its rows in the batch's text
	rows int64
}

// Add appends the row of p.
func (b *Batch) Add(p *trace.Packet) {
	last := len(b.runs) - 1
	if last < 0 || p.TimeNS < b.runs[last].hour*trace.Second || p.TimeNS >= b.runs[last].hour*trace.Second+trace.Hour {
		b.runs = append(b.runs, run{hour: trace.Floor(p.TimeNS, trace.Hour) / trace.Second})
		last++
	}
	r := &b.runs[last]
	b.text = tracecsv.AppendRow(b.text, r.hour, p)
	r.end = len(b.text)
	r.rows++
}

// Len is the bytes of all rows.
func (b *Batch) Len() int { return len(b.text) }

// Reset empties the batch and keeps its memory.
func (b *Batch) Reset() { b.text, b.runs = b.text[:0], b.runs[:0] }
