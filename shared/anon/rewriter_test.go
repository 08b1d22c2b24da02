package anon

import (
	"bytes"
	"strconv"
	"strings"
	"testing"
)

// hourColumns are the address columns of an hour file: ip.src, ip.dst, ipv6.src, ipv6.dst.
var hourColumns = []int{1, 4, 8, 9}

const (
	tcpLine = "12.000000001,192.0.2.1,443,,192.0.2.1,51000,,1514,,"
	tcpDone = "12.000000001,192.0.125.244,443,,192.0.125.244,51000,,1514,,"
	v6Line  = "0.5,,,53,,,40000,90,2001:db8::1,2001:db8::1"
	v6Done  = "0.5,,,53,,,40000,90,27fe:8bc7:fee:1e:1e1f:f0fe:f0e1:83fd,27fe:8bc7:fee:1e:1e1f:f0fe:f0e1:83fd"
	arpLine = "3599.999999999,,,,,,,42,,"
)

func TestAppend(t *testing.T) {
	r := NewRewriter(New(yacryptopanKey), hourColumns, ',')
	good := func(line, want string) {
		t.Helper()
		for range 2 { // the second time from the cache
			if got, ok := r.Append([]byte("kept"), []byte(line)); !ok || string(got) != "kept"+want {
				t.Errorf("%q gave %q, %v; want %q", line, got, ok, want)
			}
		}
	}
	bad := func(line string) {
		t.Helper()
		for range 2 {
			if got, ok := r.Append([]byte("kept"), []byte(line)); ok || string(got) != "kept" {
				t.Errorf("%q gave %q, %v; want it refused", line, got, ok)
			}
		}
	}
	good(tcpLine, tcpDone)
	good(v6Line, v6Done)
	good(arpLine, arpLine)
	good(tcpLine+"\r", tcpDone+"\r")
	good(v6Line+"\r", v6Done+"\r")
	good("", "")
	good("\r", "\r")
	good("-00.50,192.0.2.1,007, ,,,+1,1e3", "-00.50,192.0.125.244,007, ,,,+1,1e3") // what is no address is nobody's business here
	good("0.5,2001:db8::1,,,,,,90", "0.5,27fe:8bc7:fee:1e:1e1f:f0fe:f0e1:83fd,,,,,,90")
	good(`"0.5","192.0.2.1","443","","",,,"90"`, `"0.5","192.0.125.244","443","","",,,"90"`)
	good("0.5,,,,,,,90,2001:0DB8:0:0:0:0:0:1,", "0.5,,,,,,,90,27fe:8bc7:fee:1e:1e1f:f0fe:f0e1:83fd,")
	good("1.0,192.0.2.1", "1.0,192.0.125.244")

	bad("1.0,192.0.2,443,,,,,90")
	bad("1.0,192.0.2.01,443,,,,,90")
	bad("1.0, 192.0.2.1,443,,,,,90")
	bad("1.0,192.0.2.1\r,443,,,,,90")
	bad("1.0,host.example,443,,,,,90")
	bad("1.0,192.0.2.1/24,443,,,,,90")
	bad("1.0,fe80::1%eth0,443,,,,,90")
	bad("1.0," + strings.Repeat("0", 100) + ",443,,,,,90")
	bad(`1.0,"192.0.2.1,443,,,,,90`)
	bad("frame.time_relative,ip.src,tcp.srcport,udp.srcport,ip.dst,tcp.dstport,udp.dstport,frame.len")
	bad("2.000000000,203.0.113.9,192.0.2.1,,4000,192.0.2.1,198.51.100.2,,33434,78") // tshark without occurrence=f
	bad("0.5,,2001:db8::1,,,,,90")
	bad("0.5,,,,,,,90,,,192.0.2.1")
}

// An address in its IPv4-mapped spelling is an IPv6 address, whatever its spelling.
func TestMappedAddresses(t *testing.T) {
	r := NewRewriter(New(referenceKey), []int{0}, ',')
	a, ok1 := r.Append(nil, []byte("::ffff:192.0.2.1"))
	b, ok2 := r.Append(nil, []byte("0:0:0:0:0:FFFF:c000:0201"))
	if !ok1 || !ok2 || !bytes.Equal(a, b) || bytes.Contains(a, []byte("192.0.2.1")) {
		t.Errorf("%q and %q", a, b)
	}
}

func TestAppendLines(t *testing.T) {
	r := NewRewriter(New(yacryptopanKey), hourColumns, ',')
	f := func(block, want string, wantRefused int) {
		t.Helper()
		if got, refused := r.AppendLines(nil, []byte(block)); string(got) != want || refused != wantRefused {
			t.Errorf("%q gave %q, %d refused; want %q, %d", block, got, refused, want, wantRefused)
		}
	}
	f("", "", 0)
	f("\n\n", "\n\n", 0)
	f(tcpLine+"\n"+v6Line+"\n", tcpDone+"\n"+v6Done+"\n", 0)
	f(tcpLine+"\r\n"+v6Line+"\r\n", tcpDone+"\r\n"+v6Done+"\r\n", 0)
	f(tcpLine+"\n"+v6Line, tcpDone+"\n"+v6Done, 0)
	f("0,x\n"+tcpLine+"\n0,192.0.2", tcpDone+"\n", 2)
}

func TestSeparators(t *testing.T) {
	for _, separator := range []string{"\t", ";", "|"} {
		r := NewRewriter(New(yacryptopanKey), hourColumns, separator[0])
		line, want := strings.ReplaceAll(tcpLine, ",", separator), strings.ReplaceAll(tcpDone, ",", separator)
		if got, ok := r.Append(nil, []byte(line)); !ok || string(got) != want {
			t.Errorf("%q gave %q", line, got)
		}
	}
}

func TestAppendDoesNotAllocate(t *testing.T) {
	r := NewRewriter(New(referenceKey), hourColumns, ',')
	lines := [][]byte{[]byte(tcpLine), []byte(v6Line + "\r"), []byte(arpLine)}
	dst := make([]byte, 0, 4096)
	if n := testing.AllocsPerRun(100, func() {
		dst = dst[:0]
		for _, line := range lines {
			dst, _ = r.Append(dst, line)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

// Whatever the line, a refused one leaves no trace, and an accepted one has its cells and everything that is no address.
func FuzzAppend(f *testing.F) {
	for _, line := range []string{tcpLine, v6Line, arpLine, "0,\"192.0.2.1\",", "\r", "1,::ffff:192.0.2.1,1:2:3,1.2.3.4"} {
		f.Add([]byte(line))
	}
	r := NewRewriter(New(referenceKey), hourColumns, ',')
	f.Fuzz(func(t *testing.T, line []byte) {
		out, ok := r.Append(nil, line)
		if !ok {
			if len(out) != 0 {
				t.Fatalf("refused, but %q was appended", out)
			}
			return
		}
		before, after := bytes.Split(line, []byte(",")), bytes.Split(out, []byte(","))
		if len(before) != len(after) {
			t.Fatalf("%q became %q", line, out)
		}
		for i := range before {
			if i != 1 && i != 4 && i != 8 && i != 9 && !bytes.Equal(before[i], after[i]) {
				t.Fatalf("%q became %q", line, out)
			}
		}
	})
}

func BenchmarkAppendLines(b *testing.B) {
	var block []byte
	for i := range 10000 {
		block = append(block, "1234.000000001,198.18."+strconv.Itoa(i%16)+"."+strconv.Itoa(i%251)+",443,,192.168.1.23,51000,,1514,,\n"...)
	}
	r := NewRewriter(New(referenceKey), hourColumns, ',')
	dst := make([]byte, 0, 2*len(block))
	b.SetBytes(int64(len(block)))
	b.ReportAllocs()
	for b.Loop() {
		out, refused := r.AppendLines(dst, block)
		if refused != 0 || bytes.Count(out, []byte{'\n'}) != 10000 {
			b.Fatal("lines were lost")
		}
	}
}
