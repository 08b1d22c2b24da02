package stats

import (
	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// volume is an amount of traffic.
type volume struct{ bytes, packets int64 }

func (v *volume) addWord(w uint64) { v.bytes += int64(w & byteBits); v.packets += int64(w >> 40) }

func wordVolume(w uint64) volume { return volume{int64(w & byteBits), int64(w >> 40)} }

func (v *volume) add(o volume) { v.bytes += o.bytes; v.packets += o.packets }

func (v volume) report() report.Volume { return report.Volume{Bytes: v.bytes, Packets: v.packets} }

// Totals are the sum of the Partials of one query.
type Totals struct {
	trace           *Trace
	packets, bytes  int64
	firstNS, lastNS int64 // valid if packets > 0
	widthS          int64
	bins            []report.Bin // ascending
	lengths         [][2]int64   // [length, packets], ascending
	volumes         *volumes
	causes          *causeTotals // nil where nobody has asked
}

// volumes are the sums of a query by number. They are a few megabytes, so a trace keeps those of one query for the next: somebody
// who moves a range of time over a trace asks thirty times a second. Between two queries they are zero, as far as they reach.
type volumes struct {
	pairs               []volume // by pair
	ports               []volume // as Partial.OtherPorts, and what is counted for noPort
	protocols           [trace.Protocols]volume
	source, destination []volume // by endpoint
	// What follows is of the last query: every one is written anew.
	either        []volume // by endpoint
	mostOfEnds    []int64  // by block of endpoints: no address has more bytes
	mostOfCouples []int64  // by block of couples: no couple has more bytes
}

// NewTotals begins the sum of a query whose partials have bins of widthS.
func (t *Trace) NewTotals(widthS int64) *Totals {
	v := t.spare
	if t.spare = nil; v == nil {
		v = &volumes{ports: make([]volume, noPort+1)}
	}
	return &Totals{trace: t, widthS: widthS, bins: []report.Bin{}, lengths: [][2]int64{}, volumes: v}
}

// Release gives the memory of totals back that will not be reported.
func (t *Totals) Release() {
	v := t.volumes
	if v == nil {
		return
	}
	for _, list := range [][]volume{v.pairs, v.ports, v.protocols[:], v.source, v.destination} {
		clear(list)
	}
	t.trace.spare, t.volumes = v, nil
}

// grown is a list of n, of which those behind the present ones are zero.
func grown(list []volume, n int) []volume {
	if n <= cap(list) {
		return list[:max(n, len(list))]
	}
	return append(make([]volume, 0, n+n/4), list...)[:n]
}

// Add adds the partial of a store, of which everything that it counts has been learned.
func (t *Totals) Add(part *Part, p *Partial) error {
	if p.WidthS != t.widthS {
		return ErrPartial
	}
	v := t.volumes
	v.pairs = grown(v.pairs, 2*t.trace.couples.len())
	if !v.addConversations(&p.Conversations, part.places) || !v.addPorts(&p.OtherPorts) {
		return ErrPartial
	}
	t.bins = merged(t.bins, p.Bins, func(a, b *report.Bin) int64 { return a.Start - b.Start }, func(a, b *report.Bin) {
		a.Bytes += b.Bytes
		a.Packets += b.Packets
	})
	t.lengths = merged(t.lengths, p.Lengths, func(a, b *[2]int64) int64 { return a[0] - b[0] }, func(a, b *[2]int64) { a[1] += b[1] })
	if p.Packets > 0 {
		if t.packets == 0 {
			t.firstNS, t.lastNS = p.FirstNS, p.LastNS
		}
		t.firstNS, t.lastNS = min(t.firstNS, p.FirstNS), max(t.lastNS, p.LastNS)
	}
	t.packets += p.Packets
	t.bytes += p.Bytes
	return nil
}

// addConversations adds what is counted by a store's numbers; places says where. It returns false for a number that it does not know.
func (v *volumes) addConversations(c *Counts, places []place) bool {
	for i, block := range c.Blocks {
		words := (*[BlockSize]uint64)(c.Words[BlockSize*i:])
		first := BlockSize * int(block)
		if first+BlockSize > len(places) { // the last block, or a wrong one
			for k, w := range words {
				if w == 0 {
					continue
				}
				if first+k >= len(places) {
					return false
				}
				v.count(&places[first+k], wordVolume(w))
			}
			continue
		}
		at := (*[BlockSize]place)(places[first:])
		for k, w := range words {
			if w != 0 {
				v.count(&at[k], wordVolume(w))
			}
		}
	}
	for _, l := range c.Large {
		if int(l.Number) >= len(places) {
			return false
		}
		v.count(&places[l.Number], volume{l.Bytes, int64(l.Packets)})
	}
	return true
}

func (v *volumes) count(at *place, of volume) {
	v.pairs[at.pair].add(of)
	v.ports[at.port].add(of)
	v.protocols[at.protocol].add(of)
}

// addPorts adds what is counted by other ports. It returns false for a port that there is not.
func (v *volumes) addPorts(c *Counts) bool {
	for i, block := range c.Blocks {
		first := BlockSize * int(block)
		if first >= noPort {
			return false
		}
		words, to := (*[BlockSize]uint64)(c.Words[BlockSize*i:]), (*[BlockSize]volume)(v.ports[first:])
		for k := 0; k < BlockSize; k += 4 { // a zero adds nothing, and costs less than to ask
			to[k].addWord(words[k])
			to[k+1].addWord(words[k+1])
			to[k+2].addWord(words[k+2])
			to[k+3].addWord(words[k+3])
		}
	}
	for _, l := range c.Large {
		if l.Number >= noPort {
			return false
		}
		v.ports[l.Number].add(volume{l.Bytes, int64(l.Packets)})
	}
	return true
}

// WidthS is the width of the bins, in seconds.
func (t *Totals) WidthS() int64 { return t.widthS }

// merged adds two ascending lists, each without two of the same.
func merged[T any](a, b []T, compare func(a, b *T) int64, add func(to, from *T)) []T {
	if len(a) == 0 {
		return b
	}
	list := make([]T, 0, max(len(a), len(b)))
	for len(a) > 0 && len(b) > 0 {
		switch c := compare(&a[0], &b[0]); {
		case c < 0:
			list, a = append(list, a[0]), a[1:]
		case c > 0:
			list, b = append(list, b[0]), b[1:]
		default:
			list = append(list, a[0])
			add(&list[len(list)-1], &b[0])
			a, b = a[1:], b[1:]
		}
	}
	return append(append(list, a...), b...)
}

// series lists the bins and sums them to minutes. seconds is empty if bins are minutes.
func (t *Totals) series() (minutes, seconds []report.Bin) {
	if t.widthS == 60 {
		return t.bins, []report.Bin{}
	}
	minutes = []report.Bin{}
	for _, b := range t.bins {
		start := trace.Floor(b.Start, 60)
		if n := len(minutes); n == 0 || minutes[n-1].Start != start {
			minutes = append(minutes, report.Bin{Start: start})
		}
		m := &minutes[len(minutes)-1]
		m.Bytes += b.Bytes
		m.Packets += b.Packets
	}
	return minutes, t.bins
}
