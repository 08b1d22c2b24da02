package decode

import (
	"net/netip"
)

// A Segment is what a packet carries in its last TCP or UDP header, for those who look for names in it. Its addresses are those of the IP header
// right outside, which in a tunnel are not the row's.
type Segment struct {
	TCP      bool // else UDP
	Src, Dst netip.AddrPort
	Seq      uint32 // of TCP: the number of the first byte of Data
	Data     []byte // as much as was captured; valid until the next packet
	Cut      int    // bytes of it that were sent and not captured
}

// Watch has Decode note the payloads of TCP and UDP, or not; it does not by default, which is a little faster.
func (d *Decoder) Watch(on bool) { d.watching = on }

// Segment is the payload of the packet that was decoded last. ok is false if there is none, or nobody watches.
func (d *Decoder) Segment() (s *Segment, ok bool) { return &d.segment, d.found }

// inside4 and inside6 note an IP header: its addresses, and how many bytes it says to have that were not captured.
func (d *Decoder) inside4(b []byte, total int) {
	d.src, d.dst = netip.AddrFrom4([4]byte(b[12:16])), netip.AddrFrom4([4]byte(b[16:20]))
	d.cut = max(0, total-len(b))
}

func (d *Decoder) inside6(b []byte, length int) {
	d.src, d.dst = netip.AddrFrom16([16]byte(b[8:24])), netip.AddrFrom16([16]byte(b[24:40]))
	d.cut = max(0, length-(len(b)-40))
}

// carries notes the payload of a TCP or UDP header.
func (d *Decoder) carries(tcp bool, src, dst uint16, seq uint32, payload []byte) {
	if len(payload) == 0 {
		return
	}
	d.found = true
	d.segment = Segment{TCP: tcp, Src: netip.AddrPortFrom(d.src, src), Dst: netip.AddrPortFrom(d.dst, dst), Seq: seq, Data: payload, Cut: d.cut}
}

// carriesTCP is carries for a TCP header.
func (d *Decoder) carriesTCP(b []byte) {
	if len(b) < 20 {
		return
	}
	size := int(b[12]>>4) * 4
	if size < 20 || size > len(b) {
		return
	}
	const syn = 2
	seq := be.Uint32(b[4:])
	if b[13]&syn != 0 {
		seq++ // it takes a number itself
	}
	d.carries(true, be.Uint16(b), be.Uint16(b[2:]), seq, b[size:])
}
