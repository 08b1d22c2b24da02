package label

import "math"

// Nice returns round values from 0 up to the first one at or above max, at most about count steps apart: the ticks of an axis
// that starts at zero. The last one is the top of the axis.
func Nice(max float64, count int) []float64 {
	if !(max > 0) || math.IsInf(max, 0) {
		return []float64{0, 1}
	}
	step := Step(max, count)
	n := int(math.Ceil(max/step - 1e-9))
	ticks := make([]float64, n+1)
	for i := range ticks {
		ticks[i] = clean(float64(i)*step, step)
	}
	return ticks
}

// Within returns the round values between lo and hi, about count of them.
func Within(lo, hi float64, count int) []float64 {
	if !(hi > lo) {
		return []float64{lo}
	}
	step := Step(hi-lo, count)
	var ticks []float64
	for k := math.Ceil(lo/step - 1e-9); k*step <= hi+step*1e-9; k++ {
		ticks = append(ticks, clean(k*step, step))
	}
	return ticks
}

// Step is the smallest round step that cuts span into at most count pieces: 1, 2 or 5 times a power of ten, and 25, 250, ...
// which are as round to people.
func Step(span float64, count int) float64 {
	if !(span > 0) || count < 1 {
		return 1
	}
	least := span / float64(count)
	power := math.Pow(10, math.Floor(math.Log10(least)))
	for _, m := range [...]float64{1, 2, 2.5, 5, 10} {
		if m == 2.5 && power < 10 {
			continue
		}
		if m*power >= least*(1-1e-9) {
			return m * power
		}
	}
	return 10 * power
}

// clean removes what floating point adds to a multiple of step: 0.30000000000000004.
func clean(v, step float64) float64 {
	if step >= 1 {
		return math.Round(v)
	}
	scale := math.Round(1 / math.Pow(10, math.Floor(math.Log10(step))))
	return math.Round(v*scale) / scale
}
