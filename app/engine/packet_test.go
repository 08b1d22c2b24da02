package engine

import (
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"testing"

	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
)

// TestPackets: what a counter writes of packets becomes the same lines again, with a cell for each column and the protocol that the
// figures count.
func TestPackets(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	var sent []trace.Packet
	var times, lines []byte
	for range 500 {
		p := trace.Packet{TimeNS: r.Int64N(1e18) - 1e17, Len: r.Uint32N(70_000), Has: trace.Time.Bit() | trace.Len.Bit()}
		switch r.IntN(4) {
		case 0:
			p.Has |= trace.IPv6Src.Bit() | trace.IPv6Dst.Bit()
			p.IPv6SrcAddr, p.IPv6DstAddr = [16]byte{0x20, 1, 15: byte(r.IntN(9))}, [16]byte{10: 255, 11: 255, 15: 1}
		case 1:
		default:
			p.Has |= trace.IPSrc.Bit() | trace.IPDst.Bit()
			p.IPv4SrcAddr, p.IPv4DstAddr = r.Uint32(), r.Uint32()
		}
		for _, c := range []trace.Column{trace.TCPSrcPort, trace.TCPDstPort, trace.UDPSrcPort, trace.UDPDstPort} {
			if r.IntN(3) == 0 {
				p.SetPort(c, uint16(r.Uint32()))
			}
		}
		sent = append(sent, p)
		times = binary.LittleEndian.AppendUint64(times, uint64(p.TimeNS))
		lines = tracecsv.AppendRow(lines, trace.Floor(p.TimeNS, trace.Hour)/trace.Second, &p)
	}
	got := packets(times, lines, nil)
	want := strings.Split(strings.TrimSuffix(string(lines), "\n"), "\n")
	if len(got) != len(sent) {
		t.Fatalf("%d packets, want %d", len(got), len(sent))
	}
	seen := map[trace.Protocol]int{}
	for i := range got {
		p, cells := &got[i], strings.Split(want[i], ",")
		if p.TimeNS != sent[i].TimeNS || p.Line() != want[i] || len(cells) != trace.Columns {
			t.Fatalf("packet %d is %+v, want %s at %d", i, *p, want[i], sent[i].TimeNS)
		}
		for c, cell := range cells {
			if p.Cells[c] != cell {
				t.Errorf("packet %d has the %s %q, want %q", i, trace.Names[c], p.Cells[c], cell)
			}
		}
		_, _, ports := sent[i].Ports()
		protocol := trace.ProtocolOf(ports, sent[i].Source().IsValid() || sent[i].Destination().IsValid())
		if seen[protocol]++; p.Protocol() != protocol {
			t.Errorf("packet %d, %s, is %v, want %v", i, want[i], p.Protocol(), protocol)
		}
	}
	if len(seen) != trace.Protocols {
		t.Errorf("only these protocols: %v", seen)
	}
}
