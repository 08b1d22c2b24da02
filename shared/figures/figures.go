// Package figures derives the statistics of packet lengths from exact counts: quartiles, box plot, histogram, density, share
// above a size. Lengths are small integers, so nothing is sampled and nothing is sketched.
//
// Every function takes the counts as [length, packets] pairs, ascending, as in a report; no packets give zero values.
package figures

import (
	"math"

	"tracelens/shared/report"
)

// Packets is the number of packets in the counts.
func Packets(counts [][2]int64) (n int64) {
	for _, c := range counts {
		n += c[1]
	}
	return n
}

// Box is the box plot: quartiles with linear interpolation between order statistics (numpy.percentile's default), whiskers at
// the last length within 1.5 interquartile ranges of the box.
func Box(counts [][2]int64) (b report.Box) {
	n := Packets(counts)
	if n == 0 {
		return b
	}
	b.Min, b.Max = counts[0][0], counts[len(counts)-1][0]
	b.Q1, b.Median, b.Q3 = quantile(counts, n, 0.25), quantile(counts, n, 0.5), quantile(counts, n, 0.75)
	b.Mean = mean(counts, n)
	low, high := b.Q1-1.5*(b.Q3-b.Q1), b.Q3+1.5*(b.Q3-b.Q1)
	b.WhiskerLow, b.WhiskerHigh = b.Max, b.Min
	for _, c := range counts {
		if l := float64(c[0]); l >= low && l <= high {
			b.WhiskerLow, b.WhiskerHigh = min(b.WhiskerLow, c[0]), max(b.WhiskerHigh, c[0])
		}
	}
	return b
}

// quantile interpolates between the order statistics around q*(n-1), counted from 0.
func quantile(counts [][2]int64, n int64, q float64) float64 {
	at := q * float64(n-1)
	below := int64(math.Floor(at))
	a, b := float64(orderStatistic(counts, below)), float64(orderStatistic(counts, min(below+1, n-1)))
	return a + (b-a)*(at-float64(below))
}

// orderStatistic is the length at index i of all lengths in ascending order.
func orderStatistic(counts [][2]int64, i int64) int64 {
	for _, c := range counts {
		if i < c[1] {
			return c[0]
		}
		i -= c[1]
	}
	return counts[len(counts)-1][0]
}

func mean(counts [][2]int64, n int64) float64 {
	sum := int64(0)
	for _, c := range counts {
		sum += c[0] * c[1]
	}
	return float64(sum) / float64(n)
}

// deviation is the sample standard deviation (n-1 in the denominator), 0 for fewer than two packets.
func deviation(counts [][2]int64, n int64) float64 {
	if n < 2 {
		return 0
	}
	m, sum := mean(counts, n), 0.0
	for _, c := range counts { // the second pass avoids the cancellation of sum(x^2) - n*mean^2
		d := float64(c[0]) - m
		sum += float64(c[1]) * d * d
	}
	return math.Sqrt(sum / float64(n-1))
}

// Above is the number of packets longer than size.
func Above(counts [][2]int64, size int64) (n int64) {
	for _, c := range counts {
		if c[0] > size {
			n += c[1]
		}
	}
	return n
}
