package anon

import (
	"net/netip"
	"testing"
)

// The key of sample_trace in the authors' reference distribution of Crypto-PAn, the one in yacryptopan's documentation, and those of
// draft-denis-ipcrypt-13, appendix A.2.
var (
	referenceKey = Key{
		21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16,
		216, 152, 143, 131, 121, 121, 101, 39, 98, 87, 76, 45, 42, 132, 34, 2,
	}
	yacryptopanKey = Key([]byte("32-char-str-for-AES-key-and-pad."))
	draftKey       = mustKey("0123456789abcdeffedcba98765432101032547698badcfeefcdab8967452301")
	draftNetsKey   = mustKey("2b7e151628aed2a6abf7158809cf4f3ca9f5ba40db214c3798f2e1c23456789a")
)

func mustKey(text string) Key {
	k, err := ParseKey(text)
	if err != nil {
		panic(err)
	}
	return k
}

// TestVectors has every vector that is published of the two schemes that others have too. They know no special addresses, so that it is the
// scheme that is asked, from the first bit on.
func TestVectors(t *testing.T) {
	f := func(scheme flipper, address, want string) {
		t.Helper()
		b := netip.MustParseAddr(address).AsSlice()
		scheme.flip(b, 0)
		if got, _ := netip.AddrFromSlice(b); got.String() != want {
			t.Errorf("%s -> %s, want %s", address, got, want)
		}
	}
	reference := newCryptoPAn(referenceKey)
	f(reference, "128.11.68.132", "135.242.180.132")
	f(reference, "129.118.74.4", "134.136.186.123")
	f(reference, "130.132.252.244", "133.68.164.234")
	f(reference, "141.223.7.43", "141.167.8.160")
	f(reference, "141.233.145.108", "141.129.237.235")
	f(reference, "152.163.225.39", "151.140.114.167")
	f(reference, "156.29.3.236", "147.225.12.42")
	f(reference, "165.247.96.84", "162.9.99.234")
	f(reference, "166.107.77.190", "160.132.178.185")
	f(reference, "192.102.249.13", "252.138.62.131")
	yacryptopan := newCryptoPAn(yacryptopanKey)
	f(yacryptopan, "192.0.2.1", "192.0.125.244")
	f(yacryptopan, "2001:db8::1", "27fe:8bc7:fee:1e:1e1f:f0fe:f0e1:83fd")
	draft := newPfx(draftKey)
	f(draft, "0.0.0.0", "151.82.155.134")
	f(draft, "255.255.255.255", "94.185.169.89")
	f(draft, "192.0.2.1", "100.115.72.131")
	f(draft, "2001:db8::1", "c180:5dd4:2587:3524:30ab:fa65:6ab6:f88")
	f(draft, "2001:db8::2", "c180:5dd4:2587:3524:30ab:fa65:6ab6:f8a")
	nets := newPfx(draftNetsKey)
	f(nets, "10.0.0.47", "19.214.210.244")
	f(nets, "10.0.0.129", "19.214.210.80")
	f(nets, "10.0.0.234", "19.214.210.30")
	f(nets, "172.16.5.193", "210.78.229.136")
	f(nets, "172.16.97.42", "210.78.179.241")
	f(nets, "172.16.248.177", "210.78.121.215")
	f(nets, "2001:db8::a5c9:4e2f:bb91:5a7d", "7cec:702c:1243:f70:1956:125:b9bd:1aba")
	f(nets, "2001:db8::7234:d8f1:3c6e:9a52", "7cec:702c:1243:f70:a3ef:c8e:95c1:cd0d")
	f(nets, "2001:db8::f1e0:937b:26d4:8c1a", "7cec:702c:1243:f70:443c:c8e:6a62:b64d")
	f(nets, "2001:db8:3a5c:0:e7d1:4b9f:2c8a:f673", "7cec:702c:3503:bef:e616:96bd:be33:a9b9")
	f(nets, "2001:db8:9f27:0:b4e2:7a3d:5f91:c8e6", "7cec:702c:a504:b74e:194a:3d90:b047:2d1a")
	f(nets, "2001:db8:d8b4:0:193c:a5e7:8b2f:46d1", "7cec:702c:f840:aa67:1b8:e84f:ac9d:77fb")
}

// TestFlipFrom: the bits before the one that a scheme begins at stay, and those from there on are flipped as ever.
func TestFlipFrom(t *testing.T) {
	for _, scheme := range []flipper{newCryptoPAn(referenceKey), newPfx(draftKey)} {
		for _, text := range []string{"203.0.113.77", "2001:db8:9f27:0:b4e2:7a3d:5f91:c8e6"} {
			address := netip.MustParseAddr(text).AsSlice()
			all := append([]byte(nil), address...)
			scheme.flip(all, 0)
			for from := range 8*len(address) + 1 {
				got := append([]byte(nil), address...)
				scheme.flip(got, from)
				for i := range 8 * len(address) {
					want := all
					if i < from {
						want = address
					}
					if bit := byte(0x80) >> (i % 8); (got[i/8]^want[i/8])&bit != 0 {
						t.Fatalf("%T, %s from bit %d: bit %d is wrong", scheme, text, from, i)
					}
				}
			}
		}
	}
}
