package decode

import (
	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"

	"tracelens/shared/trace"
)

// ip is either version, as its first four bits say.
func ip(d *Decoder, b []byte) (gopacket.LayerType, []byte) {
	switch b[0] >> 4 {
	case 4:
		return ipv4(d, b)
	case 6:
		return ipv6(d, b)
	}
	return stop, nil
}

func ipv4(d *Decoder, b []byte) (gopacket.LayerType, []byte) {
	const offsetMask = 0x1fff
	size := int(b[0]&0x0f) * 4
	if b[0]>>4 != 4 || size < 20 || len(b) < 16 {
		return stop, nil
	}
	total := int(be.Uint16(b[2:]))
	if total == 0 {
		total = len(b) // left for the network card to fill in, when it segments
	}
	if total < size {
		return stop, nil
	}
	row := d.row
	if !row.Has.Has(trace.IPSrc) {
		row.IPv4SrcAddr = be.Uint32(b[12:])
		row.Has |= trace.IPSrc.Bit()
	}
	if len(b) < 20 {
		return stop, nil
	}
	if !row.Has.Has(trace.IPDst) {
		row.IPv4DstAddr = be.Uint32(b[16:])
		row.Has |= trace.IPDst.Bit()
	}
	if d.watching {
		d.inside4(b, total)
	}
	if be.Uint16(b[6:])&offsetMask != 0 {
		return stop, nil // a later fragment begins in the middle of a datagram
	}
	return transport(d, b[9], after(atMost(b, total), size))
}

func ipv6(d *Decoder, b []byte) (gopacket.LayerType, []byte) {
	if b[0]>>4 != 6 || len(b) < 24 {
		return stop, nil
	}
	row := d.row
	if !row.Has.Has(trace.IPv6Src) {
		row.IPv6SrcAddr = [16]byte(b[8:24])
		row.Has |= trace.IPv6Src.Bit()
	}
	if len(b) < 40 {
		return stop, nil
	}
	if !row.Has.Has(trace.IPv6Dst) {
		row.IPv6DstAddr = [16]byte(b[24:40])
		row.Has |= trace.IPv6Dst.Bit()
	}
	if d.watching {
		d.inside6(b, int(be.Uint16(b[4:])))
	}
	payload := b[40:]
	if length := int(be.Uint16(b[4:])); length != 0 { // 0: a jumbogram, or left for the network card to fill in
		payload = atMost(payload, length)
	}
	return transport(d, b[6], payload)
}

// transport decodes TCP and UDP at once, since nearly every packet is one of them, and leaves all else to the parser.
func transport(d *Decoder, protocol byte, b []byte) (gopacket.LayerType, []byte) {
	switch protocol {
	case 6:
		return tcp(d, b)
	case 17:
		return udp(d, b)
	}
	return byProtocol[protocol], b
}

// ipv6Options skips an extension header: hop-by-hop and destination options, routing, mobility.
func ipv6Options(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	if len(b) < 2 {
		return stop, nil
	}
	return byProtocol[b[0]], after(b, int(b[1])*8+8)
}

func ipv6Fragment(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	if len(b) < 8 || be.Uint16(b[2:])&0xfff8 != 0 {
		return stop, nil
	}
	return byProtocol[b[0]], after(b, 8)
}

// authentication is IPsec's AH, which leaves the packet readable.
func authentication(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	if len(b) < 2 {
		return stop, nil
	}
	return byProtocol[b[0]], after(b, int(b[1])*4+8)
}

// icmpv4 follows the packet that an error quotes.
func icmpv4(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	switch b[0] {
	case 3, 4, 5, 11, 12: // unreachable, source quench, redirect, time exceeded, parameter problem
		return layers.LayerTypeIPv4, after(b, 8)
	}
	return stop, nil
}

// icmpv6 follows the packet that an error or a redirect quotes.
func icmpv6(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	const redirect, redirectedHeader = 137, 4
	switch b[0] {
	case 1, 2, 3, 4: // unreachable, too big, time exceeded, parameter problem
		return layers.LayerTypeIPv6, after(b, 8)
	case redirect:
		for option := after(b, 40); len(option) > 8; {
			if option[0] == redirectedHeader {
				return layers.LayerTypeIPv6, option[8:]
			}
			if option[1] == 0 {
				break
			}
			option = after(option, int(option[1])*8)
		}
	}
	return stop, nil
}
