package decode

import (
	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

func gre(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	const checksum, routing, key, sequence = 0x80, 0x40, 0x20, 0x10
	const acknowledgment = 0x80
	if len(b) < 4 {
		return stop, nil
	}
	flags, version, protocol := b[0], b[1]&7, be.Uint16(b[2:])
	size := 4
	if flags&(checksum|routing) != 0 {
		size += 4
	}
	if flags&key != 0 {
		size += 4
	}
	if flags&sequence != 0 {
		size += 4
	}
	if version == 1 && b[1]&acknowledgment != 0 {
		size += 4
	}
	if flags&routing != 0 {
		for { // source route entries: family, offset, length, addresses; a zero one ends them
			if len(b) < size+4 {
				return stop, nil
			}
			family, length := be.Uint16(b[size:]), int(b[size+3])
			size += 4 + length
			if family == 0 && length == 0 {
				break
			}
		}
	}
	payload := after(b, size)
	switch protocol {
	case 0x88be:
		if flags&sequence == 0 {
			return layers.LayerTypeEthernet, payload // ERSPAN I has no header of its own
		}
		return typeERSPAN2, payload
	case 0x22eb:
		return typeERSPAN3, payload
	case 0x883e: // WCCP, whose second version has four bytes before the packet
		if len(payload) > 0 && payload[0]>>4 != 4 {
			payload = after(payload, 4)
		}
		return typeIP, payload
	}
	return byEtherType(protocol), payload
}

func erspan2(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	return layers.LayerTypeEthernet, after(b, 8)
}

func erspan3(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	if len(b) < 12 {
		return stop, nil
	}
	if b[11]&1 != 0 { // a platform-specific subheader
		return layers.LayerTypeEthernet, after(b, 20)
	}
	return layers.LayerTypeEthernet, after(b, 12)
}

func etherIP(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	return layers.LayerTypeEthernet, after(b, 2)
}

// pim carries a packet in its register message.
func pim(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	const version2Register, nullRegister = 0x21, 0x40
	if b[0] != version2Register || len(b) < 8 || b[4]&nullRegister != 0 {
		return stop, nil
	}
	return typeIP, after(b, 8)
}

func vxlan(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	return layers.LayerTypeEthernet, after(b, 8)
}

func geneve(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	if len(b) < 8 || b[0]>>6 != 0 {
		return stop, nil
	}
	return byEtherType(be.Uint16(b[2:])), after(b, 8+int(b[0]&0x3f)*4)
}

// gtp follows the user packets of GTP version 1 and 0.
func gtp(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	const userPacket = 255
	const extension, anyOptional = 0x04, 0x07
	if len(b) < 8 || b[1] != userPacket || b[0]&0x10 == 0 {
		return stop, nil
	}
	size := 8
	switch b[0] >> 5 {
	case 0:
		size = 20
	case 1:
		if b[0]&anyOptional == 0 {
			break
		}
		size = 12
		for more := b[0]&extension != 0; more; {
			if len(b) < size+1 {
				return stop, nil
			}
			if b[size-1] == 0 {
				break
			}
			if b[size] == 0 {
				return stop, nil
			}
			size += int(b[size]) * 4
		}
	default:
		return stop, nil
	}
	payload := after(b, size)
	switch {
	case len(payload) == 0:
	case payload[0] >= 0x45 && payload[0] <= 0x4e:
		return layers.LayerTypeIPv4, payload
	case payload[0]>>4 == 6:
		return layers.LayerTypeIPv6, payload
	}
	return stop, nil
}

// teredo is IPv6 in UDP, with an authentication and an origin before it at most.
func teredo(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	if len(b) >= 4 && be.Uint16(b) == 1 {
		b = after(b, 13+int(b[2])+int(b[3]))
	}
	if len(b) >= 2 && be.Uint16(b) == 0 {
		b = after(b, 8)
	}
	if len(b) == 0 || b[0]>>4 != 6 {
		return stop, nil
	}
	return layers.LayerTypeIPv6, b
}

// l2tp follows data messages of version 2, which hold PPP.
func l2tp(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	const control, length, sequence, offset = 0x80, 0x40, 0x08, 0x02
	if len(b) < 6 || b[0]&control != 0 || b[1]&0x0f != 2 {
		return stop, nil
	}
	size := 6
	if b[0]&length != 0 {
		size += 2
	}
	if b[0]&sequence != 0 {
		size += 4
	}
	if b[0]&offset != 0 {
		if len(b) < size+2 {
			return stop, nil
		}
		size += 2 + int(be.Uint16(b[size:]))
	}
	return typePPPHDLC, after(b, size)
}

func lisp(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	return typeIP, after(b, 8)
}
