package anon

import (
	"math/bits"
	"math/rand/v2"
	"net/netip"
	"testing"

	"tracelens/shared/trace"
)

// The key of sample_trace in the authors' reference distribution, and the one in yacryptopan's documentation.
var (
	referenceKey = Key{
		21, 34, 23, 141, 51, 164, 207, 128, 19, 10, 91, 22, 73, 144, 125, 16,
		216, 152, 143, 131, 121, 121, 101, 39, 98, 87, 76, 45, 42, 132, 34, 2,
	}
	yacryptopanKey = Key([]byte("32-char-str-for-AES-key-and-pad."))
)

func TestVectors(t *testing.T) {
	f := func(key Key, address, want string) {
		t.Helper()
		pan := New(key)
		for range 2 { // the second time from the cache
			if got := mapAddress(pan, address); got != want {
				t.Errorf("%s -> %s, want %s", address, got, want)
			}
		}
	}
	f(referenceKey, "128.11.68.132", "135.242.180.132")
	f(referenceKey, "129.118.74.4", "134.136.186.123")
	f(referenceKey, "130.132.252.244", "133.68.164.234")
	f(referenceKey, "141.223.7.43", "141.167.8.160")
	f(referenceKey, "141.233.145.108", "141.129.237.235")
	f(referenceKey, "152.163.225.39", "151.140.114.167")
	f(referenceKey, "156.29.3.236", "147.225.12.42")
	f(referenceKey, "165.247.96.84", "162.9.99.234")
	f(referenceKey, "166.107.77.190", "160.132.178.185")
	f(referenceKey, "192.102.249.13", "252.138.62.131")

	f(yacryptopanKey, "192.0.2.1", "192.0.125.244")
	f(yacryptopanKey, "2001:db8::1", "27fe:8bc7:fee:1e:1e1f:f0fe:f0e1:83fd")
}

func mapAddress(pan *CryptoPAn, text string) string {
	a := netip.MustParseAddr(text)
	if a.Is4() {
		return trace.IPv4(pan.IPv4(bigEndian(a.As4()))).String()
	}
	return netip.AddrFrom16(pan.IPv6(a.As16())).String()
}

// Two addresses that share exactly k bits must share exactly k bits afterwards, for every k.
func TestKeepsPrefixesExactly(t *testing.T) {
	pan, r := New(referenceKey), rand.New(rand.NewPCG(1, 1))
	for k := range 32 {
		for range 20 {
			a := r.Uint32()
			b := a ^ 1<<(31-k) ^ r.Uint32()&(1<<(31-k)-1)
			if got := bits.LeadingZeros32(pan.IPv4(a) ^ pan.IPv4(b)); got != k {
				t.Fatalf("%v and %v share %d bits, their pseudonyms %d", trace.IPv4(a), trace.IPv4(b), k, got)
			}
		}
	}
	for k := range 128 {
		for range 5 {
			a, b := random16(r), random16(r)
			for i := range k {
				b[i/8] = b[i/8]&^(0x80>>(i%8)) | a[i/8]&(0x80>>(i%8))
			}
			b[k/8] = b[k/8]&^(0x80>>(k%8)) | ^a[k/8]&(0x80>>(k%8))
			if got := shared(pan.IPv6(a), pan.IPv6(b)); shared(a, b) != k || got != k {
				t.Fatalf("%v and %v share %d bits, want %d; their pseudonyms %d", a, b, shared(a, b), k, got)
			}
		}
	}
}

func random16(r *rand.Rand) (a [16]byte) {
	for i := range a {
		a[i] = byte(r.Uint32())
	}
	return a
}

// shared is the number of leading bits that a and b have in common.
func shared(a, b [16]byte) (n int) {
	for i := range a {
		z := bits.LeadingZeros8(a[i] ^ b[i])
		if n += z; z < 8 {
			break
		}
	}
	return n
}

func TestOneToOne(t *testing.T) {
	pan, seen := New(referenceKey), map[uint32]bool{}
	network := uint32(198<<24 | 18<<16)
	for host := range uint32(1 << 16) {
		mapped := pan.IPv4(network | host)
		if mapped>>16 != pan.IPv4(network)>>16 {
			t.Fatalf("host %d left its network", host)
		}
		seen[mapped] = true
	}
	if len(seen) != 1<<16 {
		t.Errorf("%d pseudonyms for %d addresses", len(seen), 1<<16)
	}
}

// The order of the questions must not matter, nor that the cache was emptied in between.
func TestOnlyTheKeyDecides(t *testing.T) {
	a, b, other := New(referenceKey), New(referenceKey), New(yacryptopanKey)
	r := rand.New(rand.NewPCG(2, 2))
	addresses := make([]uint32, 1000)
	for i := range addresses {
		addresses[i] = r.Uint32()
	}
	first := make([]uint32, len(addresses))
	for i, address := range addresses {
		first[i] = a.IPv4(address)
	}
	same := 0
	for i := len(addresses) - 1; i >= 0; i-- {
		if i%100 == 0 {
			clear(b.v4)
		}
		if got := b.IPv4(addresses[i]); got != first[i] {
			t.Fatalf("the same key gives %v and %v", trace.IPv4(first[i]), trace.IPv4(got))
		}
		same += 32 - bits.OnesCount32(first[i]^other.IPv4(addresses[i]))
	}
	// 32 000 bits of which half agree by chance; but the bits of near prefixes are decided together, hence the wide margin.
	if same < 12800 || same > 19200 {
		t.Errorf("%d of 32000 bits agree under unrelated keys", same)
	}
}

func TestCacheIsBounded(t *testing.T) {
	pan := New(referenceKey)
	for i := range uint32(maxCached) {
		pan.v4[i] = 0
	}
	for i := range maxCached {
		pan.v6[[16]byte{byte(i), byte(i >> 8), byte(i >> 16)}] = [16]byte{}
	}
	pan.IPv4(0xC0000201)
	pan.IPv6([16]byte{0x20, 1})
	if len(pan.v4) > maxCached || len(pan.v6) > maxCached {
		t.Errorf("caches grew to %d and %d", len(pan.v4), len(pan.v6))
	}
}

func BenchmarkIPv4Uncached(b *testing.B) {
	pan := New(referenceKey)
	b.ReportAllocs()
	for i := range b.N {
		clear(pan.v4)
		pan.IPv4(uint32(i))
	}
}
