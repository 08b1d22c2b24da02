package figures

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"tracelens/shared/report"
)

// count makes [length, packets] pairs of plain lengths.
func count(lengths []int64) (counts [][2]int64) {
	sorted := slices.Sorted(slices.Values(lengths))
	for _, l := range sorted {
		if n := len(counts); n > 0 && counts[n-1][0] == l {
			counts[n-1][1]++
		} else {
			counts = append(counts, [2]int64{l, 1})
		}
	}
	return counts
}

// The expected values are numpy's: np.percentile(x, [25, 50, 75]).
func TestBox(t *testing.T) {
	for _, c := range []struct {
		lengths []int64
		want    report.Box
	}{
		{nil, report.Box{}},
		{[]int64{60}, report.Box{Min: 60, Q1: 60, Median: 60, Q3: 60, Max: 60, Mean: 60, WhiskerLow: 60, WhiskerHigh: 60}},
		{[]int64{1, 2}, report.Box{Min: 1, Q1: 1.25, Median: 1.5, Q3: 1.75, Max: 2, Mean: 1.5, WhiskerLow: 1, WhiskerHigh: 2}},
		{[]int64{1, 2, 3, 4, 100}, report.Box{Min: 1, Q1: 2, Median: 3, Q3: 4, Max: 100, Mean: 22, WhiskerLow: 1, WhiskerHigh: 4}},
		{[]int64{10, 60, 60, 60, 60, 1514}, report.Box{Min: 10, Q1: 60, Median: 60, Q3: 60, Max: 1514, Mean: 294, WhiskerLow: 60, WhiskerHigh: 60}},
	} {
		if got := Box(count(c.lengths)); got != c.want {
			t.Errorf("%v: got %+v, want %+v", c.lengths, got, c.want)
		}
	}
}

func TestHistogramHoldsEveryPacketOnce(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 300 {
		lengths := make([]int64, 1+r.IntN(400))
		span := 1 + r.Int64N(2000)
		for i := range lengths {
			lengths[i] = 40 + r.Int64N(span)
		}
		counts := count(lengths)
		h := Histogram(counts)
		if len(h.Packets) > MaxBins || len(h.Edges) != len(h.Packets)+1 || len(h.Density) != len(h.Packets) {
			t.Fatalf("%d edges, %d bins, %d densities", len(h.Edges), len(h.Packets), len(h.Density))
		}
		area := 0.0
		for i, n := range h.Packets {
			inside := int64(0)
			for _, l := range lengths { // a length on an edge may fall to either side by rounding, so look a little away from it
				if x := float64(l); x > h.Edges[i]+1e-9 && x < h.Edges[i+1]-1e-9 || x == h.Edges[i] && i == 0 || i == len(h.Packets)-1 && x == h.Edges[i+1] {
					inside++
				} else if math.Abs(x-h.Edges[i]) <= 1e-9 {
					inside++
				}
			}
			if inside != n {
				t.Fatalf("bin %d from %v to %v has %d packets, counted %d in %v", i, h.Edges[i], h.Edges[i+1], n, inside, counts)
			}
			area += h.Density[i] * (h.Edges[i+1] - h.Edges[i])
		}
		if math.Abs(area-1) > 1e-9 {
			t.Fatalf("area %v", area)
		}
	}
}

func TestHistogramBins(t *testing.T) {
	if h := Histogram([][2]int64{{60, 100}}); len(h.Packets) != 1 || h.Edges[0] != 59.5 || h.Density[0] != 1 {
		t.Errorf("one length: %+v", h)
	}
	// Half of the packets have one length, so the interquartile range is 0.
	if h := Histogram([][2]int64{{60, 1}, {66, 100}, {1514, 1}}); len(h.Packets) != MaxBins {
		t.Errorf("no interquartile range: %d bins", len(h.Packets))
	}
	if h := Histogram([][2]int64{{60, 1}, {62, 1}}); len(h.Packets) > 3 {
		t.Errorf("more bins than lengths: %+v", h)
	}
	// numpy.histogram_bin_edges(range(1000), 'fd') has 10 bins: width 2*499.5/10.
	uniform := make([]int64, 1000)
	for i := range uniform {
		uniform[i] = int64(i)
	}
	if h := Histogram(count(uniform)); len(h.Packets) != 10 {
		t.Errorf("uniform: %d bins", len(h.Packets))
	}
}

func TestKDE(t *testing.T) {
	if k := KDE([][2]int64{{60, 100}}); len(k) != 0 {
		t.Errorf("one length has a density: %v", k)
	}
	k := KDE([][2]int64{{0, 1}, {2, 1}})
	// sigma is sqrt(2), n is 2: the density at the middle is 2/2 * N(1; 0, h) with h = sqrt(2)*2^-0.2, near which the grid has no
	// point; at the ends it is the mean of N(0) and N(2).
	h := math.Sqrt2 * math.Pow(2, -0.2)
	normal := func(x float64) float64 { return math.Exp(-x*x/2/h/h) / h / math.Sqrt(2*math.Pi) }
	if want := (normal(0) + normal(2)) / 2; math.Abs(k[0][1]-want) > 1e-13 || len(k) != GridPoints || k[63][0] != 2 {
		t.Errorf("density %v at 0, want %v", k[0][1], want)
	}
}

// The density is what its definition says, an exponential for each length at each point: for narrow peaks, which leave gaps
// between them where hardly anything is left, and for wide ones.
func TestKDEIsTheSumOfItsKernels(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 300 {
		counts := [][2]int64{{r.Int64N(100), 1 + r.Int64N(1000)}}
		for range 1 + r.IntN(100) {
			counts = append(counts, [2]int64{counts[len(counts)-1][0] + 1 + r.Int64N(1<<r.IntN(14)), 1 + r.Int64N(1<<r.IntN(40))})
		}
		n := Packets(counts)
		h := deviation(counts, n) * math.Pow(float64(n), -0.2)
		for _, k := range KDE(counts) {
			sum := 0.0
			for _, c := range counts {
				z := (k[0] - float64(c[0])) / h
				sum += float64(c[1]) * math.Exp(-z*z/2)
			}
			want := sum / (float64(n) * h * math.Sqrt(2*math.Pi))
			if math.Abs(k[1]-want) > 1e-9*want+1e-290 {
				t.Fatalf("density %v at %v, want %v: %v", k[1], k[0], want, counts)
			}
		}
	}
}

func TestAbove(t *testing.T) {
	counts := [][2]int64{{60, 3}, {1000, 5}, {1514, 7}}
	for size, want := range map[int64]int64{0: 15, 59: 15, 60: 12, 999: 12, 1000: 7, 1513: 7, 1514: 0} {
		if got := Above(counts, size); got != want {
			t.Errorf("above %d: %d, want %d", size, got, want)
		}
	}
}
