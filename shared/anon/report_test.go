package anon

import (
	"encoding/json"
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"tracelens/shared/report"
	"tracelens/shared/trace"
)

func exampleReport() *report.Report {
	return &report.Report{
		Schema: report.Schema, Packets: 3, Bytes: 180, Start: 1483873265123456789, End: 1483873325123456789, Addresses: 3,
		Hours:   []report.Hour{{Start: 1483873200, Captured: true, Bytes: 180, Packets: 3}},
		Minutes: []report.Bin{{Start: 1483873260, Bytes: 120, Packets: 2}, {Start: 1483873320, Bytes: 60, Packets: 1}},
		Seconds: []report.Bin{{Start: 1483873265, Bytes: 120, Packets: 2}, {Start: 1483873325, Bytes: 60, Packets: 1}},
		Lengths: [][2]int64{{60, 3}},
		Top: report.Top{
			Source:       []report.Entry{{Key: "192.0.2.1", Bytes: 120, Packets: 2}, {Key: "2001:db8::1", Bytes: 60, Packets: 1}},
			Destination:  []report.Entry{{Key: "224.0.0.251", Bytes: 120, Packets: 2}, {Key: "fe80::1%eth0", Bytes: 60, Packets: 1}},
			Either:       []report.Entry{{Key: "192.0.2.1", Bytes: 120, Packets: 2}, {Key: "198.51.100.7", Bytes: 120, Packets: 2}},
			Pair:         []report.PairEntry{{Key: [2]string{"192.0.2.1", "198.51.100.7"}, Bytes: 120, Packets: 2}},
			Conversation: []report.PairEntry{{Key: [2]string{"192.0.2.1", "198.51.100.7"}, Bytes: 120, Packets: 2}},
			Port:         []report.Entry{{Key: "443/tcp", Bytes: 120, Packets: 2}},
			Protocol:     []report.Entry{{Key: "tcp", Bytes: 180, Packets: 3}},
		},
		Names:      map[string]string{"192.0.2.1": "laptop.ada.example"},
		Causes:     &report.Causes{Program: []report.Entry{{Key: "adas-backup"}}, Site: []report.Entry{{Key: "ada.example"}}},
		Directions: report.Directions{Mine: []string{"192.0.2.0/24", "2001:db8::/32"}},
		Selection:  report.Selection{Filter: "ip.addr == 192.0.2.1", From: 1483873200e9, To: 1483876800e9},
		Input: report.Input{Rows: 3, Files: []report.File{
			{Name: "1483873200.csv", Rows: 3, Start: 1483873265123456789, End: 1483873325123456789},
			{Name: "office of 192.0.2.1.csv", Within: "home/ada", Format: "columns of ada", Error: "no 192.0.2.1", Same: "ada.csv"},
		}},
	}
}

// TestReport: for every recipe, names are those that packets get, in the order that lists have, and nothing of the original is left.
func TestReport(t *testing.T) {
	for _, recipe := range append(recipes, Recipe{Shift: true, Times: TimesInMinutes, Ports: PortsDropped}, Recipe{Scheme: Numbers, Times: TimesInSeconds, Ports: PortsBucketed}) {
		a, r := anonymiser(t, recipe, draftKey), exampleReport()
		a.Report(r)
		text, err := json.Marshal(r)
		if err != nil {
			t.Fatal(err)
		}
		if recipe.V4 != 32 { // which keeps all of an address
			for _, word := range []string{"192.0.2.1\"", "198.51.100.7", "2001:db8::1", "ada", "eth0", "office"} {
				if strings.Contains(string(text), word) {
					t.Errorf("%v: %s is left in %s", recipe, word, text)
				}
			}
		}
		name := func(text string) string { return a.Addr(netip.MustParseAddr(text)).String() }
		if want := []string{name("192.0.2.1"), name("2001:db8::1")}; len(r.Top.Source) != 2 || r.Top.Source[0].Key != want[0] || r.Top.Source[1].Key != want[1] {
			t.Errorf("%v: sources %v, want %v", recipe, r.Top.Source, want)
		}
		if len(r.Top.Destination) != 1 || r.Top.Destination[0].Key != "224.0.0.251" {
			t.Errorf("%v: destinations %v", recipe, r.Top.Destination)
		}
		if e := r.Top.Either; e[0].Key > e[1].Key {
			t.Errorf("%v: entries of the same volume are not in order: %v", recipe, e)
		}
		if want := [2]string{name("192.0.2.1"), name("198.51.100.7")}; r.Top.Pair[0].Key != want {
			t.Errorf("%v: pair %v, want %v", recipe, r.Top.Pair[0].Key, want)
		}
		if key := r.Top.Conversation[0].Key; after(key[0], key[1]) {
			t.Errorf("%v: conversation %v", recipe, key)
		}
		if len(r.Top.Port) == 1 != (recipe.Ports == PortsKept) {
			t.Errorf("%v: ports %v", recipe, r.Top.Port)
		}
		if mine := r.Directions.Mine; keepsPrefixes(recipe) != (len(mine) == 2) {
			t.Errorf("%v: mine %v", recipe, mine)
		} else if len(mine) == 2 && !netip.MustParsePrefix(mine[0]).Contains(netip.MustParseAddr(name("192.0.2.1"))) {
			t.Errorf("%v: %s is not in %s", recipe, name("192.0.2.1"), mine[0])
		}
		// Times are those of the packets that the report is of.
		p := trace.Packet{TimeNS: 1483873265123456789}
		a.Packet(&p, true)
		if int64(r.Start) != p.TimeNS || r.Input.Files[0].Start != r.Start || r.Hours[0].Start != a.Hour(1483873200) || r.Minutes[0].Start-r.Hours[0].Start != 60 {
			t.Errorf("%v: times %d, %d, %d; want %d", recipe, r.Start, r.Hours[0].Start, r.Minutes[0].Start, p.TimeNS)
		}
		if len(r.Seconds) == 0 != (recipe.Times == TimesInMinutes) {
			t.Errorf("%v: seconds %v", recipe, r.Seconds)
		}
		if r.Input.Files[0].Name != trace.HourFileName(a.Hour(1483873200)) {
			t.Errorf("%v: the file %s", recipe, r.Input.Files[0].Name)
		}
	}
	relative := exampleReport()
	relative.Relative = true
	anonymiser(t, Recipe{Shift: true}, draftKey).Report(relative)
	if whole := exampleReport(); relative.Start != whole.Start || !reflect.DeepEqual(relative.Minutes, whole.Minutes) {
		t.Error("times without a date are shifted")
	}
}
