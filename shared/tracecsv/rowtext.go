package tracecsv

import (
	"bytes"
	"slices"
	"strconv"
	"unsafe"

	"tracelens/shared/trace"
)

// RowTexts are what rows of packets that differ in time and length only have in common, by number, ready to be written many times.
type RowTexts struct {
	list  []rowText
	words []uint64 // of all
	row   []byte
}

// A rowText is where words has the bytes before the length, in beforeWords, and those after it, in 1 or in afterWords, and how many.
type rowText struct {
	at            uint32
	before, after uint16
}

const (
	beforeWords = 6  // of two IPv4 addresses and a pair of ports
	afterWords  = 11 // of two IPv6 addresses
)

// Reset forgets all.
func (t *RowTexts) Reset() { t.list, t.words = t.list[:0], t.words[:0] }

// Len is how many there are.
func (t *RowTexts) Len() int { return len(t.list) }

// AddNone adds one of no row.
func (t *RowTexts) AddNone() { t.list = append(t.list, rowText{}) }

// None reports whether there is no row.
func (t *RowTexts) None(i int) bool { return t.list[i].after == 0 }

// Add adds that of rows like p's. p has one pair of ports, or none, and not both an IPv4 and an IPv6 pair.
func (t *RowTexts) Add(p *trace.Packet) {
	like := *p
	like.TimeNS, like.Has = 0, p.Has.Without(trace.Len)
	t.row = AppendRow(t.row[:0], 0, &like)
	row := t.row[bytes.IndexByte(t.row, ','):] // what follows the time
	before := 0
	for range trace.Len - trace.Time {
		before += bytes.IndexByte(row[before:], ',') + 1
	}
	after := len(row) - before
	if before > 8*beforeWords {
		panic("tracecsv: a text of rows with more than one pair of addresses or of ports")
	}
	words := 1
	if after > 8 {
		words = afterWords
	}
	at := len(t.words)
	t.words = append(t.words, make([]uint64, beforeWords+words)...)
	bytes := unsafe.Slice((*byte)(unsafe.Pointer(&t.words[at])), 8*(beforeWords+words))
	copy(bytes, row[:before])
	copy(bytes[8*beforeWords:], row[before:])
	t.list = append(t.list, rowText{uint32(at), uint16(before), uint16(after)})
}

// A RowWriter writes rows whose times are counted from one beginning. Most are of the same second as the one before. Its zero value has
// written none.
type RowWriter struct {
	secondNS int64  // the last row's, since the beginning
	text     uint64 // bytes of it, with the point
	size     int    // of these, 0 if there is none that fits
}

// mostSeconds is more than what has room in RowWriter.text with its point.
const mostSeconds = 10_000_000

// usualLen is more than the lengths whose text is in a table.
const usualLen = 2048

var (
	threes = func() (t [1000]uint32) { // "000" to "999"
		for i := range t {
			t[i] = uint32('0'+i/100) | uint32('0'+i/10%10)<<8 | uint32('0'+i%10)<<16
		}
		return t
	}()
	lengths = func() (t [usualLen]uint64) { // as text, and the text's size in the last byte
		for i := range t {
			text := strconv.Itoa(i)
			t[i] = wordOf(text) | uint64(len(text))<<56
		}
		return t
	}()
)

// Append appends a row: its time, ns since the beginning, its length, and what texts has at i. Bytes beyond the row, in dst's room, may change.
// A copy's rows would take longer to write than to read, so it is all done with words of eight bytes, each of which may write more than is
// there: the next one goes over it. There is no loop, since in Go's WebAssembly a turn of one costs more than all of a loop's words.
func (w *RowWriter) Append(dst []byte, ns int64, length uint16, texts *RowTexts, i int) []byte {
	if cap(dst)-len(dst) < MaxRow+8*afterWords {
		dst = slices.Grow(dst, MaxRow+8*afterWords)
	}
	in := ns - w.secondNS
	if uint64(in) >= uint64(trace.Second) || w.size == 0 {
		w.turn(ns)
		in = ns - w.secondNS
	}
	t := &texts.list[i]
	begin := unsafe.Add(unsafe.Pointer(unsafe.SliceData(dst)), len(dst))
	at := begin
	if w.size == 0 {
		at = unsafe.Add(at, len(AppendSeconds(dst, ns))-len(dst))
	} else {
		*(*uint64)(at) = w.text
		at = unsafe.Add(at, w.size)
		fraction := uint32(in)
		high := fraction / 1_000_000
		fraction -= high * 1_000_000
		middle := fraction / 1000
		*(*uint32)(at) = threes[high]
		*(*uint32)(unsafe.Add(at, 3)) = threes[middle]
		*(*uint32)(unsafe.Add(at, 6)) = threes[fraction-middle*1000]
		at = unsafe.Add(at, 9)
	}
	from := unsafe.Add(unsafe.Pointer(unsafe.SliceData(texts.words)), 8*uintptr(t.at))
	putThree(at, from)
	putThree(unsafe.Add(at, 24), unsafe.Add(from, 24))
	at = unsafe.Add(at, t.before)
	if length < usualLen {
		text := lengths[length]
		*(*uint64)(at) = text
		at = unsafe.Add(at, text>>56)
	} else {
		n := int(uintptr(at) - uintptr(begin))
		at = unsafe.Add(at, len(AppendUint(dst[:len(dst)+n], uint32(length)))-len(dst)-n)
	}
	from = unsafe.Add(from, 8*beforeWords)
	*(*uint64)(at) = *(*uint64)(from)
	if t.after > 8 {
		putThree(unsafe.Add(at, 8), unsafe.Add(from, 8))
		putThree(unsafe.Add(at, 32), unsafe.Add(from, 32))
		putThree(unsafe.Add(at, 56), unsafe.Add(from, 56))
		*(*uint64)(unsafe.Add(at, 80)) = *(*uint64)(unsafe.Add(from, 80))
	}
	return dst[:len(dst)+int(uintptr(at)-uintptr(begin))+int(t.after)]
}

// putThree copies three words. (An array's assignment would be a call of the browser's for any size.)
func putThree(at, from unsafe.Pointer) {
	*(*uint64)(at) = *(*uint64)(from)
	*(*uint64)(unsafe.Add(at, 8)) = *(*uint64)(unsafe.Add(from, 8))
	*(*uint64)(unsafe.Add(at, 16)) = *(*uint64)(unsafe.Add(from, 16))
}

// wordOf is up to eight bytes as they are stored.
func wordOf(text string) (w uint64) {
	for i, c := range []byte(text) {
		w |= uint64(c) << (8 * i)
	}
	return w
}

// turn turns to the second of a time.
func (w *RowWriter) turn(ns int64) {
	if w.size = 0; ns < 0 || ns >= mostSeconds*trace.Second {
		return
	}
	seconds := ns / trace.Second
	w.secondNS = seconds * trace.Second
	text := strconv.FormatInt(seconds, 10) + "."
	w.text, w.size = wordOf(text), len(text)
}
