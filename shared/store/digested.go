package store

import (
	"sort"
	"unsafe"

	"tracelens/shared/trace"
)

// byConversation reports whether all packets of each conversation of b are chosen, or none: no filter is on lengths, and none of those on
// ports is on one that is some conversation's other port.
func (p *predicate) byConversation(b *bundle) bool {
	if b.digest == nil || len(p.perLen) > 0 {
		return false
	}
	numbers := b.ports.numbers
	for _, at := range p.portsAt {
		if i := sort.Search(len(numbers), func(i int) bool { return numbers[i] >= at }); i < len(numbers) && numbers[i] == at {
			return false
		}
	}
	return true
}

// addDigest counts the packets of b that p chooses by conversation. Its segments have the flows, for the ports.
func (c *counters) addDigest(b *bundle, segments []*segment, widthS int64, p *predicate) {
	d, chosen := b.digest, 0
	for i, number := range b.convs.numbers {
		ok := uint8(boolInt(p.convs[number] == p.want))
		p.flows[i] = ok
		chosen += int(ok)
	}
	switch chosen {
	case 0:
		return
	case len(b.convs.numbers):
		c.addBundle(b, widthS)
		return
	}
	c.room(b.rows)
	for i, number := range b.convs.numbers {
		if p.flows[i] != 0 {
			c.convs[number] += b.convs.words[i]
			c.see(d.firstNS[i], d.lastNS[i])
		}
	}
	d.countLengths(&c.lengths, &p.flows)
	d.countBins(&c.flows, &p.flows)
	for i, v := range b.bins {
		if w := c.flows[i]; w != 0 {
			c.addBin(trace.Floor(v.Start, widthS), int64(w&byteBits), int64(w>>40))
			c.flows[i] = 0
		}
	}
	for _, s := range segments {
		c.spreadPorts(s.flows, s.sum.flows, p)
	}
}

// countLengths counts the packets of the conversations that are ok, by length. Four at a time and without a branch, for the reasons in
// count.go.
func (d *digest) countLengths(to *[1 << 16]uint32, ok *[1 << 16]uint8) {
	list := d.lengths
	for len(list) >= 4 {
		v := (*[4]lengthSum)(list)
		to[v[0].length] += uint32(v[0].packets) & -uint32(ok[v[0].conv])
		to[v[1].length] += uint32(v[1].packets) & -uint32(ok[v[1].conv])
		to[v[2].length] += uint32(v[2].packets) & -uint32(ok[v[2].conv])
		to[v[3].length] += uint32(v[3].packets) & -uint32(ok[v[3].conv])
		list = list[4:]
	}
	for i := range list {
		to[list[i].length] += uint32(list[i].packets) & -uint32(ok[list[i].conv])
	}
}

// countBins is countLengths for words by bin.
func (d *digest) countBins(to *[1 << 16]uint64, ok *[1 << 16]uint8) {
	list := d.bins
	for len(list) >= 4 {
		v := (*[4]binSum)(list)
		to[v[0].bin] += v[0].word() & -uint64(ok[v[0].conv])
		to[v[1].bin] += v[1].word() & -uint64(ok[v[1].conv])
		to[v[2].bin] += v[2].word() & -uint64(ok[v[2].conv])
		to[v[3].bin] += v[3].word() & -uint64(ok[v[3].conv])
		list = list[4:]
	}
	for i := range list {
		to[list[i].bin] += list[i].word() & -uint64(ok[list[i].conv])
	}
}

func (v *binSum) word() uint64 {
	return uint64(v.packets)<<40 | uint64(v.bytesHigh)<<16 | uint64(v.bytesLow)
}

// spreadPorts is spread for ports alone, of the flows whose conversations p chooses.
func (c *counters) spreadPorts(flows []flow, words []uint64, p *predicate) {
	n := len(flows)
	if n == 0 {
		return
	}
	_ = words[n-1]
	f, w := unsafe.Pointer(unsafe.SliceData(flows)), unsafe.Pointer(unsafe.SliceData(words))
	convs, ports, none, want := unsafe.Pointer(unsafe.SliceData(p.convs)), unsafe.Pointer(&c.ports), unsafe.Pointer(&noPorts), uint32(p.want)
	for ; n >= 4; n -= 4 {
		addPort(ports, (*flow)(f), *(*uint64)(w)&-uint64(isWanted(convs, none, (*flow)(f), want)))
		f, w = unsafe.Add(f, flowBytes), unsafe.Add(w, 8)
		addPort(ports, (*flow)(f), *(*uint64)(w)&-uint64(isWanted(convs, none, (*flow)(f), want)))
		f, w = unsafe.Add(f, flowBytes), unsafe.Add(w, 8)
		addPort(ports, (*flow)(f), *(*uint64)(w)&-uint64(isWanted(convs, none, (*flow)(f), want)))
		f, w = unsafe.Add(f, flowBytes), unsafe.Add(w, 8)
		addPort(ports, (*flow)(f), *(*uint64)(w)&-uint64(isWanted(convs, none, (*flow)(f), want)))
		f, w = unsafe.Add(f, flowBytes), unsafe.Add(w, 8)
	}
	for i := len(flows) - n; i < len(flows); i++ {
		addPort(ports, &flows[i], words[i]&-uint64(isWanted(convs, none, &flows[i], want)))
	}
}

func addPort(ports unsafe.Pointer, f *flow, v uint64) {
	*(*uint64)(unsafe.Add(ports, uint(f.conv&3)<<19|uint(f.port)<<3)) += v
}
