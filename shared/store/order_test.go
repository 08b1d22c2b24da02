package store

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestInOrder has times in all the ways in which they come sorted as a stable sort has them: of one place after the other, of several queues,
// of nobody's order, many of them equal.
func TestInOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 2, 3, 1000, 20_000} {
		for name, at := range map[string]func(i int) int64{
			"ascending":    func(i int) int64 { return int64(i / 2) },
			"descending":   func(i int) int64 { return int64(n - i) },
			"equal":        func(int) int64 { return 7 },
			"two hours":    func(i int) int64 { return int64((i + n/3) % max(1, n) / 3) },
			"many sources": func(i int) int64 { return int64(i % 97) },
			"queues":       func(i int) int64 { return int64(i) + r.Int64N(5) },
			"any":          func(int) int64 { return r.Int64() },
			"few":          func(int) int64 { return r.Int64N(4) },
		} {
			times := make([]int64, n)
			for i := range times {
				times[i] = at(i)
			}
			want := upTo(n)
			slices.SortStableFunc(want, func(a, b uint32) int { return cmp.Compare(times[a], times[b]) })
			if got := inOrder(times); !slices.Equal(got, want) {
				t.Errorf("%d times, %s: another order than that of a stable sort", n, name)
			}
		}
	}
}

func BenchmarkInOrder(b *testing.B) {
	for name, at := range map[string]func(i int) int64{
		"two-hours": func(i int) int64 { return int64((i + SegmentRows/3) % SegmentRows) },
		"any":       func(i int) int64 { return int64(uint64(i) * 0x9e3779b97f4a7c15) },
	} {
		times := make([]int64, SegmentRows)
		for i := range times {
			times[i] = at(i)
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				inOrder(times)
			}
		})
	}
}
