package report

import (
	"slices"
	"testing"
)

func TestGapsFillAndDrop(t *testing.T) {
	year := int64(365 * 24 * 3600)
	for _, starts := range [][]int64{{}, {0}, {-3600, 0, 3600}, {0, 7200}, {-7200, 10800, 18000}, {946735200, 946735200 + 23*year}} {
		sparse := []Hour{}
		for _, s := range starts {
			sparse = append(sparse, Hour{Start: s, Captured: true, Bytes: s, Packets: 1})
		}
		full := FillGaps(sparse)
		for i := 1; i < len(full); i++ {
			if full[i].Start != full[i-1].Start+3600 {
				t.Fatalf("%v: hour %d follows %d", starts, full[i].Start, full[i-1].Start)
			}
		}
		if !slices.Equal(DropGaps(full), sparse) {
			t.Errorf("%v: dropped to %v", starts, DropGaps(full))
		}
	}
	beyond := []Hour{{Start: 0, Captured: true}, {Start: (MaxListedHours + 1) * 3600, Captured: true}}
	if got := FillGaps(beyond); len(got) != 2 {
		t.Errorf("%d hours listed", len(got))
	}
}
