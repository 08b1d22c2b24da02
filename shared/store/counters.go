package store

import (
	"sort"
	"unsafe"

	"tracelens/shared/dict"
	"tracelens/shared/report"
	"tracelens/shared/stats"
	"tracelens/shared/trace"
)

// Volumes are counted in one word each, packets in the upper 24 bits and bytes in the lower 40: one addition counts both. Before the
// packets could overflow, the words are emptied into wide counters (flush); 2^24 lengths below 2^16 fit the bytes, and the rest of
// longer ones goes to the wide counters at once.
const (
	onePacket  = stats.OnePacket
	maxCounted = 1<<24 - 1
	byteBits   = onePacket - 1
)

// counters count packets of one store. They are a few megabytes, so a store reuses them for every query; between two queries they
// are empty.
type counters struct {
	lengths [1 << 16]uint32       // the last one stands for all that do not fit
	flows   [dict.MaxFlows]uint64 // of the segment at hand; empty between two
	ports   [portWords]uint64
	convs   []uint64 // by number
	counted int      // since the last flush
	most    int      // that may be: maxCounted, less in tests
	wide    wide

	packets, bytes  int64
	firstNS, lastNS int64
	seenAny         bool // firstNS and lastNS are valid
	long            map[uint32]int64
	bins            []report.Bin // in the order they were counted in

	last stats.Partial // to be used again
}

// wide holds what was flushed. It is used only when it is needed, and empty otherwise.
type wide struct {
	used    bool
	lengths []int64
	ports   []volume
	convs   []volume
}

type volume struct{ packets, bytes int64 }

// begin makes the counters ready for a query over conversations below convs.
func (c *counters) begin(convs int) {
	if len(c.convs) < convs {
		c.convs = make([]uint64, (convs+convs/4+stats.BlockSize)/stats.BlockSize*stats.BlockSize)
	}
	c.packets, c.bytes, c.seenAny, c.long, c.bins = 0, 0, false, nil, c.bins[:0]
}

// widen makes the wide counters.
func (c *counters) widen() *wide {
	if len(c.wide.convs) < len(c.convs) { // between queries only: then it is empty
		c.wide = wide{lengths: make([]int64, len(c.lengths)), ports: make([]volume, 2<<16), convs: make([]volume, len(c.convs))}
	}
	c.wide.used = true
	return &c.wide
}

// room makes sure that n packets can be counted.
func (c *counters) room(n int) {
	if c.counted += n; c.counted > c.most {
		c.flush()
		c.counted = n
	}
}

// flush adds what was counted to the wide counters.
func (c *counters) flush() {
	w := c.widen()
	for i, n := range c.lengths {
		w.lengths[i] += int64(n)
	}
	clear(c.lengths[:])
	flushTo(w.ports, c.ports[:2<<16])
	flushTo(w.convs, c.convs)
}

func flushTo(to []volume, from []uint64) {
	for i, v := range from {
		if v != 0 {
			to[i].packets += int64(v >> 40)
			to[i].bytes += int64(v & byteBits)
		}
	}
	clear(from)
}

const flowBytes = int(unsafe.Sizeof(flow{}))

// spread counts the traffic of flows, words by number, for what the flows count for.
//
// Four at a time and with pointers, for the reasons that count gives; flows have only numbers that convs has been made to fit.
func (c *counters) spread(flows []flow, words []uint64) {
	n := len(flows)
	if n == 0 {
		return
	}
	_ = words[n-1]
	f, w := unsafe.Pointer(unsafe.SliceData(flows)), unsafe.Pointer(unsafe.SliceData(words))
	convs, ports := unsafe.Pointer(unsafe.SliceData(c.convs)), unsafe.Pointer(&c.ports)
	for ; n >= 4; n -= 4 {
		{
			g, v := (*flow)(f), *(*uint64)(w)
			*(*uint64)(unsafe.Add(convs, uint(g.conv>>2)*8)) += v
			*(*uint64)(unsafe.Add(ports, uint(g.conv&3)<<19|uint(g.port)<<3)) += v
		}
		{
			g, v := (*flow)(unsafe.Add(f, flowBytes)), *(*uint64)(unsafe.Add(w, 8))
			*(*uint64)(unsafe.Add(convs, uint(g.conv>>2)*8)) += v
			*(*uint64)(unsafe.Add(ports, uint(g.conv&3)<<19|uint(g.port)<<3)) += v
		}
		{
			g, v := (*flow)(unsafe.Add(f, 2*flowBytes)), *(*uint64)(unsafe.Add(w, 16))
			*(*uint64)(unsafe.Add(convs, uint(g.conv>>2)*8)) += v
			*(*uint64)(unsafe.Add(ports, uint(g.conv&3)<<19|uint(g.port)<<3)) += v
		}
		{
			g, v := (*flow)(unsafe.Add(f, 3*flowBytes)), *(*uint64)(unsafe.Add(w, 24))
			*(*uint64)(unsafe.Add(convs, uint(g.conv>>2)*8)) += v
			*(*uint64)(unsafe.Add(ports, uint(g.conv&3)<<19|uint(g.port)<<3)) += v
		}
		f, w = unsafe.Add(f, 4*flowBytes), unsafe.Add(w, 32)
	}
	for i := len(flows) - n; i < len(flows); i++ {
		c.convs[flows[i].conv>>2] += words[i]
		c.ports[flows[i].at()] += words[i]
	}
}

// partial is what has been counted, valid until the next query. The counters are empty after it.
func (c *counters) partial(widthS int64) *stats.Partial {
	p := &c.last
	p.Packets, p.Bytes, p.FirstNS, p.LastNS, p.WidthS, p.Bins = c.packets, c.bytes, c.firstNS, c.lastNS, widthS, joined(c.bins)
	p.Lengths = p.Lengths[:0]
	p.Conversations.Reset()
	p.OtherPorts.Reset()
	c.ports[noPort<<16], c.lengths[trace.LongLen] = 0, 0
	if w := &c.wide; w.used {
		c.flush()
		w.lengths[trace.LongLen] = 0 // their lengths are in long
		for l, n := range w.lengths {
			if n != 0 {
				p.Lengths = append(p.Lengths, [2]int64{int64(l), n})
			}
		}
		clear(w.lengths)
		takeWide(&p.Conversations, w.convs)
		takeWide(&p.OtherPorts, w.ports)
		w.used = false
	} else {
		p.Lengths = takeLengths(p.Lengths, &c.lengths)
		p.Conversations.Take(c.convs)
		p.OtherPorts.Take(c.ports[:noPort<<16])
	}
	c.counted = 0
	short := len(p.Lengths)
	for l, n := range c.long {
		if n != 0 {
			p.Lengths = append(p.Lengths, [2]int64{int64(l), n})
		}
	}
	sort.Sort(byLength(p.Lengths[short:]))
	return p
}

type byLength [][2]int64

func (b byLength) Len() int           { return len(b) }
func (b byLength) Less(i, j int) bool { return b[i][0] < b[j][0] }
func (b byLength) Swap(i, j int)      { b[i], b[j] = b[j], b[i] }

// takeLengths appends how many packets have which length, and leaves zeros. Few lengths are anybody's.
func takeLengths(list [][2]int64, counts *[1 << 16]uint32) [][2]int64 {
	for i := 0; i < len(counts); i += 8 {
		eight := (*[8]uint32)(counts[i:])
		if eight[0]|eight[1]|eight[2]|eight[3]|eight[4]|eight[5]|eight[6]|eight[7] == 0 {
			continue
		}
		for k, n := range eight {
			if n != 0 {
				list = append(list, [2]int64{int64(i + k), int64(n)})
				eight[k] = 0
			}
		}
	}
	return list
}

// takeWide appends the traffic of wide counters, and leaves zeros.
func takeWide(to *stats.Counts, volumes []volume) {
	for i, v := range volumes {
		if v.packets != 0 {
			to.Add(uint32(i), v.packets, v.bytes)
		}
	}
	clear(volumes)
}
