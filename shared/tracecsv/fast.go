package tracecsv

import "tracelens/shared/trace"

// parseUsual is the fast path: one line of the usual columns (8 or 10), unquoted, LF or CRLF, every cell as tshark and the
// helper write it. It returns the line's size with its newline, or 0 for anything out of the ordinary: the line is then left to
// the slow path, which gives the same row or the reason why there is none. p.TimeNS is relative to the file's start.
//
// One pass over the bytes, no splitting: every digit is looked at once. The bounds are checked by padding the test i < len(b)
// into each loop; a line that ends without a newline therefore falls to the slow path, which happens once a file.
func parseUsual(b []byte, columns int, p *trace.Packet) (size int) {
	has := trace.Time.Bit()
	i := 0

	// Time: [-]seconds.decimals
	negative := false
	if len(b) > 0 && b[0] == '-' {
		negative, i = true, 1
	}
	first := i
	seconds := uint64(0)
	for ; i < len(b); i++ {
		d := uint64(b[i] - '0')
		if d > 9 {
			break
		}
		seconds = seconds*10 + d
	}
	if i == first || i-first > 9 || i >= len(b) || b[i] != '.' {
		return 0
	}
	i++
	first = i
	frac := uint64(0)
	for ; i < len(b); i++ {
		d := uint64(b[i] - '0')
		if d > 9 {
			break
		}
		frac = frac*10 + d
	}
	if i-first != 9 { // tshark and the helper always write nine
		return 0
	}
	p.TimeNS = int64(seconds*uint64(trace.Second) + frac)
	if negative {
		p.TimeNS = -p.TimeNS
	}

	var ok bool
	if p.IPv4SrcAddr, i, ok = cellIPv4(b, i); ok {
		has |= trace.IPSrc.Bit()
	}
	if p.TCPSrc, i, ok = cellPort(b, i); ok {
		has |= trace.TCPSrcPort.Bit()
	}
	if p.UDPSrc, i, ok = cellPort(b, i); ok {
		has |= trace.UDPSrcPort.Bit()
	}
	if p.IPv4DstAddr, i, ok = cellIPv4(b, i); ok {
		has |= trace.IPDst.Bit()
	}
	if p.TCPDst, i, ok = cellPort(b, i); ok {
		has |= trace.TCPDstPort.Bit()
	}
	if p.UDPDst, i, ok = cellPort(b, i); ok {
		has |= trace.UDPDstPort.Bit()
	}

	// Length
	if i >= len(b) || b[i] != ',' {
		return 0
	}
	i++
	first = i
	length := uint64(0)
	for ; i < len(b); i++ {
		d := uint64(b[i] - '0')
		if d > 9 {
			break
		}
		length = length*10 + d
	}
	if i-first > 9 {
		return 0
	}
	p.Len = uint32(length)
	if i > first {
		has |= trace.Len.Bit()
	}

	if columns == 10 {
		if p.IPv6SrcAddr, i, ok = cellIPv6(b, i); ok {
			has |= trace.IPv6Src.Bit()
		}
		if p.IPv6DstAddr, i, ok = cellIPv6(b, i); ok {
			has |= trace.IPv6Dst.Bit()
		}
	}
	if i < len(b) && b[i] == '\r' {
		i++
	}
	if i >= len(b) || b[i] != '\n' {
		return 0
	}
	p.Has = has
	return i + 1
}

// The cell functions begin at the comma before their cell and end at the comma after it. A cell that is not as it should be
// leaves them at a place that is no comma or end of line, so the next one, and in the end the line, fails: they need no error.

func cellPort(b []byte, i int) (port uint16, next int, filled bool) {
	if i >= len(b) || b[i] != ',' {
		return 0, len(b), false
	}
	i++
	first, v := i, uint32(0)
	for ; i < len(b); i++ {
		d := uint32(b[i] - '0')
		if d > 9 {
			break
		}
		v = v*10 + d
	}
	if i-first > 5 || v > 1<<16-1 {
		return 0, len(b), false
	}
	return uint16(v), i, i > first
}

func cellIPv4(b []byte, i int) (addr uint32, next int, filled bool) {
	if i >= len(b) || b[i] != ',' {
		return 0, len(b), false
	}
	i++
	if i < len(b) && b[i] == ',' {
		return 0, i, false
	}
	for part := 0; ; part++ {
		first, v := i, uint32(0)
		for ; i < len(b); i++ {
			d := uint32(b[i] - '0')
			if d > 9 {
				break
			}
			v = v*10 + d
		}
		if n := i - first; n == 0 || n > 3 || v > 255 || n > 1 && b[first] == '0' || i >= len(b) {
			return 0, len(b), false
		}
		addr = addr<<8 | v
		if part == 3 {
			return addr, i, true
		}
		if b[i] != '.' {
			return 0, len(b), false
		}
		i++
	}
}

// cellIPv6 takes hexadecimal groups with at most one ::, as tshark writes them. Dotted tails and zones go the slow path.
func cellIPv6(b []byte, i int) (addr [16]byte, next int, filled bool) {
	if i >= len(b) || b[i] != ',' {
		return addr, len(b), false
	}
	i++
	if i < len(b) && (b[i] == ',' || b[i] == '\n' || b[i] == '\r') {
		return addr, i, false
	}
	n, gap := 0, -1 // bytes written; where the :: is
	if i+1 < len(b) && b[i] == ':' && b[i+1] == ':' {
		gap, i = 0, i+2
	}
	for n < 16 {
		first, v := i, uint32(0)
		for ; i < len(b); i++ {
			d := hexDigit[b[i]]
			if d > 15 {
				break
			}
			v = v<<4 | uint32(d)
		}
		if i == first && gap == n && n < 16 { // the address ends with its ::
			break
		}
		if i == first || i-first > 4 || i >= len(b) {
			return addr, len(b), false
		}
		addr[n], addr[n+1] = byte(v>>8), byte(v)
		n += 2
		if b[i] != ':' {
			break
		}
		i++
		if i < len(b) && b[i] == ':' {
			if gap >= 0 {
				return addr, len(b), false
			}
			gap, i = n, i+1
		} else if n == 16 {
			return addr, len(b), false
		}
	}
	switch {
	case gap < 0 && n < 16, gap >= 0 && n == 16:
		return addr, len(b), false
	case gap >= 0:
		tail := copy(addr[16-(n-gap):], addr[gap:n])
		clear(addr[gap : 16-tail])
	}
	return addr, i, true
}

// hexDigit is the value of each hexadecimal digit, 255 for every other byte.
var hexDigit = func() (t [256]uint8) {
	for i := range t {
		t[i] = 255
	}
	for i := range 10 {
		t['0'+i] = uint8(i)
	}
	for i := range 6 {
		t['a'+i], t['A'+i] = uint8(10+i), uint8(10+i)
	}
	return t
}()
