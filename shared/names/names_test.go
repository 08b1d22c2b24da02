package names_test

import (
	"bytes"
	"net/netip"
	"path/filepath"
	"testing"

	"tracelens/shared/decode"
	"tracelens/shared/names"
	"tracelens/shared/tracetest"
)

// TestCaptures lists some names that the captures have. TestSameNamesAsTshark compares all of them.
func TestCaptures(t *testing.T) {
	want := map[string]map[sighting]int{
		"android-first120.pcap": {
			{names.DNS, "17.253.53.201", "captive.apple.com"}:    1,
			{names.DNS, "216.239.35.12", "time.android.com"}:     1,
			{names.HTTP, "17.253.53.201", "captive.apple.com"}:   1,
			{names.TLS, "216.239.38.120", "clients1.google.com"}: 1,
		},
		"anyconnect-vpn-first120.pcap": {
			{names.DNS, "8.37.102.91", "vco.pandion.viasat.com"}: 1,
			{names.MDNS, "10.0.0.227", "ndpi.local"}:             1,
		},
		"codm.pcap":              {{names.TLS, "49.51.177.25", "west-tdm.codmwest.com"}: 1},
		"dns-google-nsid.pcapng": {{names.DNS, "108.157.194.11", "www.wikipedia.it"}: 1}, // through a CNAME record
		"dns_fragmented.pcap":    {{names.DNS, "2001:470:765b::a25:53", "ns1.weberdns.de"}: 7},
		"vxlan-first60.pcap":     {{names.TLS, "157.240.224.35", "www.facebook.com"}: 1}, // the address inside of the tunnel
	}
	found := 0
	for _, path := range tracetest.Captures() {
		got := ourNames(t, path)
		for s, n := range want[filepath.Base(path)] {
			if found++; got[s] != n {
				t.Errorf("%s: %v: %d times, want %d", filepath.Base(path), s, got[s], n)
			}
		}
	}
	if found != 10 {
		t.Errorf("%d names were looked for", found)
	}
}

func TestPromising(t *testing.T) {
	for _, c := range []struct {
		tcp      bool
		src, dst uint16
		want     bool
	}{
		{true, 50000, 443, true},
		{true, 443, 50000, false},
		{true, 80, 50000, false},
		{true, 53, 50000, true},
		{true, 50000, 8443, true},
		{true, 500, 443, true},
		{false, 53, 50000, true},
		{false, 5353, 5353, true},
		{false, 67, 68, true},
		{false, 68, 67, true},
		{false, 50000, 443, true},
		{false, 443, 50000, false},
		{false, 123, 123, false},
	} {
		if got := names.Promising(c.tcp, c.src, c.dst); got != c.want {
			t.Errorf("Promising(%v, %d, %d) = %v", c.tcp, c.src, c.dst, got)
		}
	}
}

// nameless are the packets of the captures that have no names, of which nearly all traffic is.
func nameless(tb testing.TB) (list []*decode.Segment) {
	tb.Helper()
	f := names.New()
	for _, path := range tracetest.Captures() {
		eachSegment(tb, path, func(timeNS int64, s *decode.Segment) {
			found := false
			f.Add(timeNS, s, func(names.Name) { found = true })
			if !found {
				kept := *s
				kept.Data = bytes.Clone(s.Data)
				list = append(list, &kept)
			}
		})
	}
	if len(list) < 300 {
		tb.Fatalf("only %d packets", len(list))
	}
	return list
}

func TestNoAllocations(t *testing.T) {
	segments := nameless(t)
	f := names.New()
	none := func(n names.Name) {}
	run := func() {
		for _, s := range segments {
			if !bytes.HasPrefix(s.Data, []byte{0x16, 3}) && s.Data[0]&0xc0 != 0xc0 { // streams and keys need memory
				f.Add(0, s, none)
			}
		}
	}
	run()
	if n := testing.AllocsPerRun(5, run); n > 0 {
		t.Errorf("%.0f allocations for %d packets without names", n, len(segments))
	}
}

// BenchmarkAdd is for packets without names: those of the captures, what a client sends to a server, and what a server sends.
func BenchmarkAdd(b *testing.B) {
	bench := func(name string, segments []*decode.Segment) {
		b.Run(name, func(b *testing.B) {
			f := names.New()
			b.ReportAllocs()
			i, found := 0, 0
			for b.Loop() {
				f.Add(0, segments[i], func(names.Name) { found++ })
				if i++; i == len(segments) {
					i = 0
				}
			}
			if found > 0 {
				b.Fatalf("%d names", found)
			}
		})
	}
	all := nameless(b)
	bench("captures", all)
	toServer := &decode.Segment{TCP: true, Src: addrPort("192.0.2.7:50000"), Dst: addrPort("198.51.100.1:443"), Data: bytes.Repeat([]byte{0x17}, 1400)}
	bench("upload", []*decode.Segment{toServer})
	fromServer := &decode.Segment{TCP: true, Src: toServer.Dst, Dst: toServer.Src, Data: toServer.Data}
	bench("download", []*decode.Segment{fromServer})
	media := &decode.Segment{Src: addrPort("192.0.2.7:50000"), Dst: addrPort("198.51.100.1:50001"), Data: bytes.Repeat([]byte{0x80}, 1200)}
	bench("udp", []*decode.Segment{media})
}

func addrPort(text string) netip.AddrPort { return netip.MustParseAddrPort(text) }
