package stats

// folded is what pairs are counted for, beside volumes.
type folded struct {
	directions    [4]volume // by whether the source is mine, times 2, and whether the destination is
	addresses     int64     // distinct
	noSource      volume    // packets that lack it
	noDestination volume
	nowhere       volume // packets that lack both
	unaddressed   volume // packets that lack one or both
}

// foldBlock is how many endpoints, or couples, have their largest known. With that a list need not look at most of them.
const foldBlock = 32

// fold counts what pairs stand for. It can be done once: those that lack an address are no pairs any more.
func (t *Totals) fold() *folded {
	f, v, tr := &folded{}, t.volumes, t.trace
	n := tr.ends.Len()
	v.source, v.destination, v.pairs = grown(v.source, n), grown(v.destination, n), grown(v.pairs, 2*tr.couples.len())
	f.nowhere = v.pairs[0]
	for _, c := range tr.couples.halves {
		for pair := 2 * int(c); pair < 2*int(c)+2; pair++ {
			src, dst := tr.couples.endsOf(pair)
			v.source[src].add(v.pairs[pair])
			v.destination[dst].add(v.pairs[pair])
			f.unaddressed.add(v.pairs[pair])
			v.pairs[pair] = volume{}
		}
	}
	f.noSource, f.noDestination = v.source[0], v.destination[0]
	v.source[0], v.destination[0] = volume{}, volume{}
	v.foldPairs(f, tr.couples.ends, tr.classified())
	v.foldEnds(f, &tr.couples)
	return f
}

// foldPairs counts pairs for their endpoints and directions.
func (v *volumes) foldPairs(f *folded, couples []uint64, mine []uint8) {
	v.mostOfCouples = v.mostOfCouples[:0]
	for from := 0; from < len(couples); from += foldBlock {
		most := int64(0)
		for i := from; i < min(from+foldBlock, len(couples)); i++ {
			there, back := v.pairs[2*i], v.pairs[2*i+1]
			if there.packets|back.packets == 0 {
				continue
			}
			most = max(most, there.bytes+back.bytes)
			first, second := uint32(couples[i]>>32), uint32(couples[i])
			v.source[first].add(there)
			v.destination[second].add(there)
			v.source[second].add(back)
			v.destination[first].add(back)
			a, b := mine[first]&1, mine[second]&1
			f.directions[2*a|b].add(there)
			f.directions[2*b|a].add(back)
		}
		v.mostOfCouples = append(v.mostOfCouples, most)
	}
}

// foldEnds counts what has an address at either end, and how many addresses there are.
func (v *volumes) foldEnds(f *folded, couples *couples) {
	n := len(v.source)
	if v.mostOfEnds, v.either = v.mostOfEnds[:0], v.either[:0]; cap(v.either) < n {
		v.either = make([]volume, 0, cap(v.source))
	}
	v.either = v.either[:n]
	for from := 0; from < n; from += foldBlock {
		most := int64(0)
		source, destination, either := v.source[from:min(from+foldBlock, n)], v.destination[from:], v.either[from:]
		for i, of := range source {
			if of.add(destination[i]); of.packets > 0 {
				f.addresses++
			}
			most = max(most, of.bytes)
			either[i] = of
		}
		v.mostOfEnds = append(v.mostOfEnds, most)
	}
	for _, c := range couples.selves { // counted at both ends
		twice, once := &v.either[uint32(couples.ends[c])], v.pairs[2*c]
		twice.bytes -= once.bytes
		twice.packets -= once.packets
	}
}
