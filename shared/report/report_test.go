package report

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
)

func example() *Report {
	return &Report{
		Schema: Schema, Packets: 3, Bytes: 1e15, Start: -1_500_000_001, End: 1483873200_123456789, Relative: true, Addresses: 2,
		Hours:   []Hour{{0, true, 1, 2}, {3600, false, 0, 0}},
		Minutes: []Bin{{60, 1, 2}}, Seconds: []Bin{},
		Box:       Box{1, 2.5, 3.125, 1e21, 5, 1.0 / 3, 7, 8},
		Lengths:   [][2]int64{{0, 1}, {65536, 2}},
		Histogram: Histogram{[]float64{0, 0.1}, []int64{3}, []float64{1e-9}},
		KDE:       [][2]float64{{1, 1e-300}},
		Top: Top{Source: []Entry{{"192.0.2.1", 1, 2}}, Destination: []Entry{}, Pair: []PairEntry{{[2]string{"::1", "::2"}, 3, 4}},
			Port: []Entry{{"443/tcp", 1, 1}}, Protocol: []Entry{{"tcp", 1, 1}}, Unaddressed: Volume{1, 2}},
		Input: Input{Files: []File{
			{Name: "<img src=x onerror=alert(1)>&\"\\\n\x7f\u2028\xff.csv", Bytes: 1, Rows: 2, Skipped: map[string]int64{"empty line": 1, "a": 2}, Error: "no"},
			{Name: "x", Skipped: map[string]int64{}},
		}, Rows: 2, Skipped: map[string]int64{}},
	}
}

// The hand-written encoder and encoding/json say the same, and what is read back is what was written.
func TestJSONRoundTrip(t *testing.T) {
	want := example()
	b := AppendJSON(nil, want)
	var got Report
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatalf("%v in\n%s", err, b)
	}
	reflected, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	var viaReflection Report
	if err := json.Unmarshal(reflected, &viaReflection); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, viaReflection) {
		t.Errorf("AppendJSON gives\n%s\nencoding/json\n%s", b, reflected)
	}
	if got.Start != want.Start || got.End != want.End {
		t.Errorf("times %d %d, want %d %d", got.Start, got.End, want.Start, want.End)
	}
	if bytes.ContainsAny(b, "<>&") {
		t.Errorf("markup in %s", b)
	}
	again := AppendJSON(nil, &got)
	if !bytes.Equal(again, bytes.ReplaceAll(b, []byte("\xff"), []byte("\ufffd"))) {
		t.Errorf("second writing differs:\n%s\n%s", b, again)
	}
}

func TestTimeRejectsNonsense(t *testing.T) {
	for _, s := range []string{`"1"`, "1e9", "null", "1.2.3", "[]", "99999999999999.0"} {
		var v Time
		if err := json.Unmarshal([]byte(s), &v); err == nil {
			t.Errorf("%s was read as %d", s, v)
		}
	}
}
