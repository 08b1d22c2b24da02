package tracecsv

import (
	"tracelens/shared/dict"
	"tracelens/shared/trace"
)

// cells are those of a usual row between its time and its length: the flow, if the row has no IPv6 addresses.
type cells struct {
	ends, key uint64
	lengthAt  int // where the next cell begins; 0 if these are not usual, or not right
}

// readCells reads, one after the other, the cells of a row whose flow is not known by their text; they begin at i.
//
// The row's shape is known, so nothing is searched for: each cell is loaded whole, and where it ends follows from its bytes.
// Addresses are not read at all, but known by their text (see dict). Where TCP's and UDP's cells stand, the one that is filled is
// found without a branch, since which it is cannot be foretold.
func readCells(b []byte, i int, ends *dict.Endpoints) (c cells) {
	src, i := address(b, i, ends)
	if i == 0 {
		return cells{}
	}
	w := load(b, i)
	udp := 0
	if w&0xff == ',' {
		udp = 1
	}
	w >>= 8 * udp & 63
	k, digits := firstNoDigit(w)
	srcPort, has := uint64(0), trace.PortBits(0)
	if k == 0 {
		if udp == 0 || w&0xff != ',' {
			return cells{}
		}
	} else {
		srcPort = number(digits, k&7)
		has = 3 << (2 * udp)
		after := w >> (8 * k & 63) // the commas that are left: one if the port is UDP's, otherwise two
		if k > 5 || srcPort > 1<<16-1 || after&0xff != ',' || udp == 0 && after>>8&0xff != ',' {
			return cells{}
		}
	}
	i += k + 2

	// The destination has its port in the same cell, or is without one too; others are not usual.
	dst, i := address(b, i, ends)
	if i == 0 {
		return cells{}
	}
	w = load(b, i)
	if udp == 1 {
		if w&0xff != ',' {
			return cells{}
		}
		w >>= 8
	}
	k, digits = firstNoDigit(w)
	dstPort := uint64(0)
	if has == 0 {
		if k != 0 || w&0xff != ',' {
			return cells{}
		}
	} else {
		dstPort = number(digits, k&7)
		after := w >> (8 * k & 63)
		if k == 0 || k > 5 || dstPort > 1<<16-1 || after&0xff != ',' || udp == 0 && after>>8&0xff != ',' {
			return cells{}
		}
	}
	return cells{uint64(src)<<32 | uint64(dst), dict.FlowKey(uint16(srcPort), uint16(dstPort), has), i + k + 2}
}

// address is the number of the IPv4 address whose cell begins at i, 0 if the cell is empty, and where the next cell begins, 0 if this
// one is no address.
func address(b []byte, i int, ends *dict.Endpoints) (number uint32, next int) {
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
	if lo == ',' {
		return 0, i
	}
	if number = ends.Guess(lo, hi); number == 0 {
		if number = ends.ShortText(lo, hi); number == 0 {
			return 0, 0
		}
	}
	return number, i
}

// usualEnd reads the rest of a row after its cells c: the length, the IPv6 pair, if the file has one, and the end of the line. The pair
// goes into c where there is no IPv4 address. next is where the next row begins, 0 if the row is not usual.
func (f *Format) usualEnd(b []byte, c *cells, ends *dict.Endpoints) (length uint64, next int, odd bool) {
	i := c.lengthAt
	if i == 0 {
		return 0, 0, false
	}
	k, digits := firstNoDigit(load(b, i))
	if k > 0 {
		length = number(digits, k)
	}
	if k == 8 || length >= trace.LongLen {
		return 0, 0, false
	}
	i += k
	if len(f.Columns) == 10 {
		var src, dst uint32
		src, i = longAddress(b, i, ends)
		if dst, i = longAddress(b, i, ends); i == 0 {
			return 0, 0, false
		}
		odd = c.ends>>32 != 0 && src != 0 || uint32(c.ends) != 0 && dst != 0
		if c.ends>>32 == 0 {
			c.ends |= uint64(src) << 32
		}
		if uint32(c.ends) == 0 {
			c.ends |= uint64(dst)
		}
	}
	if b[i] == '\r' {
		i++
	}
	if b[i] != '\n' {
		return 0, 0, false
	}
	return length, i + 1, odd
}

// longAddress is the number of the IPv6 address whose cell comes after the comma at i, 0 if the cell is empty, and where the cell ends, 0
// if there is no comma or the cell no address. An i of 0 gives that too.
func longAddress(b []byte, i int, ends *dict.Endpoints) (number uint32, next int) {
	if i == 0 || b[i] != ',' {
		return 0, 0
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
		return 0, i
	}
	if size > dict.MaxLongText {
		return 0, 0
	}
	if number = ends.LongWords(&words, size); number == 0 {
		return 0, 0
	}
	return number, i + size
}
