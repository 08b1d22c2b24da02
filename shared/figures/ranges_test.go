package figures

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// Every range holds what lies in it, by the plainest counting; the lengths at its edges too.
func TestRanges(t *testing.T) {
	begins := []int64{0, 20, 40, 80, 160, 320, 640, 1280, 2560, 5120}
	r := rand.New(rand.NewPCG(5, 1))
	for round := range 200 {
		var lengths []int64
		for range r.IntN(300) {
			lengths = append(lengths, r.Int64N(1<<(1+r.IntN(33))))
		}
		if round%2 == 0 {
			for _, b := range begins[1:] {
				lengths = append(lengths, b-1, b)
			}
		}
		want := make([]Range, len(begins))
		for i, b := range begins {
			want[i].From, want[i].To = b, MaxLength
			if i+1 < len(begins) {
				want[i].To = begins[i+1] - 1
			}
			var in []int64
			for _, l := range lengths {
				if l >= b && l <= want[i].To {
					in = append(in, l)
					want[i].Bytes += l
				}
			}
			if want[i].Packets = int64(len(in)); len(in) > 0 {
				want[i].Min, want[i].Max = slices.Min(in), slices.Max(in)
			}
		}
		if got := Ranges(count(lengths)); !slices.Equal(got, want) {
			t.Fatalf("%v:\n%v, want\n%v", lengths, got, want)
		}
	}
}
