package tracecsv

import (
	"unsafe"

	"tracelens/shared/dict"
	"tracelens/shared/trace"
)

// Lines of other dialects are taken to the usual shape, some at a time, for usualRows to read: cells where hour files have them, times
// with nine decimals, without quotes. Cells are copied as they are. What is in them does not matter here, since usualRows looks at
// that, and what it does not take goes the slow path, as it stood in the file.

const (
	maxRewritten = 128        // lines at a time
	maxCell      = 48         // bytes of a cell that is read: more than any address
	maxRow       = 10*50 + 30 // bytes of a row that is made of them
	maxWide      = 2048       // bytes that are looked at from the beginning of a line, with room for reading eight at once
)

// A rewriter holds lines as they are rewritten.
type rewriter struct {
	rows   [maxRewritten*maxRow + maxUsual]byte
	end    [maxRewritten]uint32 // of line i in the block
	rowEnd [maxRewritten]uint32 // of line i in rows
	start  [trace.Columns + 1]int
	size   [trace.Columns + 1]int // of the cell of a column; the last is for those that are ignored
	places []uint8                // of the cell of a line: the index in these
	names  bool                   // addresses may be of either family, or none
	most   int                    // lines at a time: fewer where many of them do not become rows
	base   int64                  // unix seconds that absolute times are counted from
	date   date
}

// tenColumns is the format of the rows.
var tenColumns = Usual()

func newRewriter(f *Format) *rewriter {
	r := &rewriter{names: f.has(SourceOrName, DestinationOrName), most: maxRewritten}
	for _, m := range f.Columns {
		switch m {
		case Ignored:
			m = Meaning(trace.Columns)
		case SourceOrName:
			m = Meaning(trace.IPSrc)
		case DestinationOrName:
			m = Meaning(trace.IPDst)
		}
		r.places = append(r.places, uint8(m))
	}
	return r
}

// rewrittenRows is usualRows for lines of other formats.
func (f *Format) rewrittenRows(b []byte, startNS int64, batch *trace.Batch, flows *dict.Flows) (used int) {
	if len(b) < maxWide {
		return 0
	}
	if f.scratch == nil {
		f.scratch = newRewriter(f)
	}
	r := f.scratch
	for !batch.Full() {
		lines := r.rewrite(f, b[used:], min(r.most, trace.BatchRows-batch.N))
		if lines == 0 {
			return used
		}
		n := batch.N
		base := startNS
		if f.Time != Seconds {
			base = r.base * trace.Second
		}
		tenColumns.usualRows(r.rows[:r.rowEnd[lines-1]+maxUsual], base, batch, flows)
		taken := batch.N - n
		if taken > 0 {
			used += int(r.end[taken-1])
		}
		if taken < lines {
			r.most = taken + 1
			return used
		}
		r.most = min(2*r.most, maxRewritten)
	}
	return used
}

// rewrite fills rows with lines of b, most lines at most, until fewer than maxWide bytes are left or a line is not simple, and says how many.
// Behind them is what is no row.
func (r *rewriter) rewrite(f *Format, b []byte, most int) (lines int) {
	at, to := 0, 0
	for lines < most && at+maxWide <= len(b) {
		next := r.split(f, b, at)
		if next == 0 {
			break
		}
		size := 0
		switch f.Time {
		case Seconds:
			size = r.putTime(b, to)
		case Epoch:
			size = r.putEpoch(b, to, lines == 0)
		case Text:
			size = r.putDate(b, to, lines == 0)
		}
		if size == 0 {
			break
		}
		if r.names {
			r.sort(b, f)
		}
		to = r.putCells(b, to+size)
		at = next
		r.end[lines], r.rowEnd[lines] = uint32(at), uint32(to)
		lines++
	}
	r.rows[to] = 0
	return lines
}

// split finds the cells of the line at i. next is where the next line begins, 0 if this one is not simple: it is too long, or has not as
// many cells as there are columns.
func (r *rewriter) split(f *Format, b []byte, i int) (next int) {
	separators, quotes := uint64(f.Separator)*low, uint64(f.Quote)*low
	last := i + maxWide - 16
	for column, place := range r.places {
		end, quoted := i, f.Quote != 0 && b[i] == f.Quote
		if quoted {
			i++
			end = i
			for {
				w := load(b, end)
				mark := zeroIn(w^quotes) | lineEnds(w)
				if mark == 0 {
					if end += 8; end > last {
						return 0
					}
					continue
				}
				end += index(mark)
				if b[end] == '\n' || end > last {
					return 0
				}
				if c := b[end+1]; c == f.Separator || c == '\n' || c == '\r' && b[end+2] == '\n' {
					break
				}
				end++ // a quote inside
			}
		} else {
			parts := 0
			if place == uint8(trace.Time) && f.Time == Text && f.Separator == ',' && b[i] >= 'A' {
				parts = 1 // a date, which a comma parts in two
			}
			for {
				w := load(b, end)
				mark := zeroIn(w^separators) | lineEnds(w)
				if mark != 0 {
					if end += index(mark); parts == 0 || b[end] == '\n' {
						break
					}
					parts, end = 0, end+1
					continue
				}
				if end += 8; end > last {
					return 0
				}
			}
		}
		r.start[place], r.size[place] = i, end-i
		after := end
		if quoted {
			after++
		}
		if column < len(r.places)-1 {
			if b[after] != f.Separator {
				return 0
			}
			if i = after + 1; i > last {
				return 0
			}
			continue
		}
		if b[after] == '\r' { // behind a quote
			after++
		} else if !quoted && end > i && b[end-1] == '\r' && b[end] == '\n' {
			r.size[place]--
		}
		if b[after] != '\n' {
			return 0
		}
		next = after + 1
	}
	return next
}

// putTime writes the time at to, with nine decimals, and says in how many bytes; 0 if that cannot be done simply.
func (r *rewriter) putTime(b []byte, to int) (size int) {
	i, n := r.start[trace.Time], r.size[trace.Time]
	k, _ := firstNoDigit(load(b, i))
	decimals := n - k - 1
	if k == 0 || k == 8 || b[i+k] != '.' || decimals < 1 || decimals > 9 {
		return 0
	}
	r.copy(b, i, to, n)
	r.put(zero, to+n) // further decimals
	return k + 10
}

// putEpoch is putTime for seconds since 1970, of ten digits; they are counted from a base that the first row of several sets.
func (r *rewriter) putEpoch(b []byte, to int, first bool) (size int) {
	i, n := r.start[trace.Time], r.size[trace.Time]
	k, digits := firstNoDigit(load(b, i))
	tens, ones := b[i+8]-'0', b[i+9]-'0'
	decimals := n - 11
	if k != 8 || tens > 9 || ones > 9 || b[i+10] != '.' || decimals < 1 || decimals > 9 {
		return 0
	}
	if !r.putSeconds(int64(eight(digits))*100+int64(tens)*10+int64(ones), to, first) {
		return 0
	}
	r.copy(b, i+10, to+7, n-10)
	r.put(zero, to+7+n-10)
	return 17
}

// putSeconds writes seconds since 1970 as seven digits, counted from the base. ok is false if they are not within its reach.
func (r *rewriter) putSeconds(seconds int64, to int, first bool) (ok bool) {
	if first {
		r.base = max(0, seconds-maxUsualSeconds/2)
	}
	since := seconds - r.base
	if since < 0 || since >= maxUsualSeconds || seconds > trace.MaxSecond-maxUsualSeconds {
		return false
	}
	row := r.rows[to : to+7]
	for at := 5; at > 0; at -= 2 {
		pair := since % 100
		since /= 100
		row[at], row[at+1] = pairs[2*pair], pairs[2*pair+1]
	}
	row[0] = byte('0' + since)
	return true
}

// putCells writes the other cells behind the time, and the end of the row.
func (r *rewriter) putCells(b []byte, to int) (end int) {
	for c := trace.IPSrc; int(c) < trace.Columns; c++ {
		r.rows[to] = ','
		to++
		n := r.size[c]
		r.copy(b, r.start[c], to, n)
		to += min(n, maxCell)
	}
	r.rows[to], r.rows[to+1] = '\r', '\n' // so that a carriage return that is part of the last cell is not taken for the line's
	return to + 2
}

// sort puts addresses that may be of either family where theirs are.
func (r *rewriter) sort(b []byte, f *Format) {
	for column, m := range f.Columns {
		if m != SourceOrName && m != DestinationOrName {
			continue
		}
		four, six := r.places[column], uint8(trace.IPv6Src)
		if m == DestinationOrName {
			six = uint8(trace.IPv6Dst)
		}
		r.size[six] = 0
		if zeroIn(load(b, r.start[four])^':'*low)&(1<<40-1) != 0 { // behind four digits at most
			r.start[six], r.size[six], r.size[four] = r.start[four], r.size[four], 0
		}
	}
}

// copy copies n bytes of b, or maxCell, from i on, and up to seven more.
func (r *rewriter) copy(b []byte, i, to, n int) {
	for n = min(n, maxCell); n > 0; n -= 8 {
		r.put(load(b, i), to)
		i += 8
		to += 8
	}
}

func (r *rewriter) put(w uint64, to int) {
	*(*uint64)(unsafe.Add(unsafe.Pointer(&r.rows), to)) = w
}

// zeroIn marks the bytes of w that are zero, as commasIn does the commas.
func zeroIn(w uint64) uint64 { return (w - low) & ^w & high }
