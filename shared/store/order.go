package store

// fewStretches is how many stretches of ascending times are merged in fewer passes than insertionSorted may take.
const fewStretches = 16

// inOrder is the rows in the order of time, equal times in the order they came in. Nothing is compared through a function: that is dear in
// WebAssembly, and what comes from a helper is sorted while it is read.
func inOrder(timeNS []int64) []uint32 {
	ends := ascents(timeNS)
	if len(ends) > fewStretches {
		if order := upTo(len(timeNS)); insertionSorted(order, timeNS) {
			return order
		}
	}
	return merged(upTo(len(timeNS)), ends, timeNS)
}

func upTo(n int) []uint32 {
	rows := make([]uint32, n)
	for i := range rows {
		rows[i] = uint32(i)
	}
	return rows
}

// ascents is where the stretches of ascending times end.
func ascents(timeNS []int64) (ends []int) {
	for i := 1; i < len(timeNS); i++ {
		if timeNS[i] < timeNS[i-1] {
			ends = append(ends, i)
		}
	}
	return append(ends, len(timeNS))
}

// insertionSorted sorts order by time if that takes few moves, as in a capture whose packets came over several queues: they are
// nearly in order. It gives up otherwise.
func insertionSorted(order []uint32, timeNS []int64) bool {
	left := 4 * len(order)
	for i := 1; i < len(order); i++ {
		row := order[i]
		t, k := timeNS[row], i
		for ; k > 0 && timeNS[order[k-1]] > t; k-- {
			order[k] = order[k-1]
			if left--; left < 0 {
				return false
			}
		}
		order[k] = row
	}
	return true
}

// merged sorts order by time, of which the stretches up to ends are in order already. It merges neighbours, two at a time: what came from
// one place and then from another, as hours of a stream do, takes one pass over the rows.
func merged(order []uint32, ends []int, timeNS []int64) []uint32 {
	other := make([]uint32, len(order))
	for len(ends) > 1 {
		from, left := 0, 0
		for i := 0; i < len(ends); i += 2 {
			to := ends[min(i+1, len(ends)-1)]
			mergeTwo(other[from:to], order[from:ends[i]], order[ends[i]:to], timeNS)
			ends[left] = to
			from, left = to, left+1
		}
		ends = ends[:left]
		order, other = other, order
	}
	return order
}

// mergeTwo merges a and b, which are in order, into to. Of equal times those of a come first.
func mergeTwo(to, a, b []uint32, timeNS []int64) {
	i, k := 0, 0
	for i < len(a) && k < len(b) {
		if timeNS[b[k]] < timeNS[a[i]] {
			to[i+k] = b[k]
			k++
		} else {
			to[i+k] = a[i]
			i++
		}
	}
	copy(to[i+k:], a[i:])
	copy(to[i+k:], b[k:])
}
