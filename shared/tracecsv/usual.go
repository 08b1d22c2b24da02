package tracecsv

import (
	"math/bits"
	"unsafe"

	"tracelens/shared/dict"
	"tracelens/shared/trace"
)

// maxUsual is how many bytes usualRows may look at from the beginning of a row: eleven columns' worth, with room for reading eight
// bytes at once from the last of them.
const maxUsual = 160

// maxUsualSeconds is more than the seven digits of seconds that usualRows takes.
const maxUsualSeconds = 10_000_000

// usualRows is the fast path: rows of the usual columns, unquoted, LF or CRLF, every cell as tshark and the helper write it. It
// takes them from b until the batch is full, fewer than maxUsual bytes are left, or a line is out of the ordinary, and returns how
// many bytes it took. A line that it leaves goes the slow path, which gives the same row or the reason why there is none.
//
// Only a packet's time and length are read. The cells between them are its flow, which nearly always has been seen just before: they
// are known by their text, as a whole. So the row is taken from both ends, and its flow is what is between the time's comma and the
// length. Nothing is searched for byte by byte, and there is one branch for all that could be wrong: whatever the bytes are, what is
// computed from them stays within maxUsual, and unusual is not 0 if it means nothing. (In Go's WebAssembly even min is a branch, and one
// that is taken goes through a table.)
func (f *Format) usualRows(b []byte, startNS int64, batch *trace.Batch, flows *dict.Flows) (used int) {
	var pairBits, pairMask uint64 // of the two empty IPv6 cells that end a row of ten columns
	if len(f.Columns) == 10 {
		pairBits, pairMask = 16, 0xffff
	}
	n := uint(batch.N)
	for n < trace.BatchRows && used+maxUsual <= len(b) {
		row := unsafe.Add(unsafe.Pointer(unsafe.SliceData(b)), used)

		// Time: seconds.decimals, nine of them, and a comma.
		w := eightAt(row, 0)
		k, digits := firstNoDigit(w)
		unusual := w>>(8*k&63)&0xff ^ '.' | uint64(k-1)>>63
		seconds := number(digits, k&7)
		rest := unsafe.Add(row, k+1)
		w = eightAt(rest, 0) ^ zero
		after := eightAt(rest, 8) // the ninth, and a comma
		last := after&0xff ^ '0'
		unusual |= noDigits(w) | (9-last)>>63 | after>>8&0xff ^ ','
		if unusual != 0 {
			break
		}
		batch.TimeNS[n] = startNS + int64(seconds*uint64(trace.Second)+eight(w)*10+last)
		rest = unsafe.Add(rest, 10)

		// The end of the line, from where it can be if both addresses are IPv4: there is at most one in four words.
		at := uint(bits.TrailingZeros64(lineEnds(eightAt(rest, 24))>>7 | lineEnds(eightAt(rest, 32))>>6 |
			lineEnds(eightAt(rest, 40))>>5 | lineEnds(eightAt(rest, 48))>>4))
		newline := unsafe.Add(rest, 24+at&7<<3+at>>3)
		unusual = uint64(at) >> 6

		// Backwards from there: a carriage return, the IPv6 cells, the length.
		w = eightAt(newline, -8)
		cr := (w>>56 ^ '\r' - 1) >> 63
		w <<= 8 * cr & 63
		unusual |= (w>>48 ^ (','<<8 | ',')) & pairMask
		w <<= pairBits & 63
		k, digits = digitsAtEnd(w)
		length := eight(digits &^ (^uint64(0) >> (8 * k & 63)))
		unusual |= (5-uint64(k))>>63 | (trace.LongLen-1-length)>>63

		end := unsafe.Add(newline, -k-int(cr+pairBits>>3))
		text := dict.FlowText{
			Front: (*[dict.HalfText]byte)(rest), Back: (*[dict.HalfText]byte)(unsafe.Add(end, -dict.HalfText)),
			Size: uint64(uintptr(end) - uintptr(rest)),
		}
		known := flows.Known(text)
		flow, other := known.Number(), known.OtherFront(text)|known.OtherBack(text)
		next := used + int(uintptr(newline)-uintptr(row)) + 1
		if unusual|other != 0 {
			from := used + int(uintptr(rest)-uintptr(row))
			c := readCells(b, from, flows.Endpoints())
			if unusual |= uint64(c.lengthAt - from - int(text.Size)); unusual != 0 { // IPv6, a very short row, or no row
				odd := false
				if length, next, odd = f.usualEnd(b, &c, flows.Endpoints()); next == 0 {
					break
				}
				if odd {
					batch.Odd = append(batch.Odd, uint32(n))
				}
			}
			if flow = flows.Number(c.ends, c.key); unusual == 0 {
				flows.Learn(text, flow)
			}
		}
		batch.Len[n], batch.Flow[n] = uint16(length), flow
		n++
		used = next
	}
	batch.N = int(n)
	return used
}
