package stats

import (
	"encoding/binary"
	"errors"
	"unsafe"

	"tracelens/shared/report"
)

// A Partial is everything that the figures need of some packets: the answer of one store to one query. Partials of the same query
// add up (Totals.Add), in any order; counting is integer arithmetic, so the sum is the same however the packets were divided.
//
// Conversations and other ports are counted by numbers, which mean something only together with the store's dictionaries.
type Partial struct {
	Packets, Bytes  int64
	FirstNS, LastNS int64        // valid if Packets > 0
	WidthS          int64        // of Bins: 1 or 60
	Bins            []report.Bin // ascending, only those with packets
	Lengths         [][2]int64   // [length, packets], ascending
	Conversations   Counts       // by dict.Conversations
	OtherPorts      Counts       // a packet's port that is not its conversation's: its number is port, + UDPPorts for UDP
}

// UDPPorts is added to the number of a UDP port.
const UDPPorts = 1 << 16

// AppendBinary writes p as bytes for DecodePartial: fixed widths, little-endian, since the other end is on the same machine and
// reading should cost nothing. What is of eight bytes comes first, so that it lies as it must in memory.
func (p *Partial) AppendBinary(b []byte) []byte {
	convs, ports := &p.Conversations, &p.OtherPorts
	for _, v := range []int64{p.Packets, p.Bytes, p.FirstNS, p.LastNS, p.WidthS, int64(len(p.Bins)), int64(len(p.Lengths)),
		int64(len(convs.Blocks)), int64(len(convs.Large)), int64(len(ports.Blocks)), int64(len(ports.Large))} {
		b = binary.LittleEndian.AppendUint64(b, uint64(v))
	}
	for _, v := range p.Bins {
		b = binary.LittleEndian.AppendUint64(b, uint64(v.Start))
		b = binary.LittleEndian.AppendUint64(b, uint64(v.Bytes))
		b = binary.LittleEndian.AppendUint64(b, uint64(v.Packets))
	}
	for _, v := range p.Lengths {
		b = binary.LittleEndian.AppendUint64(b, uint64(v[0]))
		b = binary.LittleEndian.AppendUint64(b, uint64(v[1]))
	}
	for _, c := range []*Counts{convs, ports} {
		b = append(append(b, bytesOf(c.Words)...), bytesOf(c.Large)...)
	}
	return append(append(b, bytesOf(convs.Blocks)...), bytesOf(ports.Blocks)...)
}

// ErrPartial is returned for bytes that are no partial.
var ErrPartial = errors.New("a worker's answer cannot be read: the page and its workers are of different versions; reload the page")

// DecodePartial reads what AppendBinary wrote. The partial keeps b.
func DecodePartial(b []byte) (*Partial, error) {
	const head = 11
	if len(b) < 8*head {
		return nil, ErrPartial
	}
	if uintptr(unsafe.Pointer(unsafe.SliceData(b)))%8 != 0 {
		b = append(make([]byte, 0, len(b)+8), b...)
	}
	next := func() int64 {
		v := int64(binary.LittleEndian.Uint64(b))
		b = b[8:]
		return v
	}
	p := &Partial{Packets: next(), Bytes: next(), FirstNS: next(), LastNS: next(), WidthS: next()}
	var n [6]int64
	for i := range n {
		if n[i] = next(); n[i] < 0 || n[i] > int64(len(b)) {
			return nil, ErrPartial
		}
	}
	if int64(len(b)) != 24*n[0]+16*(n[1]+n[3]+n[5])+(8*BlockSize+4)*(n[2]+n[4]) {
		return nil, ErrPartial
	}
	p.Bins = make([]report.Bin, n[0])
	for i := range p.Bins {
		p.Bins[i] = report.Bin{Start: next(), Bytes: next(), Packets: next()}
	}
	p.Lengths = make([][2]int64, n[1])
	for i := range p.Lengths {
		p.Lengths[i] = [2]int64{next(), next()}
	}
	convs, ports := &p.Conversations, &p.OtherPorts
	convs.Words, b = listOf[uint64](b, BlockSize*n[2])
	convs.Large, b = listOf[Count](b, n[3])
	ports.Words, b = listOf[uint64](b, BlockSize*n[4])
	ports.Large, b = listOf[Count](b, n[5])
	convs.Blocks, b = listOf[uint32](b, n[2])
	ports.Blocks, _ = listOf[uint32](b, n[4])
	return p, nil
}
