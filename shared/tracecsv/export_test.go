package tracecsv

import (
	"testing"
	"time"

	"tracelens/shared/trace"
)

// TestWiresharkExports: "Export Packet Dissections, As CSV", as Wireshark writes them.
func TestWiresharkExports(t *testing.T) {
	const title = `"No.","Time","Source","Destination","Protocol","Length","Info"` + "\n"
	for _, c := range []struct {
		name, file string
		rows       int
		skipped    int64
		last       string // as an hour file's row
	}{
		{"seconds", title + `"1","0.000000","192.0.2.1","198.51.100.7","TCP","74","50000  >  443 [SYN] Seq=0, Win=64240"` + "\n" +
			`"2","1.250000","2001:db8::1","ff02::fb","MDNS","120","Standard query 0x0000 PTR _x._tcp.local, ""QM"" question"` + "\n", 2, 0,
			"1.250000000,,,,,,,120,2001:db8::1,ff02::fb\n"},
		{"since 1970", title + `"1","1483873200.500000","192.0.2.1","198.51.100.7","TCP","74","x"` + "\n", 1, 0, "1483873200.500000000,192.0.2.1,,,198.51.100.7,,,74,,\n"},
		{"date", title + `"1","2017-01-08 11:00:00.100000","192.0.2.1","198.51.100.7","TCP","74","x"` + "\n", 1, 0, "1483873200.100000000,192.0.2.1,,,198.51.100.7,,,74,,\n"},
		{"names and hardware addresses", title + `"1","0.1","host.example","Broadcast","ARP","42","Who has 192.0.2.1? Tell 192.0.2.2"` + "\n" +
			`"2","0.2","00:11:22:33:44:55","fe80::1","ARP","60","x"` + "\n", 2, 0, "0.200000000,,,,,,,60,,fe80::1\n"},
		{"quotes at the end of a cell", title + `"1","0.1","192.0.2.1","192.0.2.2","TCP","42","say ""hi""","x"` + "\n" + `"2","0.2","192.0.2.1","192.0.2.2","TCP","42","say ""hi"", he said, ""there"""` + "\n", 2, 0,
			"0.200000000,192.0.2.1,,,192.0.2.2,,,42,,\n"},
		{"another order", `"Length","Destination","Time"` + "\n" + `"60","192.0.2.2","7.5"` + "\n", 1, 0, "7.500000000,,,,192.0.2.2,,,60,,\n"},
		{"time of day", title + `"1","11:00:00.100000","192.0.2.1","192.0.2.2","TCP","42","x"` + "\n" + `"2","0.5","192.0.2.1","192.0.2.2","TCP","42","x"` + "\n", 1, 1,
			"0.500000000,192.0.2.1,,,192.0.2.2,,,42,,\n"},
		{"title again", title + `"1","0.5","192.0.2.1","192.0.2.2","TCP","42","x"` + "\n" + title, 1, 1, "0.500000000,192.0.2.1,,,192.0.2.2,,,42,,\n"},
	} {
		rows, skips := parseAll(t, c.file, 0)
		if len(rows) != c.rows || skips.Total() != c.skipped {
			t.Errorf("%s: %d rows, skipped %v", c.name, len(rows), skips.Counts())
			continue
		}
		if got := string(AppendRow(nil, 0, &rows[len(rows)-1])); got != c.last {
			t.Errorf("%s: %s want %s", c.name, got, c.last)
		}
	}
}

// TestSeveralValues: of a tunnel's values the first is taken, however they are parted; where nobody can tell whose they are, none.
func TestSeveralValues(t *testing.T) {
	const tshark = "frame.time_relative,ip.src,tcp.srcport,udp.srcport,ip.dst,tcp.dstport,udp.dstport,frame.len\n"
	for _, c := range []struct {
		header, line, row string
		reason            Reason
	}{
		// As tshark prints them.
		{tshark, "2.000000000,203.0.113.9,192.0.2.1,,4000,192.0.2.1,198.51.100.2,,33434,78", "2.000000000,203.0.113.9,,4000,192.0.2.1,,33434,78,,\n", rowOK},
		{tshark, "3.000000000,192.0.2.1,10.0.0.1,1,,198.51.100.2,10.0.0.2,2,,74", "3.000000000,192.0.2.1,1,,198.51.100.2,2,,74,,\n", rowOK},
		{tshark, "9.000000000,192.0.2.1,10.1.1.1,5,40000,198.51.100.2,10.1.1.2,6,4789,104", "9.000000000,192.0.2.1,5,40000,198.51.100.2,6,4789,104,,\n", rowOK},
		{tshark, "0.000000000,192.168.22.4,10.10.20.4,,60887,44437,192.168.22.5,8.8.8.8,,4789,53,126", "0.000000000,192.168.22.4,,60887,192.168.22.5,,4789,126,,\n", rowOK},
		{tshark, "1.000000000,192.0.2.1,10.0.0.1,1,2,3,198.51.100.2,10.0.0.2,4,5,6,60", "", Ambiguous},
		{tshark, "1.000000000,192.0.2.1,10.0.0.1,1,,198.51.100.2,2,,60", "", BadFields},                                                       // one address too few
		{tshark, "1.000000000,192.0.2.1,10.0.0.1,,2,198.51.100.2,10.0.0.2,1,3,60", "", BadFields},                                             // a TCP port at one end only
		{tshark, "1.000000000,192.0.2.1,,,1,,198.51.100.2,,,2,60", "", BadFields},                                                             // an empty value among others
		{tshark, "1.000000000,192.0.2.1,10.0.0.1,,1,2,198.51.100.2,10.0.0.2,,3,60", "1.000000000,192.0.2.1,,1,198.51.100.2,,3,60,,\n", rowOK}, // the last port is cut off
		// A column without its counterpart, and one that is not read, take what there is.
		{"frame.len,frame.time_relative,ip.src\n", "60,1.5,192.0.2.1,10.0.0.1,10.0.0.2", "1.500000000,192.0.2.1,,,,,,60,,\n", rowOK},
		{"frame.time_relative,frame.len,_ws.col.Info\n", "1.5,60,Standard query, 0x1, A", "1.500000000,,,,,,,60,,\n", rowOK},
		{"frame.time_relative,_ws.col.Info,frame.len\n", "1.5,7,8,60", "1.500000000,,,,,,,60,,\n", rowOK},
		{"frame.time_relative,_ws.col.Info,udp.srcport,frame.len\n", "1.5,a,7,8,60", "", Ambiguous},
		// In one cell.
		{"frame.time_relative\tip.src\tudp.srcport\tframe.len\n", "1.5\t192.0.2.1,10.0.0.1\t1,2\t60", "1.500000000,192.0.2.1,,1,,,,60,,\n", rowOK},
		{"frame.time_relative;ip.src;frame.len\n", "1.5;192.0.2.1|10.0.0.1;60", "1.500000000,192.0.2.1,,,,,,60,,\n", rowOK},
		{"frame.time_relative;ip.src;frame.len\n", "1.5;192.0.2.1/24;60", "", BadAddress},
		{"frame.time_relative;ip.src;frame.len\n", "1.5;192.0.2.1,;60", "", BadAddress},
		{"frame.time_relative;ip.src;frame.len\n", "1.5;192.0.2.1;60,70", "", BadLength},
		{"frame.time_relative;tcp.srcport;frame.len\n", "1.5;1/2/x;60", "", BadPort},
	} {
		f, _, err := Detect([]byte(c.header))
		if err != nil {
			t.Fatal(err)
		}
		var p trace.Packet
		reason := f.parseLine([]byte(c.line), 0, &p)
		if reason != c.reason {
			t.Errorf("%s: %v, want %v", c.line, reason, c.reason)
		} else if got := string(AppendRow(nil, 0, &p)); reason == rowOK && got != c.row {
			t.Errorf("%s: %s want %s", c.line, got, c.row)
		}
	}
}

// TestDates: against package time, and what is no date.
func TestDates(t *testing.T) {
	for _, layout := range []string{"Jan _2, 2006 15:04:05.000000000 MST", "2006-01-02T15:04:05.999999999Z07:00", "2006-01-02 15:04:05.000-0700", "2006-01-02 15:04:05"} {
		for at := time.Date(1901, 2, 27, 23, 59, 58, 987_654_321, time.UTC); at.Year() < 2250; at = at.Add(37*time.Hour + 1234567*time.Microsecond) {
			in := at
			if layout != "2006-01-02 15:04:05" {
				in = at.In([]*time.Location{time.UTC, time.FixedZone("CET", 3600), time.FixedZone("NST", -12600)}[at.YearDay()%3])
			}
			text := in.Format(layout)
			want, err := time.Parse(layout, text)
			if err != nil {
				t.Fatal(err)
			}
			_, offset := in.Zone()
			wantNS := want.UnixNano()
			if layout[:3] == "Jan" {
				wantNS = at.UnixNano()
			}
			ns, zoned, ok := parseText([]byte(text))
			if !ok || ns != wantNS || zoned != (layout != "2006-01-02 15:04:05") {
				t.Fatalf("%s (%d): %d, %v, want %d", text, offset, ns, ok, wantNS)
			}
		}
	}
	for _, text := range []string{"", "x", "Jan  8, 2017", "Jan 32, 2017 11:00:00", "Feb 29, 2017 11:00:00", "Feb 29, 1900 11:00:00", "Jux 1, 2017 11:00:00", "Jan  0, 2017 11:00:00",
		"Jan  8, 2017 24:00:00", "Jan  8, 2017 11:60:00", "Jan  8, 2017 11:00:00 XYZ", "Jan  8, 2017 11:00:00 CST", "Jan  8, 2017 11:00:00.x UTC", "Jan  8 2017 11:00:00",
		"2017-01-08", "2017-1-8 11:00:00", "2017-01-08T11:00", "2017-01-08T11:00:00+1", "2017-01-08T11:00:00+01:0", "2017-01-08T11:00:00+01:000", "2017-13-08T11:00:00Z",
		"9999-01-01 00:00:00", "0000-01-01 00:00:00", "11:00:00.1", "anJ  8, 2017 11:00:00"} {
		if ns, _, ok := parseText([]byte(text)); ok {
			t.Errorf("%q is %d", text, ns)
		}
	}
}
