package tracecsv

import (
	"net/netip"
	"unsafe"

	"tracelens/shared/trace"
)

// parseTime reads seconds with any number of decimals into nanoseconds; decimals past the ninth are cut off, as a finer time
// than the capture's clock means nothing.
func parseTime(cell []byte) (ns int64, ok bool) {
	digits, negative := cell, false
	if len(cell) > 0 && cell[0] == '-' {
		digits, negative = cell[1:], true
	}
	seconds, i := uint64(0), 0
	for ; i < len(digits) && digits[i]-'0' < 10; i++ {
		if seconds = seconds*10 + uint64(digits[i]-'0'); seconds > maxTime {
			return 0, false
		}
	}
	if i == 0 {
		return 0, false
	}
	frac, place := uint64(0), uint64(trace.Second)
	if i < len(digits) {
		if digits[i] != '.' {
			return 0, false
		}
		for i++; i < len(digits); i++ {
			d := digits[i] - '0'
			if d > 9 {
				return 0, false
			}
			place /= 10
			frac += uint64(d) * place
		}
	}
	ns = int64(seconds*uint64(trace.Second) + frac)
	if negative {
		ns = -ns
	}
	return ns, true
}

func parseUint(cell []byte, max uint64) (v uint64, ok bool) {
	if len(cell) == 0 {
		return 0, false
	}
	for _, c := range cell {
		if c-'0' > 9 {
			return 0, false
		}
		if v = v*10 + uint64(c-'0'); v > max {
			return 0, false
		}
	}
	return v, true
}

// parseAddress reads an address of either family: some programs write IPv6 addresses into ip.src.
func parseAddress(c trace.Column, cell []byte, p *trace.Packet) bool {
	a, err := netip.ParseAddr(unsafe.String(unsafe.SliceData(cell), len(cell))) // the address keeps no part of the string without a zone
	if err != nil || a.Zone() != "" {
		return false
	}
	source := c == trace.IPSrc || c == trace.IPv6Src
	switch {
	case a.Is4() && source:
		p.IPv4SrcAddr, c = be32(a.As4()), trace.IPSrc
	case a.Is4():
		p.IPv4DstAddr, c = be32(a.As4()), trace.IPDst
	case source:
		p.IPv6SrcAddr, c = a.As16(), trace.IPv6Src
	default:
		p.IPv6DstAddr, c = a.As16(), trace.IPv6Dst
	}
	p.Has |= c.Bit()
	return true
}

func be32(b [4]byte) uint32 {
	return uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3])
}
