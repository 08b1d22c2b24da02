package stats

import "slices"

// lengths counts every packet length exactly. Nearly all are below 64 KiB; segmentation offload makes some longer ones.
type lengths struct {
	small []int64
	large map[uint32]int64
}

const smallLengths = 1 << 16

func newLengths() lengths { return lengths{make([]int64, smallLengths), map[uint32]int64{}} }

func (l *lengths) add(length uint32, packets int64) {
	if length < smallLengths {
		l.small[length] += packets
	} else {
		l.large[length] += packets
	}
}

func (l *lengths) merge(o *lengths) {
	for length, n := range o.small {
		l.small[length] += n
	}
	for length, n := range o.large {
		l.large[length] += n
	}
}

// list is [length, packets], ascending.
func (l *lengths) list() [][2]int64 {
	list := [][2]int64{}
	for length, n := range l.small {
		if n > 0 {
			list = append(list, [2]int64{int64(length), n})
		}
	}
	for length, n := range l.large {
		list = append(list, [2]int64{int64(length), n})
	}
	slices.SortFunc(list, func(a, b [2]int64) int { return int(a[0] - b[0]) })
	return list
}
