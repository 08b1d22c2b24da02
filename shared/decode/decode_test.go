package decode

import (
	"encoding/hex"
	"io"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"tracelens/shared/capfile"
	"tracelens/shared/frame"
	"tracelens/shared/trace"
	"tracelens/shared/tracecsv"
	"tracelens/shared/tracetest"
)

// The building blocks of hand-made packets, in hex.
const (
	eth    = "020000000001 020000000002 "
	eth4   = eth + "0800 "
	eth6   = eth + "86dd "
	src4   = "c0000201 " // 192.0.2.1
	dst4   = "c6336402 " // 198.51.100.2
	inner4 = "45 00 0028 0000 0000 40 06 0000 0a000001 0a000002 "
	ports  = "04d2 01bb " // 1234, 443
	tcp20  = ports + "00000000 00000000 50020000 00000000 "
	udp8   = "9c40 0035 0008 0000 " // 40000, 53
	v6tcp  = "60000000 0014 06 40 20010db8000000000000000000000001 20010db8000000000000000000000002 " + tcp20
)

func ip4(protocol, rest string) string {
	return "45 00 0000 0000 0000 40 " + protocol + " 0000 " + src4 + dst4 + rest
}

func TestRows(t *testing.T) {
	for _, c := range []struct {
		name string
		link frame.LinkType
		hex  string
		want string // all columns but the time and the length: ip.src tcp udp ip.dst tcp udp; ipv6.src ipv6.dst
	}{
		{"TCP", frame.Ethernet, eth4 + ip4("06", tcp20), "192.0.2.1,1234,,198.51.100.2,443,;,"},
		{"UDP", frame.Ethernet, eth4 + ip4("11", udp8), "192.0.2.1,,40000,198.51.100.2,,53;,"},
		{"UDP-Lite", frame.Ethernet, eth4 + ip4("88", udp8), "192.0.2.1,,40000,198.51.100.2,,53;,"},
		{"TCP header cut to its ports", frame.Ethernet, eth4 + ip4("06", ports), "192.0.2.1,1234,,198.51.100.2,443,;,"},
		{"TCP header cut within its ports", frame.Ethernet, eth4 + ip4("06", "04d201"), "192.0.2.1,,,198.51.100.2,,;,"},
		{"cut inside the IP header", frame.Ethernet, eth4 + "45 00 0028 0000 0000 40", ",,,,,;,"},
		{"SCTP", frame.Ethernet, eth4 + ip4("84", tcp20), "192.0.2.1,,,198.51.100.2,,;,"},
		{"ARP", frame.Ethernet, eth + "0806 0001", ",,,,,;,"},
		{"VLAN", frame.Ethernet, eth + "8100 0007 0800" + ip4("06", tcp20), "192.0.2.1,1234,,198.51.100.2,443,;,"},
		{"QinQ", frame.Ethernet, eth + "88a8 0007 8100 0008 0800" + ip4("06", tcp20), "192.0.2.1,1234,,198.51.100.2,443,;,"},
		{"PPPoE", frame.Ethernet, eth + "8864 1100 0001 0100 0021" + ip4("06", tcp20), "192.0.2.1,1234,,198.51.100.2,443,;,"},
		{"MPLS", frame.Ethernet, eth + "8847 00010040 00020140" + ip4("06", tcp20), "192.0.2.1,1234,,198.51.100.2,443,;,"},
		{"IPv6", frame.Ethernet, eth6 + v6tcp, ",1234,,,443,;2001:db8::1,2001:db8::2"},
		{"IPv6 destination options", frame.Ethernet, eth6 + "60000000 001c 3c 40 20010db8000000000000000000000001 20010db8000000000000000000000002 06 00 010400000000" + tcp20,
			",1234,,,443,;2001:db8::1,2001:db8::2"},
		{"4in4", frame.Ethernet, eth4 + ip4("04", inner4+tcp20), "192.0.2.1,1234,,198.51.100.2,443,;,"},
		{"6in4", frame.Ethernet, eth4 + ip4("29", v6tcp), "192.0.2.1,1234,,198.51.100.2,443,;2001:db8::1,2001:db8::2"},
		{"GRE with a key", frame.Ethernet, eth4 + ip4("2f", "2000 0800 00000001"+inner4+tcp20), "192.0.2.1,1234,,198.51.100.2,443,;,"},
		{"VXLAN: inner TCP, outer UDP", frame.Ethernet, eth4 + ip4("11", "9c40 12b5 0000 0000 08000000 00000100"+eth4+inner4+tcp20), "192.0.2.1,1234,40000,198.51.100.2,443,4789;,"},
		{"GTP-U", frame.Ethernet, eth4 + ip4("11", "0868 0868 0000 0000 30ff 0028 00000001"+inner4+tcp20), "192.0.2.1,1234,2152,198.51.100.2,443,2152;,"},
		{"ICMP error quotes a packet", frame.Ethernet, eth4 + ip4("01", "0303 0000 00000000"+inner4+ports+"00000000"), "192.0.2.1,1234,,198.51.100.2,443,;,"},
		{"later fragment", frame.Ethernet, eth4 + "45 00 0028 0000 0001 40 06 0000" + src4 + dst4 + tcp20, "192.0.2.1,,,198.51.100.2,,;,"},
		{"padding is no header", frame.Ethernet, eth4 + "45 00 0014 0000 0000 40 06 0000" + src4 + dst4 + tcp20, "192.0.2.1,,,198.51.100.2,,;,"},
		{"raw IP", frame.Raw, ip4("06", tcp20), "192.0.2.1,1234,,198.51.100.2,443,;,"},
		{"raw IPv6", frame.Raw, v6tcp, ",1234,,,443,;2001:db8::1,2001:db8::2"},
		{"BSD loopback, little-endian", frame.Null, "02000000" + ip4("06", tcp20), "192.0.2.1,1234,,198.51.100.2,443,;,"},
		{"BSD loopback, big-endian, IPv6", frame.Null, "0000001e" + v6tcp, ",1234,,,443,;2001:db8::1,2001:db8::2"},
		{"Linux cooked", frame.LinuxCooked, "0000 0001 0006 0200000000010000 0800" + ip4("06", tcp20), "192.0.2.1,1234,,198.51.100.2,443,;,"},
		{"Linux cooked v2", frame.LinuxCookedV2, "0800 0000 00000002 0001 00 06 0200000000010000" + ip4("06", tcp20), "192.0.2.1,1234,,198.51.100.2,443,;,"},
		{"PPP", frame.PPP, "ff03 0021" + ip4("06", tcp20), "192.0.2.1,1234,,198.51.100.2,443,;,"},
		{"Cisco HDLC", frame.CiscoHDLC, "0f00 0800" + ip4("06", tcp20), "192.0.2.1,1234,,198.51.100.2,443,;,"},
		{"802.11 data", frame.WiFiRadiotap, "0000 0800 00000000 0801 0000 020000000001 020000000002 020000000003 0000 aaaa03 000000 0800" + ip4("06", tcp20), "192.0.2.1,1234,,198.51.100.2,443,;,"},
		{"unknown link type", 9999, ip4("06", tcp20), ",,,,,;,"},
		{"no bytes", frame.Ethernet, "", ",,,,,;,"},
	} {
		t.Run(c.name, func(t *testing.T) {
			data, err := hex.DecodeString(strings.ReplaceAll(c.hex, " ", ""))
			if err != nil {
				t.Fatal(err)
			}
			d := New()
			p := trace.Packet{Has: ^trace.Fields(0)} // of an earlier packet
			d.Decode(&p, &frame.Frame{TimeNS: 1500000000, Len: 77, Link: c.link, Data: data})
			columns, v6, _ := strings.Cut(c.want, ";")
			want := "1.500000000," + columns + ",77," + v6 + "\n"
			if got := string(tracecsv.AppendRow(nil, 0, &p)); got != want {
				t.Errorf("\n got %s\nwant %s", got, want)
			}
		})
	}
}

func TestNoAllocationPerPacket(t *testing.T) {
	frames := all(t)
	d := New()
	var p trace.Packet
	if n := testing.AllocsPerRun(3, func() {
		for i := range frames {
			d.Decode(&p, &frames[i])
		}
	}); n != 0 {
		t.Errorf("%v allocations for %d packets", n, len(frames))
	}
}

// TestDamagedPacketsNeverPanic cuts real packets and changes their bytes.
func TestDamagedPacketsNeverPanic(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	d := New()
	var p trace.Packet
	for _, f := range all(t) {
		data := append([]byte(nil), f.Data...)
		for range 20 {
			damaged := append([]byte(nil), data[:r.IntN(len(data)+1)]...)
			for range r.IntN(4) {
				if len(damaged) > 0 {
					damaged[r.IntN(min(len(damaged), 80))] = byte(r.Uint32())
				}
			}
			f.Data = damaged
			d.Decode(&p, &f)
			if !p.Has.Has(trace.Len) || p.Len != f.Len || p.TimeNS != f.TimeNS {
				t.Fatalf("time or length lost: %x", damaged)
			}
		}
	}
	if d.Panics != 0 {
		t.Errorf("%d packets made a layer panic", d.Panics)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(uint16(frame.Ethernet), []byte("\x02\x00\x00\x00\x00\x01\x02\x00\x00\x00\x00\x02\x08\x00\x45"))
	for i, fr := range all(f) {
		if i%29 == 0 && len(fr.Data) < 300 {
			f.Add(uint16(fr.Link), fr.Data)
		}
	}
	d := New()
	f.Fuzz(func(t *testing.T, link uint16, data []byte) {
		var p trace.Packet
		d.Decode(&p, &frame.Frame{Len: 1, Link: frame.LinkType(link), Data: data})
		if d.Panics != 0 {
			t.Fatal("a layer panicked")
		}
	})
}

func BenchmarkDecode(b *testing.B) {
	frames := all(b)
	bytes := 0
	for i := range frames {
		bytes += len(frames[i].Data)
	}
	d := New()
	var p trace.Packet
	b.SetBytes(int64(bytes))
	b.ReportAllocs()
	for b.Loop() {
		addressed := 0
		for i := range frames {
			if d.Decode(&p, &frames[i]); p.Source().IsValid() {
				addressed++
			}
		}
		if addressed < len(frames)*9/10 {
			b.Fatalf("%d of %d packets have an address", addressed, len(frames))
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(frames)), "ns/packet")
}

// all reads the packets of the test captures into memory.
func all(tb testing.TB) (frames []frame.Frame) {
	tb.Helper()
	for _, path := range tracetest.Captures() {
		file, err := os.Open(path)
		if err != nil {
			tb.Fatal(err)
		}
		source := capfile.New(path, file)
		var f frame.Frame
		for err = nil; err == nil || err == capfile.ErrIdle; {
			if err = source.Next(&f); err == nil {
				copied := f
				copied.Data = append([]byte(nil), f.Data...)
				frames = append(frames, copied)
			}
		}
		if err != io.EOF {
			tb.Logf("%v", err)
		}
		source.Close()
	}
	return frames
}
