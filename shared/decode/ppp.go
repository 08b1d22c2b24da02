package decode

import (
	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

// ppp begins with the protocol number, of one byte if that byte is odd.
func ppp(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	protocol, size := uint16(b[0]), 1
	if b[0]&1 == 0 {
		if len(b) < 2 {
			return stop, nil
		}
		protocol, size = be.Uint16(b), 2
	}
	switch protocol {
	case 0x0021:
		return typeIP, b[size:]
	case 0x0057:
		return layers.LayerTypeIPv6, b[size:]
	case 0x0281, 0x0283:
		return layers.LayerTypeMPLS, b[size:]
	}
	return stop, nil
}

// pppHDLC begins with an address and a control byte, or as Cisco's HDLC, or with neither.
func pppHDLC(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	switch b[0] {
	case 0xff:
		return layers.LayerTypePPP, after(b, 2)
	case 0x0f, 0x8f:
		return typeCiscoHDLC, b
	}
	return layers.LayerTypePPP, b
}

// pppDirection has a byte before it that says who sent it.
func pppDirection(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	return typePPPHDLC, after(b, 1)
}

func pppoe(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	const session = 0
	if len(b) < 6 || b[1] != session {
		return stop, nil
	}
	return layers.LayerTypePPP, atMost(b[6:], int(be.Uint16(b[4:])))
}

// mpls is a stack of labels; what follows them tells by its first four bits.
func mpls(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	for len(b) >= 4 {
		bottom := b[2]&1 != 0
		b = b[4:]
		if !bottom {
			continue
		}
		if len(b) == 0 {
			break
		}
		switch b[0] >> 4 {
		case 4:
			return typeIP, b
		case 6:
			return layers.LayerTypeIPv6, b
		case 0: // a pseudowire's control word
			return layers.LayerTypeEthernet, after(b, 4)
		}
		break
	}
	return stop, nil
}
