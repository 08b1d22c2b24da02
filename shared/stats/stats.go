// Package stats counts packets: a Partial is everything that the figures need, from any part of the input. Partials merge, and
// since counting is integer arithmetic the figures are the same however the input was cut, in whatever order it came.
//
// Add and MergeWith are the only ways in, Report the only way out; the figures themselves (quartiles, histogram, density) are
// derived from exact counts of each length in package figures.
package stats

import "tracelens/shared/trace"

// A Partial holds the counts of some packets. The zero value is not ready: use New.
type Partial struct {
	packets, bytes  int64
	firstNS, lastNS int64 // valid if packets > 0
	times           series
	lengths         lengths
	hosts           hosts
	ports           ports
	protocols       [protocols]volume
	covered         map[int64]bool // hours, unix seconds, for which there is a file
	input           []InputFile
	relative        bool
}

// volume is an amount of traffic.
type volume struct{ bytes, packets int64 }

func (v *volume) add(o volume) { v.bytes += o.bytes; v.packets += o.packets }

// New is a Partial without packets.
func New() *Partial {
	return &Partial{times: newSeries(), lengths: newLengths(), hosts: newHosts(), covered: map[int64]bool{}}
}

// Add counts packets. It keeps nothing of the slice and does not allocate for addresses, lengths and minutes seen before.
func (p *Partial) Add(packets []trace.Packet) {
	if len(packets) == 0 {
		return
	}
	if p.packets == 0 {
		p.firstNS, p.lastNS = packets[0].TimeNS, packets[0].TimeNS
	}
	p.packets += int64(len(packets))
	for i := range packets {
		k := &packets[i]
		v := volume{packets: 1}
		if k.Has.Has(trace.Len) {
			v.bytes = int64(k.Len)
		}
		p.bytes += v.bytes
		p.firstNS, p.lastNS = min(p.firstNS, k.TimeNS), max(p.lastNS, k.TimeNS)
		p.times.add(k.TimeNS, v.bytes)
		p.lengths.add(uint32(v.bytes), 1)
		p.hosts.add(k, v)
		p.ports.add(k, v)
		p.protocols[protocolOf(k)].add(v)
	}
}

// MergeWith adds what o counted. o is unchanged.
func (p *Partial) MergeWith(o *Partial) {
	if o.packets > 0 {
		if p.packets == 0 {
			p.firstNS, p.lastNS = o.firstNS, o.lastNS
		}
		p.firstNS, p.lastNS = min(p.firstNS, o.firstNS), max(p.lastNS, o.lastNS)
	}
	p.packets += o.packets
	p.bytes += o.bytes
	p.times.merge(&o.times)
	p.lengths.merge(&o.lengths)
	p.hosts.merge(&o.hosts)
	p.ports.merge(&o.ports)
	for i := range p.protocols {
		p.protocols[i].add(o.protocols[i])
	}
	for h := range o.covered {
		p.covered[h] = true
	}
	p.input = append(p.input, o.input...)
	p.relative = p.relative || o.relative
}

// Packets is the number of packets counted so far.
func (p *Partial) Packets() int64 { return p.packets }

// protocol is what the columns of an hour file tell of a packet's protocol.
type protocol uint8

const (
	tcp protocol = iota
	udp
	tcpAndUDP // a tunnel: the outer packet is one, the inner the other
	otherIP
	notIP
	protocols int = iota
)

var protocolNames = [protocols]string{"tcp", "udp", "tcp+udp", "other ip", "not ip"}

const (
	tcpBits     = 1<<trace.TCPSrcPort | 1<<trace.TCPDstPort
	udpBits     = 1<<trace.UDPSrcPort | 1<<trace.UDPDstPort
	addressBits = 1<<trace.IPSrc | 1<<trace.IPDst | 1<<trace.IPv6Src | 1<<trace.IPv6Dst
)

func protocolOf(k *trace.Packet) protocol {
	switch isTCP, isUDP := k.Has&tcpBits != 0, k.Has&udpBits != 0; {
	case isTCP && isUDP:
		return tcpAndUDP
	case isTCP:
		return tcp
	case isUDP:
		return udp
	case k.Has&addressBits != 0:
		return otherIP
	}
	return notIP
}
