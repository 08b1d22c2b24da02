package store

import (
	"encoding/binary"
	"math"
	"sort"
)

// Times are the times of packets in ascending order, eight bytes each, as they cross from one worker to another.
type Times []byte

// Len is how many times there are.
func (t Times) Len() int { return len(t) / 8 }

// At is the i-th time, in nanoseconds.
func (t Times) At(i int) int64 { return int64(binary.LittleEndian.Uint64(t[8*i:])) }

// before is how many times are before ns.
func (t Times) before(ns int64) int {
	return sort.Search(t.Len(), func(i int) bool { return t.At(i) >= ns })
}

// Merge says which packets of several stores come after the first skip, at most n, in the order of time; those at the same time in that
// of the stores. order is the store of each, in turn; first is the index among its store's packets of the first one that comes from it.
func Merge(stores []Times, skip, n int) (first, order []int) {
	first = cut(stores, skip)
	next := append([]int(nil), first...)
	for len(order) < n {
		least := -1
		for i, t := range stores {
			if next[i] < t.Len() && (least < 0 || t.At(next[i]) < stores[least].At(next[least])) {
				least = i
			}
		}
		if least < 0 {
			break
		}
		order = append(order, least)
		next[least]++
	}
	return first, order
}

// cut is how many packets of each store are among the first skip. The time of the packet after them is found by halving what it may be:
// as many packets are skipped as a second may have.
func cut(stores []Times, skip int) []int {
	at := make([]int, len(stores))
	count := func(ns int64) (n int) {
		for i, t := range stores {
			at[i] = t.before(ns)
			n += at[i]
		}
		return n
	}
	low, high := int64(math.MinInt64), int64(math.MaxInt64)
	for low < high { // no more than skip packets are before low
		middle := high - int64((uint64(high)-uint64(low))/2)
		if count(middle) <= skip {
			low = middle
		} else {
			high = middle - 1
		}
	}
	rest := skip - count(low)
	for i, t := range stores { // of those at that time
		n := min(rest, t.after(low)-at[i])
		at[i] += n
		rest -= n
	}
	return at
}

// after is how many times are not after ns.
func (t Times) after(ns int64) int {
	return sort.Search(t.Len(), func(i int) bool { return t.At(i) > ns })
}
