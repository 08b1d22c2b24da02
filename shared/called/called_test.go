package called

import (
	"net/netip"
	"reflect"
	"strings"
	"testing"

	"tracelens/shared/report"
	"tracelens/shared/trace"
)

const hour = 1_483_873_200

// TestLines: a name is read as it was written, and what is none is refused: whatever could be markup, a formula or another cell.
func TestLines(t *testing.T) {
	for k := range kinds {
		n := Name{TimeNS: hour*trace.Second + 61_000_000_007, Address: netip.MustParseAddr("2001:db8::7"), Kind: Kind(k), Text: "www.example.org"}
		of := "2001:db8::7"
		if n.Kind.OfPort() {
			n.Port, n.Text, of = 443, "Web Content (2)", "[2001:db8::7]:443"
		}
		line := AppendLine(nil, hour, n)
		if want := "61.000000007," + Kind(k).String() + "," + of + "," + n.Text + "\n"; string(line) != want {
			t.Errorf("%q, want %q", line, want)
		}
		for _, end := range []string{"\n", "\r\n", ""} {
			if got, ok := ParseLine([]byte(strings.TrimSuffix(string(line), "\n")+end), hour); !ok || got != n {
				t.Errorf("%q was read as %v, %v", line, got, ok)
			}
		}
	}
	for _, line := range []string{
		"", Header, "1.000000000,dns,192.0.2.1", "1.000000000,dns,192.0.2.1,a.example,b", "1.0,dns,192.0.2.1,a.example", "-1.000000000,dns,192.0.2.1,a.example",
		"1.000000000,icmp,192.0.2.1,a.example", "1.000000000,dns,192.0.2,a.example", "1.000000000,dns,fe80::1%eth0,a.example", "1.000000000,dns,192.0.2.1,<b>.example",
		"1.000000000,dns,192.0.2.1,=cmd.example", "1.000000000,dns,192.0.2.1,", "1.000000000,dns,192.0.2.1,A.example", "1.000000000,dns,192.0.2.1,192.0.2.9",
		"1.000000000,dns,192.0.2.1,a..example", "99999999999999999999.000000000,dns,192.0.2.1,a.example", "1.000000000,dns,192.0.2.1,a\x00.example", "+1.000000000,dns,192.0.2.1,a.example",
		"1.+00000000,dns,192.0.2.1,a.example", "1.000000000,tcp,192.0.2.1,curl", "1.000000000,dns,192.0.2.1:443,a.example", "1.000000000,tcp,192.0.2.1:65536,curl",
		"1.000000000,tcp,[2001:db8:0:0::1]:443,curl", "1.000000000,tcp,[fe80::1%eth0]:443,curl", "1.000000000,tcp,192.0.2.1:443,", "1.000000000,tcp,192.0.2.1:443,=cmd",
		"1.000000000,tcp,192.0.2.1:443,--", "1.000000000,tcp,192.0.2.1:443,a<b", "1.000000000,udp,192.0.2.1:443, curl", "1.000000000,udp,192.0.2.1:443,a\u202eb",
		"1.000000000,udp,192.0.2.1:443,a\xffb", "1.000000000,udp,192.0.2.1:443,\x1b[31m", "1.000000000,udp,192.0.2.1:0443,curl", "1.000000000,udp,192.0.2.1:443," + strings.Repeat("a", 65),
		"1.000000000,dns,192.0.2.1," + strings.Repeat("a", 254),
	} {
		if n, ok := ParseLine([]byte(line), hour); ok {
			t.Errorf("%q was read as %v", line, n)
		}
	}
}

// TestBook: the newest name counts, or that of a time, in whatever order they come, and lines that are none are counted.
func TestBook(t *testing.T) {
	lines := strings.Split("1.000000000,dns,192.0.2.1,old.example\n3.000000000,tls,192.0.2.1,new.example\n2.000000000,http,192.0.2.1,between.example\n2.000000000,dns,2001:db8::1,six.example\n", "\n")
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {1, 0, 3, 2}} {
		var b Book
		text := Header + "\n"
		for _, i := range order {
			text += lines[i] + "\n"
		}
		if bad := b.AddLines([]byte(text+"nothing\n\n"), hour); bad != 1 {
			t.Errorf("%d bad lines", bad)
		}
		for address, want := range map[string]string{"192.0.2.1": "new.example", "2001:db8:0::1": "six.example", "192.0.2.2": "", "443/tcp": "", "": ""} {
			if got := b.Of(address, Always); got != want {
				t.Errorf("%s is called %q, want %q", address, got, want)
			}
		}
		r := &report.Report{Top: report.Top{Source: []report.Entry{{Key: "192.0.2.1"}, {Key: "192.0.2.9"}}, Pair: []report.PairEntry{{Key: [2]string{"192.0.2.9", "2001:db8::1"}}}}}
		b.Name(r)
		if want := map[string]string{"192.0.2.1": "new.example", "2001:db8::1": "six.example"}; !reflect.DeepEqual(r.Names, want) {
			t.Errorf("%v, want %v", r.Names, want)
		}
		if got, err := report.DecodeBinary(report.AppendBinary(nil, r)); err != nil || !reflect.DeepEqual(got.Names, r.Names) {
			t.Errorf("%v, %v", got, err)
		}
	}
	var b Book
	b.AddLines([]byte(strings.Join([]string{lines[1], lines[0], lines[2], "2.500000000,dns,192.0.2.1,between.example"}, "\n")), hour)
	at := func(seconds float64) int64 { return hour*trace.Second + int64(seconds*1e9) }
	for before, want := range map[int64]string{at(0.5): "old.example", at(1): "old.example", at(1.5): "old.example", at(2.1): "between.example", at(3): "between.example", at(3.5): "new.example"} {
		if got := b.Of("192.0.2.1", before); got != want {
			t.Errorf("before %v it is called %q, want %q", float64(before-hour*trace.Second)/1e9, got, want)
		}
	}
	r := &report.Report{Top: report.Top{Either: []report.Entry{{Key: "192.0.2.1"}}}, Selection: report.Selection{From: report.Time(at(1)), To: report.Time(at(2.6))}}
	if b.Name(r); r.Names["192.0.2.1"] != "between.example" {
		t.Errorf("a selection that ends then says %v", r.Names)
	}
	for i := range 100 { // as many as that are not kept
		b.Add(Name{TimeNS: at(float64(10 + i)), Address: netip.MustParseAddr("192.0.2.1"), Kind: DNS, Text: "n" + strings.Repeat("x", i%50) + ".example"})
	}
	if n := len(b.hosts[netip.MustParseAddr("192.0.2.1")]); n != maxEach {
		t.Errorf("%d names are kept", n)
	}
	var none Book
	r = &report.Report{Names: map[string]string{"192.0.2.1": "x"}}
	if none.Name(r); r.Names != nil || none.Of("192.0.2.1", Always) != "" {
		t.Errorf("an empty book says %v", r.Names)
	}
}

// FuzzParseLine: a line that is read is written again as it was, and has nothing in it but what names have.
func FuzzParseLine(f *testing.F) {
	f.Add([]byte("61.000000007,dns,2001:db8::7,www.example.org\n"))
	f.Add([]byte("0.000000000,mdns,192.0.2.1,printer\n"))
	f.Add([]byte("0.000000000,udp,192.0.2.1:40000,Web Content\n"))
	f.Add([]byte("0.000000000,tcp,[2001:db8::1]:40000,-\n"))
	f.Fuzz(func(t *testing.T, line []byte) {
		n, ok := ParseLine(line, hour)
		if !ok {
			return
		}
		again, ok := ParseLine(AppendLine(nil, hour, n), hour)
		if !ok || again != n || strings.ContainsAny(n.Text, "<>&\"',\\\t\r\n\x00") || strings.HasPrefix(n.Text, "=") || strings.Contains(n.Text, " ") && !n.Kind.OfPort() {
			t.Fatalf("%q was read as %+v, and then as %+v", line, n, again)
		}
	})
}
