package capfile

import (
	"encoding/binary"
	"fmt"
	"math/bits"

	"tracelens/shared/frame"
)

// The first four bytes of a pcap file, read as little-endian: times in micro- or nanoseconds, in either byte order.
const (
	magicMicro        = 0xa1b2c3d4
	magicNano         = 0xa1b23c4d
	magicMicroSwapped = 0xd4c3b2a1
	magicNanoSwapped  = 0x4d3cb2a1
)

// A pcapReader reads the classic format: a header of 24 bytes, then packets with a header of 16.
//
// pcapgo's reader is not used: its link types have eight bits, it refuses packets longer than the snapshot length in the file's
// header, which tshark and libpcap read, and its microseconds overflow.
type pcapReader struct {
	feed    *feed
	known   bool // the file's header has been read
	swapped bool // numbers are big-endian
	unitNS  int64
	link    frame.LinkType
	minor   uint16
	pending int // bytes of the packet given last, not yet taken
}

const (
	fileHeaderLen   = 24
	packetHeaderLen = 16
)

func (r *pcapReader) readHeader() error {
	h, err := r.feed.peek(fileHeaderLen)
	if err != nil {
		return err
	}
	var order binary.ByteOrder = binary.LittleEndian
	magic := order.Uint32(h)
	if r.swapped = magic == magicMicroSwapped || magic == magicNanoSwapped; r.swapped {
		order = binary.BigEndian
	}
	r.unitNS = 1000
	if magic == magicNano || magic == magicNanoSwapped {
		r.unitNS = 1
	}
	if major, minor := order.Uint16(h[4:]), order.Uint16(h[6:]); major != 2 {
		return fmt.Errorf("pcap version %d.%d is not known", major, minor)
	}
	r.minor = order.Uint16(h[6:])
	r.link = frame.LinkType(order.Uint32(h[20:])) // the upper half tells of a checksum at the end of frames
	r.feed.take(fileHeaderLen)
	r.known = true
	return nil
}

func (r *pcapReader) words() string {
	text := "pcap capture"
	if r.swapped {
		text += ", big-endian"
	}
	if r.unitNS == 1 {
		return text + ", nanoseconds"
	}
	return text + ", microseconds"
}

func (r *pcapReader) uint32(b []byte) uint32 {
	v := binary.LittleEndian.Uint32(b)
	if r.swapped {
		v = bits.ReverseBytes32(v)
	}
	return v
}

func (r *pcapReader) next(f *frame.Frame) error {
	if !r.known {
		if err := r.readHeader(); err != nil {
			return err
		}
	}
	r.feed.take(r.pending)
	r.pending = 0
	h, err := r.feed.peek(packetHeaderLen)
	if err != nil {
		return err
	}
	captured, length := r.uint32(h[8:]), r.uint32(h[12:])
	if r.minor < 3 || r.minor == 3 && captured > length { // versions before 2.3 had them the other way round, 2.3 either way
		captured, length = length, captured
	}
	if captured > MaxPacket {
		return fmt.Errorf("its length is given as %d bytes, more than the %d that a packet may have: the file is damaged", captured, MaxPacket)
	}
	b, err := r.feed.peek(packetHeaderLen + int(captured))
	if err != nil {
		return err
	}
	f.TimeNS = int64(r.uint32(b))*1e9 + int64(r.uint32(b[4:]))*r.unitNS
	f.Len = length
	f.Link = r.link
	f.Data = b[packetHeaderLen:]
	r.pending = len(b)
	return nil
}
