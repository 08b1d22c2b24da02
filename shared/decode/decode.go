// Package decode turns the bytes of a packet into a row, in place and without allocating.
//
// It follows headers as tshark does, through tags, tunnels and the packets that ICMP errors quote, and keeps the first
// occurrence of every column: the outermost addresses, and the first ports wherever they are.
//
// Differences from tshark that are decisions, with their share of the 30 527 rows of 179 captures that were compared field by field
// (TestSameRowsAsTshark -captures; 99.95 % are the same):
//
//   - ports of a datagram in fragments (14 rows, 0.05 %): tshark reassembles it, and shows the ports on the fragment that completes it. Here
//     they are on the first fragment, which has them: what a row says never depends on other packets, which may be lost.
//   - times that are not (1 row): a capture says 1 882 137 472 nanoseconds after a second, which tshark writes so; here the second is carried.
//
// The layers run in gopacket's DecodingLayerParser. They are our own, not gopacket's: those want a header whole, where tshark
// shows what the capture kept of it, and they allocate for options and errors, which live capture cannot afford.
package decode

import (
	"net/netip"

	"github.com/google/gopacket"

	"tracelens/shared/frame"
	"tracelens/shared/trace"
)

// A Decoder decodes one packet after the other; it belongs to one goroutine.
type Decoder struct {
	// Panics counts the packets on which a layer failed in a way that it should not have. Their rows hold what was found
	// before, at least time and length.
	Panics int64

	row     *trace.Packet
	parsers map[gopacket.LayerType]*gopacket.DecodingLayerParser // by the layer that they begin with
	link    frame.LinkType                                       // of first
	first   header                                               // nil if the link type is not known
	decoded []gopacket.LayerType
	depth   int

	watching bool // for payloads
	found    bool // segment is of this packet
	segment  Segment
	src, dst netip.Addr // of the innermost IP header
	cut      int        // bytes that it says to have, beyond what was captured
}

// maxLayers bounds the work on a packet made of nothing but nested tunnels.
const maxLayers = 64

// New makes a Decoder for every known link type.
func New() *Decoder {
	d := &Decoder{parsers: make(map[gopacket.LayerType]*gopacket.DecodingLayerParser), decoded: make([]gopacket.LayerType, 0, maxLayers)}
	var all gopacket.DecodingLayerContainer = gopacket.DecodingLayerArray(nil)
	for typ, header := range headers {
		all = all.Put(&layer{d: d, typ: typ, header: header})
	}
	for typ := range headers {
		p := gopacket.NewDecodingLayerParser(typ)
		p.SetDecodingLayerContainer(all)
		p.IgnoreUnsupported = true
		d.parsers[typ] = p
	}
	d.first = headers[firstLayer[d.link]]
	return d
}

// Knows reports whether packets of a link type are understood. Of others only time and length are known.
func Knows(link frame.LinkType) bool { return firstLayer[link] != 0 }

// Decode fills row with what f holds. It always sets time and length, however damaged the rest is.
func (d *Decoder) Decode(row *trace.Packet, f *frame.Frame) {
	row.TimeNS, row.Len, row.Has, d.found = f.TimeNS, f.Len, trace.Len.Bit(), false
	if f.Link != d.link {
		d.link, d.first = f.Link, headers[firstLayer[f.Link]]
	}
	if d.first == nil || len(f.Data) == 0 {
		return
	}
	d.row, d.depth = row, 1
	// The first header is read without the parser: those that nearly all packets have are read with it, and nothing is left to do.
	next, payload := d.begin(f.Data) // stop has no parser
	parser := d.parsers[next]
	if parser == nil || len(payload) == 0 {
		return
	}
	if err := parser.DecodeLayers(payload, &d.decoded); err != nil && err != errStop {
		d.Panics++ // our layers return no other error, so this is a panic that the parser caught
	}
}

func (d *Decoder) begin(b []byte) (next gopacket.LayerType, payload []byte) {
	defer func() {
		if recover() != nil {
			d.Panics++
			next = stop
		}
	}()
	return d.first(d, b)
}

// A layer is one protocol's header as gopacket's parser wants it.
type layer struct {
	d       *Decoder
	typ     gopacket.LayerType
	header  header
	next    gopacket.LayerType
	payload []byte
}

// A header reads one protocol's header at the beginning of b and tells what follows it, and where. It returns stop when nothing
// is to be followed. b is never empty, may end anywhere, and is where the layer outside says that this one ends.
type header func(d *Decoder, b []byte) (next gopacket.LayerType, payload []byte)

// stop is a layer type that no layer decodes.
const stop gopacket.LayerType = 0

func (l *layer) DecodeFromBytes(b []byte, _ gopacket.DecodeFeedback) error {
	if l.d.depth++; l.d.depth > maxLayers {
		return errStop
	}
	l.next, l.payload = l.header(l.d, b)
	return nil
}

func (l *layer) CanDecode() gopacket.LayerClass    { return l.typ }
func (l *layer) NextLayerType() gopacket.LayerType { return l.next }
func (l *layer) LayerPayload() []byte              { return l.payload }

type stopError struct{}

func (stopError) Error() string { return "decode: nested too deep" }

var errStop error = stopError{}
