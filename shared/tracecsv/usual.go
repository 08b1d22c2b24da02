package tracecsv

import (
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
// The row's shape is known, so nothing is searched for: each cell is loaded whole, and where it ends follows from its bytes.
// Addresses are not read at all, but known by their text (see dict). Where TCP's and UDP's cells stand, the one that is filled is
// found without a branch, since which it is cannot be foretold.
func (f *Format) usualRows(b []byte, startNS int64, batch *trace.Batch, ends *dict.Endpoints) (used int) {
	ten := len(f.columns) == 10
	n := uint(batch.N)
	for n < trace.BatchRows && used+maxUsual <= len(b) {
		i := used

		// Time: seconds.decimals, nine of them.
		w := load(b, i)
		k, digits := firstNoDigit(w)
		if k == 0 || k == 8 || w>>(8*k&63)&0xff != '.' {
			break
		}
		seconds := number(digits, k)
		i += k + 1
		k, digits = firstNoDigit(load(b, i))
		w = load(b, i+8) // the ninth, and a comma
		last := w&0xff ^ '0'
		if k != 8 || last > 9 || w>>8&0xff != ',' {
			break
		}
		batch.TimeNS[n] = startNS + int64(seconds*uint64(trace.Second)+eight(digits)*10+last)
		i += 10

		// Source: address, TCP port, UDP port.
		lo, hi := load(b, i), load(b, i+8)
		mark := commasIn(lo)
		if mark == 0 {
			mark = commasIn(hi)
			hi = upTo(hi, mark)
			i += 8
		} else {
			lo, hi = upTo(lo, mark), 0
		}
		i += index(mark) + 1
		src := uint32(0)
		if lo != ',' {
			if src = ends.Guess(lo, hi); src == 0 {
				if src = ends.ShortText(lo, hi); src == 0 {
					break
				}
			}
		}
		w = load(b, i)
		udp := 0
		if w&0xff == ',' {
			udp = 1
		}
		w >>= 8 * udp & 63
		k, digits = firstNoDigit(w)
		port, bits := uint64(0), uint8(0)
		if k == 0 {
			if udp == 0 || w&0xff != ',' {
				break
			}
		} else {
			port = number(digits, k&7)
			bits = 3 << (2 * udp)
			after := w >> (8 * k & 63) // the commas that are left: one if the port is UDP's, otherwise two
			if k > 5 || port > 1<<16-1 || after&0xff != ',' || udp == 0 && after>>8&0xff != ',' {
				break
			}
		}
		batch.SrcPort[n] = uint16(port)
		i += k + 2

		// Destination: the same (written out, as a call costs a tenth of the row), with its port in the same cell or also without
		// one; others are not usual.
		lo, hi = load(b, i), load(b, i+8)
		mark = commasIn(lo)
		if mark == 0 {
			mark = commasIn(hi)
			hi = upTo(hi, mark)
			i += 8
		} else {
			lo, hi = upTo(lo, mark), 0
		}
		i += index(mark) + 1
		dst := uint32(0)
		if lo != ',' {
			if dst = ends.Guess(lo, hi); dst == 0 {
				if dst = ends.ShortText(lo, hi); dst == 0 {
					break
				}
			}
		}
		w = load(b, i)
		if udp == 1 {
			if w&0xff != ',' {
				break
			}
			w >>= 8
		}
		k, digits = firstNoDigit(w)
		port = 0
		if bits == 0 {
			if k != 0 || w&0xff != ',' {
				break
			}
		} else {
			port = number(digits, k&7)
			after := w >> (8 * k & 63)
			if k == 0 || k > 5 || port > 1<<16-1 || after&0xff != ',' || udp == 0 && after>>8&0xff != ',' {
				break
			}
		}
		batch.DstPort[n], batch.Ports[n] = uint16(port), trace.PortBits(bits)
		i += k + 2

		// Length, and the end of the line.
		w = load(b, i)
		k, digits = firstNoDigit(w)
		if k == 8 {
			break
		}
		length := uint64(0)
		if k > 0 {
			length = number(digits, k)
		}
		i += k
		if end := w >> (8 * k & 63); end&0xff == '\n' && !ten {
			i++
		} else if k <= 5 && end&0xffffff == ','|','<<8|'\n'<<16 && ten {
			i += 3
		} else if i = f.usualEnd(b, i, ends, &src, &dst); i == 0 {
			break
		}
		batch.Len[n], batch.Src[n], batch.Dst[n] = uint32(length), src, dst
		n++
		used = i
	}
	batch.N = int(n)
	return used
}

// usualEnd reads the rest of a row: the IPv6 pair, if the file has one, and the end of the line. src and dst are set where the row
// has no IPv4 address. It returns where the next row begins, 0 if there is anything else.
func (f *Format) usualEnd(b []byte, i int, ends *dict.Endpoints, src, dst *uint32) (next int) {
	if len(f.columns) == 10 {
		for _, end := range [2]*uint32{src, dst} {
			if b[i] != ',' {
				return 0
			}
			i++
			var words [5]uint64
			size := 0
			for k := range words {
				words[k] = load(b, i+size)
				mark := endsIn(words[k])
				if mark != 0 {
					words[k] &= mark&-mark>>7 - 1 // what is before the end
					size += index(mark)
					break
				}
				size += 8
			}
			if size == 0 {
				continue
			}
			if size > dict.MaxLongText {
				return 0
			}
			number := ends.LongWords(&words, size)
			if number == 0 {
				return 0
			}
			if *end == 0 {
				*end = number
			}
			i += size
		}
	}
	if b[i] == '\r' {
		i++
	}
	if b[i] != '\n' {
		return 0
	}
	return i + 1
}
