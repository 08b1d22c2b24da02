package store

import (
	"sort"
	"unsafe"

	"tracelens/shared/report"
	"tracelens/shared/stats"
)

// Volumes are counted in one word each, packets in the upper 24 bits and bytes in the lower 40: one addition counts both, and one
// subtraction takes both away, however far below zero either was in between. Before the packets could overflow, the words are
// emptied into wide counters (flush); 2^24 lengths below 2^16 fit the bytes, and longer ones go to the wide counters at once.
const (
	onePacket  = stats.OnePacket
	maxCounted = 1<<24 - 1
	byteBits   = onePacket - 1
)

// counters count packets of one store. They are a few megabytes, so a store reuses them for every query; between two queries they
// are empty.
type counters struct {
	lengths [1 << 16]uint32 // the last one stands for all that do not fit
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

// Signs of what is counted, as factors: a word times taken is its negative.
const (
	added uint64 = 1
	taken        = ^uint64(0)
)

// count counts the packets from..to of s and returns their bytes, a longLen for each that is longer. It is the innermost loop of
// everything that has no filter: a packet is three additions in memory and one in a register.
//
// It is written out four times because a jump backwards is dear in Go's WebAssembly, and with pointers because its bounds checks are:
// together that halves the time. The columns hold as many packets as each other, and every number in them was given by the
// dictionary, to which convs has been made to fit.
func (c *counters) count(s *segment, from, to int, sign uint64) (bytes uint64) {
	n := to - from
	if n <= 0 {
		return 0
	}
	_, _, _ = s.length[to-1], s.conv[to-1], s.port[to-1]
	length, conv, port := unsafe.Pointer(&s.length[from]), unsafe.Pointer(&s.conv[from]), unsafe.Pointer(&s.port[from])
	convs := unsafe.Pointer(unsafe.SliceData(c.convs))
	for ; n >= 4; n -= 4 {
		{
			l, cv := *(*uint16)(length), *(*uint32)(conv)
			v := (onePacket | uint64(l)) * sign
			bytes += uint64(l)
			c.lengths[l] += uint32(sign)
			*(*uint64)(unsafe.Add(convs, uint(cv>>2)*8)) += v
			*(*uint64)(unsafe.Add(unsafe.Pointer(&c.ports), uint(cv&3)<<19|uint(*(*uint16)(port))<<3)) += v
		}
		{
			l, cv := *(*uint16)(unsafe.Add(length, 2)), *(*uint32)(unsafe.Add(conv, 4))
			v := (onePacket | uint64(l)) * sign
			bytes += uint64(l)
			c.lengths[l] += uint32(sign)
			*(*uint64)(unsafe.Add(convs, uint(cv>>2)*8)) += v
			*(*uint64)(unsafe.Add(unsafe.Pointer(&c.ports), uint(cv&3)<<19|uint(*(*uint16)(unsafe.Add(port, 2)))<<3)) += v
		}
		{
			l, cv := *(*uint16)(unsafe.Add(length, 4)), *(*uint32)(unsafe.Add(conv, 8))
			v := (onePacket | uint64(l)) * sign
			bytes += uint64(l)
			c.lengths[l] += uint32(sign)
			*(*uint64)(unsafe.Add(convs, uint(cv>>2)*8)) += v
			*(*uint64)(unsafe.Add(unsafe.Pointer(&c.ports), uint(cv&3)<<19|uint(*(*uint16)(unsafe.Add(port, 4)))<<3)) += v
		}
		{
			l, cv := *(*uint16)(unsafe.Add(length, 6)), *(*uint32)(unsafe.Add(conv, 12))
			v := (onePacket | uint64(l)) * sign
			bytes += uint64(l)
			c.lengths[l] += uint32(sign)
			*(*uint64)(unsafe.Add(convs, uint(cv>>2)*8)) += v
			*(*uint64)(unsafe.Add(unsafe.Pointer(&c.ports), uint(cv&3)<<19|uint(*(*uint16)(unsafe.Add(port, 6)))<<3)) += v
		}
		length, conv, port = unsafe.Add(length, 8), unsafe.Add(conv, 16), unsafe.Add(port, 8)
	}
	for i := to - n; i < to; i++ {
		bytes += c.one(s, i, sign)
	}
	return bytes
}

// one is count for a single packet.
func (c *counters) one(s *segment, i int, sign uint64) uint64 {
	l, cv := s.length[i], s.conv[i]
	v := (onePacket | uint64(l)) * sign
	c.lengths[l] += uint32(sign)
	c.convs[cv>>2] += v
	c.ports[cv&3<<16|uint32(s.port[i])] += v
	return uint64(l)
}

// countThese is count for the packets at from + each of rows.
func (c *counters) countThese(s *segment, from int, rows []uint16, sign uint64) (bytes uint64) {
	base := s.length[from:]
	if len(rows) == 0 {
		return 0
	}
	length, conv, port := unsafe.Pointer(&base[0]), unsafe.Pointer(&s.conv[from]), unsafe.Pointer(&s.port[from])
	convs := unsafe.Pointer(unsafe.SliceData(c.convs))
	for len(rows) >= 4 {
		{
			i := uint(rows[0])
			l, cv := *(*uint16)(unsafe.Add(length, i*2)), *(*uint32)(unsafe.Add(conv, i*4))
			v := (onePacket | uint64(l)) * sign
			bytes += uint64(l)
			c.lengths[l] += uint32(sign)
			*(*uint64)(unsafe.Add(convs, uint(cv>>2)*8)) += v
			*(*uint64)(unsafe.Add(unsafe.Pointer(&c.ports), uint(cv&3)<<19|uint(*(*uint16)(unsafe.Add(port, i*2)))<<3)) += v
		}
		{
			i := uint(rows[1])
			l, cv := *(*uint16)(unsafe.Add(length, i*2)), *(*uint32)(unsafe.Add(conv, i*4))
			v := (onePacket | uint64(l)) * sign
			bytes += uint64(l)
			c.lengths[l] += uint32(sign)
			*(*uint64)(unsafe.Add(convs, uint(cv>>2)*8)) += v
			*(*uint64)(unsafe.Add(unsafe.Pointer(&c.ports), uint(cv&3)<<19|uint(*(*uint16)(unsafe.Add(port, i*2)))<<3)) += v
		}
		{
			i := uint(rows[2])
			l, cv := *(*uint16)(unsafe.Add(length, i*2)), *(*uint32)(unsafe.Add(conv, i*4))
			v := (onePacket | uint64(l)) * sign
			bytes += uint64(l)
			c.lengths[l] += uint32(sign)
			*(*uint64)(unsafe.Add(convs, uint(cv>>2)*8)) += v
			*(*uint64)(unsafe.Add(unsafe.Pointer(&c.ports), uint(cv&3)<<19|uint(*(*uint16)(unsafe.Add(port, i*2)))<<3)) += v
		}
		{
			i := uint(rows[3])
			l, cv := *(*uint16)(unsafe.Add(length, i*2)), *(*uint32)(unsafe.Add(conv, i*4))
			v := (onePacket | uint64(l)) * sign
			bytes += uint64(l)
			c.lengths[l] += uint32(sign)
			*(*uint64)(unsafe.Add(convs, uint(cv>>2)*8)) += v
			*(*uint64)(unsafe.Add(unsafe.Pointer(&c.ports), uint(cv&3)<<19|uint(*(*uint16)(unsafe.Add(port, i*2)))<<3)) += v
		}
		rows = rows[4:]
	}
	for _, i := range rows {
		bytes += c.one(s, from+int(i), sign)
	}
	return bytes
}

// partial is what has been counted, valid until the next query. The counters are empty after it.
func (c *counters) partial(widthS int64) *stats.Partial {
	p := &c.last
	p.Packets, p.Bytes, p.FirstNS, p.LastNS, p.WidthS, p.Bins = c.packets, c.bytes, c.firstNS, c.lastNS, widthS, joined(c.bins)
	p.Lengths = p.Lengths[:0]
	p.Conversations.Reset()
	p.OtherPorts.Reset()
	c.ports[noPort<<16], c.lengths[longLen] = 0, 0
	if w := &c.wide; w.used {
		c.flush()
		w.lengths[longLen] = 0 // their lengths are in long
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
