package stats

import (
	"slices"
	"sort"

	"tracelens/shared/report"
)

// topIndices are the n indices of the largest volumes by bytes, largest first; equal ones by less, which compares keys as text.
// Volumes without packets are left out. Text is made only for candidates, since an address costs more to print than to count.
func topIndices(n int, volumes []volume, less func(i, j int) int) []int {
	before := func(i, j int) int {
		if a, b := volumes[i].bytes, volumes[j].bytes; a != b {
			if a > b {
				return -1
			}
			return 1
		}
		return less(i, j)
	}
	best := make([]int, 0, n+1)
	least := int64(0) // what has less bytes is not among them
	for i := range volumes {
		if v := &volumes[i]; v.packets == 0 || v.bytes < least || len(best) == n && before(i, best[n-1]) > 0 {
			continue
		}
		at := sort.Search(len(best), func(k int) bool { return before(i, best[k]) < 0 })
		best = slices.Insert(best, at, i)
		if best = best[:min(n, len(best))]; len(best) == n {
			least = volumes[best[n-1]].bytes
		}
	}
	return best
}

func entries(n int, volumes []volume, key func(i int) string) []report.Entry {
	list := []report.Entry{}
	for _, i := range topIndices(n, volumes, func(i, j int) int { return compareText(key(i), key(j)) }) {
		list = append(list, report.Entry{Key: key(i), Bytes: volumes[i].bytes, Packets: volumes[i].packets})
	}
	return list
}

func (t *Trace) pairEntries(n int, volumes []volume) []report.PairEntry {
	key := func(i int) [2]string {
		ends := t.pairEnds[i]
		return [2]string{t.ends.Addr(uint32(ends >> 32)).String(), t.ends.Addr(uint32(ends)).String()}
	}
	list := []report.PairEntry{}
	for _, i := range topIndices(n, volumes, func(i, j int) int {
		a, b := key(i), key(j)
		if c := compareText(a[0], b[0]); c != 0 {
			return c
		}
		return compareText(a[1], b[1])
	}) {
		list = append(list, report.PairEntry{Key: key(i), Bytes: volumes[i].bytes, Packets: volumes[i].packets})
	}
	return list
}

func compareText(a, b string) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}
