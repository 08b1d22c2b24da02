package figures

import (
	"math"

	"tracelens/shared/report"
)

// MaxBins bounds the histogram; GridPoints is how many lengths the density is evaluated at.
const (
	MaxBins    = 50
	GridPoints = 64
)

// Histogram has Freedman-Diaconis bins, 2*IQR*n^(-1/3) wide, MaxBins at most, over the range of the lengths. Where the
// interquartile range is 0 the rule gives infinitely many, that is MaxBins; never more than there are lengths in the range.
// A length on an edge belongs to the bin above, the largest one to the last bin, as in numpy.
func Histogram(counts [][2]int64) report.Histogram {
	h := report.Histogram{Edges: []float64{}, Packets: []int64{}, Density: []float64{}}
	n := Packets(counts)
	if n == 0 {
		return h
	}
	low, high := counts[0][0], counts[len(counts)-1][0]
	span := high - low
	if span == 0 { // all packets have one length: a bin of 1 B around it
		h.Edges = []float64{float64(low) - 0.5, float64(low) + 0.5}
		h.Packets, h.Density = []int64{n}, []float64{1}
		return h
	}
	bins := int64(MaxBins)
	if width := 2 * (quantile(counts, n, 0.75) - quantile(counts, n, 0.25)) / math.Cbrt(float64(n)); width > 0 {
		bins = int64(min(MaxBins, math.Ceil(float64(span)/width)))
	}
	bins = min(bins, span+1)
	h.Packets, h.Density = make([]int64, bins), make([]float64, bins)
	for _, c := range counts {
		h.Packets[min((c[0]-low)*bins/span, bins-1)] += c[1]
	}
	width := float64(span) / float64(bins)
	for i := range bins {
		h.Edges = append(h.Edges, float64(low)+float64(i)*width)
		h.Density[i] = float64(h.Packets[i]) / (float64(n) * width)
	}
	h.Edges = append(h.Edges, float64(high))
	return h
}

// KDE is the Gaussian kernel density at GridPoints lengths from the smallest to the largest, with Scott's bandwidth
// sigma*n^(-1/5). It is empty when all lengths are equal: a density of no width is no curve.
func KDE(counts [][2]int64) [][2]float64 {
	curve := [][2]float64{}
	n := Packets(counts)
	sigma := deviation(counts, n)
	if sigma == 0 {
		return curve
	}
	bandwidth := sigma * math.Pow(float64(n), -0.2)
	low, high := float64(counts[0][0]), float64(counts[len(counts)-1][0])
	step := (high - low) / (GridPoints - 1)
	width := step / bandwidth
	square := math.Exp(-width * width)
	var sums [GridPoints]float64
	for _, c := range counts {
		addKernel(&sums, (float64(c[0])-low)/step, width, square, float64(c[1]))
	}
	norm := 1 / (float64(n) * bandwidth * math.Sqrt(2*math.Pi))
	for i, sum := range sums {
		curve = append(curve, [2]float64{low + float64(i)*(high-low)/(GridPoints-1), sum * norm})
	}
	return curve
}

// tiny is where a kernel ends. What is smaller still changes no digit that anybody could see, and processors are slow with it.
const tiny = 1e-300

// addKernel adds exp(-z*z/2)*weight to each sum, where z is the sum's distance from center, in steps, times width; square is
// exp(-width*width).
//
// From one point of the grid to the next, z grows by width: exp(-(z+width)^2/2) is exp(-z*z/2) times ratio, and the next ratio is this
// one times square. So three exponentials and some multiplications do what took one exponential a point, and that was a third of the
// time that a brush took. Away from the centre the values only fall, so nothing overflows and errors stay below 1e-12.
func addKernel(sums *[GridPoints]float64, center, width, square, weight float64) {
	nearest := int(center + 0.5) // of 0..GridPoints-1
	z := (float64(nearest) - center) * width
	peak := math.Exp(-z*z/2) * weight
	value, ratio := peak, math.Exp(-z*width-width*width/2)
	for i := nearest; i < GridPoints && value > tiny; i++ {
		sums[i] += value
		value *= ratio
		ratio *= square
	}
	value, ratio = peak, math.Exp(z*width-width*width/2)
	for i := nearest - 1; i >= 0; i-- {
		value *= ratio
		ratio *= square
		if value <= tiny {
			return
		}
		sums[i] += value
	}
}
