package tracecsv

import (
	"net/netip"
	"strconv"
	"strings"

	"tracelens/shared/trace"
)

// Header is the first line of every hour file, without its newline.
var Header = strings.Join(trace.Names[:], ",")

// AppendRow appends one row with its newline: time as seconds since hour (unix seconds) with 9 decimals, addresses in their
// canonical spelling, empty cells for what p.Has lacks. It does not allocate when dst has room (126 bytes are always enough).
func AppendRow(dst []byte, hour int64, p *trace.Packet) []byte {
	dst = appendSeconds(dst, p.TimeNS-hour*trace.Second)
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
		dst = strconv.AppendUint(dst, uint64(p.Len), 10)
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
		dst = strconv.AppendUint(dst, uint64(port), 10)
	}
	return dst
}

func appendSeconds(dst []byte, ns int64) []byte {
	if ns < 0 {
		dst = append(dst, '-')
		ns = -ns
	}
	dst = strconv.AppendInt(dst, ns/trace.Second, 10)
	dst = append(dst, '.')
	frac := ns % trace.Second
	for place := trace.Second / 10; place > 0; place /= 10 {
		dst = append(dst, byte('0'+frac/place%10))
	}
	return dst
}

func appendIPv4(dst []byte, v uint32) []byte {
	for shift := 24; shift >= 0; shift -= 8 {
		dst = strconv.AppendUint(dst, uint64(byte(v>>shift)), 10)
		if shift > 0 {
			dst = append(dst, '.')
		}
	}
	return dst
}
