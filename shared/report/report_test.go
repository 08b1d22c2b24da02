package report

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
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
		Top: Top{Source: []Entry{{"192.0.2.1", 1, 2}}, Destination: []Entry{}, Either: []Entry{{"192.0.2.1", 3, 4}, {"::1", 1, 0}},
			Pair: []PairEntry{{[2]string{"::1", "::2"}, 3, 4}}, Conversation: []PairEntry{{[2]string{"::1", "::2"}, 5, 6}},
			Port: []Entry{{"443/tcp", 1, 1}}, Protocol: []Entry{{"tcp", 1, 1}}, Unaddressed: Volume{1, 2}},
		Causes: &Causes{Program: []Entry{{"Web Content", 5, 1}}, Site: []Entry{}, Programs: 3, Sites: 1, OtherProgram: Volume{1, 2}, OtherSite: Volume{3, 4}, NoProgram: Volume{5, 6}, NoSite: Volume{7, 8},
			Links: []CauseLink{{0, OtherCause, 1, 2}, {NoCause, NoCause, 3, 4}}, WidthS: 60, Times: []CauseBin{{60, []int64{1, 2, 3}, []int64{4, 5}}}},
		Directions: Directions{Mine: []string{"192.0.2.0/24", "::/0"}, In: Volume{1, 2}, Out: Volume{3, 4}, Within: Volume{5, 6}, Beyond: Volume{7, 8}},
		Selection:  Selection{From: 5, To: 1483873200_123456789, Filter: "ip.src == 192.0.2.1 && !udp"},
		Input: Input{Files: []File{
			{Name: "<img src=x onerror=alert(1)>&\"\\\n\x7f\u2028\xff.csv", Within: "<b>/x.zip", Format: "comma", Start: -1, End: 5, Bytes: 1, Rows: 2,
				Skipped: map[string]int64{"empty line": 1, "a": 2}, Lines: map[string][]int64{"a": {1, 7}}, Error: "no"},
			{ID: 7, Name: "x", Skipped: map[string]int64{}, Ignored: true, Names: true, Same: "y"},
		}, Rows: 2, Skipped: map[string]int64{}},
	}
}

// What is written is read back, as JSON and as bytes.
func TestRoundTrip(t *testing.T) {
	want := example()
	b, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{`"either":[{"key":"192.0.2.1","bytes":3,`, `"conversation":[{"key":["::1","::2"],"bytes":5,`,
		`"directions":{"mine":["192.0.2.0/24","::/0"],"in":{"bytes":1,"packets":2},"out":{"bytes":3,`, `"within":{"bytes":5,`, `"beyond":{"bytes":7,`} {
		if !bytes.Contains(b, []byte(part)) {
			t.Errorf("no %s in %s", part, b)
		}
	}
	if bytes.ContainsAny(b, "<>&") {
		t.Errorf("markup in %s", b)
	}
	var got Report
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatalf("%v in\n%s", err, b)
	}
	want.Input.Files[1].ID = 0 // not in JSON
	want.Input.Files[0].Name = strings.ToValidUTF8(want.Input.Files[0].Name, "\ufffd")
	if !reflect.DeepEqual(&got, want) {
		t.Errorf("JSON gives\n%+v\nwant\n%+v", got, want)
	}
	want.Input.Files[1].ID = 7
	want.Listing = &Listing{
		Wish: Wish{ListConversation, ByPackets, 1000}, Keys: 1 << 40, Total: Volume{1, 2}, Rest: Volume{3, 4}, Without: Volume{5, 6},
		Rows: []Row{{"::1", "::2", 1, 2, Volume{3, 4}, Volume{5, 6}}, {Key: "443/tcp", Bytes: 7}},
	}
	binary := AppendBinary(nil, want)
	back, err := DecodeBinary(binary)
	if err != nil || !reflect.DeepEqual(back, want) {
		t.Errorf("bytes give\n%+v, %v\nwant\n%+v", back, err, want)
	}
	for n := range binary {
		if _, err := DecodeBinary(binary[:n]); err == nil {
			t.Errorf("%d of %d bytes were read", n, len(binary))
		}
	}
	if _, err := DecodeBinary(append(binary, 0)); err == nil {
		t.Error("a byte was left over")
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
