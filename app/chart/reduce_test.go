package chart

import (
	"math/rand/v2"
	"testing"

	charts "github.com/vicanso/go-charts/v2"

	"tracelens/shared/report"
)

func TestGaps(t *testing.T) {
	hs := someHours(1, -1, -1, 2, -1)
	got := gaps(hs, start+1800, start+4*3600+60)
	want := []stretch{{start + 3600, start + 3*3600}, {start + 4*3600, start + 4*3600 + 60}}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("%v, want %v", got, want)
	}
}

// TestReduce compares with the same done the long way: every bin, one after the other.
func TestReduce(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for range 200 {
		hours := make([]report.Hour, 1+r.IntN(6))
		for i := range hours {
			hours[i] = report.Hour{Start: start + int64(i)*3600, Captured: r.IntN(3) > 0}
		}
		n := len(hours) * 60
		var bins []report.Bin
		dense := make([]int64, n)
		for i := range n {
			if hours[i/60].Captured && r.IntN(4) > 0 {
				dense[i] = r.Int64N(1000)
				bins = append(bins, report.Bin{Start: start + int64(i)*60, Bytes: dense[i], Packets: 1})
			}
		}
		s := Series{Bins: bins, Hours: hours, Step: 60, Start: start, End: start + int64(n)*60}
		gs := gaps(hours, s.Start, s.End)
		slots := 1 + r.IntN(20)
		for _, k := range []int{n, slots} {
			v := reduce(bins, s, gs, k, k != n)
			if len(v.mean) != k {
				t.Fatalf("%d values for %d slots", len(v.mean), k)
			}
			for j := range k {
				least, most, sum, captured := int64(1<<62), int64(-1), int64(0), int64(0)
				for i := j * n / k; i < (j+1)*n/k; i++ {
					if hours[i/60].Captured {
						least, most, sum, captured = min(least, dense[i]), max(most, dense[i]), sum+dense[i], captured+1
					}
				}
				if captured == 0 {
					if v.mean[j] != charts.GetNullValue() {
						t.Fatalf("slot %d of %d: %v where nobody looked", j, k, v.mean[j])
					}
					continue
				}
				if v.mean[j] != float64(sum)/float64(captured) {
					t.Fatalf("slot %d of %d: mean %v, want %v", j, k, v.mean[j], float64(sum)/float64(captured))
				}
				if v.most != nil && (v.least[j] != float64(least) || v.most[j] != float64(most)) {
					t.Fatalf("slot %d of %d: %v to %v, want %d to %d", j, k, v.least[j], v.most[j], least, most)
				}
			}
		}
	}
}

func TestColumns(t *testing.T) {
	cal := options(100, Light()).calendar()
	hs := manyHours(1000)
	for _, width := range []int64{3600, 7200, 12 * 3600, 24 * 3600, 168 * 3600} {
		var sum, want int64
		for _, c := range columns(hs, nil, width, cal) {
			sum += c.bytes
			if width > 3600 && width <= 24*3600 && (c.start+3600)%width != 0 {
				t.Fatalf("a column of %d s starts at %d", width, c.start)
			}
		}
		for _, h := range hs {
			want += h.Bytes
		}
		if sum != want {
			t.Errorf("columns of %d s hold %d bytes of %d", width, sum, want)
		}
	}
	for hours := 1; hours < 9000; hours += 7 {
		for _, most := range []int{53, 118, 372} {
			if g := group(hours, most); len(columns(make([]report.Hour, 1), nil, g*3600, cal)) != 1 || (int64(hours)+g-1)/g > int64(most) {
				t.Fatalf("%d hours in %d columns: %d each", hours, most, g)
			}
		}
	}
}
