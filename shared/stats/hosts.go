package stats

import (
	"net/netip"

	"tracelens/shared/trace"
)

// hosts counts by address. Every address gets a number at first sight; counters are slices by that number, pairs a table by two
// of them.
type hosts struct {
	v4     table // IPv4 address -> number
	v6     map[[16]byte]uint32
	lastV6 [2]struct { // the source and the destination before: traffic comes in runs
		addr [16]byte
		id   uint32
		ok   bool
	}
	addrs       []netip.Addr // by number
	source      []volume     // by number
	destination []volume
	pairs       table // source number << 32 | destination number -> index of pairVolume
	pairVolume  []volume
	unaddressed volume // rows that lack the source or the destination
}

func newHosts() hosts { return hosts{v6: map[[16]byte]uint32{}} }

func (h *hosts) add(k *trace.Packet, v volume) {
	var src, dst uint32
	var hasSrc, hasDst bool
	switch {
	case k.Has.Has(trace.IPSrc):
		src, hasSrc = h.id4(k.IPv4SrcAddr), true
	case k.Has.Has(trace.IPv6Src):
		src, hasSrc = h.id6(0, &k.IPv6SrcAddr), true
	}
	switch {
	case k.Has.Has(trace.IPDst):
		dst, hasDst = h.id4(k.IPv4DstAddr), true
	case k.Has.Has(trace.IPv6Dst):
		dst, hasDst = h.id6(1, &k.IPv6DstAddr), true
	}
	if hasSrc {
		h.source[src].add(v)
	}
	if hasDst {
		h.destination[dst].add(v)
	}
	if hasSrc && hasDst {
		h.addPair(src, dst, v)
	} else {
		h.unaddressed.add(v)
	}
}

func (h *hosts) addPair(src, dst uint32, v volume) {
	i, isNew := h.pairs.index(uint64(src)<<32 | uint64(dst))
	if isNew {
		h.pairVolume = append(h.pairVolume, volume{})
	}
	h.pairVolume[i].add(v)
}

// id4 numbers IPv4 addresses. Numbers are shared with IPv6, so a new address gets the number of addresses seen of either kind.
func (h *hosts) id4(addr uint32) uint32 {
	i, isNew := h.v4.indexOr(uint64(addr), uint32(len(h.addrs)))
	if isNew {
		h.newHost(trace.IPv4(addr))
	}
	return i
}

func (h *hosts) id6(end int, addr *[16]byte) uint32 {
	last := &h.lastV6[end]
	if last.ok && last.addr == *addr {
		return last.id
	}
	id, ok := h.v6[*addr]
	if !ok {
		id = uint32(len(h.addrs))
		h.v6[*addr] = id
		h.newHost(netip.AddrFrom16(*addr))
	}
	last.addr, last.id, last.ok = *addr, id, true
	return id
}

func (h *hosts) newHost(a netip.Addr) {
	h.addrs = append(h.addrs, a)
	h.source = append(h.source, volume{})
	h.destination = append(h.destination, volume{})
}

func (h *hosts) idOf(a netip.Addr) uint32 {
	if a.Is4() {
		b := a.As4()
		return h.id4(uint32(b[0])<<24 | uint32(b[1])<<16 | uint32(b[2])<<8 | uint32(b[3]))
	}
	b := a.As16()
	return h.id6(0, &b)
}

func (h *hosts) merge(o *hosts) {
	to := make([]uint32, len(o.addrs)) // o's numbers in ours
	for i, a := range o.addrs {
		to[i] = h.idOf(a)
		h.source[to[i]].add(o.source[i])
		h.destination[to[i]].add(o.destination[i])
	}
	o.pairs.each(func(key uint64, i uint32) {
		h.addPair(to[key>>32], to[uint32(key)], o.pairVolume[i])
	})
	h.unaddressed.add(o.unaddressed)
}
