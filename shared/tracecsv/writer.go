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
	frac := uint32(ns % trace.Second)
	high, low := frac/10_000, frac%10_000 // two digits at a time: a division for each would be the row's largest cost
	a, b, c, d := 2*(high/100%100), 2*(high%100), 2*(low/100), 2*(low%100)
	return append(dst, '.', byte('0'+high/10_000), pairs[a], pairs[a+1], pairs[b], pairs[b+1], pairs[c], pairs[c+1], pairs[d], pairs[d+1])
}

func appendIPv4(dst []byte, v uint32) []byte {
	dst = append(append(dst, octets[v>>24]...), '.')
	dst = append(append(dst, octets[v>>16&255]...), '.')
	dst = append(append(dst, octets[v>>8&255]...), '.')
	return append(dst, octets[v&255]...)
}

// pairs is "00" to "99", octets is "0" to "255".
var pairs, octets = digits()

func digits() (pairs string, octets [256]string) {
	for i := range octets {
		octets[i] = strconv.Itoa(i)
	}
	for i := range 100 {
		pairs += string([]byte{byte('0' + i/10), byte('0' + i%10)})
	}
	return pairs, octets
}
