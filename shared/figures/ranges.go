package figures

import (
	"math"
	"strconv"
)

// A Range is the packets of From to To bytes, both included. Min and Max are the least and greatest length that is there, 0 without
// packets.
type Range struct {
	From, To       int64
	Packets, Bytes int64
	Min, Max       int64
}

// MaxLength is To of the last range, which has no end.
const MaxLength = math.MaxInt64

// rangeEnds are the last length of each of Wireshark's ranges.
var rangeEnds = [...]int64{19, 39, 79, 159, 319, 639, 1279, 2559, 5119, MaxLength}

// Ranges divide the packets by length as Wireshark's statistic "Packet Lengths" does: 0-19, 20-39, 40-79 and so on, doubling, to 5120 and
// greater. All ten are there, with packets or not.
func Ranges(counts [][2]int64) []Range {
	list := make([]Range, len(rangeEnds))
	from := int64(0)
	for i, to := range rangeEnds {
		r := &list[i]
		r.From, r.To = from, to
		for len(counts) > 0 && counts[0][0] <= to {
			if r.Packets == 0 {
				r.Min = counts[0][0]
			}
			r.Max = counts[0][0]
			r.Packets += counts[0][1]
			r.Bytes += counts[0][0] * counts[0][1]
			counts = counts[1:]
		}
		from = to + 1
	}
	return list
}

// String is the range's name in Wireshark: "40-79", "5120 and greater".
func (r Range) String() string {
	from := strconv.FormatInt(r.From, 10)
	if r.To == MaxLength {
		return from + " and greater"
	}
	return from + "-" + strconv.FormatInt(r.To, 10)
}
