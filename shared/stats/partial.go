package stats

import (
	"encoding/binary"
	"errors"

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
	Conversations   []Count      // by dict.Conversations
	OtherPorts      []Count      // a packet's port that is not its conversation's: Number is port, + UDPPorts for UDP
}

// A Count is the traffic of something that has a number.
type Count struct {
	Number  uint32
	Packets uint32
	Bytes   int64
}

// UDPPorts is added to the number of a UDP port.
const UDPPorts = 1 << 16

// AppendBinary writes p as bytes for DecodePartial: fixed widths, little-endian, since the other end is on the same machine and
// reading should cost nothing.
func (p *Partial) AppendBinary(b []byte) []byte {
	for _, v := range []int64{p.Packets, p.Bytes, p.FirstNS, p.LastNS, p.WidthS, int64(len(p.Bins)), int64(len(p.Lengths)), int64(len(p.Conversations)), int64(len(p.OtherPorts))} {
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
	for _, list := range [][]Count{p.Conversations, p.OtherPorts} {
		for _, v := range list {
			b = binary.LittleEndian.AppendUint64(b, uint64(v.Number)|uint64(v.Packets)<<32)
			b = binary.LittleEndian.AppendUint64(b, uint64(v.Bytes))
		}
	}
	return b
}

// ErrPartial is returned for bytes that are no partial.
var ErrPartial = errors.New("a worker's answer cannot be read: the page and its workers are of different versions; reload the page")

// DecodePartial reads what AppendBinary wrote.
func DecodePartial(b []byte) (*Partial, error) {
	const head = 9
	if len(b) < 8*head {
		return nil, ErrPartial
	}
	next := func() int64 {
		v := int64(binary.LittleEndian.Uint64(b))
		b = b[8:]
		return v
	}
	p := &Partial{Packets: next(), Bytes: next(), FirstNS: next(), LastNS: next(), WidthS: next()}
	var n [4]int64
	for i := range n {
		if n[i] = next(); n[i] < 0 || n[i] > int64(len(b)) {
			return nil, ErrPartial
		}
	}
	if int64(len(b)) != 24*n[0]+16*(n[1]+n[2]+n[3]) {
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
	p.Conversations, p.OtherPorts = make([]Count, n[2]), make([]Count, n[3])
	for _, list := range [][]Count{p.Conversations, p.OtherPorts} {
		for i := range list {
			v := uint64(next())
			list[i] = Count{uint32(v), uint32(v >> 32), next()}
		}
	}
	return p, nil
}
