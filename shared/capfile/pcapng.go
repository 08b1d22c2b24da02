package capfile

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strconv"

	"tracelens/shared/frame"
)

// Block types of pcapng, https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng/.
const (
	blockSection        = 0x0A0D0D0A
	blockInterface      = 1
	blockPacketObsolete = 2
	blockPacketSimple   = 3
	blockPacket         = 6

	optionEnd        = 0
	optionResolution = 9
	optionOffset     = 14
)

// A pcapngReader reads blocks: sections, each with its own byte order and interfaces, and packets that name their interface.
type pcapngReader struct {
	feed       *feed
	order      binary.ByteOrder
	interfaces []netInterface
	pending    int64 // bytes of the block given last, not yet taken
	lastNS     int64
	described  int // interfaces, of all sections
	sections   int
}

type netInterface struct {
	link    frame.LinkType
	snapLen uint32
	perS    uint64 // units of time in a second
	offsetS int64
}

func (r *pcapngReader) next(f *frame.Frame) error {
	for {
		if err := r.feed.skip(&r.pending); err != nil {
			return err
		}
		h, err := r.feed.peek(12) // the shortest block
		if err != nil {
			return err
		}
		if binary.LittleEndian.Uint32(h) == blockSection { // the same in both byte orders
			if r.order, err = byteOrder(h[8:]); err != nil {
				return err
			}
			r.interfaces = r.interfaces[:0]
			r.sections++
		}
		length := r.order.Uint32(h[4:])
		if length < 12 || length%4 != 0 {
			return fmt.Errorf("a block's length is given as %d: the file is damaged", length)
		}
		switch typ := r.order.Uint32(h); typ {
		case blockInterface:
			if length > headroom {
				return fmt.Errorf("the description of an interface is %d bytes long: the file is damaged", length)
			}
			b, err := r.feed.peek(int(length))
			if err != nil {
				return err
			}
			if err := r.addInterface(b[8 : length-4]); err != nil {
				return err
			}
		case blockPacket, blockPacketSimple, blockPacketObsolete:
			if err := r.packet(f, typ, length); err != nil {
				return err
			}
			r.pending = int64(length)
			return nil
		}
		r.pending = int64(length)
	}
}

func (r *pcapngReader) words() string {
	text := "pcapng capture"
	if r.order == binary.BigEndian {
		text += ", big-endian"
	}
	if r.sections > 1 {
		text += ", " + strconv.Itoa(r.sections) + " sections"
	}
	if r.described > 1 {
		text += ", " + strconv.Itoa(r.described) + " interfaces"
	}
	return text
}

func byteOrder(b []byte) (binary.ByteOrder, error) {
	switch binary.LittleEndian.Uint32(b) {
	case 0x1A2B3C4D:
		return binary.LittleEndian, nil
	case 0x4D3C2B1A:
		return binary.BigEndian, nil
	}
	return nil, errNoCapture
}

// addInterface reads an interface description, without the block's header and trailer.
func (r *pcapngReader) addInterface(b []byte) error {
	if len(b) < 8 {
		return errors.New("the description of an interface is too short: the file is damaged")
	}
	i := netInterface{link: frame.LinkType(r.order.Uint16(b)), snapLen: r.order.Uint32(b[4:]), perS: 1e6}
	for b = b[8:]; len(b) >= 4; {
		code, length := r.order.Uint16(b), int(r.order.Uint16(b[2:]))
		padded := (length + 3) &^ 3
		if code == optionEnd || 4+padded > len(b) {
			break
		}
		value := b[4 : 4+length]
		switch {
		case code == optionResolution && length == 1:
			i.perS = unitsPerSecond(value[0])
		case code == optionOffset && length == 8:
			i.offsetS = int64(r.order.Uint64(value))
		}
		b = b[4+padded:]
	}
	r.interfaces = append(r.interfaces, i)
	r.described++
	return nil
}

// unitsPerSecond decodes if_tsresol: a negative power of ten, or of two if the top bit is set. 0 stands for a unit that is too
// small for 64 bits.
func unitsPerSecond(resolution byte) uint64 {
	exponent := resolution & 0x7f
	if resolution&0x80 != 0 {
		if exponent > 63 {
			return 0
		}
		return 1 << exponent
	}
	if exponent > 19 {
		return 0
	}
	n := uint64(1)
	for range exponent {
		n *= 10
	}
	return n
}

// packet reads a packet block of length bytes that begins at the feed's next byte.
func (r *pcapngReader) packet(f *frame.Frame, typ, length uint32) error {
	const simpleHeader, fullHeader = 12, 28
	header := fullHeader
	if typ == blockPacketSimple {
		header = simpleHeader
	}
	if int64(length) < int64(header)+4 {
		return errors.New("its block is too short: the file is damaged")
	}
	b, err := r.feed.peek(header)
	if err != nil {
		return err
	}
	id, captured := uint32(0), uint32(0)
	switch typ {
	case blockPacketSimple:
		f.Len = r.order.Uint32(b[8:])
		captured = min(f.Len, length-uint32(header)-4)
	default:
		id = r.order.Uint32(b[8:])
		if typ == blockPacketObsolete {
			id = uint32(r.order.Uint16(b[8:]))
		}
		captured, f.Len = r.order.Uint32(b[20:]), r.order.Uint32(b[24:])
	}
	if id >= uint32(len(r.interfaces)) {
		return fmt.Errorf("it names interface %d, but only %d are described: the file is damaged", id, len(r.interfaces))
	}
	in := &r.interfaces[id]
	if typ == blockPacketSimple {
		if in.snapLen > 0 {
			captured = min(captured, in.snapLen)
		}
	} else {
		r.lastNS = in.unixNS(uint64(r.order.Uint32(b[12:]))<<32 | uint64(r.order.Uint32(b[16:])))
	}
	if captured > MaxPacket || captured > length-uint32(header)-4 {
		return fmt.Errorf("its length is given as %d bytes, more than it can have: the file is damaged", captured)
	}
	if b, err = r.feed.peek(header + int(captured)); err != nil {
		return err
	}
	f.TimeNS = r.lastNS // a simple packet block has no time: the packet before it is the best known
	f.Link = in.link
	f.Data = b[header:]
	return nil
}

// unixNS converts a time in the interface's units, without losing precision on the way.
func (i *netInterface) unixNS(t uint64) int64 {
	if i.perS == 0 {
		return 0
	}
	s, part := t/i.perS, t%i.perS
	if s > math.MaxInt64/1_000_000_000 {
		return 0
	}
	hi, lo := bits.Mul64(part, 1e9)
	ns, _ := bits.Div64(hi, lo, i.perS)
	return max(0, (int64(s)+i.offsetS)*1e9+int64(ns)) // before 1970 there are no captures, only broken clocks
}
