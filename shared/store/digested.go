package store

import (
	"unsafe"

	"tracelens/shared/trace"
)

// maxOddShare is one in how many packets of a bundle may be odd, if its digest is to be used: each has to be found.
const maxOddShare = 64

// knows reports whether the digests of b say what p chooses of it, in bins of widthS, which are no narrower than its own.
func (p *predicate) knows(b *bundle, widthS int64) bool {
	if p.asked[forCauses] { // a digest is of conversations, and of a conversation's packets one may have another cause than the next
		return false
	}
	if !p.anyLen {
		return p.anyFlow && b.lengthDigest != nil && widthS == 60
	}
	return b.digest != nil && p.mayBeOdd(b) <= b.rows/maxOddShare
}

// addChosen counts the packets of b that p chooses, if it knows that. Its segments have the flows, for the ports.
func (c *counters) addChosen(b *bundle, segments []*segment, widthS int64, p *predicate) {
	if !p.anyLen {
		c.addLengths(b, segments, p)
	} else {
		c.addDigest(b, segments, widthS, p)
	}
}

// addDigest counts the packets of b that p chooses by flow.
func (c *counters) addDigest(b *bundle, segments []*segment, widthS int64, p *predicate) {
	d, chosen, mayBeOdd := b.digest, 0, p.mayBeOdd(b) > 0
	for i, number := range b.convs.numbers {
		ok := p.accept[p.rows[number]]
		p.flows[i] = ok
		chosen += int(ok)
	}
	switch {
	case mayBeOdd:
	case chosen == 0:
		return
	case chosen == len(b.convs.numbers):
		c.addBundle(b, widthS)
		return
	}
	c.room(b.rows)
	if chosen > 0 {
		for i, number := range b.convs.numbers {
			c.convs[number] += b.convs.words[i] & -uint64(p.flows[i])
		}
		d.countLengths(&c.lengths, &p.flows)
		d.countBins(&c.flows, &p.flows)
		for _, s := range segments {
			c.spreadPorts(s.flows, s.sum.flows, p)
		}
	}
	if mayBeOdd {
		c.addOdd(b, segments, p)
	}
	for i, ok := range p.flows[:len(b.convs.numbers)] {
		if ok != 0 {
			c.see(d.firstNS[i], d.lastNS[i])
		}
	}
	for i, v := range b.bins {
		if w := c.flows[i]; w != 0 {
			c.addBin(trace.Floor(v.Start, widthS), int64(w&byteBits), int64(w>>40))
			c.flows[i] = 0
		}
	}
}

// countLengths counts the packets of the conversations that are ok, by length. Four at a time and without a branch, for the reasons in
// count.go.
func (d *digest) countLengths(to *[1 << 16]uint32, ok *[1 << 16]uint8) {
	list := d.lengths
	for len(list) >= 4 {
		v := (*[4]lengthSum)(list)
		to[v[0].length] += uint32(v[0].packets) & -uint32(ok[v[0].of])
		to[v[1].length] += uint32(v[1].packets) & -uint32(ok[v[1].of])
		to[v[2].length] += uint32(v[2].packets) & -uint32(ok[v[2].of])
		to[v[3].length] += uint32(v[3].packets) & -uint32(ok[v[3].of])
		list = list[4:]
	}
	for i := range list {
		to[list[i].length] += uint32(list[i].packets) & -uint32(ok[list[i].of])
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
	ports, look := unsafe.Pointer(&c.ports), p.look()
	for ; n >= 4; n -= 4 {
		addPort(ports, (*flow)(f), *(*uint64)(w)&-uint64(look.ofConv((*flow)(f))))
		f, w = unsafe.Add(f, flowBytes), unsafe.Add(w, 8)
		addPort(ports, (*flow)(f), *(*uint64)(w)&-uint64(look.ofConv((*flow)(f))))
		f, w = unsafe.Add(f, flowBytes), unsafe.Add(w, 8)
		addPort(ports, (*flow)(f), *(*uint64)(w)&-uint64(look.ofConv((*flow)(f))))
		f, w = unsafe.Add(f, flowBytes), unsafe.Add(w, 8)
		addPort(ports, (*flow)(f), *(*uint64)(w)&-uint64(look.ofConv((*flow)(f))))
		f, w = unsafe.Add(f, flowBytes), unsafe.Add(w, 8)
	}
	for i := len(flows) - n; i < len(flows); i++ {
		addPort(ports, &flows[i], words[i]&-uint64(look.ofConv(&flows[i])))
	}
}

func addPort(ports unsafe.Pointer, f *flow, v uint64) {
	*(*uint64)(unsafe.Add(ports, uint(f.conv&3)<<19|uint(f.port)<<3)) += v
}
