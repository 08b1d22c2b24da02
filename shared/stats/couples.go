package stats

import "tracelens/shared/dict"

// couples numbers what two addresses have with each other, from 1 on. A couple's first address is the numerically smaller one, IPv4
// before IPv6: which of them was heard first is chance. Its two directions are pairs of a source and a destination, numbered so that they
// lie beside each other: pair 2c is from the first address of couple c to the second, pair 2c+1 the way back.
//
// What lacks an address is a couple too, with endpoint 0; that of packets without any address is couple 0.
type couples struct {
	numbers map[uint64]uint32 // smaller endpoint's number << 32 | larger one's -> couple
	ends    []uint64          // by couple: first endpoint << 32 | second
	selves  []uint32          // those of an address with itself, all of whose packets are of the first pair
	halves  []uint32          // those that lack an address
}

func newCouples() couples {
	return couples{numbers: map[uint64]uint32{}, ends: make([]uint64, 1), halves: make([]uint32, 1)}
}

func (c *couples) len() int { return len(c.ends) }

func (c *couples) of(couple int) (first, second uint32) {
	return uint32(c.ends[couple] >> 32), uint32(c.ends[couple])
}

// endsOf are a pair's source and destination.
func (c *couples) endsOf(pair int) (src, dst uint32) {
	src, dst = c.of(pair / 2)
	if pair%2 != 0 {
		return dst, src
	}
	return src, dst
}

// pair is the number of a pair of endpoints.
func (c *couples) pair(ends *dict.Endpoints, src, dst uint32) uint32 {
	key := uint64(min(src, dst))<<32 | uint64(max(src, dst))
	if key == 0 {
		return 0
	}
	n := c.numbers[key]
	if n == 0 {
		n = uint32(len(c.ends))
		c.numbers[key] = n
		first, second := src, dst
		if ends.Addr(dst).Less(ends.Addr(src)) {
			first, second = dst, src
		}
		c.ends = append(c.ends, uint64(first)<<32|uint64(second))
		switch {
		case src == 0 || dst == 0:
			c.halves = append(c.halves, n)
		case src == dst:
			c.selves = append(c.selves, n)
		}
	}
	if uint32(c.ends[n]>>32) != src {
		return 2*n + 1
	}
	return 2 * n
}
