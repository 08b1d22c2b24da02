package decode

import (
	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"tracelens/shared/trace"
)

// tcp needs four bytes: tshark shows the ports of a header that was cut off after them, and so do we.
func tcp(d *Decoder, b []byte) (gopacket.LayerType, []byte) {
	row := d.row
	if len(b) >= 4 && !row.Has.Has(trace.TCPSrcPort) {
		row.TCPSrc, row.TCPDst = be.Uint16(b), be.Uint16(b[2:])
		row.Has |= trace.TCPSrcPort.Bit() | trace.TCPDstPort.Bit()
	}
	if d.watching {
		d.carriesTCP(b)
	}
	return stop, nil
}

func udp(d *Decoder, b []byte) (gopacket.LayerType, []byte) {
	if len(b) < 4 {
		return stop, nil
	}
	src, dst := be.Uint16(b), be.Uint16(b[2:])
	row := d.row
	if !row.Has.Has(trace.UDPSrcPort) {
		row.UDPSrc, row.UDPDst = src, dst
		row.Has |= trace.UDPSrcPort.Bit() | trace.UDPDstPort.Bit()
	}
	if len(b) <= 8 {
		return stop, nil
	}
	payload := b[8:]
	if length := int(be.Uint16(b[4:])); length >= 8 {
		payload = atMost(payload, length-8)
	}
	if d.watching {
		d.carries(false, src, dst, 0, payload)
	}
	if next := byPort(min(src, dst)); next != stop { // tshark asks the lower port first
		return next, payload
	}
	return byPort(max(src, dst)), payload
}

// byPort is the tunnel behind a well-known UDP port.
func byPort(port uint16) gopacket.LayerType {
	switch port {
	case 1701:
		return typeL2TP
	case 2152:
		return layers.LayerTypeGTPv1U
	case 3544:
		return typeTeredo
	case 4341:
		return typeLISP
	case 4789:
		return layers.LayerTypeVXLAN
	case 6081:
		return layers.LayerTypeGeneve
	case 6635:
		return layers.LayerTypeMPLS
	}
	return stop
}
