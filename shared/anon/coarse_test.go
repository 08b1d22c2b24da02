package anon

import (
	"net/netip"
	"testing"

	"tracelens/shared/trace"
)

func TestPacket(t *testing.T) {
	ports := trace.TCPSrcPort.Bit() | trace.TCPDstPort.Bit() | trace.UDPSrcPort.Bit() | trace.UDPDstPort.Bit()
	whole := trace.Packet{
		TimeNS: 1_483_873_265_123_456_789, Len: 60, Has: ports | trace.Len.Bit() | trace.IPSrc.Bit() | trace.IPDst.Bit() | trace.IPv6Src.Bit() | trace.IPv6Dst.Bit(),
		TCPSrc: 1023, TCPDst: 49152, UDPSrc: 1024, UDPDst: 49151, IPv4SrcAddr: 0xC0000201, IPv4DstAddr: 0xC0000201,
		IPv6SrcAddr: netip.MustParseAddr("2001:db8::1").As16(), IPv6DstAddr: netip.MustParseAddr("2001:db8::1").As16(),
	}
	key := NewKey()
	f := func(text string, dated bool, want func(p *trace.Packet)) {
		t.Helper()
		r, err := ParseRecipe(text)
		if err != nil {
			t.Fatal(err)
		}
		a := anonymiser(t, r, key)
		got, wanted := whole, whole
		want(&wanted)
		wanted.IPv4SrcAddr, wanted.IPv6SrcAddr = a.IPv4(0xC0000201), must6(a.IPv6(whole.IPv6SrcAddr))
		wanted.IPv4DstAddr, wanted.IPv6DstAddr = wanted.IPv4SrcAddr, wanted.IPv6SrcAddr
		if !a.Packet(&got, dated) || got != wanted {
			t.Errorf("%s: %+v, want %+v", text, got, wanted)
		}
		if got.IPv4SrcAddr == whole.IPv4SrcAddr || got.IPv6SrcAddr == whole.IPv6SrcAddr {
			t.Errorf("%s: an address is the packet's own", text)
		}
	}
	days := shiftDays(key) * 24 * trace.Hour
	f("cryptopan", true, func(p *trace.Packet) {})
	f("ipcrypt-pfx,ports=bucketed", true, func(p *trace.Packet) { p.TCPSrc, p.TCPDst, p.UDPSrc, p.UDPDst = 0, 49152, 1024, 1024 })
	f("numbers,ports=dropped", true, func(p *trace.Packet) {
		p.Has &^= ports
		p.TCPSrc, p.TCPDst, p.UDPSrc, p.UDPDst = 0, 0, 0, 0
	})
	f("truncate,times=seconds", true, func(p *trace.Packet) { p.TimeNS = 1_483_873_265_000_000_000 })
	f("truncate,times=minutes", true, func(p *trace.Packet) { p.TimeNS = 1_483_873_260_000_000_000 })
	f("cryptopan,times=shifted", true, func(p *trace.Packet) { p.TimeNS += days })
	f("cryptopan,times=shifted,times=minutes", false, func(p *trace.Packet) { p.TimeNS = 1_483_873_260_000_000_000 })

	// What a row lacks is not carried along.
	empty := whole
	empty.Has = trace.Len.Bit()
	if a := anonymiser(t, Recipe{}, key); !a.Packet(&empty, true) || empty.IPv4SrcAddr != 0 || empty.IPv6DstAddr != [16]byte{} {
		t.Errorf("%+v", empty)
	}
}

func must6(address [16]byte, ok bool) [16]byte {
	if !ok {
		panic("no pseudonym")
	}
	return address
}

func TestShift(t *testing.T) {
	most, least := int64(0), int64(mostDays)
	for range 20_000 {
		key := NewKey()
		d := shiftDays(key)
		most, least = max(most, d), min(least, d)
		a := anonymiser(t, Recipe{Shift: true}, key)
		if hour := a.Hour(1483873200); hour != 1483873200+d*86400 || hour%3600 != 0 {
			t.Fatalf("%d days: hour %d", d, hour)
		}
	}
	if least < 1 || most > mostDays || least > 5 || most < mostDays-5 {
		t.Errorf("20 000 keys shift by %d to %d days", least, most)
	}
}
