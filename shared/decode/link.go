package decode

import (
	"encoding/binary"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

var be = binary.BigEndian

// after is b without its first n bytes, nothing if there are fewer.
func after(b []byte, n int) []byte {
	if len(b) <= n {
		return nil
	}
	return b[n:]
}

// atMost is the first n bytes of b: what follows them is padding.
func atMost(b []byte, n int) []byte { return b[:min(n, len(b))] }

// typeOrLength follows the two bytes that are an Ethernet type, or the length of an LLC frame.
func typeOrLength(t uint16, payload []byte) (gopacket.LayerType, []byte) {
	if t > 1500 {
		return byEtherType(t), payload
	}
	if len(payload) >= 2 && payload[0] == 0xff && payload[1] == 0xff {
		return stop, nil // Novell IPX without LLC
	}
	return typeLLC, atMost(payload, int(t))
}

func ethernet(d *Decoder, b []byte) (gopacket.LayerType, []byte) {
	if len(b) < 14 {
		return stop, nil
	}
	if len(b) > 14 && b[12] == 0x08 && b[13] == 0 { // at once, without going back to the parser: nearly all are
		return ip(d, b[14:])
	}
	return typeOrLength(be.Uint16(b[12:]), b[14:])
}

func vlan(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	if len(b) < 4 {
		return stop, nil
	}
	return typeOrLength(be.Uint16(b[2:]), b[4:])
}

// pbb is the service tag of a provider backbone (802.1ah): four bytes, then the customer's whole frame.
func pbb(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	return layers.LayerTypeEthernet, after(b, 4)
}

// fabricPath is Cisco's outer header: its Ethernet type, a tag, then the whole frame.
func fabricPath(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	return layers.LayerTypeEthernet, after(b, 2)
}

func llc(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	const snap, ipSAP = 0xaa, 0x06
	switch {
	case len(b) < 3:
		return stop, nil
	case b[0]&0xfe == ipSAP && b[2] == 3:
		return typeIP, b[3:]
	case b[0] != snap || b[1] != snap || len(b) < 8:
		return stop, nil
	}
	switch oui := uint32(b[3])<<16 | uint32(b[4])<<8 | uint32(b[5]); oui {
	case 0x000000, 0x0000f8: // Ethernet types, also by way of 802.1H
		return byEtherType(be.Uint16(b[6:])), b[8:]
	case 0x0080c2: // bridged, RFC 2684
		switch be.Uint16(b[6:]) {
		case 1, 7:
			return layers.LayerTypeEthernet, after(b, 8)
		}
	}
	return stop, nil
}

// null is BSD's loopback header: an address family, in whichever byte order the machine had.
func null(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	if len(b) < 4 {
		return stop, nil
	}
	if b[0] == 0xff && b[1] == 0x03 {
		return typePPPHDLC, b
	}
	family := be.Uint32(b)
	if family&0xffff0000 != 0 {
		family = binary.LittleEndian.Uint32(b)
	}
	if family&0xffff0000 != 0 { // some systems leave rubbish in the upper half
		family &= 0xffff
	}
	switch family {
	case 2:
		return typeIP, b[4:]
	case 10, 24, 28, 30:
		return layers.LayerTypeIPv6, b[4:]
	}
	if family > 1500 && family <= 0xffff {
		return byEtherType(uint16(family)), b[4:]
	}
	return stop, nil
}

// raw is an IP packet with nothing before it, or what some systems put there nevertheless.
func raw(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	if len(b) >= 2 && b[0] == 0xff && b[1] == 0x03 {
		return typePPPHDLC, b
	}
	return typeIP, b
}

func ciscoHDLC(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	if len(b) < 4 {
		return stop, nil
	}
	return byEtherType(be.Uint16(b[2:])), b[4:]
}

func linuxCooked(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	if len(b) < 16 {
		return stop, nil
	}
	return cooked(be.Uint16(b[14:]), be.Uint16(b[2:]), b[16:])
}

func linuxCookedV2(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	if len(b) < 20 {
		return stop, nil
	}
	return cooked(be.Uint16(b), be.Uint16(b[8:]), b[20:])
}

// cooked follows Linux's protocol number, which is an Ethernet type or one of Linux's own small numbers.
func cooked(protocol, hardware uint16, payload []byte) (gopacket.LayerType, []byte) {
	const ieee802LLC = 4
	const hwGRE, hwRadiotap = 778, 803
	switch {
	case hardware == hwGRE:
		return layers.LayerTypeGRE, payload
	case hardware == hwRadiotap:
		return layers.LayerTypeRadioTap, payload
	case protocol == ieee802LLC:
		return typeLLC, payload
	}
	return byEtherType(protocol), payload
}

// erf is the record header of an Endace card: time, type, lengths, extension headers, and for Ethernet two bytes of padding.
func erf(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	if len(b) < 16 {
		return stop, nil
	}
	typ, at := b[8], 16
	for more := typ; more&0x80 != 0; at += 8 {
		if len(b) < at+8 {
			return stop, nil
		}
		more = b[at]
	}
	switch typ & 0x7f {
	case 2, 11, 16, 20: // Ethernet, and the same with a colour or a channel
		return layers.LayerTypeEthernet, after(b, at+2)
	case 22:
		return layers.LayerTypeIPv4, after(b, at)
	case 23:
		return layers.LayerTypeIPv6, after(b, at)
	}
	return stop, nil
}
