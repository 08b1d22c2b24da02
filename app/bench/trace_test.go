package main

import (
	"os"
	"path/filepath"
	"testing"
)

func TestTraceIsKept(t *testing.T) {
	folder := t.TempDir()
	made, err := traceOf(folder, 4000)
	if err != nil {
		t.Fatal(err)
	}
	if made.Want.Packets != 4000 || made.Want.Hours != 1 || made.Want.Minutes < 50 || made.Want.Quartiles[2] > 1514 {
		t.Errorf("found %+v", made.Want)
	}
	kept, err := traceOf(folder, 4000)
	if err != nil {
		t.Fatal(err)
	}
	if err := kept.Want.equal(&made.Want); err != nil || kept.Bytes != made.Bytes || len(kept.Names) != 1 {
		t.Errorf("kept %+v, made %+v: %v", kept, made, err)
	}
	paths, err := kept.paths()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(paths[0], 100); err != nil {
		t.Fatal(err)
	}
	if _, err := readTrace(filepath.Join(folder, "4000")); err == nil {
		t.Error("a truncated file was taken")
	}
}

// More than a busy hour's packets take more hours, and none is lost.
func TestHours(t *testing.T) {
	for rows, want := range map[int]int{1000: 1, 2_000_000: 1, 2_000_001: 2, 16_000_000: 8} {
		if got := specOf(rows).Hours; got != want {
			t.Errorf("%d packets in %d hours, want %d", rows, got, want)
		}
	}
}

func TestCounter(t *testing.T) {
	const head = "frame.time_relative,ip.src,tcp.srcport,udp.srcport,ip.dst,tcp.dstport,udp.dstport,frame.len,ipv6.src,ipv6.dst\n"
	c := newCounter()
	for hour, rows := range map[int64]string{
		3600: "0.5,192.0.2.1,1,,192.0.2.2,2,,100,,\n59.999999999,192.0.2.1,1,,192.0.2.3,2,,60,,\n60.0,,,,,,,42,,\n",
		7200: "3599.999999999,192.0.2.2,2,,192.0.2.1,1,,60,,\n",
	} {
		if err := c.count(hour, []byte(head+rows)); err != nil {
			t.Fatal(err)
		}
	}
	got := c.figures()
	want := figures{Packets: 4, Bytes: 262, Hours: 2, Minutes: 3, Lengths: 3, Quartiles: [3]float64{55.5, 60, 70}, Source: 160, Pair: 100}
	if err := got.equal(&want); err != nil {
		t.Error(err)
	}
	want.Bytes++
	if got.equal(&want) == nil {
		t.Error("a byte too few was not noticed")
	}
	if err := c.count(3600, []byte(head+"1.0,a,b\n")); err == nil {
		t.Error("a line that is no row was counted")
	}
}

func TestChoose(t *testing.T) {
	all, err := choose("")
	if err != nil || len(all) != len(contenders) {
		t.Errorf("%d contenders, %v", len(all), err)
	}
	some, err := choose("tracelens,read")
	if err != nil || len(some) != 2 || some[0].name != floor {
		t.Errorf("%v, %v", names(some), err)
	}
	if _, err := choose("tshark"); err == nil {
		t.Error("an unknown name was taken")
	}
}

func TestNumbers(t *testing.T) {
	if rows, err := numbers("-rows", "16000000, 2000000"); err != nil || len(rows) != 2 || rows[0] != 2_000_000 {
		t.Errorf("%v, %v", rows, err)
	}
	if rows, err := numbers("-questions", "0"); err != nil || len(rows) != 0 {
		t.Errorf("%v, %v", rows, err)
	}
	for _, bad := range []string{"", "x", "10", "-2000000"} {
		if _, err := numbers("-rows", bad); err == nil {
			t.Errorf("%q was taken", bad)
		}
	}
}
