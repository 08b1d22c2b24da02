package tracecsv

import (
	"net/netip"
	"strconv"
	"strings"

	"tracelens/shared/trace"
)

// Header is the first line of every hour file, without its newline.
var Header = strings.Join(trace.Names[:], ",")

// MaxRow is more than the bytes of any row that AppendRow writes.
const MaxRow = 176

// AppendRow appends one row with its newline: time as seconds since hour (unix seconds) with 9 decimals, addresses in their
// canonical spelling, empty cells for what p.Has lacks. It does not allocate when dst has room: MaxRow bytes are always enough.
func AppendRow(dst []byte, hour int64, p *trace.Packet) []byte {
	dst = AppendSeconds(dst, p.TimeNS-hour*trace.Second)
	dst = append(dst, ',')
	if p.Has.Has(trace.IPSrc) {
		dst = appendIPv4(dst, p.IPv4SrcAddr)
	}
	dst = appendPort(dst, p, trace.TCPSrcPort, p.TCPSrc)
	dst = appendPort(dst, p, trace.UDPSrcPort, p.UDPSrc)
	dst = append(dst, ',')
	if p.Has.Has(trace.IPDst) {
		dst = appendIPv4(dst, p.IPv4DstAddr)
	}
	dst = appendPort(dst, p, trace.TCPDstPort, p.TCPDst)
	dst = appendPort(dst, p, trace.UDPDstPort, p.UDPDst)
	dst = append(dst, ',')
	if p.Has.Has(trace.Len) {
		dst = AppendUint(dst, p.Len)
	}
	dst = append(dst, ',')
	if p.Has.Has(trace.IPv6Src) {
		dst = netip.AddrFrom16(p.IPv6SrcAddr).AppendTo(dst)
	}
	dst = append(dst, ',')
	if p.Has.Has(trace.IPv6Dst) {
		dst = netip.AddrFrom16(p.IPv6DstAddr).AppendTo(dst)
	}
	return append(dst, '\n')
}

func appendPort(dst []byte, p *trace.Packet, c trace.Column, port uint16) []byte {
	dst = append(dst, ',')
	if p.Has.Has(c) {
		dst = AppendUint(dst, uint32(port))
	}
	return dst
}

// AppendSeconds appends nanoseconds as seconds with 9 decimals.
func AppendSeconds(dst []byte, ns int64) []byte {
	if ns < 0 {
		dst = append(dst, '-')
		ns = -ns
	}
	s := ns / trace.Second
	if s < trace.HourS {
		dst = AppendUint(dst, uint32(s))
	} else {
		dst = strconv.AppendInt(dst, s, 10)
	}
	return AppendFraction(dst, uint32(ns%trace.Second))
}
