package tracecsv

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"tracelens/shared/trace"
)

// TestRowWriter: whatever was written before, a row is AppendRow's.
func TestRowWriter(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	var w RowWriter
	var texts RowTexts
	var got, want []byte
	ns := int64(0)
	for range 200_000 {
		two := trace.UDPSrcPort.Bit() | trace.UDPDstPort.Bit() | trace.IPv6Src.Bit() | trace.IPv6Dst.Bit() // of either kind, one pair
		if r.IntN(2) == 0 {
			two ^= trace.UDPSrcPort.Bit() | trace.UDPDstPort.Bit() | trace.TCPSrcPort.Bit() | trace.TCPDstPort.Bit()
		}
		if r.IntN(2) == 0 {
			two ^= trace.IPv6Src.Bit() | trace.IPv6Dst.Bit() | trace.IPSrc.Bit() | trace.IPDst.Bit()
		}
		p := trace.Packet{
			TCPSrc: uint16(r.Uint32()), TCPDst: uint16(r.IntN(100)), UDPSrc: uint16(r.Uint32()), UDPDst: uint16(r.IntN(1000)),
			IPv4SrcAddr: r.Uint32(), IPv4DstAddr: r.Uint32N(256), Has: trace.Fields(r.Uint32N(1<<trace.Columns))&^two | trace.Len.Bit(),
		}
		for i := range p.IPv6SrcAddr {
			p.IPv6SrcAddr[i], p.IPv6DstAddr[i] = byte(r.Uint32()), byte(r.IntN(2))
		}
		switch r.IntN(20) {
		case 0:
			ns = -r.Int64N(5 * trace.Second)
		case 1:
			ns = r.Int64N(trace.MaxSecond) * trace.Second
		case 2:
			ns = int64(mostSeconds)*trace.Second - 2 + r.Int64N(4)
		case 3:
			ns = r.Int64N(trace.Hour)
		default:
			ns += r.Int64N(trace.Second / 2)
		}
		p.TimeNS, p.Len = ns, r.Uint32N([]uint32{10, 100, 1515, usualLen + 2, trace.LongLen}[r.IntN(5)])
		from := len(got)
		if r.IntN(1000) == 0 {
			texts.Reset()
		}
		texts.Add(&p)
		got = w.Append(got, ns, uint16(p.Len), &texts, texts.Len()-1)
		if want = AppendRow(want[:0], 0, &p); !bytes.Equal(got[from:], want) {
			t.Fatalf("%q, want %q", got[from:], want)
		}
		if len(got) > 1<<20 {
			got = got[:0]
		}
	}
}

func TestMaxRow(t *testing.T) {
	p := trace.Packet{
		TimeNS: -trace.MaxSecond*trace.Second + 1, Len: 1<<32 - 1, Has: 1<<trace.Columns - 1, TCPSrc: 65535, TCPDst: 65535, UDPSrc: 65535, UDPDst: 65535,
		IPv4SrcAddr: 1<<32 - 1, IPv4DstAddr: 1<<32 - 1,
	}
	for i := range p.IPv6SrcAddr {
		p.IPv6SrcAddr[i], p.IPv6DstAddr[i] = 0xff, 0xff
	}
	if row := AppendRow(nil, 0, &p); len(row) > MaxRow {
		t.Errorf("%d bytes: %q", len(row), row)
	}
}
