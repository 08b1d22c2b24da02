package tracecsv

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"tracelens/shared/trace"
)

// TestFormats: what a file begins with, and the format that it is read by.
func TestFormats(t *testing.T) {
	const eightCode = " ip.src tcp.srcport udp.srcport ip.dst tcp.dstport udp.dstport frame.len"
	eight := strings.Join(trace.Names[:8], ",")
	for _, c := range []struct {
		head, code, words string
	}{
		{Header + "\n", "comma plain 2 relative" + eightCode + " ipv6.src ipv6.dst", "hour file"},
		{"", "comma plain 1 relative" + eightCode + " ipv6.src ipv6.dst", "hour file, no header"},
		{eight + "\n1.0,,,,,,,60\n", "comma plain 2 relative" + eightCode, "hour file without IPv6"},
		{"1.0,192.0.2.1,1,,198.51.100.2,2,,60\n", "comma plain 1 relative" + eightCode, "hour file without IPv6, no header"},
		{"\"1.0\"\t\"192.0.2.1\"\t\"1\"\t\t\"198.51.100.2\"\t\"2\"\t\t\"60\"\n", "tab quoted 1 relative" + eightCode, "tabs, quoted, no header"},
		{"'1483873200.5';'192.0.2.1';'1';;'198.51.100.2';'2';;'60'\n", "semicolon single 1 epoch" + eightCode, "semicolons, single quotes, no header, times since 1970"},
		{"Running as user \"root\" and group \"root\". This could be dangerous.\n** (tshark:12) 10:00:00.1 [Main MESSAGE] -- Capture started.\n" +
			strings.ReplaceAll(eight, ",", "\t") + "\n\"1.0\"\t\t\t\t\t\t\t\"60\"\n", "tab quoted 4 relative" + eightCode, "tabs, quoted, header in line 3"},
		{"noise\n\n1.0,192.0.2.1,1,,198.51.100.2,2,,60\n", "comma plain 3 relative" + eightCode, "hour file without IPv6, first row in line 3"},
		{"tshark: Some fields aren't valid:\n\tframe.time_utc\n1.0,192.0.2.1,1,,198.51.100.2,2,,60\n", "comma plain 3 relative" + eightCode, "hour file without IPv6, first row in line 3"},
		{"frame.number,frame.time,frame.len\n1,Jan  8, 2017 11:00:00.1 CET,60\n", "comma plain 2 - date frame.len", "commas, dates; neither addresses nor ports"},
		{"frame.number,frame.time,frame.len\n1,\"Jan  8, 2017 11:00:00.1 CET\",60\n", "comma quoted 2 - date frame.len", "commas, quoted, dates; neither addresses nor ports"},
		{"frame.time_utc;frame.len;ip.src\n2017-01-08T11:00:00.1;60;192.0.2.1\n", "semicolon plain 2 date frame.len ip.src", "semicolons, dates without a zone, taken as UTC; no ports"},
		{"frame.time,frame.len,frame.time_epoch\nx,60,1.5\n", "comma plain 2 - frame.len epoch", "commas, times since 1970; neither addresses nor ports"},
		{"frame.time,frame.len,frame.time_relative\nx,60,1.5\n", "comma plain 2 - frame.len relative", "commas; neither addresses nor ports"}, // the date cannot be read
		{"\"No.\",\"Time\",\"Source\",\"Destination\",\"Protocol\",\"Length\",\"Info\"\n\"1\",\"0.000000\",\"a\",\"b\",\"ARP\",\"42\",\"Who has\"\n",
			"comma quoted 2 - relative source destination - frame.len -", "Wireshark's columns, commas, quoted; no ports"},
		{"\"Time\",\"Length\",\"Source\"\n\"1483873200.5\",\"42\",\"a\"\n", "comma quoted 2 epoch frame.len source", "Wireshark's columns, commas, quoted, times since 1970; no ports"},
		{"\"Time\",\"Length\",\"Source\"\n\"2017-01-08 11:00:00.1\",\"42\",\"a\"\n", "comma quoted 2 date frame.len source", "Wireshark's columns, commas, quoted, dates without a zone, taken as UTC; no ports"},
		{"_ws.col.cls_time,_ws.col.def_src,_ws.col.def_dst,_ws.col.packet_length,tcp.dstport\n", "comma plain 2 relative source destination frame.len tcp.dstport", "Wireshark's columns, commas"},
		{"_ws.col.Time,_ws.col.Source,ip.src,_ws.col.Length\n", "comma plain 2 relative - ip.src frame.len", "commas; no ports"},
		{"ip.src,ip.src,frame.len,frame.time_relative\n", "comma plain 2 ip.src - frame.len relative", "commas; no ports"},
	} {
		for _, bom := range []string{"", byteOrderMark} {
			f, skip, err := Detect([]byte(bom + c.head))
			if err != nil || f.Code() != c.code || f.Words() != c.words {
				t.Errorf("%q: %q, %q, %v; want %q, %q", c.head, f.Code(), f.Words(), err, c.code, c.words)
				continue
			}
			if n := strings.Count(c.head[:skip-len(bom)], "\n"); n != f.Lines || f.Before.Lines != int64(f.Lines) {
				t.Errorf("%q: skipped %d lines of %d, %d accounted for", c.head, n, f.Lines, f.Before.Lines)
			}
			again, err := ParseFormat(f.Code())
			if err != nil || again.Code() != f.Code() || again.usual != f.usual {
				t.Errorf("%q became %q, %v", f.Code(), again.Code(), err)
			}
			given, skipGiven, err := DetectAs([]byte(bom+c.head), f.Code())
			if err != nil || given.Code() != f.Code() || skipGiven != skip || given.Before != f.Before || given.Words() != f.Words() {
				t.Errorf("%q as %q: %q, skip %d of %d, %v", c.head, f.Code(), given.Code(), skipGiven, skip, err)
			}
		}
	}
}

func TestParseFormatRefuses(t *testing.T) {
	for code, want := range map[string]error{
		"":                                 ErrNotFormat,
		"comma plain":                      ErrNotFormat,
		"comma plain x relative frame.len": ErrNotFormat,
		"comma plain 0 relative frame.len": ErrNotFormat,
		"comma plain 99999999999999999999 relative frame.len": ErrNotFormat,
		"dot plain 1 relative frame.len":                      ErrNotFormat,
		"comma odd 1 relative frame.len":                      ErrNotFormat,
		"comma plain 1 relative  frame.len":                   ErrNotFormat,
		"comma plain 1 relative frame.size":                   ErrNotFormat,
		"comma plain 1" + strings.Repeat(" -", 10_000):        ErrNotFormat,
		"comma plain 1":                                      ErrNoTime,
		"comma plain 1 frame.len":                            ErrNoTime,
		"comma plain 1 epoch":                                ErrNoLen,
		"comma plain 1 epoch relative frame.len":             ErrTwice,
		"comma plain 1 epoch frame.len ip.src ip.src":        ErrTwice,
		"comma plain 1 epoch frame.len ip.src source":        ErrTwice,
		"comma plain 1 epoch frame.len ipv6.dst destination": ErrTwice,
	} {
		if _, err := ParseFormat(code); err != want {
			t.Errorf("%.80q: %v, want %v", code, err, want)
		}
	}
}

// TestDetectAs: a user says what a file's columns are.
func TestDetectAs(t *testing.T) {
	const file = "# made by hand\nwhen;who;size;note\n0.5;192.0.2.1;60;a\n0.7;192.0.2.2;70;b\n"
	if f, _, err := Detect([]byte(file)); err != ErrNoTrace || f.Code() != "comma plain 1 -" {
		t.Errorf("%q, %v", f.Code(), err)
	}
	for _, code := range []string{"semicolon plain 3 relative ip.src frame.len -", "semicolon plain 3 relative ip.src frame.len", "semicolon plain 3 relative ip.src frame.len - - -"} {
		f, skip, err := DetectAs([]byte(file), code)
		if err != nil || f.Code() != "semicolon plain 3 relative ip.src frame.len -" || f.Before.Lines != 2 || f.Before.First[BeforeHeader][0] != 1 || f.Before.Total() != 1 {
			t.Fatalf("%s: %q, %+v, %v", code, f.Code(), f.Before, err)
		}
		rows, skips := parseWith(f, []byte(file)[skip:], 0)
		if len(rows) != 2 || rows[1].Len != 70 || skips.Total() != 0 {
			t.Errorf("%s: %v, skipped %v", code, rows, skips.Counts())
		}
	}
	for code, want := range map[string]error{"": ErrNotFormat, "comma plain 9 relative frame.len": ErrFewLines, "tab plain 1 relative": ErrNoLen} {
		if _, _, err := DetectAs([]byte(file), code); err != want {
			t.Errorf("%q: %v, want %v", code, err, want)
		}
	}
	f, _ := ParseFormat("semicolon plain 3 -")
	if got := Preview([]byte(byteOrderMark+file+"\xff\"\n"), f, 5); len(got) != 5 || !slices.Equal(got[2], []string{"0.5", "192.0.2.1", "60", "a"}) || got[0][0] != "# made by hand" || got[4][0] != "\xff\"" {
		t.Errorf("%q", got)
	}
	if got := Preview([]byte(file), Format{}, 1); len(got) != 1 || len(got[0]) != 1 {
		t.Errorf("%q", got)
	}
}

// TestPrefixes: however a file is cut off, the rows before are those of the whole file.
func TestPrefixes(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	packets := usualPackets(r, 200)
	for _, d := range writtenDialects {
		file := d.write(packets)
		f, skip, err := Detect(file)
		if err != nil {
			t.Fatal(err)
		}
		whole, _ := parseWith(f, file[skip:], 0)
		lines := bytes.Count(file[skip:], []byte("\n"))
		if len(whole) != len(packets) || lines != len(packets) {
			t.Fatalf("%s: %d rows of %d lines", d.name, len(whole), lines)
		}
		began := skip + bytes.IndexByte(file[skip:], '\n') + 1
		for end := range file {
			if end%17 > 0 && end < len(file)-150 && end > began+1500 { // more lines than Detect looks at: one of many ends of the same kind
				continue
			}
			prefix := file[:end:end]
			g, skip, err := Detect(prefix)
			if end < began { // the first row has not ended
				continue
			}
			if err != nil || g.Code() != f.Code() {
				t.Fatalf("%s: %d bytes of it: %q, %v", d.name, end, g.Code(), err)
			}
			rows, skips := parseWith(g, prefix[skip:], 0)
			n := bytes.Count(prefix[skip:], []byte("\n"))
			if len(rows) < n || len(rows)+int(skips.Total()) > n+1 || !slices.Equal(rows[:n], whole[:n]) {
				t.Fatalf("%s: %d bytes of it: %d rows of %d lines, skipped %v", d.name, end, len(rows), n, skips.Counts())
			}
			if r.IntN(100) == 0 {
				sameByParse(t, d.name, g, prefix[skip:])
			}
		}
	}
}

// TestLineNumbers: the number of a line is that in the file, whatever is in front of it, and whatever it is skipped for.
func TestLineNumbers(t *testing.T) {
	file := "Running as user \"root\"\n\nanother word\n" + strings.Join(trace.Names[:8], ",") + "\n"
	want := map[Reason][]int64{BeforeHeader: {1, 3}, EmptyLine: {2}}
	number := int64(4)
	const row = "1.0,192.0.2.1,1,,198.51.100.2,2,,60\n"
	for reason := BadFields; int(reason) < Reasons; reason++ {
		line, ok := badLines[reason]
		if !ok {
			continue
		}
		for range 2 {
			file += row + line + "\n"
			number += 2
			if len(want[reason]) < FirstLines {
				want[reason] = append(want[reason], number)
			}
		}
	}
	f, skip, err := Detect([]byte(file))
	if err != nil {
		t.Fatal(err)
	}
	_, skips := parseWith(f, []byte(file)[skip:], 0)
	_, batched := parseBatches(t, f, []byte(file)[skip:], 0)
	all := f.Before
	all.Add(&skips)
	if skips != batched || all.Lines != number || len(want) != Reasons-1 {
		t.Errorf("%d lines, want %d; %d reasons of %d", all.Lines, number, len(want), Reasons-1)
	}
	for reason, numbers := range want {
		if got := all.FirstByReason()[reason.String()]; !slices.Equal(got, numbers) {
			t.Errorf("%v: lines %d, want %d", reason, got, numbers)
		}
	}
}

// badLines are lines that are no row of eight columns.
var badLines = map[Reason]string{
	BadFields: "1.0,192.0.2.1,1", BadTime: "x,192.0.2.1,1,,198.51.100.2,2,,60", BadAddress: "1.0,192.0.2,1,,198.51.100.2,2,,60", BadPort: "1.0,192.0.2.1,65536,,,2,,60",
	BadLength: "1.0,192.0.2.1,1,,,2,,x", RepeatedHeader: strings.Join(trace.Names[:8], ","), EmptyLine: "", LongLine: "1.0," + strings.Repeat("1", 70_000),
	Ambiguous: "1.0,192.0.2.1,10.0.0.1,1,2,3,198.51.100.2,10.0.0.2,4,5,6,60",
}

func TestFirstAtZero(t *testing.T) {
	for text, want := range map[string]bool{
		"0.000000000,,,,,,,60,,\n3.5,,,,,,,60,,\n": true, "x,,,,,,,60,,\n0.000000000,,,,,,,60,,\n": true, "0.000000001,,,,,,,60,,\n": false, "-1,,,,,,,60,,\n0,,,,,,,60,,\n": false, "": false,
	} {
		f := Usual()
		if got := f.FirstAtZero([]byte(text)); got != want {
			t.Errorf("%q: %v", text, got)
		}
	}
	epoch, err := ParseFormat("comma plain 1 epoch frame.len")
	if err != nil || epoch.FirstAtZero([]byte("0.0,60\n")) {
		t.Errorf("a time since 1970 counts from the first packet: %v", err)
	}
}
