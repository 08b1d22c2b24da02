package decode

import (
	"encoding/binary"

	"github.com/google/gopacket"
	"github.com/google/gopacket/layers"
)

func radiotap(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	if len(b) < 8 {
		return stop, nil
	}
	return layers.LayerTypeDot11, after(b, max(8, int(binary.LittleEndian.Uint16(b[2:]))))
}

// prism is the header of old Prism cards: a number, its own length, and measurements.
func prism(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	if len(b) < 8 {
		return stop, nil
	}
	length := binary.LittleEndian.Uint32(b[4:])
	if be.Uint32(b)&0xfffff000 == 0x80211000 { // the AVS form, big-endian
		length = be.Uint32(b[4:])
	}
	if length < 8 || length > 1024 {
		return stop, nil
	}
	return layers.LayerTypeDot11, after(b, int(length))
}

// wifi follows data frames that are not encrypted.
func wifi(_ *Decoder, b []byte) (gopacket.LayerType, []byte) {
	const data = 2
	const toDS, fromDS, protected, order = 1, 2, 0x40, 0x80
	const noData, qos = 4, 8
	if len(b) < 24 {
		return stop, nil
	}
	kind, subtype, flags := b[0]>>2&3, b[0]>>4, b[1]
	if kind != data || subtype&noData != 0 || flags&protected != 0 {
		return stop, nil
	}
	at := 24
	if flags&toDS != 0 && flags&fromDS != 0 {
		at += 6 // the fourth address
	}
	if subtype&qos != 0 {
		if len(b) < at+2 || b[at]&0x80 != 0 { // several frames in one
			return stop, nil
		}
		at += 2
		if flags&order != 0 {
			at += 4
		}
	}
	return typeLLC, after(b, at)
}
