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
	for i := 0; i < len(volumes); i++ {
		if len(best) == n {
			if i = notBelow(volumes, i, volumes[best[n-1]].bytes); i == len(volumes) {
				break
			}
		}
		if volumes[i].packets == 0 || len(best) == n && before(i, best[n-1]) > 0 {
			continue
		}
		at := sort.Search(len(best), func(k int) bool { return before(i, best[k]) < 0 })
		best = slices.Insert(best, at, i)
		best = best[:min(n, len(best))]
	}
	return best
}

// notBelow is the first index from i on of a volume of at least so many bytes. There are a hundred thousand ports, and it is asked many
// times a second: eight are compared at a time, by their differences' signs.
func notBelow(volumes []volume, i int, bytes int64) int {
	for ; i+8 <= len(volumes); i += 8 {
		v := (*[8]volume)(volumes[i:])
		if (v[0].bytes-bytes)&(v[1].bytes-bytes)&(v[2].bytes-bytes)&(v[3].bytes-bytes)&
			(v[4].bytes-bytes)&(v[5].bytes-bytes)&(v[6].bytes-bytes)&(v[7].bytes-bytes) >= 0 {
			break
		}
	}
	for i < len(volumes) && volumes[i].bytes < bytes {
		i++
	}
	return i
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
