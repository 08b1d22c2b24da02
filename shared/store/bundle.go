package store

import (
	"math"
	"slices"
	"unsafe"

	"tracelens/shared/report"
	"tracelens/shared/trace"
)

// A bundle is what the summaries of some segments next to each other add up to. A range of time over a long trace adds up bundles, and
// the summaries of the few segments beside them, of which each has as many flows as a bundle has conversations.
type bundle struct {
	firstNS, lastNS int64
	rows            int
	widthS          int64 // of bins
	bins            []report.Bin
	lengths         [][2]int64
	convs, ports    sums
	digest          *digest       // if Improve has made one
	lengthDigest    *lengthDigest // likewise
}

// sums are words by number; the numbers ascend.
type sums struct {
	numbers []uint32
	words   []uint64
}

// bundleSizes are how many segments make a bundle, of each level; the segments of the largest are not too many packets for a word.
var bundleSizes = [...]int{4, 16}

// bundle makes the bundles that the last segment completes. There is none of segments without a summary, or with more than that says.
func (s *Store) bundle() {
	for level, size := range bundleSizes {
		if len(s.segments)%size != 0 {
			return
		}
		s.bundles[level] = append(s.bundles[level], s.bundleOf(s.segments[len(s.segments)-size:]))
	}
}

func (s *Store) bundleOf(segments []*segment) *bundle {
	b, c := &bundle{firstNS: math.MaxInt64, lastNS: math.MinInt64, widthS: 1}, s.counters
	for _, g := range segments {
		if g.sum == nil || len(g.long)+len(g.second) > 0 {
			return nil
		}
		b.rows += g.rows()
		b.widthS = max(b.widthS, g.sum.widthS)
	}
	if b.rows > c.most { // a word would not hold them
		return nil
	}
	c.begin(s.convs.Len())
	for _, g := range segments {
		c.add(g, b.widthS)
		b.firstNS, b.lastNS = min(b.firstNS, g.timeNS[0]), max(b.lastNS, g.timeNS[g.rows()-1])
	}
	b.bins, b.lengths = slices.Clone(joined(c.bins)), takeLengths(nil, &c.lengths)
	b.convs, b.ports = sumsOf(c.convs), sumsOf(c.ports[:noPort<<16])
	c.ports[noPort<<16], c.counted = 0, 0
	if b.size() > s.summaryShare*int64(b.rows) {
		return nil
	}
	return b
}

// sumsOf takes what words hold, and leaves zeros.
//
//go:noinline
func sumsOf(words []uint64) (u sums) {
	n := 0
	for _, w := range words {
		n += boolInt(w != 0)
	}
	u = sums{make([]uint32, 0, n), make([]uint64, 0, n)}
	for i, w := range words {
		if w != 0 {
			u.numbers, u.words = append(u.numbers, uint32(i)), append(u.words, w)
			words[i] = 0
		}
	}
	return u
}

func (b *bundle) size() int64 {
	return int64(len(b.bins))*24 + int64(len(b.lengths))*16 + int64(len(b.convs.numbers)+len(b.ports.numbers))*12 + b.digest.size() + b.lengthDigest.size()
}

// bundleAt is the largest bundle that begins with segment i, lies in the query's time and knows what its filters choose, and how many
// segments it is of.
func (q *Query) bundleAt(i int) (b *bundle, size int) {
	for level := len(bundleSizes) - 1; level >= 0; level-- {
		size := bundleSizes[level]
		if at := i / size; i%size == 0 && at < len(q.store.bundles[level]) {
			b := q.store.bundles[level][at]
			inTime := b != nil && (!q.sel.Ranged() || b.firstNS >= q.sel.FromNS && b.lastNS < q.sel.ToNS)
			if inTime && b.widthS <= q.widthS && (q.pred == nil || q.pred.knows(b, q.widthS)) {
				return b, size
			}
		}
	}
	return nil, 0
}

// addBundle adds what a bundle counted.
func (c *counters) addBundle(b *bundle, widthS int64) {
	c.room(b.rows)
	for _, v := range b.bins {
		c.addBin(trace.Floor(v.Start, widthS), v.Bytes, v.Packets)
	}
	for _, l := range b.lengths {
		c.lengths[l[0]] += uint32(l[1])
	}
	addSums(c.convs, b.convs)
	addSums(c.ports[:], b.ports)
	c.see(b.firstNS, b.lastNS)
}

// addSums adds words by number, four at a time and with pointers, for the reasons in count.go.
func addSums(to []uint64, from sums) {
	numbers, words := from.numbers, from.words[:len(from.numbers)]
	n := len(numbers)
	if n == 0 {
		return
	}
	_ = to[numbers[n-1]] // none is beyond
	base, number, word := unsafe.Pointer(unsafe.SliceData(to)), unsafe.Pointer(&numbers[0]), unsafe.Pointer(&words[0])
	for ; n >= 4; n -= 4 {
		*(*uint64)(unsafe.Add(base, uint(*(*uint32)(number))*8)) += *(*uint64)(word)
		*(*uint64)(unsafe.Add(base, uint(*(*uint32)(unsafe.Add(number, 4)))*8)) += *(*uint64)(unsafe.Add(word, 8))
		*(*uint64)(unsafe.Add(base, uint(*(*uint32)(unsafe.Add(number, 8)))*8)) += *(*uint64)(unsafe.Add(word, 16))
		*(*uint64)(unsafe.Add(base, uint(*(*uint32)(unsafe.Add(number, 12)))*8)) += *(*uint64)(unsafe.Add(word, 24))
		number, word = unsafe.Add(number, 16), unsafe.Add(word, 32)
	}
	for i := len(numbers) - n; i < len(numbers); i++ {
		to[numbers[i]] += words[i]
	}
}
