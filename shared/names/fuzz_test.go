package names

import (
	"bytes"
	"net/netip"
	"testing"

	"tracelens/shared/called"
	"tracelens/shared/decode"
)

// FuzzAdd sends bytes in one segment, then cut in two, then again with other bounds. There is no panic, no name that is
// none, and nothing where Promising says no.
func FuzzAdd(f *testing.F) {
	hello := helloOf(f, "www.example.org")
	f.Add(true, uint16(50000), uint16(443), hello)
	f.Add(true, uint16(50000), uint16(443), append([]byte(changeCipher), hello[:200]...))
	f.Add(true, uint16(50000), uint16(80), []byte("GET / HTTP/1.1\r\nHost: www.example.org:80\r\n\r\n"))
	f.Add(true, uint16(50000), uint16(80), []byte("CONNECT a.test:443 HTTP/1.1\r\nHost: a.test\r\n\r\n"))
	m := reply{questions: []string{"a.test"}, records: "a.test CNAME b.test; b.test A 192.0.2.1; b.test AAAA 2001:db8::1; +; c.test A 192.0.2.2"}.pack(f)
	f.Add(false, uint16(53), uint16(50000), m)
	f.Add(false, uint16(5353), uint16(5353), m)
	f.Add(true, uint16(53), uint16(50000), append([]byte{0, byte(len(m))}, m...))
	f.Add(false, uint16(50000), uint16(443), vector(f, "rfc9001-a2.hex"))
	f.Add(false, uint16(50000), uint16(443), vector(f, "rfc9369-a2.hex"))
	dcid := []byte("12345678")
	k := newKeys(version29, dcid)
	f.Add(false, uint16(50000), uint16(443), seal(k, dcid, 5, 1, 2, cryptoFrame(hello, 9, 100)))
	dhcp := make([]byte, 240)
	be.PutUint32(dhcp[236:], 0x63825363)
	dhcp[19] = 9
	f.Add(false, uint16(67), uint16(68), append(dhcp, "\x35\x01\x05\x0c\x06laptop\x51\x0b\x04\x00\x00\x01a\x04test\x00\xff"...))
	// What QUIC hides: frames, and keys that anybody has.
	f.Add(false, uint16(0), uint16(0), append(cryptoFrame(hello, 0, 300), 1, 0, 2, 0x40, 9, 3, 1, 5, 0, 1))

	f.Fuzz(func(t *testing.T, tcp bool, src, dst uint16, data []byte) {
		finder := New() // what is found depends on the input only
		original := bytes.Clone(data)
		s := &decode.Segment{TCP: tcp, Src: netip.AddrPortFrom(client, src), Dst: netip.AddrPortFrom(server, dst), Seq: 1, Data: data}
		found := func(n Name) {
			if !Promising(tcp, src, dst) {
				t.Errorf("found %v, where nothing is promised", n)
			}
			if again, ok := called.Clean([]byte(n.Text), n.Kind); !ok || again != n.Text || !n.Address.IsValid() {
				t.Errorf("%v is no name", n)
			}
			if _, err := netip.ParseAddr(n.Text); err == nil {
				t.Errorf("%v is an address", n)
			}
		}
		finder.Add(1, s, found)
		half := len(data) / 2
		s.Seq, s.Data = 70000, data[:half]
		finder.Add(2, s, found)
		s.Seq, s.Data = 70000+uint32(half), data[half:]
		finder.Add(3, s, found)
		s.Seq, s.Data = 70000+uint32(half/2), data[half/2:]
		finder.Add(4, s, found)
		if src == 0 && dst == 0 && !tcp && len(data) < 1000 {
			s.Src, s.Dst = netip.AddrPortFrom(client, 2000), netip.AddrPortFrom(server, 2000)
			s.Data = seal(k, dcid, 0, 0, 4, append(bytes.Clone(data), 0, 0, 0, 0))
			src = 2000
			finder.Add(5, s, found)
		}
		if !bytes.Equal(data, original) {
			t.Error("the packet was changed")
		}
	})
}
